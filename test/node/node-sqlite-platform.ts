/** A keeper's platform over a database of `node:sqlite`, as a single process without Cloudflare would have it. */
import { DatabaseSync } from 'node:sqlite';
import type { Alarm, SqlDatabase, SqlRow } from '../../src/store/ports/platform.ts';

export interface NodeSqlite {
	readonly sql: SqlDatabase;
	readonly alarm: Alarm;
	/** Unix time in milliseconds; null where no alarm is set. */
	readonly readAlarm: () => number | null;
	readonly close: () => void;
}

/** @param path of the file, or `:memory:` */
export function openNodeSqlite(path: string): NodeSqlite {
	const database = new DatabaseSync(path);
	// In the same file as the tables, so that an alarm is committed or rolled back with them.
	database.exec('CREATE TABLE IF NOT EXISTS _alarm (at INTEGER NOT NULL)');
	const run = (statement: string, ...values: readonly (string | number | null)[]) => database.prepare(statement).all(...values);
	const cancel = () => void run('DELETE FROM _alarm');
	return {
		sql: {
			execute: (statement, ...values) => run(statement, ...values).map((row) => ({ ...row }) as SqlRow),
			transaction(work) {
				database.exec('BEGIN IMMEDIATE');
				try {
					const result = work();
					database.exec('COMMIT');
					return result;
				} catch (failure) {
					database.exec('ROLLBACK');
					throw failure;
				}
			},
		},
		alarm: {
			setAt(time) {
				cancel();
				run('INSERT INTO _alarm VALUES (?)', time);
			},
			cancel,
		},
		readAlarm() {
			const at = run('SELECT at FROM _alarm')[0]?.at;
			return typeof at === 'number' ? at : null;
		},
		close: () => database.close(),
	};
}
