/** Groups the counted days into the rows of a chart. */

import { addDays, daysBetween } from '../../lib/time.ts';
import { coveredDays, type LogCounts, sumCounts, type TlsModeCounts } from './evidence/log-counts.ts';

/** A row of the chart: one day, or several where there are many days. */
export interface ChartPeriod extends Readonly<TlsModeCounts> {
	/** The first day of the row. */
	readonly from: string;
	/** Whether there is a log of any of its days. */
	readonly logged: boolean;
}

export interface ChartPeriods {
	/** How many days a row covers. */
	readonly daysPerRow: number;
	readonly rows: readonly ChartPeriod[];
	/** The submissions of the row that has the most of them; at least 1. */
	readonly highest: number;
}

/** Groups the days from the first to the last into at most the given number of rows. */
export function groupIntoPeriods(tally: LogCounts, rows: number): ChartPeriods {
	const span = coveredDays(tally);
	if (span === null) return { daysPerRow: 1, rows: [], highest: 1 };
	const total = daysBetween(span.first, span.last) + 1;
	const width = Math.ceil(total / rows);
	const made = Array.from({ length: Math.ceil(total / width) }, (_, at) => ({
		from: addDays(span.first, at * width),
		logged: false,
		implicit: 0,
		starttls: 0,
		unknown: 0,
	}));
	for (const { day, counts } of tally.days) {
		const period = made[Math.floor(daysBetween(span.first, day) / width)];
		if (period === undefined) continue;
		period.logged = true;
		period.implicit += counts.implicit;
		period.starttls += counts.starttls;
		period.unknown += counts.unknown;
	}
	return { daysPerRow: width, rows: made, highest: Math.max(1, ...made.map(sumCounts)) };
}

/** The share of submissions over STARTTLS, such as "12 %"; a minimum where the port of some is unknown; empty where there were none. */
export function renderStarttlsShare(counts: Readonly<TlsModeCounts>): string {
	const all = sumCounts(counts);
	if (all === 0) return '';
	const share = (100 * counts.starttls) / all;
	if (counts.unknown > 0) return share === 0 ? '?' : `≥ ${Math.floor(share)} %`;
	return share > 0 && share < 1 ? '< 1 %' : `${Math.round(share)} %`;
}
