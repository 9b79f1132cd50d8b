import { describe, expect, it } from 'vitest';
import { parseRecord, type ServiceRecord } from '../../../../src/model/record.ts';
import { recordWarnings } from '../../../../src/model/warnings.ts';
import { type RecordStatus, recordStatuses } from '../../../../src/web/console/record/record-status.ts';

describe('the states of a record', () => {
	const TODAY = '2026-11-24';
	const live = (starttls: unknown = undefined) => {
		const submission = { host: 'smtp.example.org', ...(starttls === undefined ? {} : { starttls }) };
		const parsed = parseRecord({ kind: 'domain', provider: { name: 'E' }, services: { imap: { host: 'imap.example.org' }, submission } });
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
		return view(parsed.value);
	};
	const view = (record: ServiceRecord | null, more: object = {}) => ({
		state: record === null ? ('deleted' as const) : ('live' as const),
		copy: 'current' as const,
		outside: null,
		warnings: record === null ? [] : recordWarnings(record, TODAY),
		record,
		...more,
	});
	const codes: readonly (readonly [string, Parameters<typeof recordStatuses>[0], readonly RecordStatus['code'][]])[] = [
		['published', live(), ['in-sync']],
		['a fallback that ends in a month', live({ port: 587, until: '2026-12-24' }), ['fallback-ends', 'in-sync']],
		['a fallback that ends in two', live({ port: 587, until: '2027-01-24' }), ['in-sync']],
		['a fallback that has ended', live({ port: 587, until: '2026-11-24' }), ['fallback-ends', 'in-sync']],
		['a warning', live(588), ['warnings', 'in-sync']],
		['just saved', { ...live(), copy: 'propagating' }, ['propagating']],
		['deleted', view(null), ['deleted']],
		['never saved', view(null, { state: 'absent' }), ['absent']],
		[
			'another record by hand',
			view(null, { state: 'absent', copy: 'edited-outside', outside: { text: '{"kind":"alias","of":"example.com"}' } }),
			['edited-outside'],
		],
		[
			'a value with the service’s own fields, by hand',
			{
				...live(),
				copy: 'edited-outside',
				outside: { text: '{"checked":1,"revision":9,"record":{"kind":"alias","of":"example.com"}}' },
			},
			['edited-outside'],
		],
		['nonsense by hand', { ...live(), copy: 'edited-outside', outside: { text: '{"kind":' } }, ['invalid']],
		['deleted by hand', { ...live(), copy: 'edited-outside', outside: { text: null } }, ['edited-outside']],
	];
	it('says that a record is missing in KV, and not that it was edited', () => {
		const [missing] = recordStatuses({ ...live(), copy: 'edited-outside', outside: { text: null } }, TODAY);
		expect(missing).toMatchObject({ text: 'Missing in KV', tone: 'bad' });
	});
	it.each(codes)('%s', (_, shown, expected) => expect(recordStatuses(shown, TODAY).map(({ code }) => code)).toEqual(expected));
});
