import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { MAX_LOGIN_FAILURES_PER_MINUTE, MAX_REQUESTS_PER_MINUTE, MAX_ZONE_REQUESTS_PER_MINUTE } from '../../../src/contract/limits.ts';
import { readExampleAnswers } from '../../../src/tools/api/api-example-answers.ts';
import { renderApiReference } from '../../../src/tools/api/api-reference.ts';
import { renderOpenApi } from '../../../src/tools/api/openapi.ts';

describe('the OpenAPI document', () => {
	it('lints clean with Redocly’s recommended rules', async () => {
		const config = await createConfig({ extends: ['recommended-strict'] });
		const problems = await lintFromString({
			source: JSON.stringify(renderOpenApi('0.0.0', readExampleAnswers())),
			absoluteRef: 'openapi.json',
			config,
		});
		expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer} ${message}`)).toEqual([]);
	});

	it('is the same whenever it is made', () => {
		expect(JSON.stringify(renderOpenApi('1', readExampleAnswers()))).toBe(JSON.stringify(renderOpenApi('1', readExampleAnswers())));
	});
});

describe('the reference page', () => {
	it('asks nobody else for anything', () => {
		const page = renderApiReference(readExampleAnswers());
		expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
		expect(page.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/assets/search-reference.js">']);
	});
});

describe('the limits that are stated', () => {
	it.each([
		['CALLER_LIMIT', MAX_REQUESTS_PER_MINUTE],
		['LOGIN_LIMIT', MAX_LOGIN_FAILURES_PER_MINUTE],
		['ZONE_LIMIT', MAX_ZONE_REQUESTS_PER_MINUTE],
	])('are those of the binding %s', (name, limit) => {
		const toml = readFileSync('wrangler.toml', 'utf8');
		expect(toml).toMatch(new RegExp(`name = "${name}"\\nnamespace_id = "\\d+"\\nsimple = \\{ limit = ${limit}, period = 60 \\}`));
	});
});
