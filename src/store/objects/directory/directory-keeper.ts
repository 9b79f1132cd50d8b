/**
 * Keeps the directory of all records, which can be searched and is prompt, unlike KV's own list. The records' keepers tell it of every
 * change, and can tell it everything again: nothing is here alone. The audit trail is kept here too, and arrives in the same way.
 */
import { DAY_MS } from '../../../lib/time.ts';
import { bulkEditOf } from '../../../model/bulk-edit-note.ts';
import type {
	AliasPage,
	AliasQuery,
	AuditEntry,
	AuditExport,
	AuditMessage,
	AuditPage,
	AuditQuery,
	BulkEditRevision,
	Directory,
	DirectoryEntry,
	DirectoryEntryState,
	DirectoryPage,
	DirectoryQuery,
	DirectorySearch,
	DirectorySearchPage,
	DirectoryUpdate,
	KnownNames,
	RecordEventPage,
} from '../../ports/directory.ts';
import type { ObjectPlatform, SqlRow, SqlValue } from '../../ports/platform.ts';
import { type Migration, migrateSchema, statements } from '../schema.ts';
import { areRecordsWatched, RECORD_WATCH_TABLE, readRecordEvents, watchRecords } from '../webhooks/record-events.ts';
import { searchEntries, visibleCondition } from './directory-search.ts';
import { IS_BEING_SAVED, SAVE_BATCHES_TABLE } from './save-batches.ts';
import { ALARMS_TABLE } from './shared-alarm.ts';
import { WILDCARD_LIST_TABLE } from './wildcard-list-keeper.ts';

const MIGRATIONS: readonly Migration[] = [
	statements(
		'CREATE TABLE IF NOT EXISTS entries (domain TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, tags TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID',
		'CREATE INDEX IF NOT EXISTS entries_by_state ON entries (state, domain)',
		'CREATE TABLE IF NOT EXISTS tags (tag TEXT NOT NULL, domain TEXT NOT NULL, PRIMARY KEY (tag, domain)) WITHOUT ROWID',
		`CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, token TEXT, act TEXT NOT NULL,
			domain TEXT, detail TEXT NOT NULL, source TEXT NOT NULL, seq INTEGER NOT NULL, UNIQUE (source, seq))`,
		'CREATE INDEX IF NOT EXISTS audit_by_domain ON audit (domain, id)',
		'CREATE INDEX IF NOT EXISTS audit_by_time ON audit (at)',
	),
	statements(
		// A trail that was put together again arrives in any order, so that it is read by time.
		'DROP INDEX audit_by_domain',
		'CREATE INDEX audit_by_domain ON audit (domain, at)',
		'CREATE TABLE store_mark (at INTEGER NOT NULL)',
	),
	statements(
		'ALTER TABLE entries ADD COLUMN warnings INTEGER',
		'ALTER TABLE entries ADD COLUMN fallbackEnds TEXT',
		'ALTER TABLE audit ADD COLUMN bulkEdit TEXT',
		'CREATE INDEX audit_by_bulk_edit ON audit (bulkEdit, domain) WHERE bulkEdit IS NOT NULL',
	),
	statements(
		// The domain that a record is an alias of, '' for none; null as long as the record's keeper has not said.
		'ALTER TABLE entries ADD COLUMN aliasOf TEXT',
		'CREATE INDEX entries_by_alias ON entries (aliasOf, domain)',
	),
	SAVE_BATCHES_TABLE,
	// Null for what an earlier release has saved, until the record's keeper tells it.
	statements('ALTER TABLE entries ADD COLUMN digest TEXT'),
	RECORD_WATCH_TABLE,
	// Whether another directory, which was lost, knew of records before this one.
	statements('ALTER TABLE store_mark ADD COLUMN isIncomplete INTEGER NOT NULL DEFAULT 0'),
	ALARMS_TABLE,
	WILDCARD_LIST_TABLE,
];

/** Greater than every character of a name: names are ASCII. */
const AFTER_ASCII = '\u007f';

export interface DirectoryLimits {
	/** Days for which a line of the audit trail is kept: at least 1. */
	readonly historyDays: number;
}

export class DirectoryKeeper implements Directory {
	readonly #platform: Pick<ObjectPlatform, 'sql' | 'clock'>;
	readonly #limits: DirectoryLimits;

	constructor(platform: Pick<ObjectPlatform, 'sql' | 'clock'>, limits: DirectoryLimits) {
		this.#platform = platform;
		this.#limits = limits;
		platform.sql.transaction(() => migrateSchema(platform.sql, MIGRATIONS));
	}

	async updateEntry(update: DirectoryUpdate): Promise<void> {
		this.#platform.sql.transaction(() => this.updateEntryInTransaction(update));
	}

