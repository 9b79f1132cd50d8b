/** Keeps every token by the hash of its secret. It is asked at each request with a token, so that a revoked one ends at once. */
import type { Role } from '../../contract/roles.ts';
import type { AuditMessage, Directory } from '../ports/directory.ts';
import type { ObjectPlatform, SqlRow, SqlValue } from '../ports/platform.ts';
import {
	type ActiveToken,
	type Actor,
	type HashedToken,
	MAX_TOKEN_ANCESTORS,
	type Token,
	type TokenBackup,
	type TokenExport,
	type TokenPage,
	type TokenRestoreOutcome,
	type Tokens,
} from '../ports/tokens.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';
import { type Migration, migrateSchema, statements } from './schema.ts';

const MIGRATIONS: readonly Migration[] = [
	statements(
		`CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, domains TEXT NOT NULL,
			createdAt INTEGER NOT NULL, createdBy TEXT NOT NULL, parent TEXT, expiresAt INTEGER NOT NULL, revokedAt INTEGER)`,
		'CREATE INDEX IF NOT EXISTS tokens_by_parent ON tokens (parent)',
		'CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)',
	),
	// `delivered` has one row: the last line that the directory has. Lines are kept, so that a lost trail can be sent again.
	statements('CREATE TABLE delivered (seq INTEGER NOT NULL)', 'INSERT INTO delivered VALUES (0)'),
	statements('CREATE TABLE IF NOT EXISTS ended_sessions (session TEXT PRIMARY KEY, until INTEGER NOT NULL)'),
];

const RETRY_MS = 5000;
/** Lines of the audit trail that are sent in one call. */
const LINES_PER_CALL = 100;

export interface TokenKeeperDependencies {
	readonly directory: Pick<Directory, 'appendAudit'>;
	/** A new id that no token has. */
	readonly newId: () => string;
}

export class TokenKeeper implements Tokens {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: TokenKeeperDependencies;
	readonly #publisher: OutboxPublisher;

	constructor(platform: ObjectPlatform, dependencies: TokenKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		platform.sql.transaction(() => migrateSchema(platform.sql, MIGRATIONS));
		this.#publisher = createOutboxPublisher({ next: () => this.#nextAudit(), drained: () => platform.alarm.cancel() });
	}

	async create({ hash, name, role, domains, createdBy, parent, expiresAt, act }: HashedToken): Promise<ActiveToken> {
		const { clock, sql } = this.#platform;
		const minter = parent === null ? null : await this.findById(parent);
		const ancestors = minter === null ? 0 : minter.ancestors + 1;
		if (ancestors > MAX_TOKEN_ANCESTORS) throw new Error('a token of this generation would not be valid');
		const id = this.#dependencies.newId();
		const createdAt = clock.now();
		const values = [id, hash, name, role, JSON.stringify(domains), createdAt, createdBy, parent, expiresAt];
		sql.transaction(() => {
			sql.execute('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)', ...values);
			this.#queueAudit({ at: createdAt, who: createdBy, token: parent, act, detail: `${role} token ${id} (${name})` }, domains);
		});
		await this.#publish();
		return { id, name, role, domains, createdAt, createdBy, parent, expiresAt, revokedAt: null, rootId: minter?.rootId ?? id, ancestors };
	}

	async findByHash(hash: string): Promise<ActiveToken | null> {
		return this.#findActive('SELECT * FROM tokens WHERE hash = ?', hash);
	}

	async findById(id: string): Promise<ActiveToken | null> {
		return this.#findActive('SELECT * FROM tokens WHERE id = ?', id);
	}

