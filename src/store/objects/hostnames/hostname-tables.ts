/**
 * The tables of the custom hostnames: records to look at, hostnames with what Cloudflare said last, and the progress of the whole. All the
 * SQL of hostnames is in here.
 */
import type { HostnamePhase } from '../../../contract/hostnames/hostname-phases.ts';
import type { HostnameEntry, HostnameQuery } from '../../ports/custom-hostnames.ts';
import type { SqlDatabase, SqlRow, SqlValue } from '../../ports/platform.ts';
import { type Migration, migrateSchema, statements } from '../schema.ts';

const MIGRATIONS: readonly Migration[] = [
	statements(
		// `turn` says who is next, and also which change a row is about: a record that changes again takes another turn.
		'CREATE TABLE changes (domain TEXT PRIMARY KEY, turn INTEGER NOT NULL UNIQUE, aliasesAfter TEXT) WITHOUT ROWID',
		'CREATE TABLE looked (domain TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID',
		`CREATE TABLE hostnames (hostname TEXT PRIMARY KEY, domain TEXT NOT NULL, id TEXT, isCreating INTEGER NOT NULL, isSought INTEGER NOT NULL,
			toRecheck INTEGER NOT NULL, recheckedAt INTEGER NOT NULL, leavesAt INTEGER, phase TEXT NOT NULL, status TEXT, certificateStatus TEXT,
			errors TEXT NOT NULL, validationRecords TEXT NOT NULL, failure TEXT, attempts INTEGER NOT NULL, nextLookAt INTEGER NOT NULL) WITHOUT ROWID`,
		'CREATE INDEX hostnames_by_domain ON hostnames (domain)',
		'CREATE INDEX hostnames_by_phase ON hostnames (phase, hostname)',
		'CREATE INDEX hostnames_by_look ON hostnames (nextLookAt)',
		'CREATE TABLE progress (name TEXT PRIMARY KEY, value) WITHOUT ROWID',
	),
];

/** A hostname with what only the keeper needs to know. */
export interface HostnameRow extends HostnameEntry {
	/** Cloudflare's id; null where it is not known to exist. */
	readonly id: string | null;
	/** Whether a request to create it was sent and not answered: it may exist. */
	readonly isCreating: boolean;
	/** Whether it was looked up at Cloudflare, and not found, since there was no room to create it. */
	readonly isSought: boolean;
	/** Whether somebody has asked to have it checked again. */
	readonly toRecheck: boolean;
	/** Unix time in milliseconds at which somebody did last; 0: never. */
	readonly recheckedAt: number;
	/** Looks since it was last ready. */
	readonly attempts: number;
}

/** A record to look at. */
export interface RecordChange {
	readonly domain: string;
	readonly turn: number;
	/** Where to go on with the records that are aliases of this one; null: they are not to be looked at. */
	readonly aliasesAfter: string | null;
}

/** What is true of the whole. Times are Unix milliseconds. */
export interface HostnameProgress {
	/** No request to Cloudflare before this time. */
	readonly quietUntil: number;
	/** Requests in a row that got no answer, or were denied. */
	readonly failures: number;
	/** Why no request is sent before `quietUntil`; null where that is no failure. */
	readonly failure: string | null;
	/** No hostname is created before this time. */
	readonly creationsFrom: number;
	/** Why not; null where that is no failure. */
	readonly creationFailure: string | null;
	/** Records are not looked at before this time, because a keeper did not answer. */
	readonly looksFrom: number;
	/** Cloudflare's numbers; null before they were read. */
	readonly used: number | null;
	readonly included: number | null;
	readonly hardCap: number | null;
	/** The settings that records were looked at with. */
	readonly site: string | null;
	/** When the list of all records was last gone through to the end; null: never. */
	readonly sweptAt: number | null;
	/** Where to go on with that list; null: it is not being gone through. */
	readonly sweepAfter: string | null;
}

const NO_PROGRESS: HostnameProgress = {
	quietUntil: 0,
	failures: 0,
	failure: null,
	creationsFrom: 0,
	creationFailure: null,
	looksFrom: 0,
	used: null,
	included: null,
	hardCap: null,
	site: null,
	sweptAt: null,
	sweepAfter: null,
};

/** Rows that wait to be created. */
const TO_CREATE = 'id IS NULL AND isCreating = 0 AND leavesAt IS NULL';
/** Rows about which Cloudflare is asked: it has them, or may have them. */
const TO_ASK_ABOUT = '(id IS NOT NULL OR isCreating = 1)';

export type HostnameTables = ReturnType<typeof createHostnameTables>;

