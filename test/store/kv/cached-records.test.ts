import { describe, expect, it } from 'vitest';
import { createBoundedMap } from '../../../src/lib/bounded-map.ts';
import { err, ok } from '../../../src/lib/result.ts';
import type { ResolvedRecord } from '../../../src/model/lookup.ts';
import { createCachedRecords } from '../../../src/store/kv/cached-records.ts';
import { domain } from '../../support/valid-names.ts';

const NAME = domain('example.org');
const RESOLVED: ResolvedRecord = {
	domain: NAME,
	key: 'record:example.org',
	foundUnder: 'record:example.org',
	record: { kind: 'domain', provider: { name: 'x' }, services: {} },
};

/** A store that can be switched off, and a clock that the test sets. */
function createFixture(known: boolean) {
	const state = { reads: 0, failing: false, known, now: 1_000_000 };
	const records = createCachedRecords(
		{
			async find() {
				state.reads += 1;
				if (state.failing) throw new Error('KV is away');
				return state.known ? ok(RESOLVED) : err({ code: 'unknown-domain' });
			},
		},
		10,
		() => state.now,
	);
	return { state, ask: () => records.find([NAME]) };
}

describe('keptRecords', () => {
	it('reads once in its time', async () => {
		const { state, ask } = createFixture(true);
		await ask();
		state.now += 9_999;
		await ask();
		expect(state.reads).toBe(1);
		state.now += 1;
		await ask();
		expect(state.reads).toBe(2);
	});

	it('remembers half as long that there is nothing', async () => {
		const { state, ask } = createFixture(false);
		await ask();
		state.now += 4_999;
		await ask();
		expect(state.reads).toBe(1);
		state.known = true;
		state.now += 1;
		expect(await ask()).toHaveProperty('ok', true);
	});

	it('serves its copy past its time while the store fails, and asks again each time', async () => {
		const { state, ask } = createFixture(true);
		await ask();
		state.failing = true;
		state.now += 3_600_000;
		expect(await ask()).toEqual(ok(RESOLVED));
		expect(await ask()).toEqual(ok(RESOLVED));
		expect(state.reads).toBe(3);
		state.failing = false;
		await ask();
		expect(state.reads).toBe(4);
	});

	it('has nothing to serve when it never read', async () => {
		const { state, ask } = createFixture(true);
		state.failing = true;
		await expect(ask()).rejects.toThrow('KV is away');
	});
});

describe('bounded', () => {
	it('forgets what was written longest ago', () => {
		const map = createBoundedMap<string, number>(2);
		map.set('a', 1);
		map.set('b', 2);
		map.set('a', 3);
		map.set('c', 4);
		expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([3, undefined, 4]);
	});
});
