/** Many tasks, a few of them at the same time: name servers, mail servers and Workers' connections all have a limit. */

/**
 * Runs a task for each item, at most `limit` at a time.
 * @returns the results in the items' order, when all are done
 * @throws the first failure of a task; tasks that have begun go on
 */
export async function mapConcurrently<T, R>(items: readonly T[], limit: number, task: (item: T) => Promise<R>): Promise<readonly R[]> {
	const results: R[] = [];
	// One iterator for all: each worker takes the next item that nobody has taken.
	const remaining = items.entries();
	const worker = async () => {
		for (const [at, item] of remaining) results[at] = await task(item);
	};
	await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
	return results;
}

/**
 * The same over a stream of items, in bounded memory: results come in the items' order as soon as they are there, and no item is read
 * before there is room for its task.
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
		// Whoever waits for it hears of its failure. Behind another failure nobody does, and it must not end the process.
		result.catch(() => undefined);
		running.push(result);
		const first = running.length < limit ? undefined : running.shift();
		if (first !== undefined) yield await first;
	}
	yield* running;
}
