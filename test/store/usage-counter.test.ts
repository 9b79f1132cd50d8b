/** The embedded counter: hours, then days, then nothing; and never more kinds than it can show. */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { usageIn } from '../../src/store/objects.ts';
import { HOURLY_DAYS, STEPS, type Tally } from '../../src/store/usage.ts';
import { KINDS } from '../../src/store/usage-counter.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const MIDNIGHT = Date.UTC(2026, 10, 24);
const ALL = { from: 0, to: NOON + 1000 * STEPS.day } as const;
const ok = (count: number): Tally => ({ protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count });
const counter = () => usageIn(env.USAGE);

describe('the counter', () => {
	it('adds up by hour and kind', async () => {
		await counter().add(NOON + 59 * 60_000, [ok(2), { ...ok(1), outcome: 'unknown-domain' }]);
		await counter().add(NOON + 1, [ok(3)]);
		await counter().add(NOON + STEPS.hour, [ok(4)]);
		expect(await counter().read({ ...ALL, step: 'hour' })).toEqual([
			{ at: NOON, ...ok(5) },
			{ at: NOON, ...ok(1), outcome: 'unknown-domain' },
			{ at: NOON + STEPS.hour, ...ok(4) },
		]);
	});

	it('leaves out what is before from, and what is at to', async () => {
		for (const hour of [0, 1, 2, 3]) await counter().add(NOON + hour * STEPS.hour, [ok(hour + 1)]);
		const rows = await counter().read({ from: NOON + STEPS.hour, to: NOON + 3 * STEPS.hour, step: 'hour' });
		expect(rows.map(({ count }) => count)).toEqual([2, 3]);
	});

	it('shows days that are still hours', async () => {
		for (const hour of [-13, 0, 1]) await counter().add(NOON + hour * STEPS.hour, [ok(1)]);
		expect(await counter().read({ ...ALL, step: 'day' })).toEqual([
			{ at: MIDNIGHT - STEPS.day, ...ok(1) },
			{ at: MIDNIGHT, ...ok(2) },
		]);
	});

	it('rolls hours up into days, loses none, and forgets days past their time', async () => {
		await counter().add(NOON, [ok(2)]);
		await counter().add(NOON + STEPS.hour, [ok(3)]);
		const later = MIDNIGHT + (HOURLY_DAYS + 1) * STEPS.day;
		await counter().add(later, [ok(7)]);
		expect(await counter().read({ ...ALL, step: 'hour' })).toEqual([{ at: later, ...ok(7) }]);
		expect(await counter().read({ ...ALL, step: 'day' })).toEqual([
			{ at: MIDNIGHT, ...ok(5) },
			{ at: later, ...ok(7) },
		]);
		const last = MIDNIGHT + (Number(env.USAGE_DAYS) + 1) * STEPS.day;
		await counter().add(last, [ok(1)]);
		expect((await counter().read({ ...ALL, step: 'day' })).map(({ at }) => at)).toEqual([later, last]);
	});

	it('rolls up once, and again after a restart without counting twice', async () => {
		await counter().add(NOON, [ok(2)]);
		const later = NOON + 20 * STEPS.day;
		await counter().add(later, [ok(1)]);
		await evictDurableObject(env.USAGE.get(env.USAGE.idFromName('usage')));
		await counter().add(later, [ok(1)]);
		expect((await counter().read({ ...ALL, step: 'day' })).map(({ count }) => count)).toEqual([2, 2]);
	});

	it('puts together what would be too many kinds', async () => {
		const kinds = Array.from({ length: KINDS + 20 }, (_, at): Tally => ({ ...ok(1), client: `client-${at}` }));
		await counter().add(NOON, kinds);
		await counter().add(NOON, [{ ...ok(1), client: 'client-0' }]);
		const rows = await counter().read({ ...ALL, step: 'hour' });
		expect(rows).toHaveLength(KINDS + 1);
		expect(rows.find(({ client }) => client === 'client-0')?.count).toBe(2);
		expect(rows.find(({ protocol }) => protocol === 'other')).toEqual({
			at: NOON,
			protocol: 'other',
			client: 'other',
			outcome: 'other',
			count: 20,
		});
	});
});
