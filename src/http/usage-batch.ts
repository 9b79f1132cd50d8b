/**
 * The isolate's part of the embedded counter. A request pays an increment in a Map, and waits for nothing; every so many seconds one
 * call carries the sums away. The request that begins a batch holds the isolate for it (`waitUntil`, which Workers grant 30 seconds
 * after the response), so that a lonely request is counted too. What has not been carried away is lost when the isolate is evicted: a
 * few seconds of counts. A call whose answer is lost counts twice.
 */

import { writeLog } from '../lib/log.ts';
import type { RequestCount, UsageStore } from '../store/ports/usage-store.ts';
import type { RequestCounter } from './request-log.ts';

export interface UsageBatchDependencies {
	readonly addCounts: UsageStore['addCounts'];
	/** Milliseconds of a batch. */
	readonly batchMs: number;
	readonly wait: (milliseconds: number) => Promise<void>;
	/** Keeps the isolate until then; the response does not wait. */
	readonly waitUntil: (promise: Promise<unknown>) => void;
	/** Unix time in milliseconds. */
	readonly now: () => number;
}

/** A counter that adds up in the isolate. The words of an observation are from fixed lists: their combinations bound the Map. */
export function createUsageBatch({ addCounts, batchMs, wait, waitUntil, now }: UsageBatchDependencies): RequestCounter {
	let counts = new Map<string, number>();
	/** When the batch under way began; 0 where there is none. */
	let begun = 0;

	async function carry(): Promise<void> {
		await wait(batchMs);
		const carried = counts;
		counts = new Map();
		begun = 0;
		if (carried.size === 0) return;
		try {
			await addCounts(now(), [...carried].map(requestCountOf));
		} catch (failure) {
			writeLog('usage-not-counted', { error: String(failure) });
			// The next batch takes them along.
			for (const [key, count] of carried) counts.set(key, (counts.get(key) ?? 0) + count);
		}
	}

	return ({ protocol, client, outcome }) => {
		const key = `${protocol} ${client} ${outcome}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
		const time = now();
		// One that is long overdue was cancelled with its request: its counts are still here.
		if (begun !== 0 && time - begun < 3 * batchMs) return;
		begun = time;
		waitUntil(carry());
	};
}

function requestCountOf([key, count]: readonly [string, number]): RequestCount {
	const [protocol = '', client = '', outcome = ''] = key.split(' ');
	return { protocol, client, outcome, count };
}
