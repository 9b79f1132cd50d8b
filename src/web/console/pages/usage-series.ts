/** Arranges usage counts for the chart: one value for each step and series, zero where nothing was counted. No I/O. */

import type { InferOutput } from 'valibot';
import type { UsageView } from '../../../contract/views.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/time.ts';

export type UsageReport = InferOutput<typeof UsageView>;

export type UsageDimension = 'protocol' | 'client' | 'outcome';

export interface UsageSeries {
	readonly name: string;
	/** One count per step, in the order of `steps`. */
	readonly counts: readonly number[];
	readonly total: number;
}

export interface UsageChartData {
	/** When each step begins, as Unix time in milliseconds. */
	readonly steps: readonly number[];
	/** The largest first. The series that do not fit are added up in the last one, `Other`. */
	readonly series: readonly UsageSeries[];
	/** The largest number of requests in one step. */
	readonly maximum: number;
	readonly total: number;
}

const STEP_MS = { hour: HOUR_MS, day: DAY_MS } as const satisfies Record<UsageReport['step'], number>;

/**
 * Groups the counts of a report.
 * @param nameOf the name for people of what was counted
 * @param most the largest number of series, `Other` included
 */
export function computeUsageChart(
	{ from, to, step, rows }: UsageReport,
	by: UsageDimension,
	nameOf: (id: string) => string,
	most: number,
): UsageChartData {
	const [start, end, length] = [Date.parse(from), Date.parse(to), STEP_MS[step]];
	const steps = Array.from({ length: Math.max(0, Math.ceil((end - start) / length)) }, (_, at) => start + at * length);
	const counts = new Map<string, number[]>();
	for (const row of rows) {
		const at = Math.floor((Date.parse(row.at) - start) / length);
		const known = counts.get(row[by]) ?? steps.map(() => 0);
		known[at] = (known[at] ?? 0) + row.count;
		counts.set(row[by], known);
	}
	const all = [...counts]
		.map(([id, each]): UsageSeries => ({ name: nameOf(id), counts: each, total: sum(each) }))
		.toSorted((a, b) => b.total - a.total);
	const series = all.length <= most ? all : [...all.slice(0, most - 1), sumSeries(all.slice(most - 1), steps.length)];
	const sums = steps.map((_, at) => sum(series.map((one) => one.counts[at] ?? 0)));
	return { steps, series, maximum: Math.max(0, ...sums), total: sum(sums) };
}

function sumSeries(rest: readonly UsageSeries[], length: number): UsageSeries {
	const counts = Array.from({ length }, (_, at) => sum(rest.map((one) => one.counts[at] ?? 0)));
	return { name: 'Other', counts, total: sum(counts) };
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

/** The end of an axis that reaches at least `highest`: 1, 2, 5 or 10 times a power of ten. */
export function axisMaximum(highest: number): number {
	const power = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
	return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= highest) ?? highest;
}
