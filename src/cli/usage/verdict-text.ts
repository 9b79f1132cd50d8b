/** The answer in words. */
import type { LogCounts } from './log-counts.ts';
import type { UsageVerdict } from './usage-verdict.ts';

/** The answer to "can I stop offering 587?", in a sentence or two. */
export function renderVerdictSentence(verdict: UsageVerdict, tally: LogCounts): string {
	switch (verdict.answer) {
		case 'yes':
			return verdict.lastUsed === null
				? `587 is not used at all in the ${renderDays(verdict.quiet)} of this log: safe to end it.${renderMissingDays(verdict)}`
				: `587 unused for ${renderDays(verdict.quiet)} (last on ${verdict.lastUsed}): safe to end it.${renderMissingDays(verdict)}`;
		case 'soon':
			return `Not yet: 587 unused for ${renderDays(verdict.quiet)}, of ${verdict.needed} that make it safe. Look again in ${renderDays(verdict.needed - verdict.quiet)}, or give older logs.${renderMissingDays(verdict)}`;
		case 'no': {
			const more = tally.cut.accounts ? 'more than ' : '';
			const who = tally.accounts.length === 1 ? 'one account' : `${more}${tally.accounts.length} accounts`;
			return `No: 587 was last used on ${verdict.lastUsed}. ${capitalized(who)} in this log; ${renderPercent(verdict.share)} of the last week’s submissions.`;
		}
		case 'cannot-tell':
			return `Cannot tell: ${verdict.unknown} submissions do not say which port they came over, the last on ${verdict.last}.`;
		case 'stale':
			return `Cannot tell: this log ends on ${verdict.last}, ${renderDays(verdict.ago)} ago.`;
		case 'no-evidence':
			return 'Cannot tell: there is no submission in this log.';
	}
}

/** Days that are not proved by anything are said so. */
function renderMissingDays({ missing: count }: { readonly missing: number }): string {
	return count === 0 ? '' : ` (The log has nothing of ${renderDays(count)} in between, which ${count === 1 ? 'is' : 'are'} not counted.)`;
}

function renderDays(count: number): string {
	return count === 1 ? 'one day' : `${count} days`;
}

function capitalized(text: string): string {
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function renderPercent(share: number): string {
	return share < 0.001 ? 'less than 0.1 %' : `${(share * 100).toFixed(1)} %`;
}
