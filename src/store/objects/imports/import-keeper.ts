/**
 * Keeps the records that imports and restores have created, as long as nobody calls for them. An object of its own for each record costs
 * several times what its record does: so a record gets one when somebody looks at it or changes it, and takes its first revision over from here.
 *
 * At any time one of the two keeps a record. A record's keeper that has no revision asks here before it answers, and is promised, before it
 * saves one, that no import creates the record any more.
 */
import { isAccessTag } from '../../../contract/tokens/access-tags.ts';
import { mapConcurrently } from '../../../lib/concurrency.ts';
import { HOUR_MS, MINUTE_MS } from '../../../lib/time.ts';
import type { RecordName } from '../../../model/record-name.ts';
import type { BatchedSaveResult } from '../../ports/batched-saves.ts';
import type { DirectoryUpdate, KnownNames } from '../../ports/directory.ts';
import type { BackedUpRecord, ImportedRecord, ImportedRecords, NewRecordLine, RestoredRecord } from '../../ports/imported-records.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import type { RecordCopies } from '../../ports/record-copies.ts';
import type { RecordEdit, RecordHead, Revision, SaveResult } from '../../ports/record-history.ts';
import { directoryUpdate } from '../directory/directory-update.ts';
import { detectExternalEdit } from '../external-edit.ts';
import { planRestore } from '../restore-plan.ts';
import { planSave } from '../save-refusal.ts';
import { createImportedCopies, type ImportedCopies } from './imported-copies.ts';
import { type Beginning, createImportedTables, type ImportedRow, type ImportedTables } from './imported-tables.ts';

/** The revision that an import makes of a name of which nothing was ever saved. */
const FIRST_REVISION = 1;
/** An import waits so many milliseconds for the copies to be written; after that, it answers that they are still propagating. */
const PUBLISH_WAIT_MS = 3000;
/** Milliseconds until the alarm goes off again where a record's keeper did not answer. */
const RETRY_MS = 30_000;
/** Records' keepers that are called at the same time: a Worker has six connections. */
const CONCURRENT_CALLS = 6;
/** Records that one alarm sees to: on Cloudflare's free plan, 50 calls are all that it may make. */
const RECORDS_PER_ALARM = 40;
/** A record's keeper that has taken a record over says so within this many milliseconds, unless it has crashed. */
const TAKE_OVER_MS = 5 * MINUTE_MS;
/**
 * In a store that an earlier release has written, for so many milliseconds no record is created here: keepers of that release may still be
 * running, and have saved a record of which the directory does not know yet.
 */
const UPGRADE_MS = HOUR_MS;

export interface ImportKeeperDependencies {
	readonly copies: RecordCopies;
	/** When the store was marked (Unix time in milliseconds); null where nothing was ever published; 0 where nobody knows when. */
	readonly readMarkTime: () => Promise<number | null>;
	/** The identifier of the object in which a record's own keeper is. */
	readonly objectId: (name: RecordName) => string;
	/** Has a record's own keeper look whether it has something to take over. */
	readonly wakeKeeper: (name: RecordName) => Promise<unknown>;
}

export class ImportKeeper implements ImportedRecords {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: ImportKeeperDependencies;
	readonly #tables: ImportedTables;
	/** Nobody takes a record over while its copy is being written: the older one could come last. */
	readonly #copies: ImportedCopies;

	constructor(platform: ObjectPlatform, dependencies: ImportKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		this.#tables = createImportedTables(platform.sql);
		const { copies } = dependencies;
		this.#copies = createImportedCopies(platform, { tables: this.#tables, copies, written: () => this.#setAlarm() });
	}