	/** Called inside a transaction. */
	updateEntryInTransaction({ name, revision, state, tags, at, attention, aliasOf, digest, revisions }: DirectoryUpdate): void {
		const { sql } = this.#platform;
		const known = sql.execute('SELECT revision, tags FROM entries WHERE domain = ?', name)[0];
		// An update that arrives after a newer one only adds its lines to the audit trail.
		if (known === undefined || Number(known.revision) <= revision) {
			const tagList = JSON.stringify(tags);
			sql.execute(
				'INSERT OR REPLACE INTO entries (domain, revision, state, tags, at, warnings, fallbackEnds, aliasOf, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
				name,
				revision,
				state,
				tagList,
				at,
				attention?.warnings ?? 0,
				attention?.fallbackEnds ?? null,
				aliasOf ?? '',
				// While a release is being rolled out, a keeper of the one before sends none.
				digest ?? null,
			);
			if ((known?.tags ?? '[]') !== tagList) {
				// One row at a time, by the whole key: whoever looks for a name among all tags reads every tagged record there is.
				const knownTags: readonly string[] = JSON.parse(String(known?.tags ?? '[]'));
				for (const tag of knownTags) sql.execute('DELETE FROM tags WHERE tag = ? AND domain = ?', tag, name);
				for (const tag of tags) sql.execute('INSERT OR IGNORE INTO tags VALUES (?, ?)', tag, name);
			}
		}
		for (const { author, token, act, note, ...line } of revisions)
			this.#insertAudit({ at: line.at, who: author, token, act, domain: name, detail: note, source: name, seq: line.revision });
	}

	async forgetEntry(name: string): Promise<void> {
		this.#platform.sql.execute("DELETE FROM entries WHERE domain = ? AND state = 'outside' AND revision = 0", name);
	}

	async readKnownNames(names: readonly string[]): Promise<KnownNames> {
		const query = 'SELECT domain FROM entries WHERE domain IN (SELECT value FROM json_each(?))';
		const known = this.#platform.sql.execute(query, JSON.stringify(names)).map(({ domain }) => String(domain));
		return { known, completeSince: (await this.isComplete()) ? await this.storeMarkedAt() : null };
	}

	async listEntries({ prefix, tag: wantedTag, state, after, limit, visible }: DirectoryQuery): Promise<DirectoryPage> {
		// Whoever may see the records of one tag alone pages through those.
		const tag = wantedTag ?? visible.tag;
		// The primary key of `tags` has a tag's domains in order, so that a page costs no more than its entries. CROSS JOIN keeps SQLite from
		// changing the order of the two tables.
		const [from, domain] =
			tag === null
				? (['entries', 'entries.domain'] as const)
				: (['tags CROSS JOIN entries ON entries.domain = tags.domain', 'tags.domain'] as const);
		// One lower bound only: of two, SQLite seeks to one and reads all rows from there to the other.
		const conditions = [after < prefix ? `${domain} >= ?` : `${domain} > ?`, `${domain} < ?`];
		const values: SqlValue[] = [after < prefix ? prefix : after, prefix + AFTER_ASCII];
		if (state !== null) {
			conditions.push('state = ?');
			values.push(state);
		}
		if (tag !== null) {
			conditions.push('tag = ?');
			values.push(tag);
		}
		const seen = visibleCondition(tag === visible.tag ? { ...visible, tag: null } : visible, domain);
		const query = `SELECT entries.*, ${IS_BEING_SAVED} AS isBeingSaved FROM ${from} WHERE ${conditions.join(' AND ')} AND ${seen.condition} ORDER BY ${domain} LIMIT ?`;
		const rows = this.#platform.sql.execute(query, ...values, ...seen.values, limit + 1);
		const entries = rows.slice(0, limit).map(entryFromRow);
		return { entries, next: rows.length > limit ? (entries.at(-1)?.domain ?? null) : null };
	}

	async searchEntries(search: DirectorySearch): Promise<DirectorySearchPage> {
		const { sql, clock } = this.#platform;
		return searchEntries(sql, search, clock.now());
	}

	async listBulkEdit(id: string, after: string, limit: number): Promise<readonly BulkEditRevision[]> {
		return this.#platform.sql
			.execute('SELECT domain, seq FROM audit WHERE bulkEdit = ? AND domain > ? ORDER BY domain LIMIT ?', id, after, limit)
			.map(({ domain, seq }) => ({ domain: String(domain), revision: Number(seq) }));
	}

	async listAliases(domain: string, { after, limit, visible: seen }: AliasQuery): Promise<AliasPage> {
		const { sql } = this.#platform;
		const visible = visibleCondition(seen, 'entries.domain');
		const count = (condition: string, ...values: readonly SqlValue[]) =>
			Number(sql.execute(`SELECT COUNT(*) AS found FROM entries WHERE state = 'live' AND ${condition}`, ...values)[0]?.found);
		const rows = sql.execute(
			`SELECT domain FROM entries WHERE state = 'live' AND aliasOf = ? AND domain > ? AND ${visible.condition} ORDER BY domain LIMIT ?`,
			domain,
			after,
			...visible.values,
			limit + 1,
		);
		const aliases = rows.slice(0, limit).map((row) => String(row.domain));
		return {
			aliases,
			hidden: count('aliasOf = ?', domain) - count(`aliasOf = ? AND ${visible.condition}`, domain, ...visible.values),
			unknown: count('aliasOf IS NULL'),
			next: rows.length > limit ? (aliases.at(-1) ?? null) : null,
		};
	}

