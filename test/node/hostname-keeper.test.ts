/**
 * The keeper of custom hostnames against Cloudflare in memory: every state, every failure, and whatever happens between any two steps, none is
 * lost, none is made twice, none of others is touched, and the limit holds.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CERTIFICATE_STATES, HOSTNAME_STATES, meaningOf } from '../../src/hostnames/hostname-states.ts';
import type { ProviderRequest, ProviderTransport } from '../../src/lib/http/provider-request.ts';
import { ok } from '../../src/lib/result.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import type { HostnameKeeper } from '../../src/store/objects/hostnames/hostname-keeper.ts';
import { createTestClock, settle, type TestClock } from '../store/contract/platform-under-test.ts';
import {
	createFakeCustomHostnames,
	type FakeCustomHostnames,
	REQUEST_TROUBLES,
	type RequestTrouble,
	withTroubles,
} from '../support/fake-custom-hostnames.ts';
import { createHostnameWorld, type HostnameWorld } from '../support/hostname-world.ts';
import { type NodeSqlite, openNodeSqlite } from './node-sqlite-platform.ts';

const START = Date.parse('2026-11-28T12:00:00Z');
const GRACE = 3 * DAY_MS;
const ALL = { phase: null, after: '', limit: 100 } as const;
const namesOf = (domain: string) => [`autoconfig.${domain}`, `autodiscover.${domain}`];

interface Bench
	extends Pick<HostnameWorld, 'start' | 'save' | 'spoil' | 'setAlias' | 'keepers' | 'reads' | 'afterRead' | 'wanted' | 'settings'> {
	readonly cloudflare: FakeCustomHostnames;
	readonly clock: TestClock;
	readonly database: NodeSqlite;
	readonly sent: readonly ProviderRequest[];
	readonly logged: readonly string[];
	/** Moves the clock to the alarm and lets it go off, again and again, for so many milliseconds. */
	readonly run: (keeper: HostnameKeeper, milliseconds: number) => Promise<void>;
	/** What the list says about each hostname. */
	readonly phases: (keeper: HostnameKeeper) => Promise<Readonly<Record<string, string>>>;
}

/** @param through stands between the keeper and Cloudflare */
function createBench({
	initial = [],
	limit = 100,
	through = (cloudflare) => cloudflare.transport,
}: {
	readonly initial?: Parameters<typeof createFakeCustomHostnames>[0];
	readonly limit?: number;
	readonly through?: (cloudflare: FakeCustomHostnames) => ProviderTransport;
} = {}): Bench {
	const cloudflare = createFakeCustomHostnames(initial);
	const clock = createTestClock(START);
	const database = openNodeSqlite(':memory:');
	const sent: ProviderRequest[] = [];
	const logged: string[] = [];
	const transport = through(cloudflare);
	const platform = { ...database, clock, log: (code: string) => void logged.push(code) };
	const world = createHostnameWorld(platform, {
		limit,
		graceMs: GRACE,
		transport(request) {
			sent.push(request);
			return transport(request);
		},
	});
	return {
		...world,
		cloudflare,
		clock,
		database,
		sent,
		logged,
		async run(keeper, milliseconds) {
			const end = clock.now() + milliseconds;
			for (;;) {
				const at = database.readAlarm();
				if (at === null || at > end) break;
				await clock.advance(Math.max(0, at - clock.now()));
				await keeper.alarm();
			}
			await clock.advance(Math.max(0, end - clock.now()));
		},
		async phases(keeper) {
			return Object.fromEntries((await keeper.listHostnames(ALL)).entries.map(({ hostname, phase }) => [hostname, phase]));
		},
	};
}

const created = (bench: Bench) => bench.cloudflare.hostnames.map(({ hostname }) => hostname).toSorted();
const activate = ({ cloudflare }: Bench, hostname: string) =>
	cloudflare.change(hostname, { status: 'active', certificateStatus: 'active' });

