/** The tables of the keeper of imported records. All its SQL is in here; everything is synchronous. */
import type { RecordName } from '../../../model/record-name.ts';
import type { ImportedRecord } from '../../ports/imported-records.ts';
import type { SqlDatabase, SqlRow } from '../../ports/platform.ts';
import type { Revision } from '../../ports/record-history.ts';
import { type Migration, migrateSchema, statements } from '../schema.ts';

// A row of `imported` without a revision is a name whose own keeper may have saved something. `publishedAt` is 0 until the copy is
// written, `takenAt` 0 until the record's keeper has asked for it. `beginning` has exactly one row.
const MIGRATIONS: readonly Migration[] = [
	statements(
		'CREATE TABLE imported (id TEXT PRIMARY KEY, name TEXT, revision TEXT, publishedAt INTEGER NOT NULL, takenAt INTEGER NOT NULL)',
		'CREATE INDEX unpublished ON imported (id) WHERE revision IS NOT NULL AND publishedAt = 0 AND takenAt = 0',
		'CREATE INDEX taken ON imported (takenAt) WHERE revision IS NOT NULL AND takenAt > 0',
		'CREATE TABLE beginning (at INTEGER NOT NULL, markedAt INTEGER)',
	),
];

/** When the keeper of imported records was made. */
export interface Beginning {
	/** Unix time in milliseconds. */
	readonly at: number;
	/** When the store had been marked as published by then (Unix time in milliseconds, 0: nobody knows); null where nothing had ever been published. */
	readonly markedAt: number | null;
}

/** A row of `imported` whose record no keeper has saved as its own. */
export interface ImportedRow extends ImportedRecord {
	readonly id: string;
	/** Whether the record's keeper has asked for it. */
	readonly isTaken: boolean;
}

export interface ImportedTables {
	readonly beginning: () => Beginning | null;
	readonly begin: (beginning: Beginning) => void;
	/** `absent`: the name was never imported, and its keeper has never asked. `own`: it is the record's keeper that knows. */
	readonly find: (id: string) => ImportedRow | 'absent' | 'own';
	readonly add: (id: string, name: RecordName, revision: Revision) => void;
	/** No import creates the record from now on. */
	readonly reserve: (id: string) => void;
	readonly markPublished: (ids: readonly string[], at: number) => void;
	readonly markTaken: (id: string, at: number) => void;
	/** Deletes the revision, which the record's keeper has now. */
	readonly forget: (id: string) => void;
	/** Whose copies are not written yet, and that no keeper has asked for. */
	readonly unpublished: (limit: number) => readonly ImportedRow[];
	/** That a keeper asked for before `time` (Unix time in milliseconds), and has not said that it has saved them. */
	readonly takenBefore: (time: number, limit: number) => readonly ImportedRow[];
	/** When the first of those was asked for; null where there are none. */
	readonly firstTakenAt: () => number | null;
}

export function createImportedTables(sql: SqlDatabase): ImportedTables {
	sql.transaction(() => migrateSchema(sql, MIGRATIONS));
	return {
		beginning() {
			const row = sql.execute('SELECT at, markedAt FROM beginning')[0];
			return row === undefined ? null : { at: Number(row.at), markedAt: row.markedAt === null ? null : Number(row.markedAt) };
		},
		begin({ at, markedAt }) {
			sql.execute('INSERT INTO beginning SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM beginning)', at, markedAt);
		},
		find(id) {
			const row = sql.execute('SELECT * FROM imported WHERE id = ?', id)[0];
			if (row === undefined) return 'absent';
			return row.revision === null ? 'own' : importedFromRow(row);
		},
		add(id, name, revision) {
			sql.execute('INSERT INTO imported VALUES (?, ?, ?, 0, 0)', id, name, JSON.stringify(revision));
		},
		reserve(id) {
			sql.execute('INSERT INTO imported VALUES (?, NULL, NULL, 0, 0)', id);
		},
		markPublished(ids, at) {
			sql.execute('UPDATE imported SET publishedAt = ? WHERE id IN (SELECT value FROM json_each(?))', at, JSON.stringify(ids));
		},
		markTaken(id, at) {
			sql.execute('UPDATE imported SET takenAt = ? WHERE id = ?', at, id);
		},
		forget(id) {
			sql.execute('UPDATE imported SET name = NULL, revision = NULL WHERE id = ?', id);
		},
		unpublished: (limit) =>
			sql
				.execute('SELECT * FROM imported WHERE revision IS NOT NULL AND publishedAt = 0 AND takenAt = 0 LIMIT ?', limit)
				.map(importedFromRow),
		takenBefore: (time, limit) =>
			sql
				.execute('SELECT * FROM imported WHERE revision IS NOT NULL AND takenAt > 0 AND takenAt <= ? ORDER BY takenAt LIMIT ?', time, limit)
				.map(importedFromRow),
		firstTakenAt() {
			const first = sql.execute('SELECT MIN(takenAt) AS at FROM imported WHERE revision IS NOT NULL AND takenAt > 0')[0]?.at ?? null;
			return first === null ? null : Number(first);
		},
	};
}

function importedFromRow(row: SqlRow): ImportedRow {
	return {
		id: String(row.id),
		// Only `add` writes these two columns.
		name: String(row.name) as RecordName,
		revision: JSON.parse(String(row.revision)) as Revision,
		publishedAt: Number(row.publishedAt),
		isTaken: Number(row.takenAt) > 0,
	};
}
