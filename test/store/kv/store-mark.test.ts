import { describe, expect, it } from 'vitest';
import { err, ok } from '../../../src/lib/result.ts';
import type { Domain } from '../../../src/model/names.ts';
import {
	createPlaceCheck,
	createStoreLossDetector,
	markDirectoryComplete,
	markFirstPublication,
	readDataJurisdiction,
	readMarkTime,
	refuseWhileLost,
	STORE_MARK_KEY,
	writeStoreMark,
} from '../../../src/store/kv/store-mark.ts';

const NOW = 1_000_000_000;

/** KV with or without the mark, a directory that remembers it or not, and a clock. */
function startStore({ mark, markedAt }: { readonly mark: string | null; readonly markedAt: number | null }) {
	const state = { now: NOW, mark, reads: 0, asked: 0, puts: 0, isDown: false, marked: 'no' };
	const kv = {
		async get(key: string) {
			state.reads += 1;
			if (state.isDown) throw new Error('KV is down');
			return key === STORE_MARK_KEY ? state.mark : null;
		},
		async put(_: string, value: string) {
			if (state.isDown) throw new Error('KV is down');
			state.puts += 1;
			state.mark = value;
		},
	};
	const directory = {
		async storeMarkedAt() {
			state.asked += 1;
			return markedAt;
		},
		async setStoreMarked(isComplete: boolean) {
			state.marked = isComplete ? 'complete' : 'incomplete';
		},
	};
	return { state, kv, directory, isLost: createStoreLossDetector(kv, directory, () => state.now) };
}

describe('a store', () => {
	it.each<readonly [string, string | null, number | null, boolean]>([
		['that never had a record is not lost', null, null, false],
		['with its mark is not lost', '1', NOW - 1e6, false],
		['that was marked a moment ago, and does not show it everywhere yet, is not lost', null, NOW - 60_000, false],
		['whose mark has gone is lost', null, NOW - 200_000, true],
	])('%s', async (_, mark, markedAt, lost) => {
		expect(await startStore({ mark, markedAt }).isLost()).toBe(lost);
	});

	it('is asked once a minute while it has its mark, and soon again while it is lost', async () => {
		const there = startStore({ mark: '1', markedAt: 1 });
		for (let times = 0; times < 5; times += 1) await there.isLost();
		expect([there.state.reads, there.state.asked]).toEqual([1, 0]);
		const lost = startStore({ mark: null, markedAt: 1 });
		for (let times = 0; times < 5; times += 1) expect(await lost.isLost()).toBe(true);
		expect([lost.state.reads, lost.state.asked]).toEqual([1, 1]);
		lost.state.mark = '1';
		lost.state.now += 6000;
		expect(await lost.isLost()).toBe(false);
	});

	it('says that a domain is unknown only while it is not lost, and never looks for a domain that it has', async () => {
		const lost = startStore({ mark: null, markedAt: 1 });
		const unknown = { find: () => err({ code: 'unknown-domain' } as const) };
		await expect(refuseWhileLost(unknown, lost.isLost).find(['a.example' as Domain])).rejects.toThrow('lost its records');
		const there = startStore({ mark: '1', markedAt: 1 });
		expect(await refuseWhileLost(unknown, there.isLost).find(['a.example' as Domain])).toMatchObject({ ok: false });
		const broken = { find: () => err({ code: 'bad-record', key: 'k', path: '', reason: '' } as const) };
		const other = startStore({ mark: null, markedAt: 1 });
		expect(await refuseWhileLost(broken, other.isLost).find(['a.example' as Domain])).toMatchObject({ ok: false });
		expect(other.state.reads).toBe(0);
	});

	it.each<readonly [string, string | null, number | null, string, number]>([
		['of a new store is all there is', null, null, 'complete', 1],
		['after which the directory was lost leaves a gap', '1', null, 'incomplete', 0],
		['is not the second one', '1', NOW, 'no', 0],
	])('the first publication %s', async (_, mark, markedAt, marked, puts) => {
		const { state, kv, directory } = startStore({ mark, markedAt });
		expect(await markFirstPublication(kv, directory, null)).toEqual(ok(null));
		expect(state).toMatchObject({ marked, puts });
	});

	it.each([
		['1', 'complete'],
		[null, 'no'],
	])('a rebuilt directory is complete only where KV has its mark: %s', async (mark, marked) => {
		const { state, kv } = startStore({ mark, markedAt: null });
		const setComplete = async () => void Object.assign(state, { marked: 'complete' });
		await markDirectoryComplete(kv, { setComplete });
		expect(state.marked).toBe(marked);
	});

	it.each([
		['nothing was ever published', { mark: null, markedAt: null }, null],
		['both have the mark', { mark: '1', markedAt: 5000 }, 5000],
		['KV has lost it', { mark: null, markedAt: 5000 }, 5000],
		['the directory was lost', { mark: 'eu', markedAt: null }, 0],
	])('says when it was marked, where %s', async (_, marks, time) => {
		const { kv, directory } = startStore(marks);
		expect(await readMarkTime(kv, directory)).toBe(time);
	});

	it('does not say that nothing was ever published while KV does not answer', async () => {
		const { state, kv, directory } = startStore({ mark: null, markedAt: null });
		state.isDown = true;
		await expect(readMarkTime(kv, directory)).rejects.toThrow('KV is down');
	});

	it('is not marked while KV does not answer', async () => {
		const { state, directory } = startStore({ mark: null, markedAt: null });
		const down = async () => {
			throw new Error('KV is down');
		};
		expect(await markFirstPublication({ get: down, put: down }, directory, null)).toEqual(err('failed'));
		expect(state.marked).toBe('no');
	});

	it('is remembered as marked only when KV has taken the mark', async () => {
		const { state, kv, directory } = startStore({ mark: null, markedAt: null });
		state.isDown = true;
		expect(await writeStoreMark(kv, directory, null, true)).toEqual(err('failed'));
		state.isDown = false;
		expect(await writeStoreMark(kv, directory, null, true)).toEqual(ok(null));
	});
});