	async saveNew(lines: readonly NewRecordLine[], names: KnownNames): Promise<readonly (BatchedSaveResult | null)[]> {
		const saved = await this.#createAll(names, (now, mayCreate) =>
			lines.map(({ edit, copy }) => {
				const { name } = edit;
				const row = this.#tables.find(this.#dependencies.objectId(name));
				if (row !== 'absent') return isUnopened(row) ? unchangedOnly(planSave(edit, this.#headOf(row, copy, now), null)) : null;
				const revision = firstRevision(edit, now);
				if (copy !== null || !mayCreate(name, revision)) return null;
				const { isToSave, ...result } = planSave(edit, { name, latest: null, published: 0, externalEdit: null }, null);
				if (result.outcome !== 'saved') return null;
				return { result, created: isToSave ? { name, revision } : null };
			}),
		);
		return saved.map((line) => {
			if (line === null) return null;
			const { result, told } = line;
			if (told === null) return { ...result, update: null };
			const { name, revision: latest, published, update } = told;
			return { ...result, head: { name, latest, published, externalEdit: null }, update };
		});
	}

	async restoreNew(records: readonly BackedUpRecord[], names: KnownNames, dryRun: boolean): Promise<readonly (RestoredRecord | null)[]> {
		const restored = await this.#createAll(names, (now, mayCreate) =>
			records.map(({ name, revision, copy }) => {
				const row = this.#tables.find(this.#dependencies.objectId(name));
				if (row === 'absent')
					return copy === null && mayCreate(name, revision)
						? { result: 'created' as const, created: dryRun ? null : { name, revision } }
						: null;
				if (!isUnopened(row) || this.#headOf(row, copy, now).externalEdit !== null) return null;
				const plan = planRestore({ revisions: [revision], isLast: true, replace: false }, row.revision, (number) =>
					number === row.revision.revision ? row.revision : null,
				);
				return plan.outcome === 'unchanged' ? { result: 'unchanged' as const, created: null } : null;
			}),
		);
		return restored.map((record) => (record === null ? null : { outcome: record.result, update: record.told?.update ?? null }));
	}

	async readImported(names: readonly RecordName[]): Promise<readonly ImportedRecord[]> {
		const rows = names.map((name) => this.#tables.find(this.#dependencies.objectId(name)));
		return rows.filter(isUnopened).map(importedOf);
	}

	async takeOver(objectId: string, isToSave: boolean): Promise<ImportedRecord | null> {
		if (isToSave) await this.#beginning();
		await this.#copies.settled(objectId);
		// From here on there is no `await`.
		const row = this.#tables.find(objectId);
		if (row === 'own') return null;
		if (row === 'absent') {
			if (isToSave) this.#tables.reserve(objectId);
			return null;
		}
		if (!row.isTaken) {
			this.#platform.sql.transaction(() => {
				this.#tables.markTaken(objectId, this.#platform.clock.now());
				this.#setAlarm();
			});
		}
		return importedOf(row);
	}