describe('a saved record', () => {
	it('has its hostnames without a call during the save, and they are followed until they are ready', async () => {
		const bench = createBench();
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		await keeper.recordsChanged(['a.example', '*.wild.example']);
		expect(bench.sent).toEqual([]);
		await bench.run(keeper, MINUTE_MS / 2);
		expect(created(bench)).toEqual(namesOf('a.example'));
		expect(await bench.phases(keeper)).toEqual({ 'autoconfig.a.example': 'waiting', 'autodiscover.a.example': 'waiting' });
		const { entries } = await keeper.readDomain('a.example');
		expect(entries[0]?.validationRecords).toEqual([expect.stringContaining('_acme-challenge.autoconfig.a.example CNAME')]);
		for (const name of namesOf('a.example')) activate(bench, name);
		await bench.run(keeper, HOUR_MS);
		expect(await bench.phases(keeper)).toEqual({ 'autoconfig.a.example': 'ready', 'autodiscover.a.example': 'ready' });
		// From then on one look a day at each.
		const before = bench.sent.length;
		await bench.run(keeper, 2 * DAY_MS);
		expect(bench.sent.length - before).toBe(4);
	});

	it('is found when this is switched on afterwards, and again when the names of the service change', async () => {
		const bench = createBench();
		bench.save('a.example', namesOf('a.example'));
		const keeper = bench.start();
		await keeper.listHostnames(ALL);
		await bench.run(keeper, MINUTE_MS);
		expect(created(bench)).toEqual(namesOf('a.example'));
		const reads = bench.reads.length;
		await bench.run(keeper, DAY_MS);
		expect(bench.reads).toHaveLength(reads);
		bench.settings.site = 'signpost.example.net none';
		const restarted = bench.start();
		await restarted.listHostnames(ALL);
		await bench.run(restarted, MINUTE_MS);
		expect(bench.reads.length).toBeGreaterThan(reads);
	});

	it('brings its aliases with it', async () => {
		const bench = createBench();
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		bench.save('b.example', namesOf('b.example'));
		bench.setAlias('b.example', 'a.example');
		// Two aliases of each other serve nothing, and are not looked at for ever.
		bench.setAlias('a.example', 'b.example');
		await keeper.listHostnames(ALL);
		await bench.run(keeper, MINUTE_MS);
		const before = bench.reads.length;
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, MINUTE_MS);
		expect(bench.reads.slice(before).toSorted()).toEqual(['a.example', 'b.example']);
	});

	it('that is saved again while it is looked at is looked at again', async () => {
		const bench = createBench();
		const keeper = bench.start();
		bench.save('a.example', ['autoconfig.a.example']);
		await keeper.recordsChanged(['a.example']);
		bench.afterRead.once = async () => {
			bench.save('a.example', namesOf('a.example'));
			await keeper.recordsChanged(['a.example']);
		};
		await bench.run(keeper, MINUTE_MS);
		expect(created(bench)).toEqual(namesOf('a.example'));
	});

	it('of which nobody can tell what it asks for loses nothing', async () => {
		const bench = createBench();
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, MINUTE_MS);
		bench.spoil('a.example');
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, 10 * DAY_MS);
		expect(created(bench)).toEqual(namesOf('a.example'));
		expect(bench.cloudflare.removed).toEqual([]);
	});

	it('whose keeper does not answer is looked at later', async () => {
		const bench = createBench();
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		bench.keepers.areDown = true;
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, HOUR_MS);
		expect([created(bench), bench.logged.includes('hostnames-owed')]).toEqual([[], true]);
		bench.keepers.areDown = false;
		await bench.run(bench.start(), HOUR_MS);
		expect(created(bench)).toEqual(namesOf('a.example'));
	});
});

describe('a deleted record', () => {
	it('keeps its hostnames for a while, and for good when it is restored by then', async () => {
		const bench = createBench();
		const keeper = bench.start();
		for (const domain of ['a.example', 'b.example']) bench.save(domain, namesOf(domain));
		await keeper.recordsChanged(['a.example', 'b.example']);
		await bench.run(keeper, MINUTE_MS);
		for (const name of created(bench)) activate(bench, name);
		// The list of all records is gone through once a day, and not between the restore and the removal.
		await bench.run(keeper, 5 * HOUR_MS);
		for (const domain of ['a.example', 'b.example']) bench.save(domain, null);
		await keeper.recordsChanged(['a.example', 'b.example']);
		await bench.run(keeper, GRACE - HOUR_MS);
		expect(created(bench)).toHaveLength(4);
		expect((await bench.phases(keeper))['autoconfig.a.example']).toBe('leaving');
		// Nobody tells the keeper of the restore: it looks before it removes.
		bench.save('b.example', namesOf('b.example'));
		await bench.run(keeper, 2 * HOUR_MS);
		expect(created(bench)).toEqual(namesOf('b.example'));
		expect(bench.cloudflare.removed.toSorted()).toEqual(namesOf('a.example'));
	});

	it('that was never served leaves nothing behind', async () => {
		const bench = createBench({ limit: 0 });
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, MINUTE_MS);
		bench.save('a.example', null);
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, MINUTE_MS);
		expect(await bench.phases(keeper)).toEqual({});
	});
});