describe('the jurisdiction of the data', () => {
	it.each([
		[null, null],
		['eu', 'eu'],
	] as const)('is remembered with the mark: %s', async (jurisdiction, expected) => {
		const { kv, directory } = startStore({ mark: null, markedAt: null });
		expect(await readDataJurisdiction(kv)).toBe('nobody-knows');
		expect(await writeStoreMark(kv, directory, jurisdiction, true)).toEqual(ok(null));
		expect(await readDataJurisdiction(kv)).toBe(expected);
	});

	it.each([
		[null, 'eu', false],
		['1', null, false],
		['eu', 'eu', false],
		['1', 'eu', true],
		['eu', null, true],
		['eu', 'us', true],
		[null, 'unusable', true],
	] as const)('with the mark %s, and %s in the settings', async (mark, jurisdiction, isElsewhere) => {
		const { kv, state } = startStore({ mark, markedAt: null });
		const check = createPlaceCheck(kv, jurisdiction, () => state.now);
		expect([await check(), await check()]).toEqual([isElsewhere, isElsewhere]);
		// What is right is believed for a minute; what is wrong may be put right at any time.
		if (!isElsewhere) expect(state.reads).toBe(1);
	});

	it('is still right while KV does not answer, for as long as that takes, where it was once seen to be right', async () => {
		const { kv, state } = startStore({ mark: 'eu', markedAt: null });
		const check = createPlaceCheck(kv, 'eu', () => state.now);
		expect(await check()).toBe(false);
		state.isDown = true;
		for (let minute = 0; minute < 10; minute += 1) {
			state.now += 60_000;
			expect([await check(), await check()]).toEqual([false, false]);
		}
		expect(state.reads).toBe(11);
		// What KV then says counts.
		Object.assign(state, { isDown: false, mark: 'us', now: state.now + 60_000 });
		expect(await check()).toBe(true);
	});

	it.each([
		['nothing was ever read', null],
		['there was no mark yet', 6000],
	])('is not known while KV does not answer, and %s', async (_, readBefore) => {
		const { kv, state } = startStore({ mark: null, markedAt: null });
		const check = createPlaceCheck(kv, 'eu', () => state.now);
		if (readBefore !== null) {
			expect(await check()).toBe(false);
			state.now += readBefore;
		}
		state.isDown = true;
		await expect(check()).rejects.toThrow('KV is down');
	});
});
