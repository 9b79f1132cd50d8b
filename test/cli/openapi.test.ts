import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { openapi } from '../../src/cli/openapi.ts';
import { reference } from '../../src/cli/reference.ts';

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
