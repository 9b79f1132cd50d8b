/** Removes names from the evidence, so that it can be shown to others. */
import type { Doubt, LogCounts } from './evidence/log-counts.ts';
import type { StarttlsUser } from './evidence/starttls-users.ts';

/** The same counts, with a number in place of each account, address and host. */
export function anonymize(tally: LogCounts): LogCounts {
	const numbered = (word: string, list: readonly StarttlsUser[]) => list.map((entry, at) => ({ ...entry, name: `${word} ${at + 1}` }));
	const plain = (doubt: Doubt) => ({ ...doubt, lines: doubt.lines.map(anonymizeLine) });
	const { port, line, suppressed, filtered } = tally.doubts;
	return {
		...tally,
		accounts: numbered('account', tally.accounts),
		clients: numbered('address', tally.clients),
		hosts: tally.hosts.map((host, at) => ({ ...host, host: `host ${at + 1}` })),
		doubts: { port: plain(port), line: plain(line), suppressed: plain(suppressed), filtered: plain(filtered) },
	};
}

// What identifies a person: accounts, every text with an @ in it, IP addresses, and host names (before an address in brackets, or in a
// HELO).
const NAMES: readonly (readonly [RegExp, string])[] = [
	[/(sasl_username=|sasl_sender=|authid=|accountName = |login: |user=)[^,;\s]{1,320}/g, '$1ACCOUNT'],
	[/\bA=([\w-]{1,64}):\S{1,320}/g, 'A=$1:ACCOUNT'],
	[/[^\s<>=",:;()]{1,254}@[^\s<>=",:;()]{1,254}/g, 'ACCOUNT'],
	[/(client=|from |relay=)[^\s[\],]{1,255}(?=\s?\[)/g, '$1HOST'],
	[/\b(?:H=|helo=<|host=|hostname=)[^\s>,]{1,255}/g, 'HOST'],
	[/\bH=\([^)]{0,255}\)/g, 'H=(HOST)'],
	[/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, 'ADDRESS'],
	[/\b[\da-f]{1,4}(?::[\da-f]{0,4}){2,7}(?=[\]\s,%]|$)/gi, 'ADDRESS'],
	[/\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b(?!\/)/gi, 'HOST'],
];

// In the forms of syslog the name of the host follows the timestamp.
const HOST_BEHIND_STAMP = /^((?:[A-Z][a-z]{2} [ 0-3]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,32}) )\S{1,255} /;

/** Removes names from a line of a log; times, programs and counts stay. */
export function anonymizeLine(line: string): string {
	const times: string[] = [];
	// Times are replaced first and put back at the end, because they look like the end of an IPv6 address.
	const held = line.replace(HOST_BEHIND_STAMP, '$1HOST ').replace(/\b\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?/g, (time) => {
		times.push(time);
		return `\u0000${times.length - 1}\u0000`;
	});
	const plain = NAMES.reduce((text, [pattern, word]) => text.replace(pattern, word), held);
	return plain
		.split('\u0000')
		.map((part, at) => (at % 2 === 1 ? (times[Number(part)] ?? '') : part))
		.join('');
}
