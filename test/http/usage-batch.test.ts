/** Requests are counted in memory and reported in batches: no request waits for it, and nothing is kept about who asked. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRequestLogger, type RequestSummary } from '../../src/http/request-log.ts';
import { createUsageBatch } from '../../src/http/usage-batch.ts';
import { createKvRecords } from '../../src/store/kv/kv-records.ts';
import type { RequestCount } from '../../src/store/ports/usage-store.ts';
import { usageStub } from '../../src/worker/stubs.ts';
import { createTestRouter } from '../support/test-router.ts';
import { MINIMAL_RECORD, putRecord } from './worker-client.ts';

const BATCH_MS = 20_000;
const SUMMARY = { protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', status: 200, ms: 1 };

afterEach(() => vi.restoreAllMocks());

/** A counter whose clock is moved by the test. */
function createPausedBatch(add: (at: number, tallies: readonly RequestCount[]) => Promise<void>) {
	const world = { now: 1_000_000, kept: [] as Promise<unknown>[], wake: [] as (() => void)[] };
	const counter = createUsageBatch({
		addCounts: add,
		batchMs: BATCH_MS,
		wait: () => new Promise((resolve) => world.wake.push(resolve)),
		waitUntil: (promise) => world.kept.push(promise),
		now: () => world.now,
	});
	const pass = async () => {
		world.now += BATCH_MS;
		for (const wake of world.wake.splice(0)) wake();
		await Promise.all(world.kept.splice(0));
	};
	const count = (summary: RequestSummary) => counter(summary, world.now);
	return { count, pass, world };
}

describe('a batch', () => {
	it('is one call, however many requests', async () => {
		const calls: (readonly [number, readonly RequestCount[]])[] = [];
		const { count, pass, world } = createPausedBatch(async (at, tallies) => void calls.push([at, tallies]));
		for (let times = 0; times < 1000; times += 1) count(SUMMARY);
		count({ ...SUMMARY, outcome: 'unknown-domain' });
		expect([world.kept.length, calls.length]).toEqual([1, 0]);
		await pass();
		const { protocol, client, outcome } = SUMMARY;
		const sums = [
			{ protocol, client, outcome, count: 1000 },
			{ protocol, client, outcome: 'unknown-domain', count: 1 },
		];
		expect(calls).toEqual([[1_000_000 + BATCH_MS, sums]]);
		await pass();
		expect(calls).toHaveLength(1);
		count(SUMMARY);
		await pass();
		expect(calls[1]?.[1]).toEqual([{ protocol, client, outcome, count: 1 }]);
	});

	it('that could not be carried away goes with the next', async () => {
		const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const sums: (readonly RequestCount[])[] = [];
		const { count, pass } = createPausedBatch(async (_, tallies) => {
			sums.push(tallies);
			if (sums.length === 1) throw new Error('overloaded');
		});
		count(SUMMARY);
		await pass();
		expect(JSON.parse(String(errors.mock.calls[0]?.[0]))).toMatchObject({ code: 'usage-not-counted' });
		count(SUMMARY);
		await pass();
		expect(sums.map(([first]) => first?.count)).toEqual([1, 2]);
	});

	it('that was cancelled with its request is begun anew', async () => {
		const sums: number[] = [];
		const { count, pass, world } = createPausedBatch(async (_, tallies) => void sums.push(...tallies.map((tallied) => tallied.count)));
		count(SUMMARY);
		world.wake.length = 0;
		world.kept.length = 0;
		world.now += 3 * BATCH_MS;
		count(SUMMARY);
		await pass();
		expect(sums).toEqual([2]);
	});
});

describe('a request', () => {
	it('is answered before anything is counted, and counted without a word of who asked', async () => {
		vi.spyOn(console, 'log').mockImplementation(() => undefined);
		await putRecord('example.com', MINIMAL_RECORD);
		const counter = usageStub(env.USAGE);
		const { count, pass } = createPausedBatch(counter.addCounts);
		const app = createTestRouter({
			records: createKvRecords(env.RECORDS, { absenceSeconds: 0, now: () => 0 }),
			logRequest: createRequestLogger([count]),
			now: () => Date.now(),
			redirectHttp: true,
			assets: async ({ url }) => new Response('', { status: url.endsWith('/assets/setup.css') ? 200 : 404 }),
		});
		const headers = { 'User-Agent': 'Mozilla/5.0 Thunderbird/153.7.0 secret' };
		const ask = async (url: string) => (await app.fetch(new Request(url, { headers }))).status;
		expect(await ask('https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=secret%40example.com')).toBe(200);
		expect(await ask('https://secret.example/secret')).toBe(404);
		// The files of a page are not counted: the page was.
		expect(await ask('https://autoconfig.example.com/assets/setup.css')).toBe(200);
		const query = { from: 0, to: 10_000_000, step: 'hour' } as const;
		expect(await counter.readCounts(query)).toEqual([]);
		await pass();
		const rows = await counter.readCounts(query);
		expect(rows).toEqual([
			{ at: 0, protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count: 1 },
			{ at: 0, protocol: 'none', client: 'thunderbird', outcome: 'not-found', count: 1 },
		]);
		expect(JSON.stringify(rows)).not.toMatch(/secret|example/);
	});
});
