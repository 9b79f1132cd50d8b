/** Whether 587 can go: what the counts say, and why. */
import { daysBetween, nextDay } from './stamp.ts';
import type { Tally } from './tally.ts';

export type Verdict =
	/** Nobody has used STARTTLS for long enough. */
	| { readonly answer: 'yes'; readonly quiet: number; readonly lastUsed: string | null }
	/** Nobody lately, but not for long enough yet. */
	| { readonly answer: 'soon'; readonly quiet: number; readonly lastUsed: string | null; readonly needed: number }
	/** Still in use. */
	| { readonly answer: 'no'; readonly lastUsed: string; readonly accounts: number; readonly share: number }
	/** There are submissions, and the log does not say over which port. */
	| { readonly answer: 'cannot-tell'; readonly unknown: number }
	/** There is no submission in the log at all. */
	| { readonly answer: 'no-evidence' };

/** Days without STARTTLS that count as quiet for now rather than as a gap between two uses: a week, since people write weekly at least. */
const LATELY = 7;

/**
 * Judges a tally. A day is quiet when the log covers it and has no submission over STARTTLS in it.
 * @param needed quiet days in a row, up to the log's last day, that make it safe
 */
export function judge(tally: Tally, needed: number): Verdict {
	const { covered, submission, days, accounts } = tally;
	if (covered === null || submission.implicit + submission.starttls + submission.unknown === 0) return { answer: 'no-evidence' };
	// One submission that might have been STARTTLS spoils the proof.
	if (submission.unknown > 0) return { answer: 'cannot-tell', unknown: submission.unknown };
	const lastUsed = days.findLast(({ counts }) => counts.starttls > 0)?.day ?? null;
	const quiet = lastUsed === null ? daysBetween(covered.first, nextDay(covered.last)) : daysBetween(lastUsed, covered.last);
	if (quiet >= needed) return { answer: 'yes', quiet, lastUsed };
	if (lastUsed === null || quiet >= LATELY) return { answer: 'soon', quiet, lastUsed, needed };
	const share = submission.starttls / (submission.starttls + submission.implicit);
	return { answer: 'no', lastUsed, accounts: accounts.length, share };
}
