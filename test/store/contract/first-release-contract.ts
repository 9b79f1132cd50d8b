/** The tables of the first release, as it wrote them: each keeper brings them forward and loses nothing. Never edit the statements. */
import { expect, it } from 'vitest';
import { DirectoryKeeper } from '../../../src/store/objects/directory/directory-keeper.ts';
import { createRevisionTables } from '../../../src/store/objects/revision-tables.ts';
import { TokenKeeper } from '../../../src/store/objects/token-keeper.ts';
import { UsageKeeper } from '../../../src/store/objects/usage-keeper.ts';
import type { AuditMessage } from '../../../src/store/ports/directory.ts';
import type { PlatformUnderTest, RunOnPlatform } from './platform-under-test.ts';

const REVISIONS = [
	`CREATE TABLE revisions (n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, author TEXT NOT NULL, token TEXT,
		act TEXT NOT NULL, note TEXT NOT NULL, tags TEXT NOT NULL, record TEXT)`,
	`CREATE TABLE owed (name TEXT NOT NULL, published INTEGER NOT NULL, publishedAt INTEGER NOT NULL, noted INTEGER NOT NULL,
		failures INTEGER NOT NULL, settled TEXT, settledAt INTEGER NOT NULL)`,
	`INSERT INTO revisions VALUES (7, 1000, 'ada', NULL, 'put', 'note', '["gold"]', '{}')`,
	"INSERT INTO owed VALUES ('a.example', 7, 1000, 7, 0, NULL, 0)",
];

const DIRECTORY = [
	'CREATE TABLE entries (domain TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, tags TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID',
	'CREATE INDEX entries_by_state ON entries (state, domain)',
	'CREATE TABLE tags (tag TEXT NOT NULL, domain TEXT NOT NULL, PRIMARY KEY (tag, domain)) WITHOUT ROWID',
	`CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, token TEXT, act TEXT NOT NULL,
		domain TEXT, detail TEXT NOT NULL, source TEXT NOT NULL, seq INTEGER NOT NULL, UNIQUE (source, seq))`,
	'CREATE INDEX audit_by_domain ON audit (domain, id)',
	'CREATE INDEX audit_by_time ON audit (at)',
	`INSERT INTO entries VALUES ('a.example', 7, 'live', '["gold"]', 1000)`,
	"INSERT INTO tags VALUES ('gold', 'a.example')",
];

const TOKENS = [
	`CREATE TABLE tokens (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, domains TEXT NOT NULL,
		createdAt INTEGER NOT NULL, createdBy TEXT NOT NULL, parent TEXT, expiresAt INTEGER NOT NULL, revokedAt INTEGER)`,
	'CREATE INDEX tokens_by_parent ON tokens (parent)',
	'CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)',
	`INSERT INTO tokens VALUES ('id-1', 'hash-1', 'deploy', 'write', '["a.example"]', 1000, 'operator', NULL, 9999999999999, NULL)`,
	`INSERT INTO outbox VALUES (3, '{"at":1000,"who":"operator","token":null,"act":"mint","domain":"a.example","detail":"","source":"tokens"}')`,
];

const USAGE = [
	...['hours', 'days'].map(
		(table) =>
			`CREATE TABLE ${table} (at INTEGER NOT NULL, protocol TEXT NOT NULL, client TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL,
			PRIMARY KEY (at, protocol, client, outcome)) WITHOUT ROWID`,
	),
	"INSERT INTO days VALUES (86400000, 'autoconfig', 'thunderbird', 'ok', 5)",
];

function make({ platform }: PlatformUnderTest, texts: readonly string[]): void {
	for (const text of texts) platform.sql.execute(text);
}

export function describeFirstRelease(run: RunOnPlatform): void {
	it('has its revisions', () =>
		run(async (world) => {
			make(world, REVISIONS);
			const tables = createRevisionTables(world.platform.sql);
			expect(tables.latest()).toEqual({
				revision: 7,
				at: 1000,
				author: 'ada',
				token: null,
				act: 'put',
				note: 'note',
				tags: ['gold'],
				record: '{}',
			});
			expect(tables.pending()).toMatchObject({ name: 'a.example', published: 7 });
		}));

	it('has its directory and its audit trail', () =>
		run(async (world) => {
			const now = world.platform.clock.now();
			make(world, [...DIRECTORY, `INSERT INTO audit VALUES (4, ${now}, 'ada', NULL, 'put', 'a.example', 'note', 'a.example', 7)`]);
			const directory = new DirectoryKeeper(world.platform, { historyDays: 10 });
			const query = { prefix: '', tag: 'gold', state: null, after: '', limit: 10, visible: { names: null, tag: null } };
			expect((await directory.listEntries(query)).entries).toMatchObject([{ domain: 'a.example', revision: 7, digest: null }]);
			expect(
				(await directory.readAudit({ visible: { names: ['a.example'], tag: null }, since: 0, before: null, limit: 10 })).entries,
			).toMatchObject([{ id: 4 }]);
		}));

	it('has its tokens, and sends the lines that were still pending', () =>
		run(async (world) => {
			make(world, TOKENS);
			const lines: AuditMessage[] = [];
			const appendAudit = async (sent: readonly AuditMessage[]) => void lines.push(...sent);
			const tokens = new TokenKeeper(world.platform, { limits: { historyDays: 3650 }, directory: { appendAudit }, newId: () => 'id-2' });
			expect(await tokens.findByHash('hash-1')).toMatchObject({ id: 'id-1' });
			await tokens.alarm();
			expect(lines).toMatchObject([{ source: 'tokens', seq: 3, act: 'mint' }]);
		}));

	it('has its usage numbers', () =>
		run(async (world) => {
			make(world, USAGE);
			const usage = new UsageKeeper(world.platform, { usageDays: 36_500 });
			const rows = await usage.readCounts({ from: 0, to: 172_800_000, step: 'day' });
			expect(rows).toEqual([{ at: 86_400_000, protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count: 5 }]);
		}));
}
