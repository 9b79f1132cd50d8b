/** The contract of the keeper of imported records on every platform. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/lib/digest.ts';
import { parseRecordName, type RecordName } from '../../../src/model/record-name.ts';
import { parseStored } from '../../../src/model/stored-record.ts';
import { ImportKeeper } from '../../../src/store/objects/imports/import-keeper.ts';
import type { KnownNames } from '../../../src/store/ports/directory.ts';
import type { RecordEdit } from '../../../src/store/ports/record-history.ts';
import { type PlatformUnderTest, type RunOnPlatform, settle } from './platform-under-test.ts';
import { recordEdit, recordText } from './record-keeper-contract.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What a directory says that has no entry of any name, and was told of everything. */
const NOTHING_KNOWN: KnownNames = { known: [], completeSince: null };

function nameOf(at: number): RecordName {
	const name = parseRecordName(`n${at}.example`);
	if (name === null) throw new Error('not a name');
	return name;
}

const objectId = (name: RecordName) => `id of ${name}`;
const ID = objectId(nameOf(0));

function importEdit(at: number, more: Partial<RecordEdit> = {}): RecordEdit {
	return recordEdit({ act: 'import', precondition: 'absent', ...more, name: nameOf(at) });
}

/** @param markedAt when the store was marked as published before this keeper was made */
function startImports({ platform }: PlatformUnderTest, markedAt: number | null = null) {
	const kv = new Map<string, string>();
	const state: { isDown: boolean; hold: Promise<void> | null; woken: string[] } = { isDown: false, hold: null, woken: [] };
	const restart = () =>
		new ImportKeeper(platform, {
			copies: {
				writeIntervalMs: 1000,
				stalenessMs: 120_000,
				read: async (name) => kv.get(name) ?? null,
				async write(name, text) {
					await state.hold;
					if (state.isDown) throw new Error('KV is down');
					if (text !== null) kv.set(name, text);
				},
				forgetWildcardList: async () => undefined,
			},
			readMarkTime: async () => markedAt,
			objectId,
			wakeKeeper: async (name) => void state.woken.push(name),
		});
	const copiedRevision = (at: number) => {
		const text = kv.get(nameOf(at));
		const stored = text === undefined ? null : parseStored(text);
		return stored?.ok ? stored.value.revision : null;
	};
	return { keeper: restart(), restart, kv, state, copiedRevision };
}

const lines = (...edits: readonly RecordEdit[]) => edits.map((edit) => ({ edit, copy: null }));

