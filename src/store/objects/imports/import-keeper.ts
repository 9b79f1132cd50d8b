/**
 * Keeps the records that imports have created, as long as nobody calls for them. An object of its own for each record costs several times
 * what its record does: so a record gets one when somebody looks at it or changes it, and takes its first revision over from here.
 *
 * At any time one of the two keeps a record. A record's keeper that has no revision asks here before it answers, and is promised, before it
 * saves one, that no import creates the record any more.
 */
import { isAccessTag } from '../../../contract/tokens/access-tags.ts';
import { mapConcurrently } from '../../../lib/concurrency.ts';
import { HOUR_MS, MINUTE_MS } from '../../../lib/time.ts';
import type { ServiceRecord } from '../../../model/record.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { renderStored } from '../../../model/stored-record.ts';
import type { BatchedSaveResult } from '../../ports/batched-saves.ts';
import type { KnownNames } from '../../ports/directory.ts';
import type { ImportedRecord, ImportedRecords, NewRecordLine } from '../../ports/imported-records.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import type { RecordCopies } from '../../ports/record-copies.ts';
import type { RecordEdit, RecordHead, Revision, SaveResult } from '../../ports/record-history.ts';
import { directoryUpdate } from '../directory/directory-update.ts';
import { detectExternalEdit } from '../external-edit.ts';
import { planSave } from '../save-refusal.ts';
import { type Beginning, createImportedTables, type ImportedRow, type ImportedTables } from './imported-tables.ts';

