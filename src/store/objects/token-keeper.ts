/** Keeps every token by the hash of its secret. It is asked at each request with a token, so that a revoked one ends at once. */
import { DAY_MS, HOUR_MS } from '../../lib/time.ts';
import type { AuditMessage, Directory } from '../ports/directory.ts';
import type { ObjectPlatform, SqlValue } from '../ports/platform.ts';
import {
	type ActiveToken,
	type Actor,
	type EndedSession,
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
import { addEndedSession, isSessionEnded, listEndedSessions } from './ended-sessions.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';
import { migrateSchema } from './schema.ts';
import { TOKEN_MIGRATIONS, tokenFromRow } from './token-tables.ts';

const RETRY_MS = 5000;
/** How much older than the last use the stored time may be: a token that is used all day costs a write an hour. */
const USE_PRECISION_MS = HOUR_MS;
/** Lines of the audit trail that are sent in one call. */
const LINES_PER_CALL = 100;

export interface TokenKeeperLimits {
	/** Days for which a line of the audit trail is kept: at least 1. */
	readonly historyDays: number;
}

export interface TokenKeeperDependencies {
	readonly directory: Pick<Directory, 'appendAudit'>;
	readonly limits: TokenKeeperLimits;
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
		platform.sql.transaction(() => migrateSchema(platform.sql, TOKEN_MIGRATIONS));
		this.#publisher = createOutboxPublisher({ next: () => this.#nextAudit(), drained: () => platform.alarm.cancel() });
	}

	async create(wanted: HashedToken): Promise<ActiveToken> {
		const { hash, name, role, domains, tag, createdBy, parent, expiresAt, claim, act } = wanted;
		const { clock, sql } = this.#platform;
		const minter = parent === null ? null : await this.findById(parent);
		const ancestors = minter === null ? 0 : minter.ancestors + 1;
		if (ancestors > MAX_TOKEN_ANCESTORS) throw new Error('a token of this generation would not be valid');
		const id = this.#dependencies.newId();
		const createdAt = clock.now();
		const token = { id, name, role, domains, tag, createdAt, createdBy, parent, expiresAt, revokedAt: null, claim, usedAt: null };
		const actor = { who: createdBy, token: parent };
		sql.transaction(() => {
			if (claim !== null) for (const domain of domains) this.#revokeClaims(domain, claim, actor, createdAt);
			this.#insert({ ...token, hash });
			this.#queueAudit({ at: createdAt, who: createdBy, token: parent, act, detail: describeToken(token) }, auditedNames(token));
		});
		await this.#publish();
		const rootClaim = minter === null ? claimOf(token) : minter.rootClaim;
		return { ...token, rootId: minter?.rootId ?? id, ancestors, rootClaim, requiredTag: tag ?? minter?.requiredTag ?? null };
	}

	async findByHash(hash: string): Promise<ActiveToken | null> {
		const token = this.#findActive('SELECT * FROM tokens WHERE hash = ?', hash);
		if (token !== null) this.#noteUse(token);
		return token;
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
			this.#queueAudit({ at, ...by, act: 'revoke', detail: describeToken(found) }, [domain]);
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
		addEndedSession(this.#platform.sql, { session, until }, this.#platform.clock.now());
	}

	async isSessionEnded(session: string): Promise<boolean> {
		return isSessionEnded(this.#platform.sql, session);
	}

	async listEndedSessions(): Promise<readonly EndedSession[]> {
		return listEndedSessions(this.#platform.sql, this.#platform.clock.now());
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
		let { domains, tag: requiredTag } = token;
		for (let ancestors = 0; ancestors <= MAX_TOKEN_ANCESTORS; ancestors += 1) {
			if (ancestor.revokedAt !== null || ancestor.expiresAt <= now) return null;
			if (ancestor.parent === null) {
				if (token.tag === null && domains.length === 0) return null;
				return { ...token, domains, rootId: ancestor.id, ancestors, rootClaim: claimOf(ancestor), requiredTag };
			}
			const parent = this.#select('SELECT * FROM tokens WHERE id = ?', ancestor.parent)[0];
			// Nobody can say whether a parent that is missing was revoked: a backup may not have been restored so far.
			if (parent === undefined) return null;
			// A token by tag creates tokens for the same tag, or for some of its records; a token for names creates none for a tag.
			if (requiredTag !== null && requiredTag !== parent.tag) return null;
			requiredTag = parent.tag;
			// A domain that was taken out of a token is out of those that were created with it.
			if (parent.tag === null) domains = domains.filter((domain) => parent.domains.includes(domain));
			ancestor = parent;
		}
		return null;
	}

	#noteUse({ id, usedAt }: Token): void {
		const now = this.#platform.clock.now();
		if (usedAt === null || now - usedAt >= USE_PRECISION_MS)
			this.#platform.sql.execute('UPDATE tokens SET usedAt = ? WHERE id = ?', now, id);
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

	#insert({ id, hash, name, role, domains, createdAt, createdBy, parent, expiresAt, revokedAt, claim, usedAt, tag }: TokenBackup): void {
		const { sql } = this.#platform;
		const values = [id, hash, name, role, JSON.stringify(domains), createdAt, createdBy, parent, expiresAt, revokedAt, claim, usedAt, tag];
		sql.execute('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', ...values);
		for (const domain of domains) sql.execute('INSERT OR IGNORE INTO token_domains VALUES (?, ?)', domain, id);
	}

	/** Revokes the tokens of all claims of a domain before a generation. Called inside a transaction. */
	#revokeClaims(domain: string, generation: number, by: Actor, at: number): void {
		const query = 'SELECT tokens.* FROM token_domains JOIN tokens ON id = token WHERE domain = ? AND claim < ? AND revokedAt IS NULL';
		for (const token of this.#select(query, domain, generation)) this.#revokeToken(token, by, at);
	}

	#revokeToken(revoked: Token, { who, token }: Actor, at: number): void {
		this.#platform.sql.execute('UPDATE tokens SET revokedAt = ? WHERE id = ?', at, revoked.id);
		this.#queueAudit({ at, who, token, act: 'revoke', detail: describeToken(revoked) }, auditedNames(revoked));
	}

	#select(query: string, ...values: readonly SqlValue[]): readonly Token[] {
		return this.#platform.sql.execute(query, ...values).map(tokenFromRow);
	}

	/** Queues one line for each domain, so that the trail of each domain has it. Called inside the transaction of what the line reports. */
	#queueAudit(line: Omit<AuditMessage, 'domain' | 'source' | 'seq'>, domains: readonly (string | null)[]): void {
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
			// Lines are kept for a trail that is lost, as long as the trail itself keeps them.
			const oldest = this.#platform.clock.now() - this.#dependencies.limits.historyDays * DAY_MS;
			sql.execute("DELETE FROM outbox WHERE seq <= (SELECT seq FROM delivered) AND json_extract(line, '$.at') < ?", oldest);
		});
	}
}

/** The records whose part of the audit trail names the token. Which records a tag is on may change, so that its line is about none. */
function auditedNames({ domains, tag }: Pick<Token, 'domains' | 'tag'>): readonly (string | null)[] {
	return tag === null ? domains : [null];
}

function describeToken({ id, name, role, tag }: Pick<Token, 'id' | 'name' | 'role' | 'tag'>): string {
	return `${role} token ${id} (${name})${tag === null ? '' : `, for the tag ${tag}`}`;
}

function claimOf({ claim: generation, domains: [domain] }: Pick<Token, 'claim' | 'domains'>): TokenClaim | null {
	return generation === null || domain === undefined ? null : { domain, generation };
}
