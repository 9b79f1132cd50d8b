/**
 * The tables of one record: its revisions, and what has been told to the copy and to the directory. All the SQL of a record is in here.
 * Everything is synchronous, so that no other request comes between a look and the write that depends on it.
 */
import { RECORD_ACTS, type RecordAct } from '../../contract/acts.ts';
import { DAY_MS, MINUTE_MS } from '../../lib/time.ts';
import type { RecordName } from '../../model/record-name.ts';
import type { SqlDatabase, SqlRow, SqlValue } from '../ports/platform.ts';
import type { HistoryPage, RecordEdit, Revision, RevisionSummary } from '../ports/record-history.ts';
import { CHECK_TABLES, forgetCheckRows } from './check-tables.ts';
import { CLAIM_TABLE } from './claim-table.ts';
import { hasTable, type Migration, migrateSchema, statements } from './schema.ts';

/** Records that are read at once: with 32 KB at most each, far below the 32 MiB of an answer between Workers. */
const MAX_KEPT_RECORDS = 200;

/** A state that stood for less than this many milliseconds is one that an undo hardly ever goes back to. */
const BRIEF_MS = MINUTE_MS;

/** How far the copy and the directory are behind the revisions. */
export interface PendingUpdates {
	/** The record's name. */
	readonly name: string;
	/** The newest revision that the copy has; 0 before the first write. */
	readonly published: number;
	/** Unix time in milliseconds of the last write of the copy; 0 before the first. */
	readonly publishedAt: number;
	/** The newest revision that the directory has been told of. */
	readonly announced: number;
	/** Attempts to send that have failed since the last one that succeeded. */
	readonly failures: number;
	/** The copy that was edited by hand and has been adopted or overwritten, as JSON of its text; null where there was none. */
	readonly resolvedEdit: string | null;
	/** Unix time in milliseconds when that was done. */
	readonly resolvedEditAt: number;
}

/**
 * How much history is kept. A revision is deleted when it is too old, or when there are too many: then first those that stood for less than a
 * minute, the newest of them first, and after them the oldest. So a writer who saves very often replaces his own revisions and not those
 * that an undo needs. The latest revision is never deleted.
 */
export interface HistoryLimits {
	/** Revisions that are kept, the latest among them: at least 1. */
	readonly historyCount: number;
	/** Days for which a revision is kept: at least 1. */
	readonly historyDays: number;
}

/** The table of the changes to the zones of the record's domains. */
export const ZONE_CHANGE_TABLE = 'zone_changes';

// `owed` has exactly one row. Its columns: `published` is the newest revision in the copy, `noted` the newest that the directory knows,
// `settled` the external edit that was resolved last.
const MIGRATIONS: readonly Migration[] = [
	statements(
		`CREATE TABLE IF NOT EXISTS revisions (n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, author TEXT NOT NULL, token TEXT,
			act TEXT NOT NULL, note TEXT NOT NULL, tags TEXT NOT NULL, record TEXT)`,
		`CREATE TABLE IF NOT EXISTS owed (name TEXT NOT NULL, published INTEGER NOT NULL, publishedAt INTEGER NOT NULL, noted INTEGER NOT NULL,
			failures INTEGER NOT NULL, settled TEXT, settledAt INTEGER NOT NULL)`,
	),
	CLAIM_TABLE,
	// A row for each domain whose resolvers may still remember what was in its zone before the service changed it.
	statements(`CREATE TABLE ${ZONE_CHANGE_TABLE} (domain TEXT PRIMARY KEY, cachesExpireAt INTEGER NOT NULL)`),
	CHECK_TABLES,
];

