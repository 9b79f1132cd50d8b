import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { openapi } from '../../src/cli/openapi.ts';
import { reference } from '../../src/cli/reference.ts';
import { CALLER_REQUESTS, LOGIN_FAILURES } from '../../src/contract/limits.ts';

describe('the OpenAPI document', () => {
	it('lints clean with Redocly’s recommended rules', async () => {
		const config = await createConfig({ extends: ['recommended-strict'] });
		const problems = await lintFromString({ source: JSON.stringify(openapi('0.0.0')), absoluteRef: 'openapi.json', config });
		expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer} ${message}`)).toEqual([]);
	});

	it('is the same whenever it is made', () => {
		expect(JSON.stringify(openapi('1'))).toBe(JSON.stringify(openapi('1')));
	});
});

describe('the reference page', () => {
	it('asks nobody else for anything', () => {
		expect(reference()).not.toMatch(/(src|href)="(https?:)?\/\//);
		expect(reference()).not.toContain('<script');
	});
});

describe('the limits that are stated', () => {
	it.each([
		['CALLER_LIMIT', CALLER_REQUESTS],
		['LOGIN_LIMIT', LOGIN_FAILURES],
	])('are those of the binding %s', (name, limit) => {
		const toml = readFileSync('wrangler.toml', 'utf8');
		expect(toml).toMatch(new RegExp(`name = "${name}"\\nnamespace_id = "\\d+"\\nsimple = \\{ limit = ${limit}, period = 60 \\}`));
	});
});
