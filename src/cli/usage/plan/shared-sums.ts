/** Sums that an operator can publish: the shares of 465 and 587 per week, without names, addresses, hosts or exact numbers. */
import { addDays, daysBetween, startOfUtcDay } from '../../../lib/time.ts';
import { addCounts, type LogCounts, type TlsModeCounts, ZERO_COUNTS } from '../evidence/log-counts.ts';

/** A share of fewer submissions could reveal what single persons do. */
const MIN_SUBMISSIONS = 100;

export interface SharedWeek {
	/** The Monday of the week, YYYY-MM-DD. */
	readonly week: string;
	/** Per cent of the submissions, with one decimal. */
	readonly implicit: number;
	readonly starttls: number;
	readonly unknown: number;
	/** The order of magnitude of their number: 100, 1000, … */
	readonly magnitude: number;
}

export interface SharedSums {
	readonly format: 'signpost-usage-shares/1';
	readonly weeks: readonly SharedWeek[];
}

/** The sums of complete weeks with a log of every day and enough submissions to protect single persons. */
export function shareableSums({ days }: Pick<LogCounts, 'days'>): SharedSums {
	const weeks = new Map<string, { counts: Readonly<TlsModeCounts>; days: number }>();
	for (const { day, counts } of days) {
		const week = mondayOf(day);
		const known = weeks.get(week);
		weeks.set(week, { counts: addCounts(known?.counts ?? ZERO_COUNTS, counts), days: (known?.days ?? 0) + 1 });
	}
	const shared = [...weeks].flatMap(([week, { counts, days: logged }]) => {
		const all = counts.implicit + counts.starttls + counts.unknown;
		if (logged < 7 || all < MIN_SUBMISSIONS) return [];
		const share = (count: number) => Math.round((1000 * count) / all) / 10;
		return [
			{
				week,
				implicit: share(counts.implicit),
				starttls: share(counts.starttls),
				unknown: share(counts.unknown),
				magnitude: 10 ** Math.floor(Math.log10(all)),
			},
		];
	});
	return { format: 'signpost-usage-shares/1', weeks: shared };
}

// 1970-01-05 was a Monday.
function mondayOf(day: string): string {
	const since = daysBetween('1970-01-05', day);
	return Number.isNaN(startOfUtcDay(day)) ? day : addDays(day, -(((since % 7) + 7) % 7));
}