	async forgetImported(objectId: string): Promise<void> {
		this.#platform.sql.transaction(() => {
			this.#tables.forget(objectId);
			this.#setAlarm();
		});
	}

	/** Writes copies that are missing, and sees to records that a keeper asked for and has not said that it has. Never throws. */
	async alarm(): Promise<void> {
		const { clock, alarm, log } = this.#platform;
		try {
			const due = this.#copies.takeDue(RECORDS_PER_ALARM);
			await this.#copies.publish(due);
			const stuck = this.#tables.takenBefore(clock.now() - TAKE_OVER_MS, RECORDS_PER_ALARM - due.length);
			await mapConcurrently(stuck, CONCURRENT_CALLS, async ({ id, name }) => {
				await this.#dependencies.wakeKeeper(name);
				// It has a revision now: this one, or a later one that it has saved since.
				this.#tables.forget(id);
			});
			this.#setAlarm();
		} catch (failure) {
			alarm.setAt(clock.now() + RETRY_MS);
			log('copy-owed', { failures: 1, error: String(failure) });
		}
	}

	/** For the next thing to see to; none where there is nothing. */
	#setAlarm(): void {
		const { alarm } = this.#platform;
		const [retryAt, takenAt] = [this.#copies.retryAt(), this.#tables.firstTakenAt()];
		const times = [...(retryAt === null ? [] : [retryAt]), ...(takenAt === null ? [] : [takenAt + TAKE_OVER_MS])];
		if (times.length === 0) alarm.cancel();
		else alarm.setAt(Math.min(...times));
	}

	/** What is remembered of the time when this keeper was made, which is asked for once. */
	async #beginning(): Promise<Beginning> {
		const known = this.#tables.beginning();
		if (known !== null) return known;
		const begun = { at: this.#platform.clock.now(), markedAt: await this.#dependencies.readMarkTime() };
		this.#tables.begin(begun);
		return this.#tables.beginning() ?? begun;
	}

	#headOf(row: ImportedRow, copy: string | null, now: number): RecordHead {
		const { name, revision: latest, publishedAt } = row;
		const published = publishedAt === 0 ? 0 : latest.revision;
		const pending = { name, published, publishedAt, announced: latest.revision, failures: 0, resolvedEdit: null, resolvedEditAt: 0 };
		const { stalenessMs } = this.#dependencies.copies;
		return { name, latest, published, externalEdit: detectExternalEdit({ text: copy, latest, pending, stalenessMs, now }) };
	}

	/**
	 * Creates records in one transaction, and writes their copies.
	 * @param plan called once, synchronously; says of each line what its result is and what it creates, null for one that is left alone
	 */
	async #createAll<T>(
		names: KnownNames,
		plan: (now: number, mayCreate: (name: RecordName, revision: Revision) => boolean) => readonly (PlannedLine<T> | null)[],
	): Promise<readonly (CreatedLine<T> | null)[]> {
		const beginning = await this.#beginning();
		const { sql, clock, alarm } = this.#platform;
		const now = clock.now();
		const known = new Set(names.known);
		const added: string[] = [];
		// From here to the end of the transaction there is no `await`: no record's keeper comes between.
		const planned = sql.transaction(() => {
			const lines = plan(now, (name, revision) => !known.has(name) && mayCreate(revision, names, beginning, now));
			for (const line of lines) {
				if (line === null || line.created === null) continue;
				const id = this.#dependencies.objectId(line.created.name);
				this.#tables.add(id, line.created.name, line.created.revision);
				added.push(id);
			}
			// In the same transaction, so that the copies are written even if this process ends now.
			if (added.length > 0) alarm.setAt(this.#copies.expectWrite());
			return lines;
		});
		if (added.length > 0) await Promise.race([this.#copies.publish(added), clock.wait(PUBLISH_WAIT_MS)]);
		return Promise.all(
			planned.map(async (line) =>
				line === null ? null : { result: line.result, told: line.created === null ? null : await this.#tell(line.created) },
			),
		);
	}

	/** What is told of a record that was created. */
	async #tell({ name, revision }: CreatedRecord): Promise<ToldRecord> {
		const { record: _, ...summary } = revision;
		const update = await directoryUpdate(name, revision.revision, revision, [summary], this.#platform.clock.now());
		const row = this.#tables.find(this.#dependencies.objectId(name));
		const isPublished = typeof row !== 'string' && row.publishedAt > 0;
		return { name, revision, published: isPublished ? revision.revision : 0, update };
	}
}

interface CreatedRecord {
	readonly name: RecordName;
	readonly revision: Revision;
}

/** What a line does. */
interface PlannedLine<T> {
	readonly result: T;
	/** The record that it creates; null where it creates none, or only says that it would. */
	readonly created: CreatedRecord | null;
}

interface ToldRecord extends CreatedRecord {
	/** The revision of the copy; 0 where it is not written yet. */
	readonly published: number;
	readonly update: DirectoryUpdate;
}

/** What a line has done. */
interface CreatedLine<T> {
	readonly result: T;
	readonly told: ToldRecord | null;
}

/** Whether the record was imported, and no keeper has asked for it. */
function isUnopened(row: ReturnType<ImportedTables['find']>): row is ImportedRow {
	return typeof row !== 'string' && !row.isTaken;
}

/**
 * Whether no keeper has a revision of a name that was never imported, whose keeper has never asked, and of which the directory has no entry.
 * Where nothing had been published when this began, every keeper has asked since. Keepers of an earlier release may have saved without
 * asking: then the directory must have been told of everything, and be the same one.
 */
function mayCreate({ record, tags }: Revision, { completeSince }: KnownNames, { at, markedAt }: Beginning, now: number): boolean {
	if (record === null) return false;
	if (markedAt === null) return true;
	// A claim that an earlier release has kept, of a domain without a record, would refuse an access tag.
	if (tags.some(isAccessTag)) return false;
	return markedAt === completeSince && now >= at + UPGRADE_MS;
}

/** Of an imported record: its own keeper decides on everything but a line that changes nothing. */
function unchangedOnly({ isToSave: _, ...result }: ReturnType<typeof planSave>): PlannedLine<SaveResult> | null {
	return result.outcome === 'unchanged' ? { result, created: null } : null;
}

function firstRevision({ record, tags, act, author, token, note }: RecordEdit, at: number): Revision {
	return { revision: FIRST_REVISION, at, author, token, act, note, tags: tags ?? [], record };
}

function importedOf({ name, revision, publishedAt }: ImportedRow): ImportedRecord {
	return { name, revision, publishedAt };
}
