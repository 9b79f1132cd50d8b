/** What somebody should do about a domain, the most urgent first. No I/O. */
import type { ConsolePage } from '../../../contract/console-routes.ts';
import type { DnsView, DomainView } from '../../../contract/views.ts';
import { utcDay } from '../../../lib/time.ts';
import { isAboutFallbackEnd } from '../../../model/record-attention.ts';
import type { Status } from '../components/status-badge.tsx';
import { countDnsRecords } from '../dns/dns-counts.ts';
import { recordStatuses } from '../record/record-status.ts';
import { type CheckResult, checkTasks, describeCheckWithoutTasks } from './check-summary.ts';

export interface OverviewTask {
	readonly tone: Status['tone'];
	readonly text: string;
	/** The tab on which it is done, or the card of the check on this one; null where it is done elsewhere. */
	readonly page: ConsolePage | 'check' | null;
	/** What the link to it says. */
	readonly action: string;
}

/** `loading`: DNS was asked and has not answered. `failed`: it could not be asked. `none`: there is nothing to compare. */
export type DnsResult = DnsView | 'loading' | 'failed' | 'none';

/** @param now Unix time in milliseconds */
export function overviewTasks(
	view: DomainView,
	dns: DnsResult,
	check: CheckResult,
	hasServiceHost: boolean,
	hasDraft: boolean,
	now: number,
): readonly OverviewTask[] {
	const tasks: OverviewTask[] = [];
	if (view.copy === 'edited-outside')
		tasks.push({
			tone: 'bad',
			text:
				view.outside?.text === null
					? 'The record is missing in KV: mail apps get no settings. Nothing can be saved until that is settled.'
					: 'The record was changed in KV by hand. Nothing can be saved until that is settled.',
			page: 'record',
			action: 'Settle it',
		});
	else if (view.record === null)
		tasks.push({
			tone: 'plain',
			text:
				view.state === 'deleted'
					? 'The record was deleted: mail apps get no settings.'
					: 'There is no record yet: mail apps get no settings.',
			page: view.state === 'deleted' ? 'history' : 'record',
			action: view.state === 'deleted' ? 'Show the history' : 'Create the record',
		});
	if (hasDraft)
		tasks.push({
			tone: 'warn',
			text: 'Your changes are not saved yet; they are in this browser only.',
			page: 'record',
			action: 'Continue editing',
		});
	if (view.record !== null && !hasServiceHost)
		tasks.push({
			tone: 'warn',
			text: 'The service does not know its own host name, so DNS records cannot name it: set SERVICE_HOST.',
			page: null,
			action: '',
		});
	if (typeof dns === 'object') tasks.push(...dnsTasks(dns));
	const ofCheck = checkTasks(check, now).map((task) => ({ ...task, page: 'check' as const, action: 'Show the check' }));
	tasks.push(...ofCheck.filter(({ tone }) => tone !== 'plain'));
	for (const warning of view.warnings)
		if (!isAboutFallbackEnd(warning)) tasks.push({ tone: 'warn', text: warning.text, page: 'record', action: 'Edit the record' });
	for (const { code, explanation } of recordStatuses(view, utcDay(now)))
		if (code === 'fallback-ends') tasks.push({ tone: 'warn', text: explanation, page: 'record', action: 'Edit the record' });
	tasks.push(...ofCheck.filter(({ tone }) => tone === 'plain'));
	return tasks;
}

function dnsTasks(dns: DnsView): readonly OverviewTask[] {
	const { missing, different, leftover } = countDnsRecords(dns);
	const task = (count: number, tone: Status['tone'], one: string, many: string): readonly OverviewTask[] =>
		count === 0 ? [] : [{ tone, text: count === 1 ? one : many.replace('#', String(count)), page: 'dns', action: 'Show DNS records' }];
	return [
		...task(missing, 'bad', 'One DNS record is missing.', '# DNS records are missing.'),
		...task(different, 'bad', 'One DNS record has another value.', '# DNS records have other values.'),
		...task(leftover, 'warn', 'One DNS record is out of date and can be removed.', '# DNS records are out of date and can be removed.'),
	];
}

/**
 * What is said where no task is known: that nothing is left to do only where all of DNS was compared, and the last check could be read. Of what
 * was not checked it says so.
 */
export function describeNoTasks(dns: DnsResult, check: CheckResult): string {
	if (dns === 'loading') return 'DNS is being checked…';
	if (dns === 'failed') return 'Nothing else is known; DNS could not be checked.';
	if (dns === 'none') return 'Nothing to do. DNS is checked for each domain, not for a wildcard record.';
	const { unchecked } = countDnsRecords(dns);
	if (unchecked === 0 && (check === 'loading' || check === 'failed')) return `Nothing else is known. ${describeCheckWithoutTasks(check)}`;
	const rest = check === 'none' ? '' : ` ${describeCheckWithoutTasks(check)}`;
	return unchecked === 0
		? `Nothing to do: the record is published and so is all of its DNS.${rest}`
		: `Nothing else is known; ${unchecked === 1 ? 'one DNS record' : `${unchecked} DNS records`} could not be checked.`;
}
