/** The tables of the results of checks, in the same database as the record that was checked. */
import { CHECK_AREAS, type CheckArea, type Grade } from '../../contract/checks/check-grades.ts';
import type { CheckAreaResult } from '../../contract/checks/check-results.ts';
import type { AuditMessage } from '../ports/directory.ts';
import type { SqlDatabase, SqlRow, SqlValue } from '../ports/platform.ts';
import { type Migration, statements } from './schema.ts';

/**
 * `check_results` has a row for each area: its last result, and in `letter` the last grade that was a letter. `check_lines` has the lines of
 * the audit trail that the directory does not have yet.
 */
export const CHECK_TABLES: Migration = statements(
	`CREATE TABLE check_results (area TEXT PRIMARY KEY, result TEXT NOT NULL, digest TEXT NOT NULL, at INTEGER NOT NULL,
		author TEXT NOT NULL, token TEXT, letter TEXT) WITHOUT ROWID`,
	'CREATE TABLE check_lines (seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)',
);

export interface CheckRow {
	readonly result: CheckAreaResult;
	/** SHA-256 of the text of the record that was checked. */
	readonly digest: string;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly author: string;
	readonly token: string | null;
	/** The last letter that the area had; null where it never had any. */
	readonly letter: Grade | null;
}

/** All of these are called when the tables are there. */
export function readCheckRows(sql: SqlDatabase): readonly CheckRow[] {
	const rows = sql.execute('SELECT * FROM check_results').map(rowFromSql);
	return CHECK_AREAS.flatMap((area) => rows.find(({ result }) => result.area === area) ?? []);
}

export function findCheckRow(sql: SqlDatabase, area: CheckArea): CheckRow | null {
	const row = sql.execute('SELECT * FROM check_results WHERE area = ?', area)[0];
	return row === undefined ? null : rowFromSql(row);
}

export function writeCheckRow(sql: SqlDatabase, { result, digest, at, author, token, letter }: CheckRow): void {
	const values = [result.area, JSON.stringify(result), digest, at, author, token, letter];
	sql.execute('INSERT OR REPLACE INTO check_results VALUES (?, ?, ?, ?, ?, ?, ?)', ...values);
}

export function forgetCheckRows(sql: SqlDatabase): void {
	sql.execute('DELETE FROM check_results');
}

export function addCheckLine(sql: SqlDatabase, line: Omit<AuditMessage, 'seq'>): void {
	sql.execute('INSERT INTO check_lines (line) VALUES (?)', JSON.stringify(line));
}

export function readCheckLines(sql: SqlDatabase, limit: number): readonly AuditMessage[] {
	return sql
		.execute('SELECT * FROM check_lines ORDER BY seq LIMIT ?', limit)
		.map((row): AuditMessage => ({ ...JSON.parse(String(row.line)), seq: Number(row.seq) }));
}

export function removeCheckLines(sql: SqlDatabase, upTo: number): void {
	sql.execute('DELETE FROM check_lines WHERE seq <= ?', upTo);
}

export function hasCheckLines(sql: SqlDatabase): boolean {
	return sql.execute('SELECT 1 FROM check_lines LIMIT 1').length > 0;
}

/** Only `writeCheckRow` writes these rows. */
function rowFromSql(row: SqlRow): CheckRow {
	return {
		result: JSON.parse(String(row.result)) as CheckAreaResult,
		digest: String(row.digest),
		at: Number(row.at),
		author: String(row.author),
		token: textOrNull(row.token),
		letter: textOrNull(row.letter) as Grade | null,
	};
}

function textOrNull(value: SqlValue | undefined): string | null {
	return value === null || value === undefined ? null : String(value);
}
