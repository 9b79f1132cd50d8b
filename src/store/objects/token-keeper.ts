/** Every token, by its hash: one Durable Object, asked at each request, so that a revoked one is dead at once. */
import { DurableObject } from 'cloudflare:workers';
import type { Role } from '../../contract/roles.ts';
import { writeLog } from '../../lib/log.ts';
import type { AuditMessage } from '../ports/directory.ts';
import type { Actor, HashedToken, Token, TokenPage, Tokens } from '../ports/tokens.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';

const SCHEMA = [
	`CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, domains TEXT NOT NULL,
		createdAt INTEGER NOT NULL, createdBy TEXT NOT NULL, parent TEXT, expiresAt INTEGER NOT NULL, revokedAt INTEGER)`,
	'CREATE INDEX IF NOT EXISTS tokens_by_parent ON tokens (parent)',
	'CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)',
];

const RETRY_MS = 5000;
/** A token hands on a token hands on …: no further than this. */
const MAX_PARENT_DEPTH = 8;

export class TokenKeeper extends DurableObject<Env> implements Tokens {
	readonly #publisher: OutboxPublisher;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		for (const table of SCHEMA) ctx.storage.sql.exec(table);
		this.#publisher = createOutboxPublisher({ next: () => this.#pay(), drained: () => void ctx.storage.deleteAlarm() });
	}

	async create({ hash, name, role, domains, createdBy, parent, expiresAt, act }: HashedToken): Promise<Token> {
		const id = crypto.randomUUID();
		const createdAt = Date.now();
		this.ctx.storage.transactionSync(() => {
			this.ctx.storage.sql.exec(
				'INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)',
				id,
				hash,
				name,
				role,
				JSON.stringify(domains),
				createdAt,
				createdBy,
				parent,
				expiresAt,
			);
			this.#tell({ at: createdAt, who: createdBy, token: parent, act, detail: `${role} token ${id} (${name})` }, domains);
		});
		await this.#publish();
		return { id, name, role, domains, createdAt, createdBy, parent, expiresAt, revokedAt: null };
	}

	async findByHash(hash: string): Promise<Token | null> {
		return this.#live('SELECT * FROM tokens WHERE hash = ?', hash);
	}

	async findById(id: string): Promise<Token | null> {
		return this.#live('SELECT * FROM tokens WHERE id = ?', id);
	}

	async list(minter: Actor | null, after: string, limit: number): Promise<TokenPage> {
		const rows =
			minter === null
				? this.#rows('SELECT * FROM tokens WHERE id > ? ORDER BY id LIMIT ?', after, limit + 1)
				: this.#rows(
						'SELECT * FROM tokens WHERE parent IS ? AND (parent IS NOT NULL OR createdBy = ?) AND id > ? ORDER BY id LIMIT ?',
						minter.token,
						minter.who,
						after,
						limit + 1,
					);
		const tokens = rows.slice(0, limit);
		return { tokens, next: rows.length > limit ? (tokens.at(-1)?.id ?? null) : null };
	}

	async revoke(id: string, { who, token }: Actor): Promise<boolean> {
		const found = this.#rows('SELECT * FROM tokens WHERE id = ?', id)[0];
		if (found === undefined) return false;
		const at = Date.now();
		this.ctx.storage.transactionSync(() => {
			this.ctx.storage.sql.exec('UPDATE tokens SET revokedAt = ? WHERE id = ? AND revokedAt IS NULL', at, id);
			this.#tell({ at, who, token, act: 'revoke', detail: `${found.role} token ${id} (${found.name})` }, found.domains);
		});
		await this.#publish();
		return true;
	}

	override async alarm(): Promise<void> {
		await this.#publish();
	}

	/** A token lives as long as its parents do: revoking one takes all it handed on. */
	#live(query: string, key: string): Token | null {
		const now = Date.now();
		const token = this.#rows(query, key)[0] ?? null;
		let link = token;
		for (let depth = 0; link !== null; depth += 1) {
			if (link.revokedAt !== null || link.expiresAt <= now || depth > MAX_PARENT_DEPTH) return null;
			link = link.parent === null ? null : (this.#rows('SELECT * FROM tokens WHERE id = ?', link.parent)[0] ?? null);
		}
		return token;
	}

	#rows(query: string, ...values: SqlStorageValue[]): readonly Token[] {
		return this.ctx.storage.sql
			.exec(query, ...values)
			.toArray()
			.map(tokenFromRow);
	}

	/** One line a domain, so that each domain's trail has it. Committed with the act itself. */
	#tell(line: Omit<AuditMessage, 'domain' | 'source' | 'seq'>, domains: readonly string[]): void {
		for (const domain of domains)
			this.ctx.storage.sql.exec('INSERT INTO outbox (line) VALUES (?)', JSON.stringify({ ...line, domain, source: 'tokens' }));
		void this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
	}

	async #publish(): Promise<void> {
		try {
			await this.#publisher.publish();
		} catch (failure) {
			await this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
			writeLog('audit-owed', { error: String(failure) });
		}
	}

	#pay(): Promise<void> | null {
		const rows = this.ctx.storage.sql.exec('SELECT * FROM outbox ORDER BY seq LIMIT 100').toArray();
		const last = rows.at(-1);
		if (last === undefined) return null;
		const lines = rows.map((row): AuditMessage => ({ ...JSON.parse(String(row.line)), seq: Number(row.seq) }));
		const directory = this.env.DIRECTORY.get(this.env.DIRECTORY.idFromName('directory'));
		return directory.appendAudit(lines).then(() => {
			this.ctx.storage.sql.exec('DELETE FROM outbox WHERE seq <= ?', Number(last.seq));
		});
	}
}

function tokenFromRow(row: Record<string, SqlStorageValue>): Token {
	return {
		id: String(row.id),
		name: String(row.name),
		// Written by `mint` alone.
		role: String(row.role) as Role,
		domains: JSON.parse(String(row.domains)),
		createdAt: Number(row.createdAt),
		createdBy: String(row.createdBy),
		parent: row.parent === null ? null : String(row.parent),
		expiresAt: Number(row.expiresAt),
		revokedAt: row.revokedAt === null ? null : Number(row.revokedAt),
	};
}
