/** Writes the verdict as sentences. */
import { sanitizeText } from '../terminal.ts';
import type { LogCounts } from './evidence/log-counts.ts';
import type { UsageVerdict } from './evidence/usage-verdict.ts';

/** The answer to "can I stop offering 587?", in a sentence or two. */
export function renderVerdictSentence(verdict: UsageVerdict, tally: LogCounts): string {
	switch (verdict.answer) {
		case 'yes':
			return verdict.lastUsed === null
				? `587 is not used at all in the ${renderDays(verdict.quiet)} of this log: safe to end it.${renderMissingDays(verdict)}`
				: `587 unused for ${renderDays(verdict.quiet)} (last on ${verdict.lastUsed}): safe to end it.${renderMissingDays(verdict)}`;
		case 'soon':
			return `Not yet: 587 unused for ${renderDays(verdict.quiet)}, of ${verdict.needed} that make it safe. Look again in ${renderDays(verdict.needed - verdict.quiet)}, or give older logs.${renderMissingDays(verdict)}`;
		case 'no':
			return `No: 587 was last used on ${verdict.lastUsed}. ${capitalized(renderWho(tally))} in this log; ${renderPercent(verdict.share)} of the last week’s submissions.`;
		case 'cannot-tell':
			return `Cannot tell: ${renderDoubt(verdict, tally)}`;
		case 'stale':
			return !('host' in verdict)
				? `Cannot tell: this log ends on ${verdict.last}, ${renderDays(verdict.ago)} ago.`
				: `Cannot tell: the log of ${verdict.server === null ? '' : `${verdict.server} on `}${renderHost(verdict.host)} ends on ${verdict.last}, ${renderDays(verdict.ago)} ago, and it takes submissions too.`;
		case 'no-evidence':
			return 'Cannot tell: there is no submission in this log.';
	}
}

function renderDoubt(
	{ unknown, last, reason, host }: UsageVerdict & { readonly answer: 'cannot-tell' },
	{ doubts, hosts, servers }: LogCounts,
): string {
	const where = hosts.length > 1 ? ` on ${renderHost(host)}` : '';
	switch (reason) {
		case 'port': {
			const names = hosts.find((each) => each.host === host)?.services ?? [];
			const seen =
				names.length === 0
					? ''
					: ` The services seen there: ${names
							.slice(0, 6)
							.map((name) => sanitizeText(name, 60))
							.join(', ')}.`;
			return unknown > 0
				? `${unknown} submissions do not say which port they came over, the last on ${last}${where}.${seen}`
				: `mail without a login came over services that do not say which port it is, the last on ${last}${where}: other servers’ mail over 25, or machines’ over 587. If this host takes no submissions, leave its log out.${seen}`;
		}
		case 'line':
			return `${doubts.line.count} lines could be submissions and are not understood, the last on ${last}${where}.${servers.notRead.length === 0 ? '' : ` Recognised in this log, and not read: ${servers.notRead.join(', ')}.`}`;
		case 'suppressed':
			return `the log says that messages are missing from it, the last time on ${last}${where}.`;
		case 'shared':
			return `several servers log under one name, ${renderHost(host)}, or the same log is given in two forms that differ: what one of them shows says nothing of the others.`;
		case 'filtered':
			return `this log has lines of chosen services only${where}: a service of 587 under another name would not be seen.`;
	}
}

/** Names the accounts that used 587, or the machines that sent without a login where there are no accounts. */
function renderWho({ accounts, clients, cut }: LogCounts): string {
	const [list, one, many] = accounts.length > 0 ? [accounts, 'one account', 'accounts'] : [clients, 'one address', 'addresses'];
	return list.length === 1 ? one : `${cut.accounts ? 'more than ' : ''}${list.length} ${many}`;
}

/** Says how many days are without any evidence. */
function renderMissingDays({ missing: count }: { readonly missing: number }): string {
	return count === 0 ? '' : ` (The log has nothing of ${renderDays(count)} in between, which ${count === 1 ? 'is' : 'are'} not counted.)`;
}

function renderHost(host: string): string {
	return host === '' ? 'a host that is not named' : sanitizeText(host, 60);
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
