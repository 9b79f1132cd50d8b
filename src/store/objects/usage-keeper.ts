/**
 * The embedded counter: one Durable Object, told by every isolate once in a while. Hours for two weeks, then days. For the operator's
 * curves, not for bills: what an isolate has not yet told is lost with it.
 */
import { DurableObject } from 'cloudflare:workers';
import {
	HOURLY_RETENTION_DAYS,
	type RequestCount,
	STEP_MS,
	startOfStep,
	type UsageQuery,
	type UsageRow,
	type UsageStore,
} from '../ports/usage-store.ts';

const COLUMNS = 'at INTEGER NOT NULL, protocol TEXT NOT NULL, client TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL';
const PRIMARY_KEY = 'PRIMARY KEY (at, protocol, client, outcome)';
// Without row ids: a count costs one row written, which is what is billed.
const SCHEMA = ['hours', 'days'].map((name) => `CREATE TABLE IF NOT EXISTS ${name} (${COLUMNS}, ${PRIMARY_KEY}) WITHOUT ROWID`);

/**
 * Kinds of request counted apart in one hour. The words are from fixed lists, of which a day's traffic meets a few dozen combinations;
 * should they ever be many more, the rest go together, so that the longest answer stays within RPC's 32 MiB.
 */
export const MAX_KINDS_PER_HOUR = 500;
const OTHER_KIND = 'other';

export class UsageKeeper extends DurableObject<Env> implements UsageStore {
	/** The day on which old hours were last rolled up, by this instance. */
	#swept = 0;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		for (const table of SCHEMA) ctx.storage.sql.exec(table);
	}

	async addCounts(at: number, tallies: readonly RequestCount[]): Promise<void> {
		const { sql } = this.ctx.storage;
		const hour = startOfStep('hour', at);
		this.ctx.storage.transactionSync(() => {
			const known = new Set(sql.exec('SELECT protocol, client, outcome FROM hours WHERE at = ?', hour).toArray().map(kindKey));
			for (const tally of tallies) {
				const full = known.size >= MAX_KINDS_PER_HOUR && !known.has(kindKey({ ...tally }));
				const { protocol, client, outcome } = full ? { protocol: OTHER_KIND, client: OTHER_KIND, outcome: OTHER_KIND } : tally;
				known.add(kindKey({ protocol, client, outcome }));
				sql.exec(
					'INSERT INTO hours VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
					hour,
					protocol,
					client,
					outcome,
					tally.count,
				);
			}
			this.#sweep(at);
		});
	}

	async readCounts({ from, to, step }: UsageQuery): Promise<readonly UsageRow[]> {
		const { sql } = this.ctx.storage;
		const rows =
			step === 'hour'
				? sql.exec('SELECT * FROM hours WHERE at >= ? AND at < ? ORDER BY at, protocol, client, outcome', from, to)
				: sql.exec(
						`SELECT at - at % ${STEP_MS.day} AS at, protocol, client, outcome, SUM(count) AS count
						FROM (SELECT * FROM hours WHERE at >= ?1 AND at < ?2 UNION ALL SELECT * FROM days WHERE at >= ?1 AND at < ?2)
						GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
						from,
						to,
					);
		return rows.toArray().map(usageRowFromSql);
	}

	/** Once a day: hours past their time become days, days past theirs go. */
	#sweep(now: number): void {
		const today = startOfStep('day', now);
		if (this.#swept === today) return;
		const { sql } = this.ctx.storage;
		const oldestHour = today - HOURLY_RETENTION_DAYS * STEP_MS.day;
		sql.exec(
			`INSERT INTO days SELECT at - at % ${STEP_MS.day}, protocol, client, outcome, SUM(count) FROM hours WHERE at < ? GROUP BY 1, 2, 3, 4
			ON CONFLICT DO UPDATE SET count = count + excluded.count`,
			oldestHour,
		);
		sql.exec('DELETE FROM hours WHERE at < ?', oldestHour);
		sql.exec('DELETE FROM days WHERE at < ?', today - Number(this.env.USAGE_DAYS) * STEP_MS.day);
		this.#swept = today;
	}
}

function kindKey({ protocol, client, outcome }: Record<string, unknown>): string {
	return `${protocol} ${client} ${outcome}`;
}

function usageRowFromSql(row: Record<string, SqlStorageValue>): UsageRow {
	return {
		at: Number(row.at),
		protocol: String(row.protocol),
		client: String(row.client),
		outcome: String(row.outcome),
		count: Number(row.count),
	};
}
