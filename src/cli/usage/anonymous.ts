import type { LogCounts } from './log-counts.ts';
import type { StarttlsUser } from './starttls-users.ts';

/** The same counts without names: a place in the list stands for each. */
export function anonymize(tally: LogCounts): LogCounts {
	const numbered = (word: string, list: readonly StarttlsUser[]) => list.map((entry, at) => ({ ...entry, name: `${word} ${at + 1}` }));
	return { ...tally, accounts: numbered('account', tally.accounts), clients: numbered('address', tally.clients) };
}
