/**
 * The isolate's part of the embedded counter. A request pays an increment in a Map, and waits for nothing; every so many seconds one
 * call carries the sums away. The request that begins a batch holds the isolate for it (`waitUntil`, which Workers grant 30 seconds
 * after the response), so that a lonely request is counted too. What has not been carried away is lost when the isolate is evicted: a
 * few seconds of counts. A call whose answer is lost counts twice.
 */
import type { Tally, UsageStore } from '../store/usage.ts';
import type { Counter } from './observe.ts';

export interface TallyParts {
	readonly add: UsageStore['add'];
	/** Milliseconds of a batch. */
	readonly every: number;
	readonly wait: (milliseconds: number) => Promise<void>;
	/** Keeps the isolate until then; the response does not wait. */
	readonly waitUntil: (promise: Promise<unknown>) => void;
	/** Unix time in milliseconds. */
	readonly now: () => number;
}

/** A counter that adds up in the isolate. The words of an observation are from fixed lists: their combinations bound the Map. */
export function tally({ add, every, wait, waitUntil, now }: TallyParts): Counter {
	let counts = new Map<string, number>();
	/** When the batch under way began; 0 where there is none. */
	let begun = 0;

	async function carry(): Promise<void> {
		await wait(every);
		const carried = counts;
		counts = new Map();
		begun = 0;
		if (carried.size === 0) return;
		try {
			await add(now(), [...carried].map(tallied));
		} catch (failure) {
			console.error(JSON.stringify({ level: 'error', code: 'usage-not-counted', error: String(failure) }));
			// The next batch takes them along.
			for (const [key, count] of carried) counts.set(key, (counts.get(key) ?? 0) + count);
		}
	}

	return ({ protocol, client, outcome }) => {
		const key = `${protocol} ${client} ${outcome}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
		const time = now();
		// One that is long overdue was cancelled with its request: its counts are still here.
		if (begun !== 0 && time - begun < 3 * every) return;
		begun = time;
		waitUntil(carry());
	};
}

function tallied([key, count]: readonly [string, number]): Tally {
	const [protocol = '', client = '', outcome = ''] = key.split(' ');
	return { protocol, client, outcome, count };
}
