/** Runs many tasks, a few of them at the same time: name servers, mail servers and a Worker's connections all have a limit. */

/**
 * Runs a task for each item, at most `limit` at a time.
 * @returns the results in the items' order, when all are done
 * @throws the first failure of a task; tasks that have begun go on, and no other task begins
 */
export async function mapConcurrently<T, R>(items: readonly T[], limit: number, task: (item: T) => Promise<R>): Promise<readonly R[]> {
	const results: R[] = [];
	// All workers share one iterator: each takes the next item that no other worker has taken.
	const remaining = items.entries();
	let failed = false;
	const worker = async () => {
		for (const [at, item] of remaining) {
			try {
				results[at] = await task(item);
			} catch (error) {
				failed = true;
				throw error;
			}
			if (failed) return;
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
	return results;
}

/**
 * Runs a task for each item of a stream, at most `limit` at a time, in bounded memory. Results come in the order of the items, as soon as
 * they are there; no item is read before there is room for its task.
 * @throws the first failure of a task, in the items' order; of those behind it, none is reported
 */
export async function* streamConcurrently<T, R>(
	items: Iterable<T> | AsyncIterable<T>,
	limit: number,
	task: (item: T) => Promise<R>,
): AsyncGenerator<R> {
	const running: Promise<R>[] = [];
	for await (const item of items) {
		const result = task(item);
		// A failure is thrown where the result is awaited. After an earlier failure nothing awaits this one, and Node would end the process
		// for an unhandled rejection.
		result.catch(() => undefined);
		running.push(result);
		const first = running.length < limit ? undefined : running.shift();
		if (first !== undefined) yield await first;
	}
	yield* running;
}

/** The items of a stream in lists of `size`, the last of which may be shorter. No list is empty. */
export async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
	let batch: T[] = [];
	for await (const item of items) {
		batch.push(item);
		if (batch.length < size) continue;
		yield batch;
		batch = [];
	}
	if (batch.length > 0) yield batch;
}
