import type { Holdout } from './holdouts.ts';
import type { Tally } from './tally.ts';

/** The same counts without names: a place in the list stands for each. */
export function anonymous(tally: Tally): Tally {
	const numbered = (word: string, list: readonly Holdout[]) => list.map((entry, at) => ({ ...entry, name: `${word} ${at + 1}` }));
	return { ...tally, accounts: numbered('account', tally.accounts), clients: numbered('address', tally.clients) };
}
