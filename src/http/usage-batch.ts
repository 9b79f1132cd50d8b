/**
 * The isolate's part of the embedded counter. A request adds one to a Map and waits for nothing; every few seconds one call reports the
 * sums. The request that begins a batch keeps the isolate alive until then (`waitUntil`, for which Workers allow 30 seconds after the
 * response), so that a single request is counted too. An isolate that is evicted loses the counts that it has not reported, those of a few
 * seconds. A report whose answer is lost is sent again, and counts twice.
 */
import { writeLog } from '../lib/log.ts';
import type { RequestCount, UsageStore } from '../store/ports/usage-store.ts';
import type { RequestCounter } from './request-log.ts';

export interface UsageBatchDependencies {
	readonly addCounts: UsageStore['addCounts'];
	/** Milliseconds between the beginning of a batch and its report. */
	readonly batchMs: number;
	readonly wait: (milliseconds: number) => Promise<void>;
	/** Keeps the isolate alive until the promise settles; the response does not wait for it. */
	readonly waitUntil: (promise: Promise<unknown>) => void;
	/** Unix time in milliseconds. */
	readonly now: () => number;
}

/** Numbers by protocol, client and outcome. A text made of the three would have to be hashed for each request. */
type Counts = Map<string, Map<string, Map<string, number>>>;

/** A counter that adds up in the isolate. The three words of a kind come from fixed lists, so that the Maps stay small. */
export function createUsageBatch({ addCounts, batchMs, wait, waitUntil, now }: UsageBatchDependencies): RequestCounter {
	let counts: Counts = new Map();
	/** When the batch that is under way began; 0 where there is none. */
	let batchStarted = 0;

	async function report(): Promise<void> {
		await wait(batchMs);
		const reported = counts;
		counts = new Map();
		batchStarted = 0;
		if (reported.size === 0) return;
		try {
			await addCounts(now(), listCounts(reported));
		} catch (failure) {
			writeLog('usage-not-counted', { error: String(failure) });
			// The next batch reports them too.
			for (const { protocol, client, outcome, count } of listCounts(reported)) addTo(counts, protocol, client, outcome, count);
		}
	}

	return ({ protocol, client, outcome }, time) => {
		addTo(counts, protocol, client, outcome, 1);
		// A batch that is long overdue was cancelled with the request that began it; its counts are still in the Map.
		if (batchStarted !== 0 && time - batchStarted < 3 * batchMs) return;
		batchStarted = time;
		waitUntil(report());
	};
}

function addTo(counts: Counts, protocol: string, client: string, outcome: string, count: number): void {
	const outcomes = counts.get(protocol)?.get(client);
	if (outcomes !== undefined) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
	else counts.set(protocol, (counts.get(protocol) ?? new Map()).set(client, new Map([[outcome, count]])));
}

function listCounts(counts: Counts): readonly RequestCount[] {
	return [...counts].flatMap(([protocol, clients]) =>
		[...clients].flatMap(([client, outcomes]) => [...outcomes].map(([outcome, count]) => ({ protocol, client, outcome, count }))),
	);
}
