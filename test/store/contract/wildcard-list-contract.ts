/** The contract of the list of wildcards that the directory keeps in KV, on every platform. */
import { expect, it } from 'vitest';
import type { RecordName } from '../../../src/model/record-name.ts';
import { DirectoryKeeper } from '../../../src/store/objects/directory/directory-keeper.ts';
import { SaveBatchesKeeper } from '../../../src/store/objects/directory/save-batches.ts';
import { shareAlarm, takeAlarms } from '../../../src/store/objects/directory/shared-alarm.ts';
import { WildcardListKeeper } from '../../../src/store/objects/directory/wildcard-list-keeper.ts';
import type { DirectoryEntryState, DirectoryUpdate } from '../../../src/store/ports/directory.ts';
import { MAX_LISTED_WILDCARDS, parseWildcardList, WILDCARD_LIST_RENEWAL_MS } from '../../../src/store/ports/wildcard-list.ts';
import type { PlatformUnderTest, RunOnPlatform } from './platform-under-test.ts';
import { settle } from './platform-under-test.ts';

const MINUTE_MS = 60_000;

const entry = (name: string, state: DirectoryEntryState, revision: number): DirectoryUpdate => ({
	...{ name, revision, state, tags: [], at: 0, attention: null, aliasOf: null, digest: null, revisions: [] },
});

/** KV as the list's keeper sees it; the directory; and the keeper of batches, with which it shares the alarm. */
interface TestKv {
	/** The wildcards that KV's own list has. */
	wildcards: string[];
	list: string | null;
	writes: number;
	isDown: boolean;
}

function startKv(): TestKv {
	return { wildcards: [], list: null, writes: 0, isDown: false };
}

function startDirectory({ platform }: PlatformUnderTest, kv: TestKv) {
	const directory = new DirectoryKeeper(platform, { historyDays: 100_000 });
	const announced: string[] = [];
	const batches = new SaveBatchesKeeper(shareAlarm(platform, 'save-batches'), {
		...{ directory, recordsChanged: null },
		announce: async (name) => announced.push(name),
	});
	const list = new WildcardListKeeper(shareAlarm(platform, 'wildcard-list'), {
		async listWildcards() {
			if (kv.isDown) throw new Error('KV is down');
			return kv.wildcards.length > MAX_LISTED_WILDCARDS ? null : (kv.wildcards as RecordName[]);
		},
		async writeList(value) {
			kv.writes += 1;
			if (kv.isDown) throw new Error('KV is down');
			kv.list = value;
		},
	});
	return {
		batches,
		announced,
		async tell(name: string, state: DirectoryEntryState = 'live', revision = 1) {
			await directory.updateEntry(entry(name, state, revision));
			await list.updateList([{ name }]);
		},
		async ring() {
			takeAlarms(platform);
			await Promise.all([batches.alarm(), list.alarm()]);
		},
	};
}

/** The wildcards that an isolate takes to exist; null where it does not know. */
function listed(kv: TestKv, world: PlatformUnderTest): readonly string[] | null {
	const keys = parseWildcardList(kv.list, world.platform.clock.now());
	return keys === null ? null : [...keys].map((key) => key.replace('record:', ''));
}