describe('the limit', () => {
	it('holds against an import and against hostnames of others, and says who waits', async () => {
		const initial = ['shop.other.example', 'autoconfig.c.example'].map((hostname) => ({
			hostname,
			status: 'active',
			certificateStatus: 'active',
		}));
		const bench = createBench({ limit: 5, initial });
		const keeper = bench.start();
		const domains = ['a.example', 'b.example', 'c.example'];
		for (const domain of domains) bench.save(domain, namesOf(domain));
		await keeper.recordsChanged(domains);
		await bench.run(keeper, HOUR_MS);
		const { counts, usage, entries } = await keeper.listHostnames(ALL);
		// One that exists already is taken as it is, limit or not.
		expect(entries.find(({ hostname }) => hostname === 'autoconfig.c.example')?.phase).toBe('ready');
		expect(counts).toEqual({ waiting: 3, ready: 1, 'over-limit': 2 });
		expect(usage).toEqual({ used: 5, included: 100, hardCap: 1000, limit: 5 });
		expect(bench.cloudflare.hostnames).toHaveLength(5);
		// While nothing can be created, that costs one look at the numbers in an hour, and none at each hostname.
		const before = bench.sent.length;
		await bench.run(keeper, 3 * HOUR_MS);
		expect(bench.sent.slice(before).filter(({ url }) => url.endsWith('/quota')).length).toBeLessThanOrEqual(3);
		expect(bench.sent.slice(before).filter(({ url }) => url.includes('?hostname='))).toEqual([]);
		bench.settings.limit = 10;
		await bench.run(bench.start(), 2 * HOUR_MS);
		expect(created(bench)).toEqual([...domains.flatMap(namesOf), 'shop.other.example'].toSorted());
	});

	it.each([1404, 1405])('of Cloudflare (%i) stops creations for an hour, and is shown', async (code) => {
		const bench = createBench({
			through:
				({ transport }) =>
				async (request) =>
					request.method === 'POST'
						? ok({ status: 403, retryAfterSeconds: null, text: JSON.stringify({ errors: [{ code, message: 'No more.' }] }) })
						: transport(request),
		});
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, 50 * MINUTE_MS);
		expect(bench.sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
		expect((await keeper.listHostnames(ALL)).failure).toContain(String(code));
		expect(await bench.phases(keeper)).toEqual({ 'autoconfig.a.example': 'over-limit', 'autodiscover.a.example': 'over-limit' });
		await bench.run(keeper, 20 * MINUTE_MS);
		expect(bench.sent.filter(({ method }) => method === 'POST')).toHaveLength(2);
	});
});

