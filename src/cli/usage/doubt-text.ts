/** Describes what is in doubt, for the terminal and the page. */
import type { DoubtReason, LogCounts } from './evidence/log-counts.ts';

const WORDS: Readonly<Record<DoubtReason, (count: number) => string>> = {
	port: (count) => `${count} ${count === 1 ? 'submission does' : 'submissions do'} not say which port`,
	line: (count) => `${count} ${count === 1 ? 'line' : 'lines'} not understood`,
	suppressed: (count) => `messages are missing ${count === 1 ? 'once' : `${count} times`}`,
	filtered: (count) => `${count} ${count === 1 ? 'day' : 'days'} with chosen lines only`,
	shared: (count) => `${count} ${count === 1 ? 'name' : 'names'} under which several servers log`,
};

const DOUBT_REASONS = ['port', 'line', 'suppressed', 'filtered', 'shared'] as const satisfies readonly DoubtReason[];

/** One phrase for each kind of doubt that occurs. */
export function describeDoubts({ doubts }: Pick<LogCounts, 'doubts'>): readonly { readonly reason: DoubtReason; readonly text: string }[] {
	return DOUBT_REASONS.filter((reason) => doubts[reason].count > 0).map((reason) => ({
		reason,
		text: WORDS[reason](doubts[reason].count),
	}));
}