	async list(createdBy: Actor | null, after: string, limit: number): Promise<TokenPage> {
		const found =
			createdBy === null
				? this.#select('SELECT * FROM tokens WHERE id > ? ORDER BY id LIMIT ?', after, limit + 1)
				: this.#select(
						'SELECT * FROM tokens WHERE parent IS ? AND (parent IS NOT NULL OR createdBy = ?) AND id > ? ORDER BY id LIMIT ?',
						createdBy.token,
						createdBy.who,
						after,
						limit + 1,
					);
		const tokens = found.slice(0, limit);
		return { tokens, next: found.length > limit ? (tokens.at(-1)?.id ?? null) : null };
	}

	async revoke(id: string, { who, token }: Actor): Promise<boolean> {
		const { clock, sql } = this.#platform;
		const found = this.#select('SELECT * FROM tokens WHERE id = ?', id)[0];
		if (found === undefined) return false;
		// Revoking it again changes nothing, and there is nothing to audit.
		if (found.revokedAt !== null) return true;
		const at = clock.now();
		sql.transaction(() => {
			sql.execute('UPDATE tokens SET revokedAt = ? WHERE id = ?', at, id);
			this.#queueAudit({ at, who, token, act: 'revoke', detail: `${found.role} token ${id} (${found.name})` }, found.domains);
		});
		await this.#publish();
		return true;
	}

	async exportTokens(after: string, limit: number): Promise<TokenExport> {
		const rows = this.#platform.sql.execute('SELECT * FROM tokens WHERE id > ? ORDER BY id LIMIT ?', after, limit + 1);
		const tokens = rows.slice(0, limit).map((row) => ({ ...tokenFromRow(row), hash: String(row.hash) }));
		return { tokens, next: rows.length > limit ? (tokens.at(-1)?.id ?? null) : null };
	}

	async restoreToken(token: TokenBackup, dryRun: boolean): Promise<TokenRestoreOutcome> {
		const { sql } = this.#platform;
		const { id, hash, name, role, domains, createdAt, createdBy, parent, expiresAt, revokedAt } = token;
		const known = sql.execute('SELECT * FROM tokens WHERE id = ? OR hash = ?', id, hash);
		const row = known[0];
		if (row === undefined) {
			const values = [id, hash, name, role, JSON.stringify(domains), createdAt, createdBy, parent, expiresAt, revokedAt];
			if (!dryRun) sql.execute('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', ...values);
			return 'created';
		}
		if (known.length > 1 || row.id !== id || row.hash !== hash) return 'refused';
		if (row.revokedAt !== null || revokedAt === null) return 'unchanged';
		if (!dryRun) sql.execute('UPDATE tokens SET revokedAt = ? WHERE id = ?', revokedAt, id);
		return 'changed';
	}

	async announceTokens(): Promise<void> {
		const { sql, alarm, clock } = this.#platform;
		sql.transaction(() => {
			sql.execute('UPDATE delivered SET seq = 0');
			alarm.setAt(clock.now() + RETRY_MS);
		});
		await this.#publish();
	}

	async endSession(session: string, until: number): Promise<void> {
		const { sql, clock } = this.#platform;
		sql.transaction(() => {
			sql.execute('DELETE FROM ended_sessions WHERE until <= ?', clock.now());
			sql.execute('INSERT OR REPLACE INTO ended_sessions VALUES (?, ?)', session, until);
		});
	}

	async isSessionEnded(session: string): Promise<boolean> {
		return this.#platform.sql.execute('SELECT 1 AS found FROM ended_sessions WHERE session = ?', session).length > 0;
	}

	/** Sends the lines of the audit trail that are still pending. Never throws: on failure it sets the next alarm itself. */
	async alarm(): Promise<void> {
		await this.#publish();
	}

	/** A token is valid as long as the tokens it was created with: revoking one ends all that were created with it. */
	#findActive(query: string, key: string): ActiveToken | null {
		const now = this.#platform.clock.now();
		const token = this.#select(query, key)[0];
		if (token === undefined) return null;
		let ancestor = token;
		for (let ancestors = 0; ancestors <= MAX_TOKEN_ANCESTORS; ancestors += 1) {
			if (ancestor.revokedAt !== null || ancestor.expiresAt <= now) return null;
			const parent = ancestor.parent === null ? undefined : this.#select('SELECT * FROM tokens WHERE id = ?', ancestor.parent)[0];
			if (parent === undefined) return { ...token, rootId: ancestor.id, ancestors };
			ancestor = parent;
		}
		return null;
	}

	#select(query: string, ...values: readonly SqlValue[]): readonly Token[] {
		return this.#platform.sql.execute(query, ...values).map(tokenFromRow);
	}

	/** Queues one line for each domain, so that the trail of each domain has it. Called inside the transaction of what the line reports. */
	#queueAudit(line: Omit<AuditMessage, 'domain' | 'source' | 'seq'>, domains: readonly string[]): void {
		const { sql, alarm, clock } = this.#platform;
		for (const domain of domains)
			sql.execute('INSERT INTO outbox (line) VALUES (?)', JSON.stringify({ ...line, domain, source: 'tokens' }));
		alarm.setAt(clock.now() + RETRY_MS);
	}

	async #publish(): Promise<void> {
		try {
			await this.#publisher.publish();
		} catch (failure) {
			const { alarm, clock, log } = this.#platform;
			alarm.setAt(clock.now() + RETRY_MS);
			log('audit-owed', { error: String(failure) });
		}
	}

	#nextAudit(): Promise<void> | null {
		const { sql } = this.#platform;
		const rows = sql.execute('SELECT * FROM outbox WHERE seq > (SELECT seq FROM delivered) ORDER BY seq LIMIT ?', LINES_PER_CALL);
		const last = rows.at(-1);
		if (last === undefined) return null;
		const lines = rows.map((row): AuditMessage => ({ ...JSON.parse(String(row.line)), seq: Number(row.seq) }));
		return this.#dependencies.directory.appendAudit(lines).then(() => {
			sql.execute('UPDATE delivered SET seq = ?', Number(last.seq));
		});
	}
}

function tokenFromRow(row: SqlRow): Token {
	return {
		id: String(row.id),
		name: String(row.name),
		// Only `create` writes this column.
		role: String(row.role) as Role,
		domains: JSON.parse(String(row.domains)),
		createdAt: Number(row.createdAt),
		createdBy: String(row.createdBy),
		parent: row.parent === null ? null : String(row.parent),
		expiresAt: Number(row.expiresAt),
		revokedAt: row.revokedAt === null ? null : Number(row.revokedAt),
	};
}
