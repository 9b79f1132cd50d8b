import { MAX_CONCURRENT_SUBREQUESTS } from '../contract/limits.ts';

/** What `work` makes of each item, in the items' order, a few at work at the same time, no item read before there is room for it. */
export async function* inTurn<T, R>(
	items: Iterable<T> | AsyncIterable<T>,
	work: (item: T) => Promise<R>,
	room = MAX_CONCURRENT_SUBREQUESTS,
): AsyncGenerator<R> {
	const working: Promise<R>[] = [];
	for await (const item of items) {
		working.push(work(item));
		const first = working.length < room ? undefined : working.shift();
		if (first !== undefined) yield await first;
	}
	yield* working;
}
