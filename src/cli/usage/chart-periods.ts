/** The days of a tally as the rows of a chart. */

import { addDays, daysBetween } from '../../lib/time.ts';
import { coveredDays, type LogCounts, sumCounts, type TlsModeCounts } from './evidence/log-counts.ts';

/** One row a day, or one for several where there are many days. */
export interface ChartPeriod extends Readonly<TlsModeCounts> {
	/** The day that it begins on. */
	readonly from: string;
	/** Whether there is any log of it. */
	readonly logged: boolean;
}

export interface ChartPeriods {
	/** Days in a period. */
	readonly daysPerRow: number;
	readonly rows: readonly ChartPeriod[];
	/** Submissions in the period that has the most of them; at least 1. */
	readonly highest: number;
}

/** The days from the first to the last, in at most so many rows: each covers as many days as it takes. */
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

/** The share of submissions over STARTTLS, as in "12 %"; at the least, where some are not told; nothing where there were no submissions. */
export function renderStarttlsShare(counts: Readonly<TlsModeCounts>): string {
	const all = sumCounts(counts);
	if (all === 0) return '';
	const share = (100 * counts.starttls) / all;
	if (counts.unknown > 0) return share === 0 ? '?' : `≥ ${Math.floor(share)} %`;
	return share > 0 && share < 1 ? '< 1 %' : `${Math.round(share)} %`;
}
