/**
 * Records in two worlds: with the keeper of imported records, as the service runs, and without it, where each record's own keeper saves it
 * from the first line on. Everything is over SQLite in memory; processes can be ended, and KV and calls between keepers can fail.
 */

import type { RecordName } from '../../src/model/record-name.ts';
import { DirectoryKeeper } from '../../src/store/objects/directory/directory-keeper.ts';
import { ImportKeeper } from '../../src/store/objects/imports/import-keeper.ts';
import { createTakeOver } from '../../src/store/objects/imports/take-over.ts';
import { RecordKeeper } from '../../src/store/objects/record-keeper.ts';
import type { BatchedSaveResult } from '../../src/store/ports/batched-saves.ts';
import type { RecordCopies } from '../../src/store/ports/record-copies.ts';
import type { RecordEdit, RestoreOutcome, Revision, SaveResult } from '../../src/store/ports/record-history.ts';
import { type NodeSqlite, openNodeSqlite } from '../node/node-sqlite-platform.ts';
import type { TestClock } from '../store/contract/platform-under-test.ts';

const LIMITS = { historyCount: 5000, historyDays: 3650, supersededMs: 86_400_000 };
const VISIBLE = { names: null, tag: null };

const PROCESS_ENDED = new Error('the process has ended');

/** What goes wrong until it is switched off again. */
export interface WorldFaults {
	/** KV neither reads nor writes. */
	isKvDown: boolean;
	/** The keeper of imported records does not hear that a record was taken over. */
	isForgetLost: boolean;
	/** A record's keeper ends when it gets a record to take over, before it has saved it; once. */
	diesTakingOver: boolean;
}

interface OpenKeeper {
	readonly database: NodeSqlite;
	current: { readonly keeper: RecordKeeper; readonly takeOver: (isToSave: boolean) => Promise<void> } | null;
}

export interface ImportWorld {
	readonly faults: WorldFaults;
	/** Ends the process of a record's keeper; the next call starts it again. */
	readonly endKeeper: (name: RecordName) => void;
	readonly endImportKeeper: () => void;
	/** Saves lines as an import does. @param isAbandoned whether the import ends before it tells the directory */
	readonly importLines: (edits: readonly RecordEdit[], isAbandoned: boolean) => Promise<readonly SaveResult[]>;
	readonly save: (edit: RecordEdit) => Promise<SaveResult>;
	/** Restores a record that has one revision in a backup. */
	readonly restore: (name: RecordName, revision: Revision, dryRun: boolean) => Promise<RestoreOutcome>;
	readonly use: <T>(name: RecordName, isToSave: boolean, work: (keeper: RecordKeeper) => Promise<T>) => Promise<T>;
	/** What a backup has of a record. */
	readonly backUp: (name: RecordName) => Promise<readonly Revision[]>;
	/** Lets all alarms go off that are due. */
	readonly runAlarms: () => Promise<void>;
	/** Whether an alarm is set. */
	readonly hasAlarm: () => boolean;
	readonly readCopy: (name: RecordName) => string | null;
	readonly editCopy: (name: RecordName, text: string) => void;
	readonly listEntries: () => ReturnType<DirectoryKeeper['listEntries']>;
	/** How many records have an object of their own. */
	readonly countKeepers: () => number;
	readonly close: () => void;
}

/**
 * @param hasImportKeeper whether it begins with a keeper of imported records; without one, one can be added as an upgrade does
 * @param pause awaited on the way of each call between keepers and of each write to KV, there and back
 */