export interface RevisionTables {
	/** Whether anything was ever saved, and all tables are there. */
	readonly haveTables: () => boolean;
	readonly latest: () => Revision | null;
	readonly findRevision: (revision: number) => Revision | null;
	/** Those after a revision, oldest first. */
	readonly revisionsSince: (revision: number, limit: number) => readonly RevisionSummary[];
	/** Those after a revision, oldest first, with their records. */
	readonly exportSince: (revision: number, limit: number) => readonly Revision[];
	/** Newest first, with their records, up to and including the one that was current at `time` (Unix time in milliseconds). */
	readonly replacedSince: (time: number, limit: number) => readonly Revision[];
	/** The records of the revisions that are kept, each once, newest first, from a revision on. */
	readonly keptRecords: (from: number) => readonly string[];
	/** @param before only revisions before this one; null for the newest */
	readonly listPage: (before: number | null, limit: number) => HistoryPage;
	/** Makes the tables where there are none. Called inside the transaction of the first write: a look at an unknown domain leaves nothing. */
	readonly makeTables: (name: RecordName) => void;
	/** Adds a revision, and makes the tables with the first one. A deletion forgets the results of checks. */
	readonly add: (
		edit: Pick<RecordEdit, 'name' | 'record' | 'act' | 'author' | 'token' | 'note'>,
		tags: readonly string[],
		at: number,
	) => void;
	/** Adds revisions of a backup under their own numbers; the same holds for them. */
	readonly addRestored: (name: RecordName, revisions: readonly Revision[]) => void;
	/** Deletes what is beyond the limits, except what the directory has not been told of yet. */
	readonly prune: (limits: HistoryLimits, now: number) => void;
	/** Null as long as nothing was ever saved. */
	readonly pending: () => PendingUpdates | null;
	readonly markPublished: (revision: number, at: number) => void;
	readonly markAnnounced: (revision: number) => void;
	readonly markFailed: () => void;
	/** @param text the copy that was adopted or overwritten; null where it had been removed */
	readonly markEditResolved: (text: string | null, at: number) => void;
	/** The directory will be told of every revision again. */
	readonly resetAnnounced: () => void;
	/** The copy will be written again. */
	readonly resetPublished: () => void;
}