/** The revision that an import makes of a name of which nothing was ever saved. */
const FIRST_REVISION = 1;
/** An import waits so many milliseconds for the copies to be written; after that, it answers that they are still propagating. */
const PUBLISH_WAIT_MS = 3000;
/** Milliseconds until copies are written that were not because this process has ended, and until those are tried again that KV refused. */
const FIRST_RETRY_MS = 2000;
const RETRY_MS = 30_000;
/** Copies that are written at the same time: a Worker has six connections, and the platform has the others wait. */
const CONCURRENT_WRITES = 24;
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
	/** The writes of copies that are under way, by the identifiers of their records: nobody takes a record over before they have ended. */
	readonly #publishing = new Map<string, Promise<void>>();
	/** Unix time in milliseconds when copies that are missing are tried again; 0 after a restart: at once. */
	#retryAt = 0;

	constructor(platform: ObjectPlatform, dependencies: ImportKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		this.#tables = createImportedTables(platform.sql);
	}

	async saveNew(lines: readonly NewRecordLine[], names: KnownNames): Promise<readonly (BatchedSaveResult | null)[]> {
		const beginning = await this.#beginning();
		const { sql, clock, alarm } = this.#platform;
		const now = clock.now();
		const known = new Set(names.known);
		const added: string[] = [];
		// From here to the end of the transaction there is no `await`: no record's keeper comes between.
		const planned = sql.transaction(() => {
			const results = lines.map(({ edit, copy }) => {
				const id = this.#dependencies.objectId(edit.name);
				const row = this.#tables.find(id);
				if (row === 'own' || (row !== 'absent' && row.isTaken)) return null;
				if (row !== 'absent') return unchangedOnly(planSave(edit, this.#headOf(row, copy, now), null));
				if (known.has(edit.name) || copy !== null || !mayCreate(edit, names, beginning, now)) return null;
				const { isToSave, ...result } = planSave(edit, emptyHead(edit.name), null);
				if (result.outcome !== 'saved') return null;
				if (!isToSave) return { ...result, created: null };
				const revision = firstRevision(edit, now);
				this.#tables.add(id, edit.name, revision);
				added.push(id);
				return { ...result, created: { id, revision } };
			});
			this.#retryAt = now + FIRST_RETRY_MS;
			// In the same transaction, so that the copies are written even if this process ends now.
			if (added.length > 0) alarm.setAt(this.#retryAt);
			return results;
		});
		if (added.length > 0) await Promise.race([this.#publish(added), clock.wait(PUBLISH_WAIT_MS)]);
		return Promise.all(planned.map((result) => (result === null ? null : this.#answer(result))));
	}

	async readImported(names: readonly RecordName[]): Promise<readonly ImportedRecord[]> {
		const rows = names.map((name) => this.#tables.find(this.#dependencies.objectId(name)));
		return rows.flatMap((row) => (typeof row === 'string' || row.isTaken ? [] : [importedOf(row)]));
	}

	async takeOver(objectId: string, isToSave: boolean): Promise<ImportedRecord | null> {
		if (isToSave) await this.#beginning();
		while (this.#publishing.has(objectId)) await this.#publishing.get(objectId);
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
			const missing = this.#unpublished();
			await this.#publish(missing.map(({ id }) => id));
			const stuck = this.#tables.takenBefore(clock.now() - TAKE_OVER_MS, RECORDS_PER_ALARM - missing.length);
			await mapConcurrently(stuck, CONCURRENT_WRITES, async ({ id, name }) => {
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

	/** Copies that are missing, and are not being written. */
	#unpublished(): readonly ImportedRow[] {
		const rows = this.#tables.unpublished(RECORDS_PER_ALARM + this.#publishing.size);
		return rows.filter(({ id }) => !this.#publishing.has(id)).slice(0, RECORDS_PER_ALARM);
	}

	/** For the next thing to see to; none where there is nothing. */
	#setAlarm(): void {
		const { clock, alarm } = this.#platform;
		const takenAt = this.#tables.firstTakenAt();
		const times = [
			...(this.#tables.unpublished(1).length === 0 ? [] : [Math.max(this.#retryAt, clock.now())]),
			...(takenAt === null ? [] : [takenAt + TAKE_OVER_MS]),
		];
		if (times.length === 0) alarm.cancel();
		else alarm.setAt(Math.min(...times));
	}

	/** Writes the copies of these records. Resolves when all were tried; those that could not be written are left to the alarm. Never rejects. */
	#publish(ids: readonly string[]): Promise<void> {
		const { clock, log } = this.#platform;
		const published = this.#writeCopies(ids)
			.catch((failure: unknown) => {
				this.#retryAt = clock.now() + RETRY_MS;
				return [String(failure)];
			})
			.then((failures) => {
				for (const id of ids) this.#publishing.delete(id);
				const [error] = failures;
				if (error === undefined) return;
				log('copy-owed', { failures: failures.length, error });
			});
		for (const id of ids) this.#publishing.set(id, published);
		return published;
	}

	/** @returns what went wrong, for each copy that was not written */
	async #writeCopies(ids: readonly string[]): Promise<readonly string[]> {
		const { sql, clock } = this.#platform;
		const failures: string[] = [];
		const written = await mapConcurrently(ids, CONCURRENT_WRITES, async (id) => {
			const row = this.#tables.find(id);
			if (typeof row === 'string') return [];
			try {
				await this.#dependencies.copies.write(row.name, copyOf(row.revision));
				return [id];
			} catch (failure) {
				failures.push(String(failure));
				return [];
			}
		});
		if (failures.length > 0) this.#retryAt = clock.now() + RETRY_MS;
		sql.transaction(() => {
			this.#tables.markPublished(written.flat(), clock.now());
			this.#setAlarm();
		});
		return failures;
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

	/** The result of a line, with what the directory is to be told where a record was created. */
	async #answer({ created, ...result }: PlannedLine): Promise<BatchedSaveResult> {
		if (created === null) return { ...result, update: null };
		const { id, revision } = created;
		const { name } = result.head;
		const { record: _, ...summary } = revision;
		const update = await directoryUpdate(name, revision.revision, revision, [summary], this.#platform.clock.now());
		const row = this.#tables.find(id);
		const isPublished = typeof row !== 'string' && row.publishedAt > 0;
		return { ...result, head: { name, latest: revision, published: isPublished ? revision.revision : 0, externalEdit: null }, update };
	}
}

/** What a line does. */
interface PlannedLine extends SaveResult {
	/** The record that it creates; null where it creates none, or only says that it would. */
	readonly created: { readonly id: string; readonly revision: Revision } | null;
}

/**
 * Whether no keeper has a revision of a name that was never imported, whose keeper has never asked, and of which the directory has no entry.
 * Where nothing had been published when this began, every keeper has asked since. Keepers of an earlier release may have saved without
 * asking: then the directory must have been told of everything, and be the same one.
 */
function mayCreate({ record, tags }: RecordEdit, { completeSince }: KnownNames, { at, markedAt }: Beginning, now: number): boolean {
	if (record === null) return false;
	if (markedAt === null) return true;
	// A claim that an earlier release has kept, of a domain without a record, would refuse an access tag.
	if (tags?.some(isAccessTag) === true) return false;
	return markedAt === completeSince && now >= at + UPGRADE_MS;
}

/** Of an imported record: its own keeper decides on everything but a line that changes nothing. */
function unchangedOnly({ isToSave: _, ...result }: ReturnType<typeof planSave>): PlannedLine | null {
	return result.outcome === 'unchanged' ? { ...result, created: null } : null;
}

function emptyHead(name: RecordName): RecordHead {
	return { name, latest: null, published: 0, externalEdit: null };
}

function firstRevision({ record, tags, act, author, token, note }: RecordEdit, at: number): Revision {
	return { revision: FIRST_REVISION, at, author, token, act, note, tags: tags ?? [], record };
}

function copyOf({ record, revision }: Revision): string | null {
	// Revisions hold checked records only.
	return record === null ? null : renderStored(JSON.parse(record) as ServiceRecord, revision, []);
}

function importedOf({ name, revision, publishedAt }: ImportedRow): ImportedRecord {
	return { name, revision, publishedAt };
}