describe('an answer of Cloudflare', () => {
	const states = Object.keys(HOSTNAME_STATES).flatMap((status) =>
		[...Object.keys(CERTIFICATE_STATES), 'of_tomorrow'].map((certificateStatus) => [status, certificateStatus] as const),
	);

	it.each([...states, ['of_tomorrow', 'active'] as const])(
		'%s with a certificate that is %s is understood',
		async (status, certificateStatus) => {
			const bench = createBench({ initial: [{ hostname: 'autoconfig.a.example', status, certificateStatus }] });
			const keeper = bench.start();
			bench.save('a.example', ['autoconfig.a.example']);
			await keeper.recordsChanged(['a.example']);
			await bench.run(keeper, MINUTE_MS);
			const meaning = meaningOf({ status, certificateStatus });
			expect((await bench.phases(keeper))['autoconfig.a.example']).toBe(meaning ?? 'unknown');
			await bench.run(keeper, 2 * HOUR_MS);
			// A check is begun again where it has stuck, and nowhere else.
			expect(bench.cloudflare.rechecked.length > 0).toBe(meaning === 'stuck');
			expect(bench.cloudflare.removed).toEqual([]);
		},
	);

	const refusals = Array.from({ length: 1436 - 1404 + 1 }, (_, at) => 1404 + at).filter((code) => ![1404, 1405, 1406].includes(code));
	it.each(refusals)('with the error %i concerns that hostname alone, is shown, and is not asked for again and again', async (code) => {
		const bench = createBench({
			through:
				({ transport }) =>
				async (request) =>
					request.method === 'POST' && request.body?.includes('autoconfig.') === true
						? ok({ status: 400, retryAfterSeconds: null, text: JSON.stringify({ errors: [{ code, message: 'No.' }] }) })
						: transport(request),
		});
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, 50 * MINUTE_MS);
		expect(created(bench)).toEqual(['autodiscover.a.example']);
		const entry = (await keeper.readDomain('a.example')).entries.find(({ hostname }) => hostname === 'autoconfig.a.example');
		expect(entry).toMatchObject({ phase: 'refused', failure: expect.stringContaining(`(${code})`) });
		expect(bench.sent.filter(({ method }) => method === 'POST')).toHaveLength(2);
	});

	it('that denies the token stops everything for an hour, and says what the token needs', async () => {
		const bench = createBench({
			through: () => async () =>
				ok({ status: 403, retryAfterSeconds: null, text: '{"errors":[{"code":10000,"message":"Authentication error"}]}' }),
		});
		const keeper = bench.start();
		bench.save('a.example', namesOf('a.example'));
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, 50 * MINUTE_MS);
		expect(bench.sent).toHaveLength(1);
		expect((await keeper.listHostnames(ALL)).failure).toContain('SSL and Certificates: Edit');
	});

	it('that says when to come again is obeyed, by everything', async () => {
		const bench = createBench({
			through: () => async () => ok({ status: 429, retryAfterSeconds: 1800, text: '{}' }),
		});
		const keeper = bench.start();
		for (const domain of ['a.example', 'b.example']) bench.save(domain, namesOf(domain));
		await keeper.recordsChanged(['a.example', 'b.example']);
		await bench.run(keeper, 20 * MINUTE_MS);
		await keeper.recheckDomain('a.example');
		await bench.run(bench.start(), 9 * MINUTE_MS);
		expect(bench.sent).toHaveLength(1);
		await bench.run(bench.start(), 2 * MINUTE_MS);
		expect(bench.sent).toHaveLength(2);
	});

	it('is asked for a few times in one go, however many records come at once', async () => {
		const bench = createBench({ limit: 1000 });
		const keeper = bench.start();
		const domains = Array.from({ length: 30 }, (_, at) => `d${at}.example`);
		for (const domain of domains) bench.save(domain, namesOf(domain));
		await keeper.recordsChanged(domains);
		for (let go = 0; go < 60; go++) {
			const before = bench.sent.length;
			await bench.clock.advance(Math.max(0, (bench.database.readAlarm() ?? 0) - bench.clock.now()));
			await keeper.alarm();
			expect(bench.sent.length - before).toBeLessThanOrEqual(11);
		}
		expect(created(bench)).toHaveLength(60);
	});
});

describe('a check that somebody asks for', () => {
	it('is begun at Cloudflare, and once a minute at most', async () => {
		const bench = createBench();
		const keeper = bench.start();
		bench.save('a.example', ['autoconfig.a.example']);
		await keeper.recordsChanged(['a.example']);
		await bench.run(keeper, 20 * MINUTE_MS);
		expect(bench.cloudflare.rechecked).toEqual([]);
		for (let time = 0; time < 5; time++) {
			await keeper.recheckDomain('a.example');
			await bench.run(keeper, 8000);
		}
		expect(bench.cloudflare.rechecked).toEqual(['autoconfig.a.example']);
	});
});

const DOMAINS = ['a.example', 'b.example'] as const;
/** What becomes of a request; the ways that are hard to recover from come up most. */
const anyTrouble: fc.Arbitrary<RequestTrouble> = fc.oneof(
	{ weight: 5, arbitrary: fc.constant('fine' as const) },
	{ weight: 3, arbitrary: fc.constant('lost after' as const) },
	{ weight: 2, arbitrary: fc.constantFrom(...REQUEST_TROUBLES) },
);
const OTHERS = ['shop.other.example', 'www.a.example'];

type Step =
	| { readonly kind: 'save'; readonly domain: string; readonly names: readonly string[] | null; readonly isTold: boolean }
	| { readonly kind: 'alarm'; readonly troubles: readonly RequestTrouble[]; readonly crashAt: number | null }
	| { readonly kind: 'wait'; readonly hours: number }
	| { readonly kind: 'recheck'; readonly domain: string };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
	fc.record({
		kind: fc.constant('save' as const),
		domain: fc.constantFrom(...DOMAINS),
		names: fc.option(fc.subarray(['autoconfig', 'autodiscover', 'mta-sts']), { freq: 2 }),
		isTold: fc.boolean(),
	}),
	fc.record({
		kind: fc.constant('alarm' as const),
		troubles: fc.array(anyTrouble, { maxLength: 12 }),
		crashAt: fc.option(fc.nat(8)),
	}),
	fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(0, 1, 25, 80) }),
	fc.record({ kind: fc.constant('recheck' as const), domain: fc.constantFrom(...DOMAINS) }),
);

