/**
 * Keeps how many requests there were, by protocol, client family and outcome: single hours for two weeks, then days. Each isolate reports
 * its counts every few seconds, and loses what it has not reported when it ends: the numbers are good for curves, not for bills.
 */
import type { ObjectPlatform, SqlDatabase, SqlRow } from '../ports/platform.ts';
import {
	HOURLY_RETENTION_DAYS,
	type RequestCount,
	STEP_MS,
	startOfStep,
	type UsageQuery,
	type UsageRow,
	type UsageStore,
} from '../ports/usage-store.ts';
import { type Migration, migrateSchema, statements } from './schema.ts';

const COLUMNS = 'at INTEGER NOT NULL, protocol TEXT NOT NULL, client TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL';
const PRIMARY_KEY = 'PRIMARY KEY (at, protocol, client, outcome)';
// WITHOUT ROWID: each count writes one row, and rows written are what Cloudflare bills.
const MIGRATIONS: readonly Migration[] = [
	statements(...['hours', 'days'].map((table) => `CREATE TABLE IF NOT EXISTS ${table} (${COLUMNS}, ${PRIMARY_KEY}) WITHOUT ROWID`)),
];

/**
 * Kinds of request that are counted apart in one hour. The three words come from fixed lists, of which a day's traffic has a few dozen
 * combinations; should there ever be more than this, the rest are counted together, so that the longest answer stays below the 32 MiB
 * that a call to a Durable Object may return.
 */
export const MAX_KINDS_PER_HOUR = 500;
const OTHER_KIND = { protocol: 'other', client: 'other', outcome: 'other' } as const;

export interface UsageLimits {
	/** Days for which counts are kept: at least 1. */
	readonly usageDays: number;
}

export class UsageKeeper implements UsageStore {
	readonly #sql: SqlDatabase;
	readonly #limits: UsageLimits;
	/** The beginning of the day on which this instance has rolled up old hours; 0 before it has. */
	#rolledUpDay = 0;

	constructor({ sql }: Pick<ObjectPlatform, 'sql'>, limits: UsageLimits) {
		this.#sql = sql;
		this.#limits = limits;
		sql.transaction(() => migrateSchema(sql, MIGRATIONS));
	}

	async addCounts(at: number, counts: readonly RequestCount[]): Promise<void> {
		const sql = this.#sql;
		const hour = startOfStep('hour', at);
		sql.transaction(() => {
			const known = new Set(sql.execute('SELECT protocol, client, outcome FROM hours WHERE at = ?', hour).map(kindKey));
			for (const requestCount of counts) {
				const isOneTooMany = known.size >= MAX_KINDS_PER_HOUR && !known.has(kindKey({ ...requestCount }));
				const { protocol, client, outcome } = isOneTooMany ? OTHER_KIND : requestCount;
				known.add(kindKey({ protocol, client, outcome }));
				sql.execute(
					'INSERT INTO hours VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
					hour,
					protocol,
					client,
					outcome,
					requestCount.count,
				);
			}
			this.#rollUp(at);
		});
		// After the transaction: one that was rolled back has rolled up nothing.
		this.#rolledUpDay = startOfStep('day', at);
	}

	async readCounts({ from, to, step }: UsageQuery): Promise<readonly UsageRow[]> {
		const rows =
			step === 'hour'
				? this.#sql.execute('SELECT * FROM hours WHERE at >= ? AND at < ? ORDER BY at, protocol, client, outcome', from, to)
				: this.#sql.execute(
						`SELECT at - at % ${STEP_MS.day} AS at, protocol, client, outcome, SUM(count) AS count
						FROM (SELECT * FROM hours WHERE at >= ?1 AND at < ?2 UNION ALL SELECT * FROM days WHERE at >= ?1 AND at < ?2)
						GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
						from,
						to,
					);
		return rows.map(usageRowFromSql);
	}

	/** Once a day: adds hours past their time to their days, and deletes days past theirs. */
	#rollUp(now: number): void {
		const today = startOfStep('day', now);
		if (this.#rolledUpDay === today) return;
		const oldestHour = today - HOURLY_RETENTION_DAYS * STEP_MS.day;
		this.#sql.execute(
			`INSERT INTO days SELECT at - at % ${STEP_MS.day}, protocol, client, outcome, SUM(count) FROM hours WHERE at < ? GROUP BY 1, 2, 3, 4
			ON CONFLICT DO UPDATE SET count = count + excluded.count`,
			oldestHour,
		);
		this.#sql.execute('DELETE FROM hours WHERE at < ?', oldestHour);
		this.#sql.execute('DELETE FROM days WHERE at < ?', today - this.#limits.usageDays * STEP_MS.day);
	}
}

function kindKey({ protocol, client, outcome }: Record<string, unknown>): string {
	return `${protocol} ${client} ${outcome}`;
}

function usageRowFromSql(row: SqlRow): UsageRow {
	return {
		at: Number(row.at),
		protocol: String(row.protocol),
		client: String(row.client),
		outcome: String(row.outcome),
		count: Number(row.count),
	};
}
