/** The memory for prepared answers: it forgets, but not what is asked for. */
import { describe, expect, it } from 'vitest';
import { createResponseCache } from '../../src/http/response-cache.ts';
import type { DomainRecord } from '../../src/model/record.ts';
import { parseRecordText } from '../../src/model/record.ts';
import { MINIMAL_RECORD } from './worker-client.ts';

function newRecord(): DomainRecord {
	const parsed = parseRecordText(MINIMAL_RECORD);
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error('no record');
	return parsed.value;
}

describe('the memory for answers', () => {
	it('keeps answers by the object of the record, not by what it says', () => {
		const cache = createResponseCache<string>(100_000);
		const [one, other] = [newRecord(), newRecord()];
		cache.set(one, 'key', 'answer', 10);
		expect(cache.get(one, 'key')).toBe('answer');
		expect(cache.get(one, 'other key')).toBeUndefined();
		expect(cache.get(other, 'key')).toBeUndefined();
	});

	it('holds no more than its limit, however many domains are asked for, and what is asked for all the time', () => {
		const cache = createResponseCache<string>(100_000);
		const [known, wildcard] = [newRecord(), newRecord()];
		cache.set(known, 'key', 'answer', 1000);
		for (let domain = 0; domain < 10_000; domain += 1) {
			cache.set(wildcard, String(domain), 'answer', 1000);
			expect(cache.get(known, 'key')).toBe('answer');
		}
		const kept = Array.from({ length: 10_000 }, (_, domain) => cache.get(wildcard, String(domain))).filter(
			(answer) => answer !== undefined,
		);
		expect(kept.length).toBeGreaterThan(10);
		expect(kept.length).toBeLessThan(200);
	});
});
