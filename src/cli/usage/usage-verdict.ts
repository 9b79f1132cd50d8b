/** Whether 587 can go: what the counts say, and why. */

import { daysBetween } from '../../lib/time.ts';
import { coveredDays, type LogCounts, sumCounts } from './log-counts.ts';

export type UsageVerdict =
	/** Nobody has used STARTTLS for long enough. */
	| { readonly answer: 'yes'; readonly quiet: number; readonly lastUsed: string | null; readonly missing: number }
	/** Nobody lately, but not for long enough yet. */
	| { readonly answer: 'soon'; readonly quiet: number; readonly lastUsed: string | null; readonly missing: number; readonly needed: number }
	/** Still in use; `share` is that of the last week's submissions. */
	| { readonly answer: 'no'; readonly lastUsed: string; readonly share: number }
	/** There are submissions, and the log does not say over which port. */
	| { readonly answer: 'cannot-tell'; readonly unknown: number; readonly last: string }
	/** The log ends too long ago to say anything of today. */
	| { readonly answer: 'stale'; readonly last: string; readonly ago: number }
	/** There is no submission in the log at all. */
	| { readonly answer: 'no-evidence' };

/** Days without STARTTLS that count as quiet for now rather than as a gap between two uses: a week, since people write weekly at least. */
const RECENT_DAYS = 7;

/**
 * Judges a tally. A day is quiet when the log has it and has no submission in it that was or may have been STARTTLS; days of which there is
 * no log prove nothing and are not counted.
 * @param needed quiet days, up to the log's last day, that make it safe
 * @param today YYYY-MM-DD
 */
export function judgeUsage(tally: LogCounts, needed: number, today: string): UsageVerdict {
	const { submission, days } = tally;
	const span = coveredDays(tally);
	if (span === null || sumCounts(submission) === 0) return { answer: 'no-evidence' };
	const ago = daysBetween(span.last, today);
	if (ago > RECENT_DAYS) return { answer: 'stale', last: span.last, ago };
	const lastUsed = days.findLast(({ counts }) => counts.starttls > 0)?.day ?? null;
	// A submission that may have been STARTTLS spoils the proof as much as one that was; an old one spoils it no longer.
	const doubtful = days.findLastIndex(({ counts }) => counts.starttls + counts.unknown > 0);
	const quiet = days.length - 1 - doubtful;
	const from = days[doubtful]?.day;
	const missing = (from === undefined ? daysBetween(span.first, span.last) + 1 : daysBetween(from, span.last)) - quiet;
	if (quiet >= needed) return { answer: 'yes', quiet, lastUsed, missing };
	const week = days.filter(({ day }) => daysBetween(day, span.last) < RECENT_DAYS).map(({ counts }) => counts);
	const used = week.reduce((count, { starttls }) => count + starttls, 0);
	if (lastUsed !== null && used > 0)
		return { answer: 'no', lastUsed, share: used / week.reduce((count, each) => count + sumCounts(each), 0) };
	const untold = days.findLast(({ counts }) => counts.unknown > 0)?.day;
	if (untold !== undefined && daysBetween(untold, span.last) < RECENT_DAYS)
		return { answer: 'cannot-tell', unknown: submission.unknown, last: untold };
	return { answer: 'soon', quiet, lastUsed, missing, needed };
}