export function describeWildcardList(run: RunOnPlatform): void {
	it('is written with the first record, and then for wildcards that it lacks alone', () =>
		run(async (world) => {
			const kv = startKv();
			const { tell } = startDirectory(world, kv);
			await tell('a.example');
			expect(listed(kv, world)).toEqual([]);
			await tell('b.example');
			expect(kv.writes).toBe(1);
			await world.advance(1000);
			await tell('*.example.org');
			expect(listed(kv, world)).toEqual(['*.example.org']);
			await world.advance(1000);
			await tell('*.example.org', 'live', 2);
			expect(kv.writes).toBe(2);
		}));

	it('has what was saved, although KV’s own list is old, and what was put into KV by hand when it is renewed', () =>
		run(async (world) => {
			const kv = startKv();
			const { tell, ring } = startDirectory(world, kv);
			await tell('*.example.org');
			kv.wildcards = ['*.by-hand.example', '*'];
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + WILDCARD_LIST_RENEWAL_MS);
			await world.advance(WILDCARD_LIST_RENEWAL_MS);
			await ring();
			expect(listed(kv, world)).toEqual(['*', '*.by-hand.example', '*.example.org']);
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + WILDCARD_LIST_RENEWAL_MS);
		}));

	it('loses a wildcard that was deleted when it is renewed', () =>
		run(async (world) => {
			const kv = startKv();
			const { tell, ring } = startDirectory(world, kv);
			await tell('*.example.org');
			await tell('*.example.org', 'deleted', 2);
			expect(listed(kv, world)).toEqual(['*.example.org']);
			await world.advance(WILDCARD_LIST_RENEWAL_MS);
			await ring();
			expect(listed(kv, world)).toEqual([]);
		}));

	it('counts no more where nobody renews it', () =>
		run(async (world) => {
			const kv = startKv();
			await startDirectory(world, kv).tell('a.example');
			await world.advance(2 * WILDCARD_LIST_RENEWAL_MS - 1);
			expect(listed(kv, world)).toEqual([]);
			await world.advance(1);
			expect(listed(kv, world)).toBeNull();
		}));

	it.each([
		['in KV', (kv: TestKv, names: readonly string[]) => Promise.resolve(kv.wildcards.push(...names))],
		[
			'in the directory',
			async (_: TestKv, names: readonly string[], tell: (name: string) => Promise<void>) => {
				for (const name of names) await tell(name);
			},
		],
	])('says that nobody knows where there are too many %s', (_, add) =>
		run(async (world) => {
			const kv = startKv();
			const { tell, ring } = startDirectory(world, kv);
			await tell('a.example');
			await world.advance(1000);
			const names = Array.from({ length: MAX_LISTED_WILDCARDS + 1 }, (__, at) => `*.d${at}.example`);
			await add(kv, names, async (name) => {
				const told = tell(name);
				await settle();
				await world.advance(1000);
				await told;
			});
			await world.advance(WILDCARD_LIST_RENEWAL_MS);
			await ring();
			expect(kv.list).not.toBeNull();
			expect(listed(kv, world)).toBeNull();
			const writesBefore = kv.writes;
			await tell('*.one-more.example');
			expect(kv.writes).toBe(writesBefore);
		}),
	);

	it('is written once a second at most, with all that was saved meanwhile', () =>
		run(async (world) => {
			const kv = startKv();
			const { tell } = startDirectory(world, kv);
			await tell('*.one.example');
			const told = [tell('*.two.example'), tell('*.three.example')];
			await settle();
			expect(kv.writes).toBe(1);
			await world.advance(1000);
			await Promise.all(told);
			expect(kv.writes).toBe(2);
			expect(listed(kv, world)).toEqual(['*.one.example', '*.three.example', '*.two.example']);
		}));

	it('is written again where KV did not answer, after a restart too', () =>
		run(async (world) => {
			const kv = startKv();
			const first = startDirectory(world, kv);
			await first.tell('a.example');
			await world.advance(1000);
			kv.isDown = true;
			await first.tell('*.example.org');
			expect(world.logged).toEqual(['wildcards-owed']);
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + MINUTE_MS / 2);
			const restarted = startDirectory(world, kv);
			await world.advance(MINUTE_MS / 2);
			await restarted.ring();
			expect(listed(kv, world)).toEqual([]);
			kv.isDown = false;
			await world.advance(MINUTE_MS / 2);
			await restarted.ring();
			expect(listed(kv, world)).toEqual(['*.example.org']);
		}));

	it('is compared with the directory by each new instance: a release without the list may have saved a wildcard', () =>
		run(async (world) => {
			const kv = startKv();
			await startDirectory(world, kv).tell('a.example');
			await new DirectoryKeeper(world.platform, { historyDays: 100_000 }).updateEntry(entry('*.example.org', 'live', 1));
			await world.advance(1000);
			await startDirectory(world, kv).tell('b.example');
			expect(listed(kv, world)).toEqual(['*.example.org']);
		}));

	it('shares the alarm with the batches: neither delays the other', () =>
		run(async (world) => {
			const kv = startKv();
			const { tell, ring, batches, announced } = startDirectory(world, kv);
			await batches.beginBatch('one', ['b.example' as RecordName]);
			await tell('a.example');
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + 5 * MINUTE_MS);
			await world.advance(5 * MINUTE_MS);
			await ring();
			expect(announced).toEqual(['b.example']);
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + WILDCARD_LIST_RENEWAL_MS - 5 * MINUTE_MS);
			await world.advance(WILDCARD_LIST_RENEWAL_MS - 5 * MINUTE_MS);
			await ring();
			expect(kv.writes).toBe(2);
		}));
}
