import { describe, expect, it } from 'vitest';
import { axisMaximum, computeUsageChart } from '../../../../src/web/console/pages/usage-series.ts';

describe('the series of the usage chart', () => {
	const usage = {
		from: '2026-11-24T00:00:00.000Z',
		to: '2026-11-24T03:00:00.000Z',
		step: 'hour' as const,
		source: 'counter' as const,
		rows: [
			{ at: '2026-11-24T00:00:00.000Z', protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count: 5 },
			{ at: '2026-11-24T00:00:00.000Z', protocol: 'autoconfig', client: 'other', outcome: 'ok', count: 2 },
			{ at: '2026-11-24T02:00:00.000Z', protocol: 'pacc', client: 'other', outcome: 'not-offered', count: 9 },
			{ at: '2026-11-24T02:00:00.000Z', protocol: 'mta-sts', client: 'other', outcome: 'ok', count: 1 },
		],
	};

	it('have a count for every step, the largest series first', () => {
		const { steps, series, maximum, total } = computeUsageChart(usage, 'protocol', String, 7);
		expect(steps.length).toBe(3);
		expect(series.map(({ name, counts }) => [name, ...counts])).toEqual([
			['pacc', 0, 0, 9],
			['autoconfig', 7, 0, 0],
			['mta-sts', 0, 0, 1],
		]);
		expect([maximum, total]).toEqual([10, 17]);
	});

	it('are added up where there are more than colours', () => {
		expect(computeUsageChart(usage, 'protocol', String, 2).series.map(({ name, total }) => [name, total])).toEqual([
			['pacc', 9],
			['Other', 8],
		]);
	});

	it('count every request once, however they are grouped', () => {
		for (const by of ['protocol', 'client', 'outcome'] as const) expect(computeUsageChart(usage, by, String, 2).total).toBe(17);
		expect(computeUsageChart({ ...usage, rows: [] }, 'client', String, 7)).toMatchObject({ series: [], maximum: 0, total: 0 });
	});

	it.each([
		[0, 1],
		[1, 1],
		[7, 10],
		[11, 20],
		[201, 500],
		[1000, 1000],
	])('%i fits under %i', (highest, top) => expect(axisMaximum(highest)).toBe(top));
});
