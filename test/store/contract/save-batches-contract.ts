/** The contract of batches of saves, from the record's side and from the directory's, on every platform. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/lib/digest.ts';
import type { RecordName } from '../../../src/model/record-name.ts';
import { DirectoryKeeper } from '../../../src/store/objects/directory/directory-keeper.ts';
import { SaveBatchesKeeper } from '../../../src/store/objects/directory/save-batches.ts';
import type { DirectoryUpdate } from '../../../src/store/ports/directory.ts';
import type { SqlDatabase } from '../../../src/store/ports/platform.ts';
import { type PlatformUnderTest, type RunOnPlatform, settle } from './platform-under-test.ts';
import { copiedRevision, NAME, recordEdit, recordText, startKeeper } from './record-keeper-contract.ts';

const MINUTE_MS = 60_000;
const ALL = { prefix: '', tag: null, state: null, after: '', limit: 10, visible: { names: null, tag: null } };

const liveEntry = (name: string): DirectoryUpdate => ({
	name,
	revision: 1,
	state: 'live',
	tags: [],
	at: 0,
	attention: null,
	aliasOf: null,
	digest: 'digest',
	revisions: [{ revision: 1, at: 0, author: 'ada', token: null, act: 'import', note: '', tags: [] }],
});

/** A directory whose batches are finished by keepers that the test stands in for. */
function startDirectory({ platform }: PlatformUnderTest) {
	const announced: string[] = [];
	const told: string[] = [];
	const keepers = { areDown: false };
	const directory = new DirectoryKeeper(platform, { historyDays: 100_000 });
	const batches = new SaveBatchesKeeper(platform, {
		directory,
		async recordsChanged(names) {
			if (keepers.areDown) throw new Error('the keeper of the hostnames is down');
			told.push(...names);
		},
		async announce(name) {
			if (keepers.areDown) throw new Error('the keepers are down');
			announced.push(name);
		},
	});
	const listNames = async () => (await directory.listEntries(ALL)).entries.map(({ domain }) => domain);
	return { directory, batches, announced, told, keepers, listNames };
}