	async appendAudit(lines: readonly AuditMessage[]): Promise<void> {
		this.#platform.sql.transaction(() => {
			for (const line of lines) this.#insertAudit(line);
		});
	}

	async readAudit({ visible, since, before, limit }: AuditQuery): Promise<AuditPage> {
		const { sql, clock } = this.#platform;
		sql.execute('DELETE FROM audit WHERE at < ?', clock.now() - this.#limits.historyDays * DAY_MS);
		const beforeLine = before === null ? 'TRUE' : '(at, id) < (SELECT at, id FROM audit WHERE id = ?)';
		const seen = visibleCondition({ ...visible, tag: null }, 'audit.domain');
		// Its records are found first, and then their lines: those of most tags are few among all.
		const ofTag = visible.tag === null ? '' : 'AND domain IN (SELECT domain FROM tags WHERE tag = ?)';
		const rows = sql.execute(
			`SELECT * FROM audit WHERE ${beforeLine} AND ${seen.condition} ${ofTag} AND at >= ? ORDER BY at DESC, id DESC LIMIT ?`,
			...(before === null ? [] : [before]),
			...seen.values,
			...(visible.tag === null ? [] : [visible.tag]),
			since,
			limit + 1,
		);
		const entries = rows.slice(0, limit).map(auditEntryFromRow);
		return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
	}

	async exportAudit(after: number, limit: number): Promise<AuditExport> {
		const rows = this.#platform.sql.execute('SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?', after, limit + 1);
		const lines = rows.slice(0, limit).map((row) => {
			const { id: _, revision: __, ...entry } = auditEntryFromRow(row);
			return { ...entry, source: String(row.source), seq: Number(row.seq) };
		});
		return { lines, next: rows.length > limit ? Number(rows[limit - 1]?.id) : null };
	}

	async storeMarkedAt(): Promise<number | null> {
		const at = this.#platform.sql.execute('SELECT at FROM store_mark')[0]?.at;
		return typeof at === 'number' ? at : null;
	}

	async setStoreMarked(isComplete: boolean): Promise<void> {
		const { sql, clock } = this.#platform;
		if ((await this.storeMarkedAt()) === null)
			sql.execute('INSERT INTO store_mark (at, isIncomplete) VALUES (?, ?)', clock.now(), isComplete ? 0 : 1);
	}

	async isComplete(): Promise<boolean> {
		return this.#platform.sql.execute('SELECT isIncomplete FROM store_mark')[0]?.isIncomplete === 0;
	}

	async setComplete(): Promise<void> {
		await this.setStoreMarked(true);
		this.#platform.sql.execute('UPDATE store_mark SET isIncomplete = 0');
	}

	/** Whether the webhooks are told when the trail has new revisions. */
	areRecordsWatched(): boolean {
		return areRecordsWatched(this.#platform.sql);
	}

	async watchRecords(): Promise<number> {
		return watchRecords(this.#platform.sql);
	}

	async unwatchRecords(): Promise<void> {
		this.#platform.sql.execute('DELETE FROM record_watch');
	}

	async readRecordEvents(after: number, limit: number): Promise<RecordEventPage> {
		return readRecordEvents(this.#platform.sql, after, limit);
	}

	/** A message that was delivered twice is kept once: `source` and `seq` are unique. */
	#insertAudit({ at, who, token, act, domain, detail, source, seq }: AuditMessage): void {
		const values = [at, who, token, act, domain, detail, source, seq, domain === source ? bulkEditOf(detail) : null];
		this.#platform.sql.execute(
			'INSERT OR IGNORE INTO audit (at, who, token, act, domain, detail, source, seq, bulkEdit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
			...values,
		);
	}
}

function entryFromRow(row: SqlRow): DirectoryEntry {
	return {
		domain: String(row.domain),
		revision: Number(row.revision),
		// Only `updateEntry` writes this column.
		state: String(row.state) as DirectoryEntryState,
		tags: JSON.parse(String(row.tags)),
		at: Number(row.at),
		digest: row.digest === null || Number(row.isBeingSaved) === 1 ? null : String(row.digest),
	};
}

function auditEntryFromRow(row: SqlRow): AuditEntry {
	return {
		id: Number(row.id),
		at: Number(row.at),
		who: String(row.who),
		token: row.token === null ? null : String(row.token),
		// Only `#insertAudit` writes this column.
		act: String(row.act) as AuditEntry['act'],
		domain: row.domain === null ? null : String(row.domain),
		detail: String(row.detail),
		// A record's keeper sends the number of the revision with the record's name as the source.
		revision: row.source === row.domain ? Number(row.seq) : null,
	};
}
