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
	type TokenClaim,
	type TokenExport,
	type TokenPage,
	type TokenRestoreOutcome,
	type TokenScope,
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
	statements(
		'ALTER TABLE tokens ADD COLUMN claim INTEGER',
		// As `firstReleaseClaim` has it.
		"UPDATE tokens SET claim = 0 WHERE parent IS NULL AND role = 'admin' AND json_array_length(domains) = 1 AND createdBy = 'owner of ' || json_extract(domains, '$[0]')",
		'CREATE TABLE token_domains (domain TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (domain, token)) WITHOUT ROWID',
		'INSERT OR IGNORE INTO token_domains SELECT domain.value, tokens.id FROM tokens, json_each(tokens.domains) AS domain',
	),
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

	async create(wanted: HashedToken): Promise<ActiveToken> {
		const { hash, name, role, domains, createdBy, parent, expiresAt, claim, act } = wanted;
		const { clock, sql } = this.#platform;
		const minter = parent === null ? null : await this.findById(parent);
		const ancestors = minter === null ? 0 : minter.ancestors + 1;
		if (ancestors > MAX_TOKEN_ANCESTORS) throw new Error('a token of this generation would not be valid');
		const id = this.#dependencies.newId();
		const createdAt = clock.now();
		const token = { id, name, role, domains, createdAt, createdBy, parent, expiresAt, revokedAt: null, claim };
		const actor = { who: createdBy, token: parent };
		sql.transaction(() => {
			if (claim !== null) for (const domain of domains) this.#revokeClaims(domain, claim, actor, createdAt);
			this.#insert({ ...token, hash });
			this.#queueAudit({ at: createdAt, who: createdBy, token: parent, act, detail: `${role} token ${id} (${name})` }, domains);
		});
		await this.#publish();
		return { ...token, rootId: minter?.rootId ?? id, ancestors, rootClaim: minter === null ? claimOf(token) : minter.rootClaim };
	}

	async findByHash(hash: string): Promise<ActiveToken | null> {
		return this.#findActive('SELECT * FROM tokens WHERE hash = ?', hash);
	}

	async findById(id: string): Promise<ActiveToken | null> {
		return this.#findActive('SELECT * FROM tokens WHERE id = ?', id);
	}

	async list(scope: TokenScope, after: string, limit: number): Promise<TokenPage> {
		const found = this.#selectScope(scope, after, limit + 1);
		const tokens = found.slice(0, limit);
		return { tokens, next: found.length > limit ? (tokens.at(-1)?.id ?? null) : null };
	}

	async revoke(id: string, by: Actor): Promise<boolean> {
		const { clock, sql } = this.#platform;
		const found = this.#select('SELECT * FROM tokens WHERE id = ?', id)[0];
		if (found === undefined) return false;
		// Revoking it again changes nothing, and there is nothing to audit.
		if (found.revokedAt !== null) return true;
		sql.transaction(() => this.#revokeToken(found, by, clock.now()));
		await this.#publish();
		return true;
	}

	async withdraw(id: string, domain: string, by: Actor): Promise<boolean> {
		const { clock, sql } = this.#platform;
		const found = this.#select('SELECT * FROM tokens WHERE id = ?', id)[0];
		if (found === undefined || !found.domains.includes(domain)) return false;
		const left = found.domains.filter((each) => each !== domain);
		if (left.length === 0) return this.revoke(id, by);
		const at = clock.now();
		sql.transaction(() => {
			sql.execute('UPDATE tokens SET domains = ? WHERE id = ?', JSON.stringify(left), id);
			sql.execute('DELETE FROM token_domains WHERE token = ? AND domain = ?', id, domain);
			this.#queueAudit({ at, ...by, act: 'revoke', detail: `${found.role} token ${id} (${found.name})` }, [domain]);
		});
		await this.#publish();
		return true;
	}

	async hasClaimToken(domain: string): Promise<boolean> {
		const query = 'SELECT 1 AS found FROM token_domains JOIN tokens ON id = token WHERE domain = ? AND claim IS NOT NULL LIMIT 1';
		return this.#platform.sql.execute(query, domain).length > 0;
	}

	async endClaim(domain: string, generation: number, { who, token }: Actor): Promise<void> {
		const { sql, clock } = this.#platform;
		const at = clock.now();
		sql.transaction(() => {
			this.#revokeClaims(domain, generation + 1, { who, token }, at);
			this.#queueAudit({ at, who, token, act: 'release', detail: '' }, [domain]);
		});
		await this.#publish();
	}

	async exportTokens(after: string, limit: number): Promise<TokenExport> {
		const rows = this.#platform.sql.execute('SELECT * FROM tokens WHERE id > ? ORDER BY id LIMIT ?', after, limit + 1);
		const tokens = rows.slice(0, limit).map((row) => ({ ...tokenFromRow(row), hash: String(row.hash) }));
		return { tokens, next: rows.length > limit ? (tokens.at(-1)?.id ?? null) : null };
	}

	async restoreToken(token: TokenBackup, dryRun: boolean): Promise<TokenRestoreOutcome> {
		const { sql } = this.#platform;
		const { id, hash, revokedAt } = token;
		const known = sql.execute('SELECT * FROM tokens WHERE id = ? OR hash = ?', id, hash);
		const row = known[0];
		if (row === undefined) {
			if (!dryRun) sql.transaction(() => this.#insert(token));
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
		let { domains } = token;
		for (let ancestors = 0; ancestors <= MAX_TOKEN_ANCESTORS; ancestors += 1) {
			if (ancestor.revokedAt !== null || ancestor.expiresAt <= now) return null;
			if (ancestor.parent === null)
				return domains.length === 0 ? null : { ...token, domains, rootId: ancestor.id, ancestors, rootClaim: claimOf(ancestor) };
			const parent = this.#select('SELECT * FROM tokens WHERE id = ?', ancestor.parent)[0];
			// Nobody can say whether a parent that is missing was revoked: a backup may not have been restored so far.
			if (parent === undefined) return null;
			// A domain that was taken out of a token is out of those that were created with it.
			domains = domains.filter((domain) => parent.domains.includes(domain));
			ancestor = parent;
		}
		return null;
	}

	#selectScope(scope: TokenScope, after: string, limit: number): readonly Token[] {
		switch (scope.kind) {
			case 'all':
				return this.#select('SELECT * FROM tokens WHERE id > ? ORDER BY id LIMIT ?', after, limit);
			case 'created-by': {
				const { who, token } = scope.actor;
				const query = 'SELECT * FROM tokens WHERE parent IS ? AND (parent IS NOT NULL OR createdBy = ?) AND id > ? ORDER BY id LIMIT ?';
				return this.#select(query, token, who, after, limit);
			}
			case 'domain': {
				const query = 'SELECT tokens.* FROM token_domains JOIN tokens ON id = token WHERE domain = ? AND token > ? ORDER BY token LIMIT ?';
				return this.#select(query, scope.domain, after, limit);
			}
		}
	}

	#insert({ id, hash, name, role, domains, createdAt, createdBy, parent, expiresAt, revokedAt, claim }: TokenBackup): void {
		const { sql } = this.#platform;
		const values = [id, hash, name, role, JSON.stringify(domains), createdAt, createdBy, parent, expiresAt, revokedAt, claim];
		sql.execute('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', ...values);
		for (const domain of domains) sql.execute('INSERT OR IGNORE INTO token_domains VALUES (?, ?)', domain, id);
	}

	/** Revokes the tokens of all claims of a domain before a generation. Called inside a transaction. */
	#revokeClaims(domain: string, generation: number, by: Actor, at: number): void {
		const query = 'SELECT tokens.* FROM token_domains JOIN tokens ON id = token WHERE domain = ? AND claim < ? AND revokedAt IS NULL';
		for (const token of this.#select(query, domain, generation)) this.#revokeToken(token, by, at);
	}

	#revokeToken({ id, name, role, domains }: Token, { who, token }: Actor, at: number): void {
		this.#platform.sql.execute('UPDATE tokens SET revokedAt = ? WHERE id = ?', at, id);
		this.#queueAudit({ at, who, token, act: 'revoke', detail: `${role} token ${id} (${name})` }, domains);
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
		claim: row.claim === null ? null : Number(row.claim),
	};
}

function claimOf({ claim: generation, domains: [domain] }: Pick<Token, 'claim' | 'domains'>): TokenClaim | null {
	return generation === null || domain === undefined ? null : { domain, generation };
}
