/** Removes names from the evidence, so that it can be shown to others. */
import { anonymizeLine } from './anonymize-line.ts';
import type { Doubt, LogCounts } from './evidence/log-counts.ts';
import type { StarttlsUser } from './evidence/starttls-users.ts';

/** The same counts, with a number in place of each account, address and host. */
export function anonymize(tally: LogCounts): LogCounts {
	const numbered = (word: string, list: readonly StarttlsUser[]) => list.map((entry, at) => ({ ...entry, name: `${word} ${at + 1}` }));
	const plain = (doubt: Doubt) => ({ ...doubt, lines: doubt.lines.map(anonymizeLine) });
	const { port, line, suppressed, filtered, shared } = tally.doubts;
	return {
		...tally,
		accounts: numbered('account', tally.accounts),
		clients: numbered('address', tally.clients),
		hosts: tally.hosts.map((host, at) => ({ ...host, host: `host ${at + 1}` })),
		doubts: { port: plain(port), line: plain(line), suppressed: plain(suppressed), filtered: plain(filtered), shared: plain(shared) },
	};
}
