/** The search of the directory: names and tags that contain a text, in several orders, a page at a time. */
import { DAY_MS, utcDay } from '../../../lib/time.ts';
import type { DirectorySearch, DirectorySearchPage, FoundEntry, VisibleRecords } from '../../ports/directory.ts';
import type { SqlDatabase, SqlRow, SqlValue } from '../../ports/platform.ts';

/** How many days before its end a fallback counts as something that needs attention. */
const FALLBACK_ENDS_SOON_DAYS = 30;

/**
 * Warnings of a record as it was saved, and one more for an alias whose target is gone by now, so that clients get nothing. A name that was put
 * into KV by hand has no row until the directory is rebuilt; where it is the target, the console says so on the alias's own page.
 */
const WARNINGS = `(warnings + (aliasOf <> '' AND NOT EXISTS
	(SELECT 1 FROM entries AS target WHERE target.domain = entries.aliasOf AND target.state <> 'deleted')))`;

/** Put into KV by hand first, then what has warnings or a fallback that ends, then what needs nobody. One parameter: a UTC day. */
const PROBLEM_RANK = `CASE WHEN state = 'outside' THEN 2 WHEN state = 'live' AND (${WARNINGS} > 0 OR fallbackEnds <= ?) THEN 1 ELSE 0 END`;

interface Order {
	/** The expression by which rows are sorted before their name, downwards; null: by name alone. */
	readonly key: string | null;
	readonly keyValues: readonly SqlValue[];
}

export function searchEntries(sql: SqlDatabase, search: DirectorySearch, now: number): DirectorySearchPage {
	const { conditions, values } = filters(search);
	const where = conditions.join(' AND ');
	const total = search.withTotal ? Number(sql.execute(`SELECT COUNT(*) AS n FROM entries WHERE ${where}`, ...values)[0]?.n) : null;
	const { key, keyValues } = orderOf(search, now);
	const cursor = parseCursor(search.after, key !== null);
	const rows = sql.execute(
		`SELECT *, ${WARNINGS} AS shownWarnings, ${key ?? '0'} AS sortKey FROM entries WHERE ${where} AND ${cursor.condition(key)} ORDER BY sortKey DESC, domain LIMIT ?`,
		...keyValues,
		...values,
		...cursor.values(keyValues),
		search.limit + 1,
	);
	const page = rows.slice(0, search.limit);
	const last = page.at(-1);
	const next = rows.length > search.limit && last !== undefined ? renderCursor(last, key !== null) : null;
	return { entries: page.map(foundEntryFromRow), next, total };
}

/** The part of a query's condition that holds for records that the caller may see. @param column the one with the record's name, with its table */
export function visibleCondition(
	{ names, tag }: VisibleRecords,
	column: 'entries.domain' | 'tags.domain' | 'audit.domain',
): { readonly condition: string; readonly values: readonly SqlValue[] } {
	const conditions: string[] = [];
	const values: SqlValue[] = [];
	if (names !== null) {
		conditions.push(`${column} IN (SELECT value FROM json_each(?))`);
		values.push(JSON.stringify(names));
	}
	if (tag !== null) {
		// Looked up for each row, so that a page does not cost as much as the tag has records.
		conditions.push(`EXISTS (SELECT 1 FROM tags AS carried WHERE carried.tag = ? AND carried.domain = ${column})`);
		values.push(tag);
	}
	return { condition: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '), values };
}

function filters({ text, tag, state, visible }: DirectorySearch): {
	readonly conditions: readonly string[];
	readonly values: readonly SqlValue[];
} {
	const seen = visibleCondition(visible, 'entries.domain');
	const conditions = [seen.condition];
	const values = [...seen.values];
	if (state !== null) {
		conditions.push('state = ?');
		values.push(state);
	}
	if (tag !== null) {
		conditions.push('domain IN (SELECT domain FROM tags WHERE tag = ?)');
		values.push(tag);
	}
	// Every word must be somewhere. `tags` is JSON, whose quotes and commas no tag and no name contains.
	for (const word of text.split(/\s+/).filter((each) => each !== '')) {
		conditions.push('(instr(domain, ?) > 0 OR instr(tags, ?) > 0)');
		values.push(word, word);
	}
	return { conditions, values };
}

function orderOf({ order }: DirectorySearch, now: number): Order {
	switch (order) {
		case 'name':
			return { key: null, keyValues: [] };
		case 'saved':
			return { key: 'at', keyValues: [] };
		case 'problems':
			return { key: PROBLEM_RANK, keyValues: [utcDay(now + FALLBACK_ENDS_SOON_DAYS * DAY_MS)] };
	}
}

interface Cursor {
	readonly condition: (key: string | null) => string;
	readonly values: (keyValues: readonly SqlValue[]) => readonly SqlValue[];
}

/** Where the page before ended: the name, after the number it was sorted by. */
function parseCursor(after: string, isKeyed: boolean): Cursor {
	if (after === '') return { condition: () => 'TRUE', values: () => [] };
	if (!isKeyed) return { condition: () => 'domain > ?', values: () => [after] };
	const [, number = '', domain = ''] = /^(\d{1,15}) (.*)$/.exec(after) ?? [];
	return {
		condition: (key) => `((${key}) < ? OR ((${key}) = ? AND domain > ?))`,
		values: (keyValues) => [...keyValues, Number(number), ...keyValues, Number(number), domain],
	};
}

function renderCursor({ sortKey, domain }: SqlRow, isKeyed: boolean): string {
	return isKeyed ? `${sortKey} ${domain}` : String(domain);
}

function foundEntryFromRow(row: SqlRow): FoundEntry {
	return {
		domain: String(row.domain),
		revision: Number(row.revision),
		// Only the directory's keeper writes this column.
		state: String(row.state) as FoundEntry['state'],
		tags: JSON.parse(String(row.tags)),
		at: Number(row.at),
		warnings: row.shownWarnings === null ? null : Number(row.shownWarnings),
		fallbackEnds: row.fallbackEnds === null ? null : String(row.fallbackEnds),
	};
}
