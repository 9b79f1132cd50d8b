/** Usage numbers from the embedded counter and from Analytics Engine. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAnalyticsUsageReader, parseAnalyticsAccount } from '../../../src/admin/analytics-engine.ts';
import { usageStub } from '../../../src/worker/stubs.ts';
import { callApi } from '../admin-client.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const OK = { protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count: 3 };
const ACCOUNT = '0123456789abcdef0123456789abcdef';

afterEach(() => vi.restoreAllMocks());

describe('from the counter', () => {
	it('hours between two times, whole ones', async () => {
		for (const hour of [-1, 0, 1, 2]) await usageStub(env.USAGE).addCounts(NOON + hour * HOUR, [OK]);
		const { status, body } = await callApi('GET', '/usage?from=2026-11-24T12:30:00Z&to=2026-11-24T13:30Z');
		expect(status).toBe(200);
		expect(body).toEqual({
			from: '2026-11-24T12:00:00.000Z',
			to: '2026-11-24T14:00:00.000Z',
			step: 'hour',
			rows: [
				{ at: '2026-11-24T12:00:00.000Z', ...OK },
				{ at: '2026-11-24T13:00:00.000Z', ...OK },
			],
			source: 'counter',
		});
	});

	it('days', async () => {
		for (const hour of [0, 1, 24]) await usageStub(env.USAGE).addCounts(NOON + hour * HOUR, [OK]);
		const { body } = await callApi('GET', '/usage?from=2026-11-20&to=2026-11-26&step=day');
		expect(body).toMatchObject({
			from: '2026-11-20T00:00:00.000Z',
			rows: [
				{ at: '2026-11-24T00:00:00.000Z', count: 6 },
				{ at: '2026-11-25T00:00:00.000Z', count: 3 },
			],
		});
	});

	it.each([
		['hour', 24 * HOUR],
		['day', 30 * 24 * HOUR],
	] as const)('the latest by %s when nothing is said, the one under way included', async (step, span) => {
		const now = Date.now();
		await usageStub(env.USAGE).addCounts(now, [OK]);
		const { from, to, rows } = JSON.parse((await callApi('GET', `/usage?step=${step}`)).text);
		expect([Date.parse(to) - Date.parse(from), Date.parse(to) > now, rows.length]).toEqual([span, true, 1]);
	});

	it.each([
		['from=yesterday', 'no time'],
		['from=2026-13-01', 'no month'],
		['from=2026-11-24T12:00:00', 'no zone: whose noon?'],
		['to=1764000000', 'a number could be seconds or milliseconds'],
		['step=minute', 'not kept'],
		['from=2026-11-24&to=2026-11-24', 'nothing between'],
		['from=2026-11-25&to=2026-11-24', 'backwards'],
		['from=2026-01-01&to=2026-11-24', 'thousands of hours'],
	])('refuses %s: %s', async (query) => {
		const { status, body } = await callApi('GET', `/usage?${query}`);
		expect([status, body.errors.length]).toEqual([422, 1]);
	});
});

describe('from Analytics Engine', () => {
	const usage = () => {
		const account = parseAnalyticsAccount(ACCOUNT, 'signpost_requests', 'secret');
		if (account === null) throw new Error('a good account was refused');
		return createAnalyticsUsageReader(account);
	};
	const query = { from: NOON, to: NOON + HOUR, step: 'hour' } as const;

	it('asks for weighted sums, and reads 64-bit numbers as they come', async () => {
		const asked: Request[] = [];
		vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
			asked.push(new Request(input, init));
			const { count: _, ...kind } = OK;
			return Response.json({ meta: [], data: [{ seconds: NOON / 1000, ...kind, requests: '3' }], rows: 1 });
		});
		expect(await usage().read(query)).toEqual({ ok: true, value: [{ at: NOON, ...OK }] });
		const [sent] = asked;
		expect(sent?.url).toBe(`https://api.cloudflare.com/client/v4/accounts/${ACCOUNT}/analytics_engine/sql`);
		expect([sent?.method, sent?.headers.get('Authorization')]).toEqual(['POST', 'Bearer secret']);
		const sql = await sent?.text();
		expect(sql).toContain('SUM(_sample_interval) AS requests');
		expect(sql).toContain('FROM signpost_requests');
		expect(sql).toContain(`timestamp >= toDateTime(${NOON / 1000}) AND timestamp < toDateTime(${(NOON + HOUR) / 1000})`);
	});

	it.each([
		['a refusal', () => Response.json({ errors: [] }, { status: 403 })],
		['another shape', () => Response.json({ data: [{ seconds: 'x' }] })],
		['no JSON', () => new Response('<html>')],
		[
			'an outage',
			() => {
				throw new Error('no route');
			},
		],
	])('%s is an answer too', async (_, response) => {
		const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		vi.spyOn(globalThis, 'fetch').mockImplementation(async () => response());
		expect(await usage().read(query)).toEqual({ ok: false, error: 'unreachable' });
		expect(errors.mock.calls.join()).not.toContain('secret');
	});

	it.each([
		['', 'signpost_requests', 'secret', 'no account'],
		['../zones', 'signpost_requests', 'secret', 'a path'],
		[ACCOUNT, 'x; DROP', 'secret', 'more than a name'],
		[ACCOUNT, 'signpost_requests', '', 'an empty token'],
		[ACCOUNT, 'signpost_requests', null, 'no token'],
	])('is not asked with %j %j %j: %s', (account, dataset, token, _why) => {
		expect(parseAnalyticsAccount(account, dataset, token)).toBeNull();
	});
});
