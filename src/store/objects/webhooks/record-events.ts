/**
 * The revisions in the audit trail, and the checks that got worse, as a queue that webhooks are told from. The trail keeps each line once,
 * whoever sends it how often, and numbers its lines in the order in which they came.
 */
import { CHECK_ACTS, type CheckAct } from '../../../contract/acts.ts';
import { parseWorsenedAreas } from '../../../contract/checks/worsened-areas.ts';
import type { AuditMessage, CheckEvent, DirectoryEntryState, RecordEvent, RecordEventPage } from '../../ports/directory.ts';
import type { SqlDatabase, SqlRow, SqlValue } from '../../ports/platform.ts';
import { statements } from '../schema.ts';

/** Has one row while somebody wants to be told. */
export const RECORD_WATCH_TABLE = statements('CREATE TABLE record_watch (watched INTEGER PRIMARY KEY)');

/** Whether a line says that a check got worse. */
export function isCheckLine({ act }: Pick<AuditMessage, 'act'>): boolean {
	return isCheckAct(act);
}

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
	const checks = rows.flatMap((row) => checkFromRow(row) ?? []);
	const hasMore = rows.length === limit;
	return { events, checks, lastId: hasMore ? Number(rows.at(-1)?.id) : lastId(sql), hasMore, wasWatched };
}

function lastId(sql: SqlDatabase): number {
	return Number(sql.execute('SELECT MAX(id) AS last FROM audit')[0]?.last ?? 0);
}

function eventFromRow(row: SqlRow): RecordEvent {
	const { seq, act, latest, state } = row;
	return {
		...lineFromRow(row),
		revision: Number(seq),
		// A line whose source is the record has an act on a record.
		act: String(act) as RecordEvent['act'],
		// Only `updateEntry` writes this column.
		state: latest === seq ? (String(state) as DirectoryEntryState) : null,
	};
}

/** Null for a line about anything else, and for one that this release cannot read. */
function checkFromRow(row: SqlRow): CheckEvent | null {
	const areas = isCheckAct(row.act) && row.domain !== null ? parseWorsenedAreas(String(row.detail)) : null;
	return areas === null ? null : { ...lineFromRow(row), line: `${row.source}:${row.seq}`, areas };
}

function lineFromRow({ domain, at, who, token, tags }: SqlRow) {
	return {
		name: String(domain),
		at: Number(at),
		who: String(who),
		token: token === null || token === undefined ? null : String(token),
		tags: typeof tags === 'string' ? JSON.parse(tags) : [],
	};
}

function isCheckAct(act: SqlValue | undefined): act is CheckAct {
	return CHECK_ACTS.some((each) => each === act);
}