describe('whatever happens in whatever order', () => {
	it(
		'no hostname is lost or made twice, none of others is touched, and the limit is not exceeded',
		() =>
			fc.assert(
				fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), fc.integer({ min: 2, max: 9 }), async (steps, limit) => {
					let troubles: readonly RequestTrouble[] = [];
					let crashAt: number | null = null;
					let requests = 0;
					/** Since when each hostname is wanted by no record, in Unix milliseconds. */
					const unwantedSince = new Map<string, number>();
					const bench = createBench({
						limit,
						initial: OTHERS.map((hostname) => ({ hostname, status: 'active', certificateStatus: 'active' })),
						through: (cloudflare) => {
							const guarded: ProviderTransport = async (request) => {
								const answer = await cloudflare.transport(request);
								expect(cloudflare.hostnames.length).toBeLessThanOrEqual(Math.max(limit, OTHERS.length));
								for (const hostname of cloudflare.removed.splice(0)) {
									expect(OTHERS).not.toContain(hostname);
									expect(bench.clock.now() - (unwantedSince.get(hostname) ?? Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(GRACE);
								}
								return answer;
							};
							const troubled = withTroubles({ ...cloudflare, transport: guarded }, () => troubles[requests - 1] ?? 'fine');
							return (request) => {
								requests += 1;
								// The process ends during the request, which is carried out all the same.
								return crashAt === requests ? troubled(request).then(() => new Promise(() => undefined)) : troubled(request);
							};
						},
					});
					const setWanted = (domain: string, names: readonly string[] | null) => {
						const now = bench.clock.now();
						for (const label of ['autoconfig', 'autodiscover', 'mta-sts']) {
							const hostname = `${label}.${domain}`;
							if (names?.includes(label) === true) unwantedSince.delete(hostname);
							else if (!unwantedSince.has(hostname)) unwantedSince.set(hostname, now);
						}
						bench.save(domain, names?.map((label) => `${label}.${domain}`) ?? null);
					};
					for (const domain of DOMAINS)
						for (const label of ['autoconfig', 'autodiscover', 'mta-sts']) unwantedSince.set(`${label}.${domain}`, 0);

					let keeper = bench.start();
					const untold = new Set<string>();
					const tell = async (domains: readonly string[]) => {
						await keeper.recordsChanged(domains);
						for (const domain of domains) untold.delete(domain);
					};
					for (const step of steps) {
						switch (step.kind) {
							case 'save':
								setWanted(step.domain, step.names);
								untold.add(step.domain);
								if (step.isTold) await tell([step.domain]);
								break;
							case 'recheck':
								await keeper.recheckDomain(step.domain);
								break;
							case 'wait':
								await bench.clock.advance(step.hours * HOUR_MS);
								break;
							case 'alarm': {
								[troubles, crashAt, requests] = [step.troubles, step.crashAt, 0];
								await Promise.race([keeper.alarm(), settle().then(settle).then(settle)]);
								if (crashAt !== null) keeper = bench.start();
								[troubles, crashAt, requests] = [[], null, 0];
							}
						}
					}
					// In the end every message arrives, and Cloudflare answers.
					keeper = bench.start();
					await tell([...untold]);
					await bench.run(keeper, 2 * HOUR_MS);
					for (const { hostname } of bench.cloudflare.hostnames) activate(bench, hostname);
					await bench.run(keeper, GRACE + 2 * DAY_MS);
					const wanted = bench.wanted();
					const names = bench.cloudflare.hostnames.map(({ hostname }) => hostname);
					expect(names).toEqual(expect.arrayContaining(OTHERS));
					const ours = names.filter((name) => !OTHERS.includes(name));
					// What is there is wanted; and all that is wanted is there, as far as there is room.
					expect(ours.filter((name) => !wanted.includes(name))).toEqual([]);
					expect(ours).toHaveLength(Math.min(wanted.length, Math.max(0, limit - OTHERS.length)));
					expect(bench.cloudflare.rechecked.filter((name) => OTHERS.includes(name))).toEqual([]);
					const counts = Object.entries(await bench.phases(keeper)).filter(([, phase]) => phase !== 'over-limit');
					expect(counts.map(([hostname]) => hostname).toSorted()).toEqual(ours.toSorted());
					bench.database.close();
				}),
				{ numRuns: 200 },
			),
		60_000,
	);
});
