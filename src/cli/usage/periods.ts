/** The days of a tally as the rows of a chart. */
import { addDays, daysBetween } from './stamp.ts';
import { type Counts, covered, sum, type Tally } from './tally.ts';

/** One row a day, or one for several where there are many days. */
export interface Period extends Readonly<Counts> {
	/** The day that it begins on. */
	readonly from: string;
	/** Whether there is any log of it. */
	readonly logged: boolean;
}

export interface Periods {
	/** Days in a period. */
	readonly width: number;
	readonly rows: readonly Period[];
	/** Submissions in the period that has the most of them; at least 1. */
	readonly most: number;
}

/** The days from the first to the last, in at most so many rows: each covers as many days as it takes. */
export function periods(tally: Tally, rows: number): Periods {
	const span = covered(tally);
	if (span === null) return { width: 1, rows: [], most: 1 };
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
	return { width, rows: made, most: Math.max(1, ...made.map(sum)) };
}

/** The share of submissions over STARTTLS, as in "12 %"; at the least, where some are not told; nothing where there were no submissions. */
export function percent(counts: Readonly<Counts>): string {
	const all = sum(counts);
	if (all === 0) return '';
	const share = (100 * counts.starttls) / all;
	if (counts.unknown > 0) return share === 0 ? '?' : `≥ ${Math.floor(share)} %`;
	return share > 0 && share < 1 ? '< 1 %' : `${Math.round(share)} %`;
}
