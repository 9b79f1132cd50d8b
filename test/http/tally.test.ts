/** Counting in the isolate: no request waits, one call a batch, and nothing about who asked. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { observer } from '../../src/http/observe.ts';
import { publish } from '../../src/http/publish.ts';
import { noSigner } from '../../src/http/signer.ts';
import { tally } from '../../src/http/tally.ts';
import { kvRecords } from '../../src/store/kv-records.ts';
import { usageIn } from '../../src/store/objects.ts';
import type { Tally } from '../../src/store/usage.ts';
import { MINIMAL, put } from './service.ts';

const EVERY = 20_000;
const SEEN = { protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', status: 200, ms: 1 };

afterEach(() => vi.restoreAllMocks());

/** A counter whose time passes when the test says so. */
function stopped(add: (at: number, tallies: readonly Tally[]) => Promise<void>) {
	const world = { now: 1_000_000, kept: [] as Promise<unknown>[], wake: [] as (() => void)[] };
	const count = tally({
		add,
		every: EVERY,
		wait: () => new Promise((resolve) => world.wake.push(resolve)),
		waitUntil: (promise) => world.kept.push(promise),
		now: () => world.now,
	});
	const pass = async () => {
		world.now += EVERY;
		for (const wake of world.wake.splice(0)) wake();
		await Promise.all(world.kept.splice(0));
	};
	return { count, pass, world };
}

describe('a batch', () => {
	it('is one call, however many requests', async () => {
		const calls: (readonly [number, readonly Tally[]])[] = [];
		const { count, pass, world } = stopped(async (at, tallies) => void calls.push([at, tallies]));
		for (let times = 0; times < 1000; times += 1) count(SEEN);
		count({ ...SEEN, outcome: 'unknown-domain' });
		expect([world.kept.length, calls.length]).toEqual([1, 0]);
		await pass();
		const { protocol, client, outcome } = SEEN;
		const sums = [
			{ protocol, client, outcome, count: 1000 },
			{ protocol, client, outcome: 'unknown-domain', count: 1 },
		];
		expect(calls).toEqual([[1_000_000 + EVERY, sums]]);
		await pass();
		expect(calls).toHaveLength(1);
		count(SEEN);
		await pass();
		expect(calls[1]?.[1]).toEqual([{ protocol, client, outcome, count: 1 }]);
	});

	it('that could not be carried away goes with the next', async () => {
		const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const sums: (readonly Tally[])[] = [];
		const { count, pass } = stopped(async (_, tallies) => {
			sums.push(tallies);
			if (sums.length === 1) throw new Error('overloaded');
		});
		count(SEEN);
		await pass();
		expect(JSON.parse(String(errors.mock.calls[0]?.[0]))).toMatchObject({ code: 'usage-not-counted' });
		count(SEEN);
		await pass();
		expect(sums.map(([first]) => first?.count)).toEqual([1, 2]);
	});

	it('that was cancelled with its request is begun anew', async () => {
		const sums: number[] = [];
		const { count, pass, world } = stopped(async (_, tallies) => void sums.push(...tallies.map((tallied) => tallied.count)));
		count(SEEN);
		world.wake.length = 0;
		world.kept.length = 0;
		world.now += 3 * EVERY;
		count(SEEN);
		await pass();
		expect(sums).toEqual([2]);
	});
});

describe('a request', () => {
	it('is answered before anything is counted, and counted without a word of who asked', async () => {
		vi.spyOn(console, 'log').mockImplementation(() => undefined);
		await put('example.com', MINIMAL);
		const counter = usageIn(env.USAGE);
		const { count, pass } = stopped(counter.add);
		const app = publish({
			records: kvRecords(env.RECORDS),
			signer: noSigner,
			observe: observer([count]),
			now: () => Date.now(),
			redirectHttp: true,
			zoneIsPublic: false,
			serviceHost: null,
			adminHosts: [],
			checks: [],
			assets: null,
		});
		const headers = { 'User-Agent': 'Mozilla/5.0 Thunderbird/153.7.0 secret' };
		const ask = async (url: string) => (await app.fetch(new Request(url, { headers }))).status;
		expect(await ask('https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=secret%40example.com')).toBe(200);
		expect(await ask('https://secret.example/secret')).toBe(404);
		const query = { from: 0, to: 10_000_000, step: 'hour' } as const;
		expect(await counter.read(query)).toEqual([]);
		await pass();
		const rows = await counter.read(query);
		expect(rows).toEqual([
			{ at: 0, protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count: 1 },
			{ at: 0, protocol: 'none', client: 'thunderbird', outcome: 'not-found', count: 1 },
		]);
		expect(JSON.stringify(rows)).not.toMatch(/secret|example/);
	});
});
