/**
 * The embedded counter: one Durable Object, told by every isolate once in a while. Hours for two weeks, then days. For the operator's
 * curves, not for bills: what an isolate has not yet told is lost with it.
 */
import { DurableObject } from 'cloudflare:workers';
import { HOURLY_DAYS, STEPS, startOf, type Tally, type UsageQuery, type UsageRow, type UsageStore } from './usage.ts';

const COLUMNS = 'at INTEGER NOT NULL, protocol TEXT NOT NULL, client TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL';
const KEY = 'PRIMARY KEY (at, protocol, client, outcome)';
// Without row ids: a count costs one row written, which is what is billed.
const TABLES = ['hours', 'days'].map((name) => `CREATE TABLE IF NOT EXISTS ${name} (${COLUMNS}, ${KEY}) WITHOUT ROWID`);

/**
 * Kinds of request counted apart in one hour. The words are from fixed lists, of which a day's traffic meets a few dozen combinations;
 * should they ever be many more, the rest go together, so that the longest answer stays within RPC's 32 MiB.
 */
export const KINDS = 500;
const REST = 'other';

export class UsageCounter extends DurableObject<Env> implements UsageStore {
	/** The day on which old hours were last rolled up, by this instance. */
	#swept = 0;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		for (const table of TABLES) ctx.storage.sql.exec(table);
	}

	async add(at: number, tallies: readonly Tally[]): Promise<void> {
		const { sql } = this.ctx.storage;
		const hour = startOf('hour', at);
		this.ctx.storage.transactionSync(() => {
			const known = new Set(sql.exec('SELECT protocol, client, outcome FROM hours WHERE at = ?', hour).toArray().map(kindOf));
			for (const tally of tallies) {
				const full = known.size >= KINDS && !known.has(kindOf({ ...tally }));
				const { protocol, client, outcome } = full ? { protocol: REST, client: REST, outcome: REST } : tally;
				known.add(kindOf({ protocol, client, outcome }));
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

	async read({ from, to, step }: UsageQuery): Promise<readonly UsageRow[]> {
		const { sql } = this.ctx.storage;
		const rows =
			step === 'hour'
				? sql.exec('SELECT * FROM hours WHERE at >= ? AND at < ? ORDER BY at, protocol, client, outcome', from, to)
				: sql.exec(
						`SELECT at - at % ${STEPS.day} AS at, protocol, client, outcome, SUM(count) AS count
						FROM (SELECT * FROM hours WHERE at >= ?1 AND at < ?2 UNION ALL SELECT * FROM days WHERE at >= ?1 AND at < ?2)
						GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
						from,
						to,
					);
		return rows.toArray().map(usageRow);
	}

	/** Once a day: hours past their time become days, days past theirs go. */
	#sweep(now: number): void {
		const today = startOf('day', now);
		if (this.#swept === today) return;
		const { sql } = this.ctx.storage;
		const oldestHour = today - HOURLY_DAYS * STEPS.day;
		sql.exec(
			`INSERT INTO days SELECT at - at % ${STEPS.day}, protocol, client, outcome, SUM(count) FROM hours WHERE at < ? GROUP BY 1, 2, 3, 4
			ON CONFLICT DO UPDATE SET count = count + excluded.count`,
			oldestHour,
		);
		sql.exec('DELETE FROM hours WHERE at < ?', oldestHour);
		sql.exec('DELETE FROM days WHERE at < ?', today - Number(this.env.USAGE_DAYS) * STEPS.day);
		this.#swept = today;
	}
}

function kindOf({ protocol, client, outcome }: Record<string, unknown>): string {
	return `${protocol} ${client} ${outcome}`;
}

function usageRow(row: Record<string, SqlStorageValue>): UsageRow {
	return {
		at: Number(row.at),
		protocol: String(row.protocol),
		client: String(row.client),
		outcome: String(row.outcome),
		count: Number(row.count),
	};
}
