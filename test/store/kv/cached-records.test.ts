import { describe, expect, it } from 'vitest';
import { createBoundedMap } from '../../../src/lib/bounded-map.ts';
import { err, ok } from '../../../src/lib/result.ts';
import type { LookupResult, ResolvedRecord } from '../../../src/model/lookup.ts';
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
		{ seconds: 10, now: () => state.now },
	);
	return { state, ask: () => records.find([NAME]) };
}

describe('cached records', () => {
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

describe('a store that fails, is slow, or gives what is no record', () => {
	type Lookup = LookupResult | 'fails' | 'hangs';
	const UNKNOWN = err({ code: 'unknown-domain' } as const);
	const DAMAGED = err({ code: 'bad-record', key: RESOLVED.key, path: '', reason: 'is not JSON' } as const);
	const WITHOUT_TARGET = err({ code: 'bad-record', key: RESOLVED.key, path: 'of', reason: 'names a domain that has no record' } as const);

	/** Answers as the steps say, an hour apart. */
	async function run(steps: readonly Lookup[]) {
		let now = 0;
		const damaged: string[] = [];
		const pending = [...steps];
		const records = createCachedRecords(
			{
				find() {
					const step = pending.shift() ?? 'fails';
					if (step === 'fails') return Promise.reject(new Error('KV is away'));
					return step === 'hangs' ? new Promise<never>(() => undefined) : Promise.resolve(step);
				},
			},
			{ seconds: 10, now: () => now, onDamaged: ({ reason }) => damaged.push(reason), patienceMs: { withAnswer: 1, withoutAnswer: 2 } },
		);
		const answers: (LookupResult | 'failed')[] = [];
		for (const _ of steps) {
			answers.push(await Promise.resolve(records.find([NAME])).catch(() => 'failed' as const));
			now += 3_600_000;
		}
		return { answers, damaged };
	}
	const GOOD = ok(RESOLVED);

	it.each<[string, readonly Lookup[], readonly (LookupResult | 'failed')[], number]>([
		['a known record goes on while the store fails', [GOOD, 'fails', 'fails'], [GOOD, GOOD, GOOD], 0],
		['and while it hangs', [GOOD, 'hangs', GOOD], [GOOD, GOOD, GOOD], 0],
		['that there was nothing is no answer while the store fails', [UNKNOWN, 'fails'], [UNKNOWN, 'failed'], 0],
		['nor while it hangs', [UNKNOWN, 'hangs'], [UNKNOWN, 'failed'], 0],
		['nothing is known, and the store fails or hangs', ['fails', 'hangs'], ['failed', 'failed'], 0],
		['a damaged value does not take the last good answer away', [GOOD, DAMAGED, DAMAGED, 'fails'], [GOOD, GOOD, GOOD, GOOD], 2],
		['a damaged value without an earlier answer is told as such', [DAMAGED, 'fails'], [DAMAGED, DAMAGED], 0],
		['an alias whose target was deleted is not served any more', [GOOD, WITHOUT_TARGET], [GOOD, WITHOUT_TARGET], 0],
		['nor is a record that was deleted', [GOOD, UNKNOWN, 'fails'], [GOOD, UNKNOWN, 'failed'], 0],
	])('%s', async (_, steps, answers, damaged) => {
		const ran = await run(steps);
		expect(ran.answers).toEqual(answers);
		expect(ran.damaged).toHaveLength(damaged);
	});
});

describe('names that strangers make up', () => {
	it('push out no domain that has a record, whether they are asked alone, beside it, or under a wildcard', async () => {
		const state = { reads: 0, now: 1_000_000 };
		const records = createCachedRecords(
			{
				async find(domains) {
					state.reads += 1;
					const known = domains.find((each) => each === NAME);
					if (known !== undefined) return ok(RESOLVED);
					const covered = domains.find((each) => each.endsWith('.customers.example'));
					return covered === undefined
						? err({ code: 'unknown-domain' })
						: ok({ ...RESOLVED, domain: covered, key: 'record:*.customers.example', foundUnder: 'record:*.customers.example' });
				},
			},
			{ seconds: 10, now: () => state.now },
		);
		await records.find([NAME]);
		for (let at = 0; at < 10_000; at += 1) {
			await records.find([domain(`n${at}.example`)]);
			await records.find([domain(`m${at}.example`), NAME]);
			await records.find([domain(`c${at}.customers.example`)]);
		}
		const before = state.reads;
		expect(await records.find([NAME])).toEqual(ok(RESOLVED));
		expect(state.reads).toBe(before);
	});

	it('beside a domain that is cached get that domain’s record only if they have none themselves', async () => {
		const own = domain('own.example');
		let isDown = false;
		const asked: string[] = [];
		const records = createCachedRecords(
			{
				async find(domains) {
					if (isDown) throw new Error('KV is away');
					asked.push(domains.join(' '));
					const [first] = domains.filter((each) => each === own || each === NAME);
					return first === undefined
						? err({ code: 'unknown-domain' })
						: ok({ ...RESOLVED, domain: first, key: `record:${first}`, foundUnder: `record:${first}` });
				},
			},
			{ seconds: 10, now: () => 0 },
		);
		await records.find([NAME]);
		isDown = true;
		await expect(records.find([own, NAME])).rejects.toThrow('KV is away');
		isDown = false;
		expect(await records.find([own, NAME])).toMatchObject({ value: { domain: own } });
		expect(await records.find([domain('nothing.example'), NAME])).toMatchObject({ value: { domain: NAME } });
		expect(await records.find([domain('nothing.example'), NAME])).toMatchObject({ value: { domain: NAME } });
		expect(asked).toEqual(['example.org', 'own.example example.org', 'nothing.example example.org']);
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
