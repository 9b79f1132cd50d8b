/** Runs a task for each item, so many at a time; results in the items' order. */
export async function mapConcurrently<T, R>(items: readonly T[], atOnce: number, task: (item: T) => Promise<R>): Promise<readonly R[]> {
	const results: R[] = [];
	const waiting = items.entries();
	const worker = async () => {
		for (const [at, item] of waiting) results[at] = await task(item);
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
	return results;
}
