/** How a record stands, in a few words. Pure. */
import type { DomainView } from '../../../contract/views.ts';
import { daysBetween } from '../../../lib/time.ts';
import { parseRecord, type ServiceRecord } from '../../../model/record.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES, socketPorts } from '../../../model/service-ports.ts';
import { parseStoredRecordJson } from '../../../model/stored-record.ts';

export interface RecordStatus {
	readonly code: 'in-sync' | 'propagating' | 'edited-outside' | 'invalid' | 'fallback-ends' | 'deleted' | 'absent' | 'warnings';
	readonly text: string;
	/** What it means, and what to do. */
	readonly explanation: string;
	readonly tone: 'good' | 'plain' | 'warn' | 'bad';
}

/** Days before its end from which a fallback is said to end soon. */
const FALLBACK_ENDS_SOON_DAYS = 30;

/** The most pressing first; never empty. @param today UTC day, YYYY-MM-DD */
export function recordStatuses(
	view: Pick<DomainView, 'state' | 'copy' | 'record' | 'outside' | 'warnings'>,
	today: string,
): readonly RecordStatus[] {
	const found: RecordStatus[] = [];
	if (view.copy === 'edited-outside') found.push(externalEditStatus(view.outside?.text ?? null));
	if (view.copy === 'propagating')
		found.push({
			code: 'propagating',
			text: 'Propagating',
			explanation: 'Saved, and on its way to the copy that clients are answered from: seconds as a rule.',
			tone: 'plain',
		});
	if (view.state === 'deleted')
		found.push({ code: 'deleted', text: 'Deleted', explanation: 'Its history can bring it back.', tone: 'plain' });
	if (view.state === 'absent' && view.copy !== 'edited-outside')
		found.push({ code: 'absent', text: 'Not published', explanation: 'Nobody has saved a record under this name yet.', tone: 'plain' });
	if (view.record !== null) found.push(...fallbackStatuses(view.record, today));
	const others = view.warnings.filter(({ code }) => code !== 'fallback-ended').length;
	if (others > 0)
		found.push({
			code: 'warnings',
			text: others === 1 ? '1 warning' : `${others} warnings`,
			explanation: 'What is allowed and will disappoint somebody.',
			tone: 'warn',
		});
	const settled = view.copy === 'current' && view.state === 'live';
	return settled
		? [...found, { code: 'in-sync', text: 'In sync', explanation: 'Clients are answered from the latest revision.', tone: 'good' }]
		: found;
}

function externalEditStatus(text: string | null): RecordStatus {
	const valid = text === null || isValidStoredRecord(text);
	return valid
		? {
				code: 'edited-outside',
				text: 'Edited outside',
				explanation: 'Somebody changed the copy in KV by hand, and clients get that: adopt it or overwrite it.',
				tone: 'warn',
			}
		: {
				code: 'invalid',
				text: 'Invalid',
				explanation: 'What somebody put into KV by hand is no record: clients get nothing. Overwrite it.',
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
					explanation: `STARTTLS for ${title} ended on ${until}: no client is told of it.`,
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