/** @param sql of which no other one may make these tables: that they are not there yet is remembered, because a first save asks ten times */
export function createRevisionTables(sql: SqlDatabase): RevisionTables {
	/** Null: not known, because a transaction has made them that may have been rolled back. */
	let areMade: boolean | null = hasTable(sql, 'revisions');
	if (areMade) sql.transaction(() => migrateSchema(sql, MIGRATIONS));

	/** Runs in the transaction of the first save. */
	function makeTables(name: RecordName): void {
		if (areMade ?? hasTable(sql, 'revisions')) return;
		areMade = null;
		migrateSchema(sql, MIGRATIONS);
		sql.execute('INSERT INTO owed VALUES (?, 0, 0, 0, 0, NULL, 0)', name);
	}

	/** Never called inside the transaction that makes them: what it finds there could be rolled back. */
	function haveTables(): boolean {
		areMade ??= hasTable(sql, 'revisions');
		return areMade;
	}

	function select(query: string, ...values: readonly SqlValue[]): readonly SqlRow[] {
		return haveTables() ? sql.execute(query, ...values) : [];
	}

	function selectRevision(query: string, ...values: readonly SqlValue[]): Revision | null {
		const row = select(query, ...values)[0];
		return row === undefined ? null : revisionFromRow(row);
	}

	return {
		haveTables,
		makeTables,
		latest: () => selectRevision('SELECT * FROM revisions ORDER BY n DESC LIMIT 1'),
		findRevision: (revision) => selectRevision('SELECT * FROM revisions WHERE n = ?', revision),
		revisionsSince: (revision, limit) =>
			select('SELECT * FROM revisions WHERE n > ? ORDER BY n LIMIT ?', revision, limit).map(summaryFromRow),

		exportSince: (revision, limit) =>
			select('SELECT * FROM revisions WHERE n > ? ORDER BY n LIMIT ?', revision, limit).map(revisionFromRow),

		replacedSince(time, limit) {
			const recent = select('SELECT * FROM revisions ORDER BY n DESC LIMIT ?', limit).map(revisionFromRow);
			const current = recent.findIndex(({ at }) => at < time);
			return current < 0 ? recent : recent.slice(0, current + 1);
		},

		keptRecords: (from) =>
			select(
				'SELECT record, MAX(n) AS newest FROM revisions WHERE record IS NOT NULL AND n >= ? GROUP BY record ORDER BY newest DESC LIMIT ?',
				from,
				MAX_KEPT_RECORDS,
			).map(({ record }) => String(record)),

		listPage(before, limit) {
			const found = select('SELECT * FROM revisions WHERE n < ? ORDER BY n DESC LIMIT ?', before ?? Number.MAX_SAFE_INTEGER, limit + 1);
			const revisions = found.slice(0, limit).map(summaryFromRow);
			return { revisions, next: found.length > limit ? (revisions.at(-1)?.revision ?? null) : null };
		},

		add({ name, record, act, author, token, note }, tags, at) {
			makeTables(name);
			const values = [at, author, token, act, note, JSON.stringify(tags), record];
			sql.execute('INSERT INTO revisions (at, author, token, act, note, tags, record) VALUES (?, ?, ?, ?, ?, ?, ?)', ...values);
			if (record === null) forgetCheckRows(sql);
		},

		addRestored(name, revisions) {
			makeTables(name);
			for (const { revision, at, author, token, act, note, tags, record } of revisions)
				sql.execute(
					'INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
					revision,
					at,
					author,
					token,
					act,
					note,
					JSON.stringify(tags),
					record,
				);
			if (revisions.some(({ record }) => record === null)) forgetCheckRows(sql);
		},

		prune({ historyCount, historyDays }, now) {
			const isOld = 'n < (SELECT MAX(n) FROM revisions) AND n <= (SELECT noted FROM owed)';
			sql.execute(`DELETE FROM revisions WHERE ${isOld} AND at < ?`, now - historyDays * DAY_MS);
			const excess = Number(sql.execute('SELECT COUNT(*) AS kept FROM revisions')[0]?.kept) - historyCount;
			if (excess <= 0) return;
			sql.execute(
				`DELETE FROM revisions WHERE ${isOld} AND n IN (
					SELECT n FROM (SELECT n, LEAD(at) OVER (ORDER BY n) - at AS stood FROM revisions) WHERE stood IS NOT NULL
					ORDER BY stood >= ?1, CASE WHEN stood < ?1 THEN -n ELSE n END LIMIT ?2)`,
				BRIEF_MS,
				excess,
			);
		},

		pending() {
			const row = select('SELECT * FROM owed')[0];
			return row === undefined ? null : pendingFromRow(row);
		},

		markPublished(revision, at) {
			sql.execute('UPDATE owed SET published = ?, publishedAt = ?, failures = 0', revision, at);
		},
		markAnnounced(revision) {
			sql.execute('UPDATE owed SET noted = ?, failures = 0', revision);
		},
		markFailed() {
			if (haveTables()) sql.execute('UPDATE owed SET failures = failures + 1');
		},
		markEditResolved(text, at) {
			sql.execute('UPDATE owed SET settled = ?, settledAt = ?', JSON.stringify(text), at);
		},
		resetAnnounced() {
			// Nothing is remembered: the transaction that makes the tables may call this, too.
			if (areMade ?? hasTable(sql, 'revisions')) sql.execute('UPDATE owed SET noted = 0');
		},
		resetPublished() {
			sql.execute('UPDATE owed SET published = 0');
		},
	};
}

function summaryFromRow(row: SqlRow): RevisionSummary {
	return {
		revision: Number(row.n),
		at: Number(row.at),
		author: String(row.author),
		token: row.token === null ? null : String(row.token),
		act: parseRecordAct(row.act),
		note: String(row.note),
		tags: JSON.parse(String(row.tags)),
	};
}

function parseRecordAct(value: SqlValue | undefined): RecordAct {
	const act = RECORD_ACTS.find((each) => each === value);
	// Only `add` writes this column, so another value is one of a newer version, or damage.
	if (act === undefined) throw new Error(`a revision has the act ${String(value)}, which this version does not know`);
	return act;
}

function revisionFromRow(row: SqlRow): Revision {
	return { ...summaryFromRow(row), record: row.record === null ? null : String(row.record) };
}

function pendingFromRow(row: SqlRow): PendingUpdates {
	return {
		name: String(row.name),
		published: Number(row.published),
		publishedAt: Number(row.publishedAt),
		announced: Number(row.noted),
		failures: Number(row.failures),
		resolvedEdit: row.settled === null ? null : String(row.settled),
		resolvedEditAt: Number(row.settledAt),
	};
}