export function describeSaveBatches(run: RunOnPlatform): void {
	describe('a save in a batch', () => {
		it('writes the copy, calls no directory, leaves no alarm, and says what the directory is to be told', () =>
			run(async (world) => {
				const { keeper, copy, updates } = startKeeper(world);
				const saved = await keeper.saveBatched(recordEdit({ act: 'import', tags: ['gold'] }), null, true);
				expect(saved).toMatchObject({ outcome: 'saved', head: { published: 1, latest: { revision: 1 } } });
				expect(saved.update).toMatchObject({
					name: NAME,
					revision: 1,
					state: 'live',
					tags: ['gold'],
					digest: await sha256Hex(recordEdit().record ?? ''),
					revisions: [{ revision: 1, act: 'import' }],
				});
				expect(copiedRevision(copy)).toBe(1);
				expect(updates).toEqual([]);
				expect(await world.readAlarm()).toBeNull();
			}));

		it('asks the database no more than it needs to, of a hundred thousand records as of each', () =>
			run(async (world) => {
				const texts: string[] = [];
				const { sql } = world.platform;
				const execute: SqlDatabase['execute'] = (text, ...values) => {
					texts.push(text);
					return sql.execute(text, ...values);
				};
				const { keeper } = startKeeper({ ...world, platform: { ...world.platform, sql: { ...sql, execute } } });
				await keeper.saveBatched(recordEdit({ act: 'import' }), null, true);
				await settle();
				const looksForTables = texts.filter((text) => text.includes('sqlite_master'));
				expect(looksForTables.length).toBeLessThanOrEqual(3);
				expect(texts.length).toBeLessThanOrEqual(26);
			}));

		it('goes on without a copy that cannot be written, which the alarm writes', () =>
			run(async (world) => {
				const { keeper, copy, kv } = startKeeper(world);
				kv.isDown = true;
				expect(await keeper.saveBatched(recordEdit(), null, true)).toMatchObject({ outcome: 'saved', head: { published: 0 } });
				expect(await world.readAlarm()).not.toBeNull();
				expect(world.logged).toEqual(['copy-owed']);
				kv.isDown = false;
				await keeper.alarm();
				expect(copiedRevision(copy)).toBe(1);
				expect(await world.readAlarm()).toBeNull();
			}));

		it('waits until a copy that was written a moment ago may be written again, and has an alarm meanwhile', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				await keeper.saveBatched(recordEdit(), null, true);
				const saving = keeper.saveBatched(recordEdit({ record: recordText('Two') }), copy.text, true);
				await settle();
				expect(copiedRevision(copy)).toBe(1);
				expect(await world.readAlarm()).not.toBeNull();
				await world.advance(1000);
				expect(await saving).toMatchObject({ outcome: 'saved', head: { published: 2, latest: { revision: 2 } } });
				expect(copiedRevision(copy)).toBe(2);
				expect(await world.readAlarm()).toBeNull();
			}));

		it('does not wait where the batch changes the record again, and one write publishes all of them', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				await keeper.saveBatched(recordEdit(), null, true);
				for (const name of ['Two', 'Three', 'Four']) {
					const saved = await keeper.saveBatched(recordEdit({ record: recordText(name) }), copy.text, false);
					expect(saved).toMatchObject({ outcome: 'saved', head: { published: 1 } });
					expect(await world.readAlarm()).not.toBeNull();
				}
				const saving = keeper.saveBatched(recordEdit({ record: recordText('Five') }), copy.text, true);
				await world.advance(1000);
				expect(await saving).toMatchObject({ head: { published: 5, latest: { revision: 5 } } });
				expect(copiedRevision(copy)).toBe(5);
				expect(await world.readAlarm()).toBeNull();
			}));

		it('has an alarm for a copy that nobody waits for', () =>
			run(async (world) => {
				const { keeper, copy, kv } = startKeeper(world);
				kv.isDown = true;
				await keeper.saveBatched(recordEdit(), null, false);
				// The write that it has begun fails, unseen by the caller.
				await world.advance(0);
				expect(copiedRevision(copy)).toBeNull();
				expect(await world.readAlarm()).not.toBeNull();
				kv.isDown = false;
				await keeper.alarm();
				expect(copiedRevision(copy)).toBe(1);
				expect(await keeper.readLatest()).toMatchObject({ revision: 1 });
			}));

		it('also tells of earlier revisions that the directory does not have', () =>
			run(async (world) => {
				const { keeper, copy, directory } = startKeeper(world);
				directory.isDown = true;
				await keeper.save(recordEdit());
				await world.advance(2000);
				const { update } = await keeper.saveBatched(recordEdit({ record: recordText('Two') }), copy.text, true);
				expect(update?.revisions.map(({ revision }) => revision)).toEqual([1, 2]);
			}));

		it('sees a copy that was edited by hand', () =>
			run(async (world) => {
				const { keeper } = startKeeper(world);
				expect((await keeper.saveBatched(recordEdit(), recordText('By hand'), true)).outcome).toBe('outside');
			}));

		it('is announced and published by its keeper, when its sender has crashed', () =>
			run(async (world) => {
				const { keeper, restart, copy, updates, kv } = startKeeper(world);
				kv.isDown = true;
				await keeper.saveBatched(recordEdit(), null, true);
				kv.isDown = false;
				await restart().announce(NAME);
				expect(updates.flatMap(({ revisions }) => revisions.map(({ revision }) => revision))).toEqual([1]);
				expect(copiedRevision(copy)).toBe(1);
			}));
	});

	it('comes into the directory as a whole, with its lines of the audit trail', () =>
		run(async (world) => {
			const { directory, batches, announced, told, listNames } = startDirectory(world);
			await batches.beginBatch('one', ['a.example', 'b.example'] as RecordName[]);
			await batches.endBatch('one', [liveEntry('a.example'), liveEntry('b.example')]);
			expect(await listNames()).toEqual(['a.example', 'b.example']);
			expect(told).toEqual(['a.example', 'b.example']);
			expect((await directory.readAudit({ visible: { names: null, tag: null }, since: 0, before: null, limit: 10 })).entries).toHaveLength(
				2,
			);
			await world.advance(6 * MINUTE_MS);
			await batches.alarm();
			expect(announced).toEqual([]);
		}));

	it('has no digests in the list while it is under way: its records may be newer than their entries', () =>
		run(async (world) => {
			const { directory, batches } = startDirectory(world);
			const digests = async () => (await directory.listEntries(ALL)).entries.map(({ digest }) => digest);
			for (const name of ['a.example', 'b.example', 'c.example']) await directory.updateEntry(liveEntry(name));
			await batches.beginBatch('one', ['a.example', 'c.example'] as RecordName[]);
			expect(await digests()).toEqual([null, 'digest', null]);
			await batches.endBatch('one', [{ ...liveEntry('a.example'), revision: 2, digest: 'another' }]);
			expect(await digests()).toEqual(['another', 'digest', 'digest']);
		}));

	it('is finished by the keepers of its names when it was not ended, and no sooner than after some minutes', () =>
		run(async (world) => {
			const { batches, announced } = startDirectory(world);
			await batches.beginBatch('one', ['a.example', 'b.example'] as RecordName[]);
			await world.advance(MINUTE_MS);
			await batches.beginBatch('two', ['b.example'] as RecordName[]);
			await batches.alarm();
			expect(announced).toEqual([]);
			await world.advance(4 * MINUTE_MS);
			await batches.alarm();
			expect(announced).toEqual(['a.example', 'b.example']);
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + MINUTE_MS);
			await world.advance(MINUTE_MS);
			await batches.alarm();
			expect(announced).toEqual(['a.example', 'b.example', 'b.example']);
		}));

	it('stays open where the keeper of the hostnames could not be told', () =>
		run(async (world) => {
			const { batches, announced, keepers, listNames } = startDirectory(world);
			await batches.beginBatch('one', ['a.example'] as RecordName[]);
			keepers.areDown = true;
			await expect(batches.endBatch('one', [liveEntry('a.example')])).rejects.toThrow('hostnames');
			expect(await listNames()).toEqual([]);
			keepers.areDown = false;
			await world.advance(5 * MINUTE_MS);
			await batches.alarm();
			expect(announced).toEqual(['a.example']);
		}));

	it('is tried again when a keeper did not answer, after a restart too', () =>
		run(async (world) => {
			const { batches, keepers } = startDirectory(world);
			await batches.beginBatch('one', ['a.example'] as RecordName[]);
			await world.advance(5 * MINUTE_MS);
			keepers.areDown = true;
			await batches.alarm();
			expect(world.logged).toEqual(['copy-owed']);
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + MINUTE_MS / 2);
			const restarted = startDirectory(world);
			await restarted.batches.alarm();
			expect(restarted.announced).toEqual(['a.example']);
		}));
}
