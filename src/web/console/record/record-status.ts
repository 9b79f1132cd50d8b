/** The state of a record in a few words, for the badges beside its name. No I/O. */
import type { DomainView } from '../../../contract/views.ts';
import { daysBetween } from '../../../lib/time.ts';
import { parseRecord, type ServiceRecord } from '../../../model/record.ts';
import { isAboutFallbackEnd } from '../../../model/record-attention.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES, socketPorts } from '../../../model/service-ports.ts';
import { parseStoredRecordJson } from '../../../model/stored-record.ts';
import type { Status } from '../components/status-badge.tsx';

export interface RecordStatus extends Status {
	readonly code: 'in-sync' | 'propagating' | 'edited-outside' | 'invalid' | 'fallback-ends' | 'deleted' | 'absent' | 'warnings' | 'broken';
}

/** How many days before its end a fallback is reported to end soon. */
export const FALLBACK_ENDS_SOON_DAYS = 30;

/** Everything there is to say about a record, the most urgent first. Never empty. @param today the UTC day, as YYYY-MM-DD */
export function recordStatuses(
	view: Pick<DomainView, 'state' | 'copy' | 'record' | 'outside' | 'warnings'>,
	today: string,
): readonly RecordStatus[] {
	const statuses: RecordStatus[] = [];
	if (view.copy === 'edited-outside') statuses.push(externalEditStatus(view.outside?.text ?? null));
	if (view.copy === 'propagating')
		statuses.push({
			code: 'propagating',
			text: 'Propagating',
			explanation: 'Saved; clients get the new revision within seconds, as a rule.',
			tone: 'plain',
		});
	if (view.state === 'deleted')
		statuses.push({ code: 'deleted', text: 'Deleted', explanation: 'You can restore it from its history.', tone: 'plain' });
	if (view.state === 'absent' && view.copy !== 'edited-outside')
		statuses.push({ code: 'absent', text: 'Not published', explanation: 'No record has been saved under this name.', tone: 'plain' });
	if (view.record !== null) statuses.push(...fallbackStatuses(view.record, today));
	const warningCount = view.warnings.filter((warning) => !isAboutFallbackEnd(warning)).length;
	if (warningCount > 0)
		statuses.push({
			code: 'warnings',
			text: warningCount === 1 ? '1 warning' : `${warningCount} warnings`,
			explanation: 'The record is valid, but some clients may not work as expected.',
			tone: 'warn',
		});
	const isBroken = view.warnings.some(({ code }) => code === 'alias-target');
	if (isBroken)
		statuses.push({
			code: 'broken',
			text: 'Broken alias',
			explanation: 'The domain that it is an alias of has no record with settings, so clients get nothing.',
			tone: 'bad',
		});
	const isInSync = view.copy === 'current' && view.state === 'live' && !isBroken;
	return isInSync
		? [...statuses, { code: 'in-sync', text: 'In sync', explanation: 'Clients get the latest revision.', tone: 'good' }]
		: statuses;
}

function externalEditStatus(text: string | null): RecordStatus {
	if (text === null)
		return {
			code: 'edited-outside',
			text: 'Missing in KV',
			explanation: 'The record is not in KV, so clients get nothing. Restore it there, or accept that it was deleted.',
			tone: 'bad',
		};
	return isValidStoredRecord(text)
		? {
				code: 'edited-outside',
				text: 'Edited in KV',
				explanation: 'The record in KV was changed by hand and clients get that. Adopt it or overwrite it.',
				tone: 'warn',
			}
		: {
				code: 'invalid',
				text: 'Invalid',
				explanation: 'The value in KV is not a valid record, so clients get nothing. Overwrite it.',
				tone: 'bad',
			};
}

/** Whether a value from KV is a valid record, with the keeper's mark or without. */
function isValidStoredRecord(text: string): boolean {
	const record = parseStoredRecordJson(text);
	return record.ok && parseRecord(record.value).ok;
}

function fallbackStatuses(record: ServiceRecord, today: string): readonly RecordStatus[] {
	if (record.kind === 'alias') return [];
	return SOCKET_SERVICE_ORDER.flatMap((service): readonly RecordStatus[] => {
		const written = record.services[service];
		const until = written === undefined ? null : socketPorts(service, written).until;
		if (until === null) return [];
		const days = daysBetween(today, until);
		const { title } = SOCKET_SERVICES[service];
		if (days > FALLBACK_ENDS_SOON_DAYS) return [];
		if (days <= 0)
			return [
				{
					code: 'fallback-ends',
					text: 'Fallback ended',
					explanation: `STARTTLS for ${title} ended on ${until}; it is no longer offered to clients.`,
					tone: 'warn',
				},
			];
		const when = days === 1 ? 'tomorrow' : `in ${days} days`;
		return [
			{
				code: 'fallback-ends',
				text: `Fallback ends ${when}`,
				explanation: `STARTTLS for ${title} is offered until ${until} (UTC).`,
				tone: 'warn',
			},
		];
	});
}
