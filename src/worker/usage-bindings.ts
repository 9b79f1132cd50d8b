/** Connects the counting of requests to Analytics Engine where that is bound, and to the embedded counter otherwise. */
import { env, waitUntil } from 'cloudflare:workers';
import { createAnalyticsUsageReader } from '../admin/analytics-engine.ts';
import { type AnalyticsDataset, createDatasetCounter, type RequestCounter } from '../http/request-log.ts';
import { createUsageBatch } from '../http/usage-batch.ts';
import { ok } from '../lib/result.ts';
import type { UsageReader } from '../store/ports/usage-store.ts';
import { placeObjects } from './object-placement.ts';
import { usageStub } from './stubs.ts';
import { settings } from './worker-settings.ts';

const usageStore = usageStub(placeObjects(env.USAGE, settings.placement));
const dataset = findAnalyticsDataset(env);
/** Analytics Engine can be read only where it is written too. */
const analytics = dataset === null ? null : settings.analytics;

/** The usage numbers, for the admin. */
export const usageReader: UsageReader =
	analytics === null
		? { source: 'counter', read: async (query) => ok(await usageStore.readCounts(query)) }
		: createAnalyticsUsageReader(analytics);

/** Counts in the dataset where there is one, and in the embedded counter unless the admin reads the dataset. */
export function createRequestCounters(): readonly RequestCounter[] {
	const { usageBatchMs: batchMs } = settings;
	const batch = () =>
		createUsageBatch({
			addCounts: usageStore.addCounts,
			batchMs,
			wait: (milliseconds) => scheduler.wait(milliseconds),
			waitUntil,
			now: () => Date.now(),
		});
	return [...(dataset === null ? [] : [createDatasetCounter(dataset)]), ...(analytics === null && batchMs > 0 ? [batch()] : [])];
}

/** The dataset that the operator has bound as REQUESTS; null where there is none. */
function findAnalyticsDataset(bindings: object): AnalyticsDataset | null {
	const bound: unknown = 'REQUESTS' in bindings ? bindings.REQUESTS : null;
	return isAnalyticsDataset(bound) ? bound : null;
}

function isAnalyticsDataset(bound: unknown): bound is AnalyticsDataset {
	return typeof bound === 'object' && bound !== null && 'writeDataPoint' in bound;
}
