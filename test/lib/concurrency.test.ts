/** How many tasks run at the same time, in which order results come, and what becomes of failures. */
import { describe, expect, it } from 'vitest';
import { inBatches, mapConcurrently, streamConcurrently } from '../../src/lib/concurrency.ts';

/** A task that counts how many of its kind run at once; later items are done sooner. */
function countingTask(total: number) {
	const seen = { running: 0, most: 0, begun: 0 };
	const task = async (item: number) => {
		seen.begun += 1;
		seen.running += 1;
		seen.most = Math.max(seen.most, seen.running);
		for (let turn = item; turn < total; turn += 1) await Promise.resolve();
		seen.running -= 1;
		return item * 2;
	};
	return { seen, task };
}

const ITEMS = Array.from({ length: 20 }, (_, at) => at);
const DOUBLED = ITEMS.map((item) => item * 2);

async function collect<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
	const all: T[] = [];
	for await (const value of values) all.push(value);
	return all;
}

describe.each([
	['mapConcurrently', (limit: number, task: (item: number) => Promise<number>) => mapConcurrently(ITEMS, limit, task)],
	['streamConcurrently', (limit: number, task: (item: number) => Promise<number>) => collect(streamConcurrently(ITEMS, limit, task))],
] as const)('%s', (_, run) => {
	it.each([1, 3, 100])('gives results in the items’ order, at most %i at a time', async (limit) => {
		const { seen, task } = countingTask(ITEMS.length);
		expect(await run(limit, task)).toEqual(DOUBLED);
		expect(seen.most).toBeLessThanOrEqual(limit);
		expect(seen.most).toBeGreaterThanOrEqual(Math.min(limit, 3));
	});

	it('throws the failure of a task', async () => {
		await expect(
			run(3, async (item) => {
				if (item === 5) throw new Error('five');
				return item;
			}),
		).rejects.toThrow('five');
	});
});

describe('mapConcurrently', () => {
	it('begins no task after a failure', async () => {
		const begun: number[] = [];
		const run = mapConcurrently(ITEMS, 2, async (item) => {
			begun.push(item);
			await Promise.resolve();
			if (item === 2) throw new Error('two');
		});
		await expect(run).rejects.toThrow('two');
		for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
		expect(begun).toEqual([0, 1, 2, 3]);
	});
});

describe('streamConcurrently', () => {
	it('reads no item before there is room for its task', async () => {
		const { seen, task } = countingTask(ITEMS.length);
		const results = streamConcurrently(ITEMS, 4, task);
		await results.next();
		expect(seen.begun).toBe(4);
		await results.next();
		expect(seen.begun).toBe(5);
	});

	it('leaves no failure behind another unhandled', async () => {
		const results = streamConcurrently(ITEMS, 4, async (item) => {
			throw new Error(String(item));
		});
		await expect(results.next()).rejects.toThrow('0');
		// Vitest fails the run for a rejection that nobody has handled.
		await new Promise((resolve) => setTimeout(resolve, 0));
	});
});

describe('inBatches', () => {
	async function* stream(length: number): AsyncGenerator<number> {
		yield* Array.from({ length }, (_, at) => at);
	}

	it.each([
		[0, []],
		[2, [[0, 1]]],
		[3, [[0, 1, 2]]],
		[4, [[0, 1, 2], [3]]],
		[
			6,
			[
				[0, 1, 2],
				[3, 4, 5],
			],
		],
	])('divides %i items by three', async (length, batches) => {
		expect(await collect(inBatches(stream(length), 3))).toEqual(batches);
	});
});
