/** The tables that the keeper of the tokens has, and how a row becomes a token. */
import type { Role } from '../../contract/roles.ts';
import type { SqlRow } from '../ports/platform.ts';
import type { Token } from '../ports/tokens.ts';
import { ENDED_SESSIONS_TABLE } from './ended-sessions.ts';
import { type Migration, statements } from './schema.ts';

/** The tables of the tokens, in the order in which they came. */
export const TOKEN_MIGRATIONS: readonly Migration[] = [
	statements(
		`CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, domains TEXT NOT NULL,
			createdAt INTEGER NOT NULL, createdBy TEXT NOT NULL, parent TEXT, expiresAt INTEGER NOT NULL, revokedAt INTEGER)`,
		'CREATE INDEX IF NOT EXISTS tokens_by_parent ON tokens (parent)',
		'CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)',
	),
	// `delivered` has one row: the last line that the directory has. Lines are kept, so that a lost trail can be sent again.
	statements('CREATE TABLE delivered (seq INTEGER NOT NULL)', 'INSERT INTO delivered VALUES (0)'),
	ENDED_SESSIONS_TABLE,
	statements(
		'ALTER TABLE tokens ADD COLUMN claim INTEGER',
		// As `firstReleaseClaim` has it.
		"UPDATE tokens SET claim = 0 WHERE parent IS NULL AND role = 'admin' AND json_array_length(domains) = 1 AND createdBy = 'owner of ' || json_extract(domains, '$[0]')",
		'CREATE TABLE token_domains (domain TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (domain, token)) WITHOUT ROWID',
		'INSERT OR IGNORE INTO token_domains SELECT domain.value, tokens.id FROM tokens, json_each(tokens.domains) AS domain',
	),
	statements('ALTER TABLE tokens ADD COLUMN usedAt INTEGER'),
	statements('ALTER TABLE tokens ADD COLUMN tag TEXT'),
];

export function tokenFromRow(row: SqlRow): Token {
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
		usedAt: row.usedAt === null ? null : Number(row.usedAt),
		tag: row.tag === null ? null : String(row.tag),
	};
}
