/** What the list says of a record beside its name: only what needs somebody, so that a list of healthy records stays quiet. No I/O. */
import { daysBetween } from '../../../lib/time.ts';
import type { OperationOutput } from '../api-client.ts';
import type { Status } from '../components/status-badge.tsx';
import { FALLBACK_ENDS_SOON_DAYS } from '../record/record-status.ts';

export type ListedDomain = OperationOutput<'listDomains'>['domains'][number];

/** @param today UTC day, YYYY-MM-DD */
export function listBadges({ state, warnings, fallbackEnds }: ListedDomain, hasDraft: boolean, today: string): readonly Status[] {
	const badges: Status[] = [];
	if (state === 'outside') badges.push({ tone: 'warn', text: 'Only in KV', explanation: 'Put into KV by hand, and never saved here.' });
	if (state === 'deleted') badges.push({ tone: 'plain', text: 'Deleted', explanation: 'You can restore it from its history.' });
	if (state === 'live' && (warnings ?? 0) > 0)
		badges.push({
			tone: 'warn',
			text: warnings === 1 ? '1 warning' : `${warnings} warnings`,
			explanation: 'The record is valid, but some clients may not work as expected.',
		});
	if (state === 'live' && typeof fallbackEnds === 'string') badges.push(...fallbackBadge(fallbackEnds, daysBetween(today, fallbackEnds)));
	if (hasDraft) badges.push({ tone: 'warn', text: 'Unsaved changes', explanation: 'Saved in this browser only.' });
	return badges;
}

function fallbackBadge(until: string, days: number): readonly Status[] {
	if (days > FALLBACK_ENDS_SOON_DAYS) return [];
	const explanation = `STARTTLS is offered until ${until} (UTC).`;
	if (days <= 0) return [{ tone: 'warn', text: 'Fallback ended', explanation }];
	return [{ tone: 'warn', text: `Fallback ends ${days === 1 ? 'tomorrow' : `in ${days} days`}`, explanation }];
}
