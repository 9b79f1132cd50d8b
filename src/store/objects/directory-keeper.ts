/**
 * Which records there are: one Durable Object, fed by the keepers, for KV's list is neither searchable nor prompt. It holds no truth:
 * everything in it can be told again. The audit trail is here too, told through the same outboxes.
 */
import { DurableObject } from 'cloudflare:workers';
import type { RecordAct } from '../../contract/acts.ts';
import { DAY_MS } from '../../lib/time.ts';
import type {
	AuditMessage,
	AuditPage,
	AuditQuery,
	Directory,
	DirectoryEntry,
	DirectoryEntryState,
	DirectoryPage,
	DirectoryQuery,
	DirectoryUpdate,
} from '../ports/directory.ts';

const SCHEMA = [
	'CREATE TABLE IF NOT EXISTS entries (domain TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, tags TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID',
	'CREATE INDEX IF NOT EXISTS entries_by_state ON entries (state, domain)',
	'CREATE TABLE IF NOT EXISTS tags (tag TEXT NOT NULL, domain TEXT NOT NULL, PRIMARY KEY (tag, domain)) WITHOUT ROWID',
	`CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, token TEXT, act TEXT NOT NULL,
		domain TEXT, detail TEXT NOT NULL, source TEXT NOT NULL, seq INTEGER NOT NULL, UNIQUE (source, seq))`,
	'CREATE INDEX IF NOT EXISTS audit_by_domain ON audit (domain, id)',
	'CREATE INDEX IF NOT EXISTS audit_by_time ON audit (at)',
];

/** Greater than every name that begins with the prefix: names are ASCII. */
const AFTER_ASCII = '\u007f';

export class DirectoryKeeper extends DurableObject<Env> implements Directory {
	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		for (const table of SCHEMA) ctx.storage.sql.exec(table);
	}

	async updateEntry({ name, revision, state, tags, at, revisions }: DirectoryUpdate): Promise<void> {
		const { sql } = this.ctx.storage;
		const known = sql.exec('SELECT revision, tags FROM entries WHERE domain = ?', name).toArray()[0];
		this.ctx.storage.transactionSync(() => {
			// Told late, after a newer one: only its lines are news.
			if (known === undefined || Number(known.revision) <= revision) {
				const written = JSON.stringify(tags);
				sql.exec('INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)', name, revision, state, written, at);
				if ((known?.tags ?? '[]') !== written) {
					sql.exec('DELETE FROM tags WHERE domain = ?', name);
					for (const tag of tags) sql.exec('INSERT OR IGNORE INTO tags VALUES (?, ?)', tag, name);
				}
			}
			for (const { author, token, act, note, ...line } of revisions)
				this.#add({ at: line.at, who: author, token, act, domain: name, detail: note, source: name, seq: line.revision });
		});
	}

	async listEntries({ prefix, tag, state, after, limit, visibleDomains }: DirectoryQuery): Promise<DirectoryPage> {
		// From the tags' own key, which has a tag's domains in order: no page costs more than its entries.
		// CROSS: in this order, whatever SQLite thinks.
		const [from, domain] =
			tag === null ? ['entries', 'domain'] : ['tags CROSS JOIN entries ON entries.domain = tags.domain', 'tags.domain'];
		// One lower bound: of two, SQLite seeks to one and reads up to the other.
		const conditions = [after < prefix ? `${domain} >= ?` : `${domain} > ?`, `${domain} < ?`];
		const values: SqlStorageValue[] = [after < prefix ? prefix : after, prefix + AFTER_ASCII];
		if (state !== null) {
			conditions.push('state = ?');
			values.push(state);
		}
		if (tag !== null) {
			conditions.push('tag = ?');
			values.push(tag);
		}
		if (visibleDomains !== null) {
			conditions.push(`${domain} IN (SELECT value FROM json_each(?))`);
			values.push(JSON.stringify(visibleDomains));
		}
		const query = `SELECT entries.* FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${domain} LIMIT ?`;
		const rows = this.ctx.storage.sql.exec(query, ...values, limit + 1).toArray();
		const entries = rows.slice(0, limit).map(entryFromRow);
		return { entries, next: rows.length > limit ? (entries.at(-1)?.domain ?? null) : null };
	}

	async appendAudit(lines: readonly AuditMessage[]): Promise<void> {
		this.ctx.storage.transactionSync(() => {
			for (const line of lines) this.#add(line);
		});
	}

	async readAudit({ domains, before, limit }: AuditQuery): Promise<AuditPage> {
		const { sql } = this.ctx.storage;
		sql.exec('DELETE FROM audit WHERE at < ?', Date.now() - Number(this.env.HISTORY_DAYS) * DAY_MS);
		const from = before ?? Number.MAX_SAFE_INTEGER;
		const rows =
			domains === null
				? sql.exec('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?', from, limit + 1).toArray()
				: sql
						.exec(
							'SELECT * FROM audit WHERE id < ? AND domain IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?',
							from,
							JSON.stringify(domains),
							limit + 1,
						)
						.toArray();
		const lines = rows.slice(0, limit).map((row) => ({
			id: Number(row.id),
			at: Number(row.at),
			who: String(row.who),
			token: row.token === null ? null : String(row.token),
			// Written by `#add` alone.
			act: String(row.act) as RecordAct,
			domain: row.domain === null ? null : String(row.domain),
			detail: String(row.detail),
		}));
		return { entries: lines, next: rows.length > limit ? (lines.at(-1)?.id ?? null) : null };
	}

	#add({ at, who, token, act, domain, detail, source, seq }: AuditMessage): void {
		this.ctx.storage.sql.exec(
			'INSERT OR IGNORE INTO audit (at, who, token, act, domain, detail, source, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
			at,
			who,
			token,
			act,
			domain,
			detail,
			source,
			seq,
		);
	}
}

function entryFromRow(row: Record<string, SqlStorageValue>): DirectoryEntry {
	return {
		domain: String(row.domain),
		revision: Number(row.revision),
		// Written by `note` alone.
		state: String(row.state) as DirectoryEntryState,
		tags: JSON.parse(String(row.tags)),
		at: Number(row.at),
	};
}
