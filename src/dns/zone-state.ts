/** Each record that should be published, and what DNS has in its place. Pure: what DNS says now is given. */

import type { DnsRecord } from '../model/dns-record.ts';
import { compareZone, isFlattenedCname, type LiveRecord, type RrsetChange } from './compare.ts';
import type { ProtocolDnsRecords } from './expected.ts';
import { toZoneLine, type ZoneLine } from './zone-file.ts';

/**
 * `addresses`: in a CNAME's place there are addresses, as providers that flatten make of one; only HTTP can tell where they lead.
 * `unknown`: DNS did not answer, or it is not known where the record should point.
 */
export type RecordState = 'present' | 'missing' | 'different' | 'addresses' | 'unknown';

export interface ZoneLineState extends ZoneLine {
	readonly state: RecordState;
	/** What stands there instead, in presentation form. */
	readonly found: readonly string[];
}

export interface ZoneState {
	readonly records: readonly ZoneLineState[];
	/** What stands at names of this service and is not expected: it leads clients astray. */
	readonly leftover: readonly LiveRecord[];
}

/** What DNS has at the owned names and at the expected ones. */
export interface LiveZone {
	readonly live: readonly LiveRecord[];
	/** Names of which not every question was answered. */
	readonly unanswered: ReadonlySet<string>;
}

/** @param siteKnown whether it is known under which name the service is reached: otherwise any target may be the right one */
export function zoneState(groups: readonly ProtocolDnsRecords[], { live, unanswered }: LiveZone, siteKnown: boolean): ZoneState {
	const expected = groups.flatMap(({ records }) => records);
	const changes = compareZone(expected, live);
	const isWanted = ({ name, type }: RrsetChange) => expected.some((record) => record.name === name && record.type === type);
	return {
		records: groups.flatMap(({ protocol, records }) =>
			records.map((record) => {
				const change = changes.find(({ name, type }) => name === record.name && type === record.type);
				const line = toZoneLine(protocol, record);
				if (change?.add.includes(record) !== true) return { ...line, state: 'present', found: [] };
				const found = foundInstead(change, expected, live);
				return { ...line, state: recordState(record, change, found, siteKnown, unanswered), found };
			}),
		),
		leftover: changes.filter((change) => !isWanted(change) && !isFlattenedCname(change, expected, live)).flatMap(({ remove }) => remove),
	};
}

function foundInstead(change: RrsetChange, expected: readonly DnsRecord[], live: readonly LiveRecord[]): readonly string[] {
	const found = isFlattenedCname(change, expected, live) ? live.filter(({ name }) => name === change.name) : change.remove;
	return found.map(({ data }) => data);
}

function recordState(
	{ name, type }: DnsRecord,
	{ remove }: RrsetChange,
	found: readonly string[],
	siteKnown: boolean,
	unanswered: ReadonlySet<string>,
): RecordState {
	if (found.length === 0) return unanswered.has(name) ? 'unknown' : 'missing';
	// Outlook's SRV points at the service too.
	if (!siteKnown && (type === 'CNAME' || name.startsWith('_autodiscover.'))) return 'unknown';
	return remove.length > 0 ? 'different' : 'addresses';
}
