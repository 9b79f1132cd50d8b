/** Who counts requests, and where the numbers are read. */
import { env, waitUntil } from 'cloudflare:workers';
import { analyticsAccount, analyticsUsage } from './admin/analytics.ts';
import type { Usage } from './admin/usage.ts';
import { type Counter, type Dataset, datasetCounter } from './http/observe.ts';
import { tally } from './http/tally.ts';
import { ok } from './lib/result.ts';
import { usageIn } from './store/objects.ts';

const counter = usageIn(env.USAGE);
const dataset = datasetOf(env);
const analytics =
	dataset === null
		? null
		: analyticsAccount(env.ANALYTICS_ACCOUNT, env.ANALYTICS_DATASET, 'ANALYTICS_TOKEN' in env ? env.ANALYTICS_TOKEN : null);

/** The numbers, for the admin. */
export const usage: Usage =
	analytics === null ? { source: 'counter', read: async (query) => ok(await counter.read(query)) } : analyticsUsage(analytics);

/** The dataset where there is one; the embedded counter unless the admin reads the dataset. */
export function counters(): readonly Counter[] {
	// Workers grant 30 seconds after a response.
	const every = Math.min(Number(env.USAGE_SECONDS), 25) * 1000;
	const embedded = analytics === null && every > 0;
	return [
		...(dataset === null ? [] : [datasetCounter(dataset)]),
		...(embedded ? [tally({ add: counter.add, every, wait: (ms) => scheduler.wait(ms), waitUntil, now: () => Date.now() })] : []),
	];
}

/** The Analytics Engine dataset, where the operator has bound one as REQUESTS. */
function datasetOf(bindings: object): Dataset | null {
	const bound: unknown = 'REQUESTS' in bindings ? bindings.REQUESTS : null;
	return isDataset(bound) ? bound : null;
}

function isDataset(bound: unknown): bound is Dataset {
	return typeof bound === 'object' && bound !== null && 'writeDataPoint' in bound;
}
