import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordName } from '../../../src/model/record-name.ts';
import { parseWildcardList, renderWildcardList, UNKNOWN_WILDCARDS } from '../../../src/store/ports/wildcard-list.ts';

const NOW = Date.UTC(2026, 10, 29);
const HOUR_MS = 3_600_000;
const NAMES = ['*', '*.example.org'] as const satisfies readonly string[];

describe('the list of wildcards', () => {
	it('is read as it was written, for two hours', () => {
		const text = renderWildcardList(NAMES as readonly string[] as readonly RecordName[], NOW);
		expect([...(parseWildcardList(text, NOW + 2 * HOUR_MS - 1) ?? [])]).toEqual(['record:*', 'record:*.example.org']);
		expect(parseWildcardList(text, NOW + 2 * HOUR_MS)).toBeNull();
	});

	it('may be empty, which says that there are none', () => {
		expect(parseWildcardList(renderWildcardList([], NOW), NOW)?.size).toBe(0);
	});

	const valid = { until: NOW + HOUR_MS, wildcards: ['*.example.org'] };
	it.each<readonly [string, string | null]>([
		['is not there', null],
		['is not known', UNKNOWN_WILDCARDS],
		['is cut off', JSON.stringify(valid).slice(0, -1)],
		['is another value', '1'],
		['is null', 'null'],
		['has no end', JSON.stringify({ wildcards: [] })],
		['has an end that is no number', JSON.stringify({ ...valid, until: String(valid.until) })],
		['would be valid for a day', JSON.stringify({ ...valid, until: NOW + 24 * HOUR_MS })],
		['has names that are no list', JSON.stringify({ ...valid, wildcards: '*.example.org' })],
		['has a name that is no wildcard', JSON.stringify({ ...valid, wildcards: ['*.example.org', 'example.org'] })],
		['has a name that is none', JSON.stringify({ ...valid, wildcards: ['*.example.org', '*example'] })],
		['has a name that is no text', JSON.stringify({ ...valid, wildcards: [7] })],
	])('says nothing where it %s', (_, text) => {
		expect(parseWildcardList(text, NOW)).toBeNull();
	});

	it('is never taken from any other JSON', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				expect(parseWildcardList(text, NOW)).toBeNull();
			}),
		);
	});
});
