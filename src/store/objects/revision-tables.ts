/** The keeper's tables: every revision, and what has been told to whom. All of it synchronous, so that nothing comes between. */

import type { RecordAct } from '../../contract/acts.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { HistoryPage, RecordEdit, Revision, RevisionSummary } from '../ports/record-history.ts';

/** What is owed: `published` to KV, `noted` to the directory. */
export interface Pending {
	readonly name: string;
	readonly published: number;
	/** Unix time in milliseconds of the last put; 0 before the first. */
	readonly publishedAt: number;
	readonly announced: number;
	/** Attempts that failed since the last that did not. */
	readonly failures: number;
	/** A copy edited outside that was dealt with, as JSON of its text; a cache may still show it for a while. */
	readonly resolvedEdit: string | null;
	readonly resolvedEditAt: number;
}

/** How much history is kept: a revision goes when it is beyond the count or the age, never the latest. */
export interface HistoryLimits {
	readonly count: number;
	readonly days: number;
}

type SqlRow = Record<string, SqlStorageValue>;

export function createRevisionTables(sql: SqlStorage) {
	let made = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'revisions'").toArray().length > 0;

	/** Tables come with the first save: a look at an unknown domain leaves nothing behind. */
	function make(name: string): void {
		if (made) return;
		sql.exec(`CREATE TABLE revisions (n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, author TEXT NOT NULL, token TEXT,
			act TEXT NOT NULL, note TEXT NOT NULL, tags TEXT NOT NULL, record TEXT)`);
		sql.exec(`CREATE TABLE owed (name TEXT NOT NULL, published INTEGER NOT NULL, publishedAt INTEGER NOT NULL, noted INTEGER NOT NULL,
			failures INTEGER NOT NULL, settled TEXT, settledAt INTEGER NOT NULL)`);
		sql.exec('INSERT INTO owed VALUES (?, 0, 0, 0, 0, NULL, 0)', name);
		made = true;
	}

	function rows(query: string, ...values: SqlStorageValue[]): SqlRow[] {
		return made ? sql.exec(query, ...values).toArray() : [];
	}

	function first(query: string, ...values: SqlStorageValue[]): Revision | null {
		const row = rows(query, ...values)[0];
		return row === undefined ? null : { ...summaryFromRow(row), record: row.record === null ? null : String(row.record) };
	}

	return {
		latest: () => first('SELECT * FROM revisions ORDER BY n DESC LIMIT 1'),
		find: (n: number) => first('SELECT * FROM revisions WHERE n = ?', n),

		/** Those after `n`, oldest first. */
		since: (n: number, limit: number): readonly RevisionSummary[] =>
			rows('SELECT * FROM revisions WHERE n > ? ORDER BY n LIMIT ?', n, limit).map(summaryFromRow),

		/** Newest first, with their records, until one that was replaced before `time`. */
		replacedSince(time: number, limit: number): readonly Revision[] {
			const recent = rows('SELECT * FROM revisions ORDER BY n DESC LIMIT ?', limit).map((row) => ({
				...summaryFromRow(row),
				record: row.record === null ? null : String(row.record),
			}));
			const end = recent.findIndex(({ at }) => at < time);
			// The one that stood when the time began was replaced after it.
			return end < 0 ? recent : recent.slice(0, end + 1);
		},

		page(before: number | null, limit: number): HistoryPage {
			const found = rows('SELECT * FROM revisions WHERE n < ? ORDER BY n DESC LIMIT ?', before ?? Number.MAX_SAFE_INTEGER, limit + 1);
			const revisions = found.slice(0, limit).map(summaryFromRow);
			return { revisions, next: found.length > limit ? (revisions.at(-1)?.revision ?? null) : null };
		},

		add({ name, record, act, author, token, note }: RecordEdit, tags: readonly string[], at: number): void {
			make(name);
			const values = [at, author, token, act, note, JSON.stringify(tags), record];
			sql.exec('INSERT INTO revisions (at, author, token, act, note, tags, record) VALUES (?, ?, ?, ?, ?, ?, ?)', ...values);
		},

		/** Whatever the directory has not heard of stays. */
		prune({ count, days }: HistoryLimits, now: number): void {
			sql.exec(
				'DELETE FROM revisions WHERE n <= (SELECT MAX(n) FROM revisions) - 1 AND n <= (SELECT noted FROM owed) AND (n <= (SELECT MAX(n) FROM revisions) - ? OR at < ?)',
				count,
				now - days * DAY_MS,
			);
		},

		owed(): Pending | null {
			const row = rows('SELECT * FROM owed')[0];
			if (row === undefined) return null;
			return {
				name: String(row.name),
				published: Number(row.published),
				publishedAt: Number(row.publishedAt),
				announced: Number(row.noted),
				failures: Number(row.failures),
				resolvedEdit: row.settled === null ? null : String(row.settled),
				resolvedEditAt: Number(row.settledAt),
			};
		},

		published(n: number, at: number): void {
			sql.exec('UPDATE owed SET published = ?, publishedAt = ?, failures = 0', n, at);
		},
		noted(n: number): void {
			sql.exec('UPDATE owed SET noted = ?, failures = 0', n);
		},
		failed(): void {
			sql.exec('UPDATE owed SET failures = failures + 1');
		},
		settled(text: string | null, at: number): void {
			sql.exec('UPDATE owed SET settled = ?, settledAt = ?', JSON.stringify(text), at);
		},
		/** Everything is owed again to the directory. */
		forgetNoted(): void {
			if (made) sql.exec('UPDATE owed SET noted = 0');
		},
	};
}

export type RevisionTables = ReturnType<typeof createRevisionTables>;

function summaryFromRow(row: SqlRow): RevisionSummary {
	return {
		revision: Number(row.n),
		at: Number(row.at),
		author: String(row.author),
		token: row.token === null ? null : String(row.token),
		// Written by `add` alone.
		act: String(row.act) as RecordAct,
		note: String(row.note),
		tags: JSON.parse(String(row.tags)),
	};
}
