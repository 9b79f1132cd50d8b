/** The contract of the usage counter on every platform: it keeps hours, later days, later nothing, and a limited number of kinds. */
import { expect, it } from 'vitest';
import { MAX_KINDS_PER_HOUR, UsageKeeper } from '../../../src/store/objects/usage-keeper.ts';
import { HOURLY_RETENTION_DAYS, type RequestCount, STEP_MS } from '../../../src/store/ports/usage-store.ts';
import type { PlatformUnderTest, RunOnPlatform } from './platform-under-test.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const MIDNIGHT = Date.UTC(2026, 10, 24);
const USAGE_DAYS = 400;
const ALL = { from: 0, to: NOON + 1000 * STEP_MS.day } as const;
const okCount = (count: number): RequestCount => ({ protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count });
const startKeeper = ({ platform }: PlatformUnderTest) => new UsageKeeper(platform, { usageDays: USAGE_DAYS });

export function describeUsageKeeper(run: RunOnPlatform): void {
	it('adds up by hour and kind', () =>
		run(async (world) => {
			const usageStore = startKeeper(world);
			await usageStore.addCounts(NOON + 59 * 60_000, [okCount(2), { ...okCount(1), outcome: 'unknown-domain' }]);
			await usageStore.addCounts(NOON + 1, [okCount(3)]);
			await usageStore.addCounts(NOON + STEP_MS.hour, [okCount(4)]);
			expect(await usageStore.readCounts({ ...ALL, step: 'hour' })).toEqual([
				{ at: NOON, ...okCount(5) },
				{ at: NOON, ...okCount(1), outcome: 'unknown-domain' },
				{ at: NOON + STEP_MS.hour, ...okCount(4) },
			]);
		}));

	it('leaves out what is before from, and what is at to', () =>
		run(async (world) => {
			const usageStore = startKeeper(world);
			for (const hour of [0, 1, 2, 3]) await usageStore.addCounts(NOON + hour * STEP_MS.hour, [okCount(hour + 1)]);
			const rows = await usageStore.readCounts({ from: NOON + STEP_MS.hour, to: NOON + 3 * STEP_MS.hour, step: 'hour' });
			expect(rows.map(({ count }) => count)).toEqual([2, 3]);
		}));

	it('shows days that are still hours', () =>
		run(async (world) => {
			const usageStore = startKeeper(world);
			for (const hour of [-13, 0, 1]) await usageStore.addCounts(NOON + hour * STEP_MS.hour, [okCount(1)]);
			expect(await usageStore.readCounts({ ...ALL, step: 'day' })).toEqual([
				{ at: MIDNIGHT - STEP_MS.day, ...okCount(1) },
				{ at: MIDNIGHT, ...okCount(2) },
			]);
		}));

	it('rolls hours up into days, loses none, and forgets days past their time', () =>
		run(async (world) => {
			const usageStore = startKeeper(world);
			await usageStore.addCounts(NOON, [okCount(2)]);
			await usageStore.addCounts(NOON + STEP_MS.hour, [okCount(3)]);
			const later = MIDNIGHT + (HOURLY_RETENTION_DAYS + 1) * STEP_MS.day;
			await usageStore.addCounts(later, [okCount(7)]);
			expect(await usageStore.readCounts({ ...ALL, step: 'hour' })).toEqual([{ at: later, ...okCount(7) }]);
			expect(await usageStore.readCounts({ ...ALL, step: 'day' })).toEqual([
				{ at: MIDNIGHT, ...okCount(5) },
				{ at: later, ...okCount(7) },
			]);
			const last = MIDNIGHT + (USAGE_DAYS + 1) * STEP_MS.day;
			await usageStore.addCounts(last, [okCount(1)]);
			expect((await usageStore.readCounts({ ...ALL, step: 'day' })).map(({ at }) => at)).toEqual([later, last]);
		}));

	it('rolls up once, and again after a restart without counting twice', () =>
		run(async (world) => {
			const usageStore = startKeeper(world);
			await usageStore.addCounts(NOON, [okCount(2)]);
			const later = NOON + 20 * STEP_MS.day;
			await usageStore.addCounts(later, [okCount(1)]);
			const restarted = startKeeper(world);
			await restarted.addCounts(later, [okCount(1)]);
			expect((await restarted.readCounts({ ...ALL, step: 'day' })).map(({ count }) => count)).toEqual([2, 2]);
		}));

	it('puts together what would be too many kinds', () =>
		run(async (world) => {
			const usageStore = startKeeper(world);
			const kinds = Array.from({ length: MAX_KINDS_PER_HOUR + 20 }, (_, at): RequestCount => ({ ...okCount(1), client: `client-${at}` }));
			await usageStore.addCounts(NOON, kinds);
			await usageStore.addCounts(NOON, [{ ...okCount(1), client: 'client-0' }]);
			const rows = await usageStore.readCounts({ ...ALL, step: 'hour' });
			expect(rows).toHaveLength(MAX_KINDS_PER_HOUR + 1);
			expect(rows.find(({ client }) => client === 'client-0')?.count).toBe(2);
			expect(rows.find(({ protocol }) => protocol === 'other')).toEqual({
				at: NOON,
				protocol: 'other',
				client: 'other',
				outcome: 'other',
				count: 20,
			});
		}));
}
