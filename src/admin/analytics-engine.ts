/** Reads the usage numbers from Workers Analytics Engine, through its SQL API. */
import * as v from 'valibot';
import { writeLog } from '../lib/log.ts';
import { err, ok } from '../lib/result.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../lib/time.ts';
import type { UsageQuery, UsageReader } from '../store/ports/usage-store.ts';

/** The credentials for the SQL API. The token needs the permission "Account Analytics: Read" only. */
export interface AnalyticsAccount {
	readonly account: string;
	readonly token: string;
	readonly dataset: string;
}

const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4/accounts';
/** The time limit for an answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

// The SQL API runs on ClickHouse, which writes 64-bit integers as text in JSON.
const nonNegativeInteger = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.integer(), v.minValue(0));

const SqlResponse = v.object({
	data: v.array(
		v.object({ seconds: nonNegativeInteger, protocol: v.string(), client: v.string(), outcome: v.string(), requests: nonNegativeInteger }),
	),
});

/** The account to query; null where a part is missing or invalid: both names become part of a URL or of SQL. */
export function parseAnalyticsAccount(account: string, dataset: string, token: unknown): AnalyticsAccount | null {
	if (typeof token !== 'string' || token === '') return null;
	return /^[0-9a-f]{32}$/.test(account) && /^\w{1,64}$/.test(dataset) ? { account, token, dataset } : null;
}

/** A source of usage numbers that queries Analytics Engine, which keeps three months. */
export function createAnalyticsUsageReader({ account, token, dataset }: AnalyticsAccount): UsageReader {
	return {
		source: 'analytics-engine',
		async read(query) {
			try {
				const response = await fetch(`${CLOUDFLARE_API}/${account}/analytics_engine/sql`, {
					method: 'POST',
					headers: { Authorization: `Bearer ${token}` },
					body: renderUsageSql(dataset, query),
					signal: AbortSignal.timeout(TIMEOUT_MS),
				});
				if (!response.ok) return reportUnreachable(`status ${response.status}`);
				const parsed = v.safeParse(SqlResponse, await response.json());
				if (!parsed.success) return reportUnreachable('an answer of another shape');
				return ok(parsed.output.data.map(({ seconds, requests, ...kind }) => ({ ...kind, at: seconds * 1000, count: requests })));
			} catch (failure) {
				// fetch throws where it gets no answer.
				return reportUnreachable(String(failure));
			}
		},
	};
}

function reportUnreachable(reason: string) {
	writeLog('source-unreachable', { source: 'analytics-engine', reason });
	return err('unreachable' as const);
}

/** A point stands for `_sample_interval` requests: under load Analytics Engine keeps a sample. The blobs are those that `http/request-log.ts` writes. */
function renderUsageSql(dataset: string, { from, to, step }: UsageQuery): string {
	const size = step === 'hour' ? HOUR_SECONDS : DAY_SECONDS;
	return `SELECT intDiv(toUInt32(timestamp), ${size}) * ${size} AS seconds, blob1 AS protocol, blob2 AS client, blob3 AS outcome, SUM(_sample_interval) AS requests
FROM ${dataset}
WHERE timestamp >= toDateTime(${from / 1000}) AND timestamp < toDateTime(${to / 1000})
GROUP BY seconds, protocol, client, outcome
ORDER BY seconds, protocol, client, outcome
FORMAT JSON`;
}
