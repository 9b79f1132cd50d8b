/** The input and the result of the comparison of a zone. */

import type { Remark } from '../lib/result.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import type { ProtocolDnsRecords } from './expected.ts';
import type { LiveRecord, LiveZone } from './live-zone.ts';
import type { ZoneLine } from './zone-file.ts';

/** Who answers over HTTPS at a host's name: this service, or another one. */
export type HostAnswer = 'ours' | 'elsewhere';

/**
 * `addresses`: in a CNAME's place there are addresses, and nobody has looked who answers there.
 * `unknown`: DNS did not answer, or it is not known where the record should point.
 */
export type RecordState = 'present' | 'missing' | 'different' | 'addresses' | 'unknown';

export interface ZoneLineState extends ZoneLine {
	readonly state: RecordState;
	/** The records that are there instead, in presentation form. */
	readonly found: readonly string[];
}

/** One RRset (a name and a type) that must change. */
export interface RrsetChange {
	readonly name: string;
	readonly type: string;
	/** The records that stay as they are. */
	readonly keep: readonly LiveRecord[];
	readonly remove: readonly LiveRecord[];
	/**
	 * What a wildcard answers: to be removed only where the zone has the very same at this name itself, beside which the new cannot stand.
	 */
	readonly removeIfPresent: readonly LiveRecord[];
	readonly add: readonly DnsRecord[];
}

export interface ZoneSituation {
	readonly domain: string;
	/** The service's own host; null where it is not known: then any target may be the right one. */
	readonly site: string | null;
	/** The records that the zone should have now, those of PACC's overlap included. */
	readonly expected: readonly ProtocolDnsRecords[];
	/** The records that the kept revisions asked for; empty where the record comes from a file. */
	readonly promised: readonly DnsRecord[];
	readonly live: LiveZone;
	/** Who answers over HTTPS at a host's name, for the names that were requested. */
	readonly hostAnswers: ReadonlyMap<string, HostAnswer>;
	/** Whether records that are not ours are removed too. */
	readonly prune: boolean;
}

export interface ZoneComparison {
	/** Each record that should be published, and whether DNS has it. */
	readonly records: readonly ZoneLineState[];
	/** The changes, in the order of the expected records; RRsets that are removed altogether come last. */
	readonly changes: readonly RrsetChange[];
	/** Records of ours that have to be removed without a replacement, because clients still follow them. */
	readonly leftover: readonly LiveRecord[];
	/** Records of others at names that this service can own; they are left alone without `prune`. */
	readonly theirs: readonly LiveRecord[];
	/** Changes that cannot be made in this zone at this name. */
	readonly blocked: readonly Remark[];
	/** Names and types that could not be looked at. */
	readonly unlooked: readonly Remark[];
}

/** The judgement of one expected RRset. */
export interface RrsetVerdict {
	/** The states, in the order of the wanted records. */
	readonly states: readonly { readonly state: RecordState; readonly found: readonly string[] }[];
	readonly changes: readonly RrsetChange[];
	readonly theirs: readonly LiveRecord[];
	readonly blocked: string | null;
	readonly unlooked: string | null;
	/** Set where the records are right, but only because a wildcard or an alias provides them. */
	readonly borrowed: 'wildcard' | 'alias' | null;
}
