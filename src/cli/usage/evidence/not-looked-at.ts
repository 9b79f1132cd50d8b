/** What this log, or any log, cannot show. It is printed below every verdict that 587 may end. */
import type { HostEvidence, LogCounts } from './log-counts.ts';

/** How many hosts are named; the others are counted. */
const MAX_HOSTS_NAMED = 10;

/**
 * @param hosts those that the verdict is about
 * @param quiet days that it rests on
 * @param missing days in between of which there is no log
 */
export function notLookedAt(
	tally: LogCounts,
	hosts: readonly HostEvidence[],
	{ quiet, missing }: { readonly quiet: number; readonly missing: number },
): readonly [string, ...string[]] {
	const others = tally.hosts.filter((host) => !hosts.includes(host));
	const { notRead } = tally.servers;
	return [
		`Other hosts: this is about ${namesOf(hosts)} alone. If another host takes submissions, give its log too.`,
		'Services whose lines go elsewhere, such as to a log file or a syslog facility of their own (syslog_facility in master.cf).',
		...(others.length === 0 ? [] : [`Of ${namesOf(others)} there is a log, and no submission in it.`]),
		...(hosts.every(({ host }) => host !== '')
			? []
			: [
					'Logs that do not name their host, such as Exim’s and Dovecot’s own files, count as those of one host. If they are of several, judge each host by itself.',
				]),
		...(notRead.length === 0 ? [] : [`${notRead.join(', ')}: recognised in this log, and not read.`]),
		...(missing === 0 ? [] : [`${missing} days in between, of which this log has nothing that would show 587.`]),
		...(tally.tlsOnly ? ['Logins without TLS: --tls-only says that this server takes none.'] : []),
		...(tally.elsewhere === 0 ? [] : [`${tally.elsewhere} submissions over port 25 or another that is neither 465 nor 587.`]),
		...(tally.areYearsGuessed
			? ['The year: timestamps without one are taken to be of the last twelve months before the file was changed.']
			: []),
		'Logins that failed, and mail that was refused without a login: a device that never gets through is not seen.',
		`Whoever sends less often than once in ${quiet} days.`,
	];
}

function namesOf(hosts: readonly HostEvidence[]): string {
	const names = hosts.slice(0, MAX_HOSTS_NAMED).map(({ host }) => (host === '' ? 'a host that is not named' : host));
	return names.join(', ') + (hosts.length > MAX_HOSTS_NAMED ? ` and ${hosts.length - MAX_HOSTS_NAMED} more` : '');
}
