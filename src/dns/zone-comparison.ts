/** What a comparison of a zone takes and what it comes to. */
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
	/** What stands there instead, in presentation form. */
	readonly found: readonly string[];
}

/** One RRset (a name and a type) that must change. */
export interface RrsetChange {
	readonly name: string;
	readonly type: string;
	/** What stays as it is. */
	readonly keep: readonly LiveRecord[];
	readonly remove: readonly LiveRecord[];
	/** What a wildcard answers: to be removed only where the zone has the very same at this name itself, beside which the new cannot stand. */
	readonly removeIfPresent: readonly LiveRecord[];
	readonly add: readonly DnsRecord[];
}

/** Something that could not be looked at or cannot be changed from here, and why. */
export interface ZoneRemark {
	readonly name: string;
	readonly type: string;
	readonly reason: string;
}

export interface ZoneSituation {
	readonly domain: string;
	/** The service's own host; null where it is not known: then any target may be the right one. */
	readonly site: string | null;
	/** What the zone should have now, PACC's overlap among it. */
	readonly expected: readonly ProtocolDnsRecords[];
	/** What revisions that are kept asked for; empty where only a file is known. */
	readonly promised: readonly DnsRecord[];
	readonly live: LiveZone;
	/** Who answers over HTTPS at a host's name, for the names that were requested. */
	readonly hostAnswers: ReadonlyMap<string, HostAnswer>;
	/** Whether what is not ours is to be removed too. */
	readonly prune: boolean;
}

export interface ZoneComparison {
	/** Each record that should be published, and whether DNS has it. */
	readonly records: readonly ZoneLineState[];
	/** In the order of the expected records; what goes altogether comes last. */
	readonly changes: readonly RrsetChange[];
	/** Ours, and to be taken out with nothing in its place: clients still follow it. */
	readonly leftover: readonly LiveRecord[];
	/** At names that this service can own, and not ours: left alone without `prune`. */
	readonly theirs: readonly LiveRecord[];
	/** Changes that cannot be made in this zone at this name. */
	readonly blocked: readonly ZoneRemark[];
	/** What could not be looked at. */
	readonly unlooked: readonly ZoneRemark[];
}

/** What one expected RRset came to. */
export interface RrsetVerdict {
	/** In the order of the wanted records. */
	readonly states: readonly { readonly state: RecordState; readonly found: readonly string[] }[];
	readonly changes: readonly RrsetChange[];
	readonly theirs: readonly LiveRecord[];
	readonly blocked: string | null;
	readonly unlooked: string | null;
	/** Right, but only as long as a wildcard or an alias gives it. */
	readonly borrowed: 'wildcard' | 'alias' | null;
}
