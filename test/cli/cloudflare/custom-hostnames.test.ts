/**
 * Custom hostnames against Cloudflare's API in memory, with every state, and with connections that break, refusals and "later" between any
 * two steps: none is lost, none is created twice, and none is removed that is not of a deleted record.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyHostnamePlan } from '../../../src/cli/cloudflare/apply-hostnames.ts';
import { createCustomHostnames } from '../../../src/cli/cloudflare/persistent-hostnames.ts';
import { planHostnames } from '../../../src/cli/cloudflare/plan-hostnames.ts';
import { CERTIFICATE_STATES, HOSTNAME_STATES, meaningOf } from '../../../src/hostnames/hostname-states.ts';
import { CLOUDFLARE_API, type ProviderTransport } from '../../../src/lib/http/provider-request.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import {
	createFakeCustomHostnames,
	type FakeCustomHostnames,
	REQUEST_TROUBLES,
	type RequestTrouble,
	withTroubles,
} from '../../support/fake-custom-hostnames.ts';

const ACCESS = { url: CLOUDFLARE_API, zoneId: '023e105f4ecef8ad9ca31a8372d0c353', token: 'secret' };
const NOW = Date.parse('2026-11-28T12:00:00Z');
const GRACE = 30 * DAY_MS;

/** Domains and the states of their records. */
const WANTED = ['a', 'b', 'c', 'd'].flatMap((label) => [`autoconfig.${label}.example.org`, `autodiscover.${label}.example.org`]);
const DELETED = new Map([
	['old.example.org', NOW - 40 * DAY_MS],
	['recent.example.org', NOW - 5 * DAY_MS],
]);
const OTHERS = ['shop.customer.example.com', 'autoconfig.unknown.example.com', 'www.old.example.org'];
const LEAVING = ['autoconfig.recent.example.org'];
const GONE = ['autoconfig.old.example.org', 'mta-sts.old.example.org'];

/** One run of the command; a run that cannot read changes nothing. */
async function runOnce(transport: ProviderTransport, waited: number[]) {
	const api = createCustomHostnames(ACCESS, transport, async (ms) => {
		waited.push(ms);
	});
	const known = await api.list();
	if (!known.ok) return api;
	const plan = planHostnames({ wanted: new Set(WANTED), deletedAt: DELETED, known: known.value, graceMs: GRACE, now: NOW });
	await applyHostnamePlan(plan, api, () => undefined);
	return api;
}

/** Cloudflare behind a connection with the given failures, one for each request, and none after them. */
function troubled(fake: FakeCustomHostnames, troubles: readonly RequestTrouble[]): ProviderTransport {
	let at = 0;
	return withTroubles(fake, () => troubles[at++] ?? 'fine');
}

const anyState = (hostname: string) =>
	fc.record({
		hostname: fc.constant(hostname),
		status: fc.constantFrom(...Object.keys(HOSTNAME_STATES), 'of_tomorrow'),
		certificateStatus: fc.constantFrom(...Object.keys(CERTIFICATE_STATES), 'of_tomorrow'),
	});

describe('custom hostnames', () => {
	it('whatever breaks wherever: none is lost, made twice, or removed that is not a deleted record’s', () =>
		fc.assert(
			fc.asyncProperty(
				fc.subarray([...WANTED, ...OTHERS, ...LEAVING, ...GONE]).chain((names) => fc.tuple(...names.map(anyState))),
				fc.array(fc.constantFrom(...REQUEST_TROUBLES), { maxLength: 80 }),
				async (initial, troubles) => {
					const fake = createFakeCustomHostnames(initial);
					const transport = troubled(fake, troubles);
					const waited: number[] = [];
					// Runs the command again, as a timer does, after the failures are over.
					for (let run = 0; run < 20; run++) await runOnce(transport, waited);
					const names = fake.hostnames.map(({ hostname }) => hostname);
					expect(new Set(names).size).toBe(names.length);
					expect(names).toEqual(expect.arrayContaining(WANTED));
					expect(new Set(fake.created).size).toBe(fake.created.length);
					for (const { hostname } of initial) if (!GONE.includes(hostname)) expect(names).toContain(hostname);
					// What Cloudflare is removing already is not removed again.
					for (const known of fake.hostnames.filter(({ hostname }) => GONE.includes(hostname))) expect(meaningOf(known)).toBe('going');
					for (const hostname of fake.removed) expect(GONE).toContain(hostname);
					for (const hostname of fake.rechecked) expect(WANTED).toContain(hostname);
				},
			),
			{ numRuns: 200 },
		));

	it('takes a request again when Cloudflare says so, after the time that it says', async () => {
		const fake = createFakeCustomHostnames([]);
		const waited: number[] = [];
		await runOnce(troubled(fake, ['later', 'broken', 'fine', 'later']), waited);
		expect(fake.created).toHaveLength(WANTED.length);
		expect(waited).toEqual([7000, 2000, 7000]);
	});

	it('costs one request for each act, and one for each page', async () => {
		const fake = createFakeCustomHostnames([]);
		const first = await runOnce(fake.transport, []);
		expect(first.requestCount()).toBe(1 + WANTED.length);
		const second = await runOnce(fake.transport, []);
		expect(second.requestCount()).toBe(1);
	});

	it('says that the quota is used up, and does not ask five hundred times', async () => {
		const fake = createFakeCustomHostnames([]);
		fake.hardCap = 0;
		const api = createCustomHostnames(ACCESS, fake.transport, async () => undefined);
		const plan = planHostnames({ wanted: new Set(WANTED), deletedAt: new Map(), known: [], graceMs: GRACE, now: NOW });
		const outcomes = await applyHostnamePlan(plan, api, () => undefined);
		expect(outcomes).toHaveLength(5);
		expect(outcomes[0]?.result).toMatchObject({
			ok: false,
			error: { message: expect.stringContaining('1404'), hint: expect.stringContaining('quota') },
		});
	});

	it('knows every state that the client library has a name for, and takes no other for one of them', () => {
		expect([Object.keys(HOSTNAME_STATES).length, Object.keys(CERTIFICATE_STATES).length]).toEqual([16, 21]);
		const known = { id: '1', hostname: 'autoconfig.a.example.org', errors: [], validationRecords: [] };
		expect(meaningOf({ ...known, status: 'active', certificateStatus: 'active' })).toBe('ready');
		expect(meaningOf({ ...known, status: 'active', certificateStatus: 'of_tomorrow' })).toBeNull();
		expect(meaningOf({ ...known, status: 'toString', certificateStatus: 'active' })).toBeNull();
	});

	it('shows what the customer can publish before the CNAME', async () => {
		const fake = createFakeCustomHostnames([
			{ hostname: 'autoconfig.a.example.org', status: 'pending', certificateStatus: 'pending_validation' },
		]);
		const known = await createCustomHostnames(ACCESS, fake.transport, async () => undefined).list();
		expect(known.ok && known.value[0]?.validationRecords).toEqual([
			'_acme-challenge.autoconfig.a.example.org CNAME autoconfig.a.example.org.0123456789abcdef.dcv.example.net',
		]);
	});
});