export function createImportWorld(
	clock: TestClock,
	hasImportKeeper: boolean,
	pause: () => Promise<unknown> = async () => undefined,
): ImportWorld & { readonly upgrade: () => void } {
	const faults: WorldFaults = { isKvDown: false, isForgetLost: false, diesTakingOver: false };
	const kv = new Map<string, string>();
	const keepers = new Map<RecordName, OpenKeeper>();
	const directoryDatabase = openNodeSqlite(':memory:');
	const importDatabase = openNodeSqlite(':memory:');
	const log = () => undefined;
	const directory = new DirectoryKeeper({ sql: directoryDatabase.sql, clock }, LIMITS);
	let areImportsKept = hasImportKeeper;
	let importKeeper: ImportKeeper | null = null;

	const copies: RecordCopies = {
		writeIntervalMs: 1000,
		stalenessMs: 120_000,
		async read(name) {
			if (faults.isKvDown) throw new Error('KV is down');
			return kv.get(name) ?? null;
		},
		async write(name, text) {
			await pause();
			if (faults.isKvDown) throw new Error('KV is down');
			if (text === null) kv.delete(name);
			else kv.set(name, text);
			await pause();
		},
		forgetWildcardList: async () => undefined,
	};
	const objectId = (name: RecordName) => `object of ${name}`;
	const updateEntry: DirectoryKeeper['updateEntry'] = async (update) => {
		await pause();
		await directory.updateEntry(update);
		// As `markFirstPublication` does.
		if (update.state === 'live') await directory.setStoreMarked(true);
	};

	function imports(): ImportKeeper {
		importKeeper ??= new ImportKeeper(
			{ sql: importDatabase.sql, alarm: importDatabase.alarm, clock, log },
			{
				copies,
				readMarkTime: () => directory.storeMarkedAt(),
				objectId,
				wakeKeeper: (name) => use(name, false, (keeper) => keeper.readLatest()),
			},
		);
		return importKeeper;
	}

	function start(name: RecordName, { sql, alarm }: NodeSqlite): NonNullable<OpenKeeper['current']> {
		const platform = { sql, alarm, clock, log };
		const keeper = new RecordKeeper(platform, {
			copies,
			directory: { updateEntry, forgetEntry: (entry) => directory.forgetEntry(entry) },
			hostnames: null,
			limits: LIMITS,
		});
		const takeOver = createTakeOver(platform, {
			tables: keeper.tables,
			imports: {
				async takeOver(id, isToSave) {
					await pause();
					const imported = await imports().takeOver(id, isToSave);
					await pause();
					if (imported === null || !faults.diesTakingOver) return imported;
					faults.diesTakingOver = false;
					throw PROCESS_ENDED;
				},
				async forgetImported(id) {
					await pause();
					if (faults.isForgetLost) throw new Error('not heard');
					await imports().forgetImported(id);
				},
			},
			objectId: objectId(name),
		});
		return { keeper, takeOver: async (isToSave) => (areImportsKept ? takeOver(isToSave) : undefined) };
	}

	async function use<T>(name: RecordName, isToSave: boolean, work: (keeper: RecordKeeper) => Promise<T>): Promise<T> {
		const open: OpenKeeper = keepers.get(name) ?? { database: openNodeSqlite(':memory:'), current: null };
		keepers.set(name, open);
		open.current ??= start(name, open.database);
		const { keeper, takeOver } = open.current;
		try {
			await takeOver(isToSave);
		} catch (failure) {
			if (failure !== PROCESS_ENDED) throw failure;
			// Whoever has called tries again, and the keeper starts anew.
			open.current = null;
			return use(name, isToSave, work);
		}
		return work(keeper);
	}

	async function saveLines(edits: readonly RecordEdit[]): Promise<readonly BatchedSaveResult[]> {
		const copiesOf = edits.map(({ name }) => kv.get(name) ?? null);
		await pause();
		const known = await directory.readKnownNames(edits.map(({ name }) => name));
		await pause();
		const lines = edits.map((edit, at) => ({ edit, copy: copiesOf[at] ?? null }));
		const saved = areImportsKept ? await imports().saveNew(lines, known) : edits.map(() => null);
		await pause();
		return Promise.all(
			edits.map(
				(edit, at) => saved[at] ?? use(edit.name, edit.dryRun !== true, (keeper) => keeper.saveBatched(edit, copiesOf[at] ?? null, true)),
			),
		);
	}

	return {
		faults,
		upgrade() {
			areImportsKept = true;
			for (const open of keepers.values()) open.current = null;
		},
		endKeeper(name) {
			const open = keepers.get(name);
			if (open !== undefined) open.current = null;
		},
		endImportKeeper() {
			importKeeper = null;
		},
		async importLines(edits, isAbandoned) {
			const results = await saveLines(edits);
			const updates = results.flatMap(({ update }) => update ?? []);
			// Where KV does not answer, the keeper's own alarm goes on with it.
			if (isAbandoned) for (const { name } of edits) await use(name, false, (keeper) => keeper.announce(name).catch(() => false));
			else for (const update of updates) await updateEntry(update);
			return results.map(({ update: _, ...result }) => result);
		},
		save: (edit) => use(edit.name, edit.dryRun !== true, (keeper) => keeper.save(edit)),
		use,
		async restore(name, revision, dryRun) {
			const copy = kv.get(name) ?? null;
			await pause();
			const known = await directory.readKnownNames([name]);
			await pause();
			const [restored] = areImportsKept ? await imports().restoreNew([{ name, revision, copy }], known, dryRun) : [];
			await pause();
			if (restored?.update) await updateEntry(restored.update);
			if (restored) return restored.outcome;
			const whole = { name, revisions: [revision], isLast: true, replace: false, author: 'operator', token: null, dryRun };
			const { outcome } = await use(name, !dryRun, async (keeper) => {
				const result = await keeper.restoreRevisions(whole);
				// It does not wait for the copy, which is compared.
				if (!faults.isKvDown) await keeper.publishPending();
				return result;
			});
			return outcome;
		},
		async backUp(name) {
			const [imported] = areImportsKept ? await imports().readImported([name]) : [];
			return imported === undefined ? use(name, false, (keeper) => keeper.exportRevisions(0, 100)) : [imported.revision];
		},
		async runAlarms() {
			for (const [name, { database }] of keepers) {
				const at = database.readAlarm();
				if (at === null || at > clock.now()) continue;
				// The platform takes an alarm away when it goes off. What goes off is no call: nothing is taken over before it.
				database.alarm.cancel();
				const open = keepers.get(name);
				if (open === undefined) continue;
				open.current ??= start(name, database);
				await open.current.keeper.alarm();
			}
			const at = importDatabase.readAlarm();
			if (at === null || at > clock.now()) return;
			importDatabase.alarm.cancel();
			await imports().alarm();
		},
		hasAlarm: () => [importDatabase, ...[...keepers.values()].map(({ database }) => database)].some((each) => each.readAlarm() !== null),
		readCopy: (name) => kv.get(name) ?? null,
		editCopy: (name, text) => void kv.set(name, text),
		listEntries: () => directory.listEntries({ prefix: '', tag: null, state: null, after: '', limit: 100, visible: VISIBLE }),
		countKeepers: () => keepers.size,
		close() {
			for (const database of [directoryDatabase, importDatabase, ...[...keepers.values()].map((each) => each.database)]) database.close();
		},
	};
}