export function createHostnameTables(sql: SqlDatabase) {
	sql.transaction(() => migrateSchema(sql, MIGRATIONS));

	const addChange = (domain: string, aliasesAfter: string | null) =>
		void sql.execute(
			`INSERT INTO changes VALUES (?1, (SELECT COALESCE(MAX(turn), 0) + 1 FROM changes), ?2)
			ON CONFLICT (domain) DO UPDATE SET turn = excluded.turn, aliasesAfter = COALESCE(excluded.aliasesAfter, aliasesAfter)`,
			domain,
			aliasesAfter,
		);
	const firstNumber = (statement: string, ...values: readonly SqlValue[]): number | null => {
		const found = sql.execute(statement, ...values)[0]?.found ?? null;
		return found === null ? null : Number(found);
	};

	return {
		addChange,
		nextChanges: (limit: number): readonly RecordChange[] =>
			sql.execute('SELECT * FROM changes ORDER BY turn LIMIT ?', limit).map(({ domain, turn, aliasesAfter }) => ({
				domain: String(domain),
				turn: Number(turn),
				aliasesAfter: aliasesAfter === null || aliasesAfter === undefined ? null : String(aliasesAfter),
			})),
		hasChanges: () => firstNumber('SELECT 1 AS found FROM changes LIMIT 1') !== null,
		/** Takes a change off the list, unless the record has changed again since. */
		endChange: ({ domain, turn }: RecordChange) => void sql.execute('DELETE FROM changes WHERE domain = ? AND turn = ?', domain, turn),
		continueChange: ({ domain, turn }: RecordChange, aliasesAfter: string) =>
			void sql.execute('UPDATE changes SET aliasesAfter = ? WHERE domain = ? AND turn = ?', aliasesAfter, domain, turn),
		lookedRevision: (domain: string) => firstNumber('SELECT revision AS found FROM looked WHERE domain = ?', domain),
		setLooked: (domain: string, revision: number) => void sql.execute('INSERT OR REPLACE INTO looked VALUES (?, ?)', domain, revision),
		forgetLooked: () => void sql.execute('DELETE FROM looked'),

		find: (hostname: string): HostnameRow | null => {
			const row = sql.execute('SELECT * FROM hostnames WHERE hostname = ?', hostname)[0];
			return row === undefined ? null : hostnameFromRow(row);
		},
		ofDomain: (domain: string) => sql.execute('SELECT * FROM hostnames WHERE domain = ? ORDER BY hostname', domain).map(hostnameFromRow),
		put(row: HostnameRow): void {
			sql.execute(
				'INSERT OR REPLACE INTO hostnames VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
				row.hostname,
				row.domain,
				row.id,
				Number(row.isCreating),
				Number(row.isSought),
				Number(row.toRecheck),
				row.recheckedAt,
				row.leavesAt,
				row.phase,
				row.status,
				row.certificateStatus,
				JSON.stringify(row.errors),
				JSON.stringify(row.validationRecords),
				row.failure,
				row.attempts,
				row.nextLookAt,
			);
		},
		forget: (hostname: string) => void sql.execute('DELETE FROM hostnames WHERE hostname = ?', hostname),
		/** Hostnames to create, those that wait longest first. */
		nextToCreate: (now: number, onlyUnsought: boolean, limit: number) =>
			sql
				.execute(
					`SELECT * FROM hostnames WHERE ${TO_CREATE} AND nextLookAt <= ? ${onlyUnsought ? 'AND isSought = 0' : ''} ORDER BY nextLookAt, hostname LIMIT ?`,
					now,
					limit,
				)
				.map(hostnameFromRow),
		/** Hostnames to ask Cloudflare about, or to remove. */
		nextToAskAbout: (now: number, limit: number) =>
			sql
				.execute(`SELECT * FROM hostnames WHERE ${TO_ASK_ABOUT} AND nextLookAt <= ? ORDER BY nextLookAt, hostname LIMIT ?`, now, limit)
				.map(hostnameFromRow),
		/** No room is left: every hostname that waits to be created says so. */
		markOverLimit: () => void sql.execute(`UPDATE hostnames SET phase = 'over-limit' WHERE ${TO_CREATE} AND phase = 'queued'`),
		/** When the first hostname is to be created, and when the first is to be asked about; null: none is. */
		firstLooks: () => ({
			create: firstNumber(`SELECT MIN(nextLookAt) AS found FROM hostnames WHERE ${TO_CREATE}`),
			ask: firstNumber(`SELECT MIN(nextLookAt) AS found FROM hostnames WHERE ${TO_ASK_ABOUT}`),
		}),
		page({ phase, after, limit }: HostnameQuery): readonly HostnameRow[] {
			const [condition, values] = phase === null ? ['', []] : ['AND phase = ?', [phase]];
			return sql
				.execute(`SELECT * FROM hostnames WHERE hostname > ? ${condition} ORDER BY hostname LIMIT ?`, after, ...values, limit)
				.map(hostnameFromRow);
		},
		counts: (): Readonly<Partial<Record<HostnamePhase, number>>> =>
			Object.fromEntries(
				sql.execute('SELECT phase, COUNT(*) AS found FROM hostnames GROUP BY phase').map(({ phase, found }) => [phase, Number(found)]),
			),

		progress(): HostnameProgress {
			const kept = sql.execute('SELECT name, value FROM progress').map(({ name, value }) => [name, value]);
			return { ...NO_PROGRESS, ...Object.fromEntries(kept) };
		},
		setProgress(changed: Partial<HostnameProgress>): void {
			for (const [name, value] of Object.entries(changed)) sql.execute('INSERT OR REPLACE INTO progress VALUES (?, ?)', name, value);
		},
	};
}

function hostnameFromRow(row: SqlRow): HostnameRow {
	const text = (value: SqlValue | undefined) => (value === null || value === undefined ? null : String(value));
	return {
		hostname: String(row.hostname),
		domain: String(row.domain),
		id: text(row.id),
		isCreating: row.isCreating === 1,
		isSought: row.isSought === 1,
		toRecheck: row.toRecheck === 1,
		recheckedAt: Number(row.recheckedAt),
		leavesAt: row.leavesAt === null ? null : Number(row.leavesAt),
		// Only `put` and `markOverLimit` write these columns.
		phase: String(row.phase) as HostnamePhase,
		status: text(row.status),
		certificateStatus: text(row.certificateStatus),
		errors: JSON.parse(String(row.errors)),
		validationRecords: JSON.parse(String(row.validationRecords)),
		failure: text(row.failure),
		attempts: Number(row.attempts),
		nextLookAt: Number(row.nextLookAt),
	};
}
