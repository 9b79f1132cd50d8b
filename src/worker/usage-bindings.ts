/** Who counts requests, and where the numbers are read. */
import { env, waitUntil } from 'cloudflare:workers';
import { createAnalyticsUsageReader, parseAnalyticsAccount } from '../admin/analytics-engine.ts';
import type { UsageReader } from '../admin/handlers/usage-report.ts';
import { type AnalyticsDataset, createDatasetCounter, type RequestCounter } from '../http/request-log.ts';
import { createUsageBatch } from '../http/usage-batch.ts';
import { ok } from '../lib/result.ts';
import { usageStub } from './stubs.ts';

const usageStore = usageStub(env.USAGE);
const analyticsDataset = findAnalyticsDataset(env);
const analyticsAccess =
	analyticsDataset === null
		? null
		: parseAnalyticsAccount(env.ANALYTICS_ACCOUNT, env.ANALYTICS_DATASET, 'ANALYTICS_TOKEN' in env ? env.ANALYTICS_TOKEN : null);

/** The numbers, for the admin. */
export const usageSource: UsageReader =
	analyticsAccess === null
		? { source: 'counter', read: async (query) => ok(await usageStore.readCounts(query)) }
		: createAnalyticsUsageReader(analyticsAccess);

/** The dataset where there is one; the embedded counter unless the admin reads the dataset. */
export function createRequestCounters(): readonly RequestCounter[] {
	// Workers grant 30 seconds after a response.
	const every = Math.min(Number(env.USAGE_SECONDS), 25) * 1000;
	const embedded = analyticsAccess === null && every > 0;
	return [
		...(analyticsDataset === null ? [] : [createDatasetCounter(analyticsDataset)]),
		...(embedded
			? [
					createUsageBatch({
						addCounts: usageStore.addCounts,
						batchMs: every,
						wait: (ms) => scheduler.wait(ms),
						waitUntil,
						now: () => Date.now(),
					}),
				]
			: []),
	];
}

/** The Analytics Engine dataset, where the operator has bound one as REQUESTS. */
function findAnalyticsDataset(bindings: object): AnalyticsDataset | null {
	const bound: unknown = 'REQUESTS' in bindings ? bindings.REQUESTS : null;
	return isAnalyticsDataset(bound) ? bound : null;
}

function isAnalyticsDataset(bound: unknown): bound is AnalyticsDataset {
	return typeof bound === 'object' && bound !== null && 'writeDataPoint' in bound;
}
