/**
 * The revisions in the audit trail as a queue that webhooks are told from. The trail keeps each revision of a record once, whoever tells it
 * how often, and numbers its lines in the order in which they came.
 */
import type { DirectoryEntryState, RecordEvent, RecordEventPage } from '../../ports/directory.ts';
import type { SqlDatabase, SqlRow } from '../../ports/platform.ts';
import { statements } from '../schema.ts';

/** Has one row while somebody wants to be told of new revisions. */
export const RECORD_WATCH_TABLE = statements('CREATE TABLE record_watch (watched INTEGER PRIMARY KEY)');

export function areRecordsWatched(sql: SqlDatabase): boolean {
	return sql.execute('SELECT 1 FROM record_watch').length > 0;
}

/** Returns the last id of the trail. */
export function watchRecords(sql: SqlDatabase): number {
	sql.execute('INSERT OR IGNORE INTO record_watch VALUES (1)');
	return lastId(sql);
}

/** @param after `lastId` of the page before */
export function readRecordEvents(sql: SqlDatabase, after: number, limit: number): RecordEventPage {
	const wasWatched = areRecordsWatched(sql);
	if (!wasWatched) watchRecords(sql);
	const rows = sql.execute(
		`SELECT audit.*, entries.revision AS latest, entries.state, entries.tags FROM audit LEFT JOIN entries ON entries.domain = audit.domain
			WHERE id > ? ORDER BY id LIMIT ?`,
		after,
		limit,
	);
	const events = rows.filter(({ source, domain }) => source === domain).map(eventFromRow);
	const hasMore = rows.length === limit;
	return { events, lastId: hasMore ? Number(rows.at(-1)?.id) : lastId(sql), hasMore, wasWatched };
}

function lastId(sql: SqlDatabase): number {
	return Number(sql.execute('SELECT MAX(id) AS last FROM audit')[0]?.last ?? 0);
}

function eventFromRow({ domain, seq, act, at, who, token, tags, latest, state }: SqlRow): RecordEvent {
	return {
		name: String(domain),
		revision: Number(seq),
		// A line whose source is the record has an act on a record.
		act: String(act) as RecordEvent['act'],
		at: Number(at),
		who: String(who),
		token: token === null || token === undefined ? null : String(token),
		tags: typeof tags === 'string' ? JSON.parse(tags) : [],
		// Only `updateEntry` writes this column.
		state: latest === seq ? (String(state) as DirectoryEntryState) : null,
	};
}