export function describeImportKeeper(run: RunOnPlatform): void {
	it('saves many records at once, writes their copies, and says what the directory is to be told', () =>
		run(async (world) => {
			const { keeper, copiedRevision } = startImports(world);
			const edits = Array.from({ length: 100 }, (_, at) => importEdit(at, { tags: ['gold'] }));
			const saved = await keeper.saveNew(lines(...edits), NOTHING_KNOWN);
			expect(saved).toHaveLength(100);
			expect(saved[99]).toMatchObject({
				outcome: 'saved',
				head: { published: 1, latest: { revision: 1, author: 'ada' } },
				update: {
					name: nameOf(99),
					state: 'live',
					tags: ['gold'],
					digest: await sha256Hex(edits[99]?.record ?? ''),
					revisions: [{ act: 'import' }],
				},
			});
			expect(edits.map((_, at) => copiedRevision(at))).toEqual(edits.map(() => 1));
			expect(await world.readAlarm()).toBeNull();
			expect((await keeper.readImported([nameOf(0), nameOf(100)])).map(({ name }) => name)).toEqual([nameOf(0)]);
		}));

	it('finds nothing to do in the same lines, and leaves a change to the record’s keeper', () =>
		run(async (world) => {
			const { keeper, kv } = startImports(world);
			await keeper.saveNew(lines(importEdit(0), importEdit(1)), NOTHING_KNOWN);
			const again = await keeper.saveNew(
				[
					{ edit: importEdit(0), copy: kv.get(nameOf(0)) ?? null },
					{ edit: importEdit(1, { note: 'x', tags: ['new'], precondition: 'any' }), copy: kv.get(nameOf(1)) ?? null },
				],
				NOTHING_KNOWN,
			);
			expect(again).toMatchObject([{ outcome: 'unchanged', head: { latest: { revision: 1 } }, update: null }, null]);
		}));

	it('leaves to the record’s keeper what it has refused or what was edited by hand', () =>
		run(async (world) => {
			const { keeper } = startImports(world);
			const stale = importEdit(0, { precondition: 3 });
			expect(await keeper.saveNew(lines(stale), NOTHING_KNOWN)).toEqual([null]);
			expect(await keeper.saveNew([{ edit: importEdit(0), copy: '{}' }], NOTHING_KNOWN)).toEqual([null]);
			expect(await keeper.readImported([nameOf(0)])).toEqual([]);
		}));

	it('says what a dry run would do, and keeps nothing', () =>
		run(async (world) => {
			const { keeper, kv } = startImports(world);
			const tried = await keeper.saveNew(lines(importEdit(0, { dryRun: true })), NOTHING_KNOWN);
			expect(tried).toMatchObject([{ outcome: 'saved', head: { latest: null }, update: null }]);
			expect([await keeper.readImported([nameOf(0)]), kv.size, await world.readAlarm()]).toEqual([[], 0, null]);
		}));

	it('hands a record over to its keeper, and no import touches it again', () =>
		run(async (world) => {
			const { keeper, restart, kv } = startImports(world);
			await keeper.saveNew(lines(importEdit(0)), NOTHING_KNOWN);
			const taken = await keeper.takeOver(ID, false);
			expect(taken).toMatchObject({ name: nameOf(0), revision: { revision: 1 }, publishedAt: world.platform.clock.now() });
			// Until the keeper has said that it has it, it gets it again: it may have ended before it had saved it.
			expect(await restart().takeOver(ID, true)).toEqual(taken);
			expect(await keeper.readImported([nameOf(0)])).toEqual([]);
			// The copy may be an old one: the keeper may have saved something since.
			expect(await keeper.saveNew([{ edit: importEdit(0), copy: kv.get(nameOf(0)) ?? null }], NOTHING_KNOWN)).toEqual([null]);
			await keeper.forgetImported(ID);
			expect(await keeper.takeOver(ID, true)).toBeNull();
			expect(await keeper.saveNew(lines(importEdit(0)), NOTHING_KNOWN)).toEqual([null]);
			expect(world.platform.sql.execute('SELECT * FROM imported WHERE revision IS NOT NULL OR name IS NOT NULL')).toEqual([]);
			expect(await world.readAlarm()).toBeNull();
		}));

	it('creates nothing for a keeper that is about to save, and does for one that was only asked', () =>
		run(async (world) => {
			const { keeper } = startImports(world);
			expect(await keeper.takeOver(ID, true)).toBeNull();
			expect(await keeper.takeOver(objectId(nameOf(1)), false)).toBeNull();
			expect(await keeper.saveNew(lines(importEdit(0), importEdit(1)), NOTHING_KNOWN)).toMatchObject([null, { outcome: 'saved' }]);
		}));

	it('hands nothing over while its copy is being written: the older copy could come last', () =>
		run(async (world) => {
			const { keeper, state } = startImports(world);
			let release: () => void = () => undefined;
			state.hold = new Promise((resolve) => {
				release = resolve;
			});
			const saving = keeper.saveNew(lines(importEdit(0)), NOTHING_KNOWN);
			let taken: unknown = 'waiting';
			const taking = keeper.takeOver(ID, true).then((value) => {
				taken = value;
			});
			await settle();
			expect(taken).toBe('waiting');
			// If this process ends now, the copy is written all the same.
			expect(await world.readAlarm()).not.toBeNull();
			// The import does not wait as long as that.
			await world.advance(3000);
			expect(await saving).toMatchObject([{ outcome: 'saved', head: { published: 0 } }]);
			release();
			await taking;
			expect(taken).toMatchObject({ name: nameOf(0), publishedAt: world.platform.clock.now() });
		}));

	it('has the alarm write copies that KV did not take, after a restart too', () =>
		run(async (world) => {
			const { keeper, restart, state, copiedRevision } = startImports(world);
			state.isDown = true;
			const edits = Array.from({ length: 60 }, (_, at) => importEdit(at));
			expect((await keeper.saveNew(lines(...edits), NOTHING_KNOWN))[0]).toMatchObject({ outcome: 'saved', head: { published: 0 } });
			expect(await world.readAlarm()).not.toBeNull();
			expect(world.logged).toEqual(['copy-owed']);
			state.isDown = false;
			// A part at a time: a Worker may make so many calls and no more.
			for (const published of [40, 60]) {
				await restart().alarm();
				expect(edits.filter((_, at) => copiedRevision(at) === 1)).toHaveLength(published);
			}
			expect(await world.readAlarm()).toBeNull();
		}));

	it('waits between attempts while KV is down, also where a keeper has not said whether it has its record', () =>
		run(async (world) => {
			const { keeper, state } = startImports(world);
			await keeper.saveNew(lines(importEdit(100)), NOTHING_KNOWN);
			await keeper.takeOver(objectId(nameOf(100)), true);
			await world.advance(5 * MINUTE_MS);
			state.isDown = true;
			await keeper.saveNew(lines(...Array.from({ length: 60 }, (_, at) => importEdit(at))), NOTHING_KNOWN);
			await world.advance(30_000);
			await keeper.alarm();
			// The first part of the copies was all that one alarm may see to: the next looks after the keeper, and tries no copy.
			expect(await world.readAlarm()).toBeLessThanOrEqual(world.platform.clock.now());
			const attempts = world.logged.length;
			await keeper.alarm();
			expect([world.logged.length, state.woken]).toEqual([attempts, [nameOf(100)]]);
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + 30_000);
		}));

	it('hands over a record whose copy was not written, and leaves the copy to its keeper', () =>
		run(async (world) => {
			const { keeper, state, kv } = startImports(world);
			state.isDown = true;
			await keeper.saveNew(lines(importEdit(0)), NOTHING_KNOWN);
			expect(await keeper.takeOver(ID, false)).toMatchObject({ publishedAt: 0 });
			state.isDown = false;
			await world.advance(MINUTE_MS);
			await keeper.alarm();
			expect(kv.size).toBe(0);
		}));

	it('asks a keeper that has not said whether it has the record, some minutes later', () =>
		run(async (world) => {
			const { keeper, restart, state } = startImports(world);
			await keeper.saveNew(lines(importEdit(0)), NOTHING_KNOWN);
			await keeper.takeOver(ID, true);
			await world.advance(4 * MINUTE_MS);
			await restart().alarm();
			expect(state.woken).toEqual([]);
			await world.advance(MINUTE_MS);
			expect(await world.readAlarm()).toBe(world.platform.clock.now());
			await restart().alarm();
			expect(state.woken).toEqual([nameOf(0)]);
			expect(await keeper.takeOver(ID, true)).toBeNull();
			expect(await world.readAlarm()).toBeNull();
		}));

	it('puts records of a backup back under their own numbers, finds those that are there, and leaves others to their keepers', () =>
		run(async (world) => {
			const { keeper, kv, copiedRevision } = startImports(world);
			const revision = {
				revision: 7,
				at: 5000,
				author: 'ada',
				token: 't1',
				act: 'put',
				note: 'n',
				tags: ['gold'],
				record: recordText('One'),
			} as const;
			const backedUp = { name: nameOf(0), revision, copy: null };
			expect(await keeper.restoreNew([backedUp], NOTHING_KNOWN, true)).toEqual([{ outcome: 'created', update: null }]);
			expect([await keeper.readImported([nameOf(0)]), kv.size]).toEqual([[], 0]);
			const restored = await keeper.restoreNew([backedUp], NOTHING_KNOWN, false);
			expect(restored).toMatchObject([{ outcome: 'created', update: { name: nameOf(0), revision: 7, at: 5000, tags: ['gold'] } }]);
			expect(copiedRevision(0)).toBe(7);
			const copy = kv.get(nameOf(0)) ?? null;
			const others = [
				{ ...backedUp, copy },
				{ ...backedUp, copy: recordText('By hand') },
				{ ...backedUp, copy, revision: { ...revision, record: recordText('Two') } },
				{ ...backedUp, name: nameOf(1), revision: { ...revision, record: null } },
				{ ...backedUp, name: nameOf(2), copy: recordText('By hand') },
			];
			expect(await keeper.restoreNew(others, NOTHING_KNOWN, false)).toEqual([
				{ outcome: 'unchanged', update: null },
				null,
				null,
				null,
				null,
			]);
			expect(await keeper.takeOver(ID, false)).toMatchObject({ revision });
		}));

	describe('in a store that an earlier release has written', () => {
		const MARKED_AT = 1000;
		const complete: KnownNames = { known: [], completeSince: MARKED_AT };

		it('creates records after an hour, where the directory knows everything and not their names', () =>
			run(async (world) => {
				const { keeper } = startImports(world, MARKED_AT);
				expect(await keeper.saveNew(lines(importEdit(0)), complete)).toEqual([null]);
				await world.advance(HOUR_MS);
				const known = { ...complete, known: [nameOf(1)] };
				expect(await keeper.saveNew(lines(importEdit(0), importEdit(1)), known)).toMatchObject([{ outcome: 'saved' }, null]);
			}));

		it.each([
			['that was not told of everything', null],
			['that is another one than there was', 2000],
		])('creates none where it has a directory %s', (_, completeSince) =>
			run(async (world) => {
				const { keeper } = startImports(world, MARKED_AT);
				await keeper.takeOver(ID, true);
				await world.advance(HOUR_MS);
				expect(await keeper.saveNew(lines(importEdit(1)), { known: [], completeSince })).toEqual([null]);
			}),
		);

		it('creates none with an access tag: a claim that it does not know of may refuse it', () =>
			run(async (world) => {
				const { keeper } = startImports(world, MARKED_AT);
				await keeper.takeOver(ID, true);
				await world.advance(HOUR_MS);
				expect(await keeper.saveNew(lines(importEdit(1, { tags: ['access:shop'] })), complete)).toEqual([null]);
			}));
	});
}
