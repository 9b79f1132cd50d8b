/** The interface through which a zone is published: to a name server that accepts updates (RFC 2136), or through a provider's API. */
import type { Result } from '../../lib/result.ts';
import type { LiveRecord } from '../live-zone.ts';
import type { RrsetChange } from '../zone-comparison.ts';

/**
 * Why a zone could not be read or changed. `isUnknown`: the request was sent and its answer was lost, so that the change may have been made
 * or not; the next comparison tells.
 */
export interface ZoneEditFailure {
	readonly message: string;
	readonly hint?: string | undefined;
	readonly isUnknown: boolean;
}

export interface KeptZone {
	readonly records: readonly LiveRecord[];
	/** Names at which DNS answers with something else than what is kept: proxied names, records that are worked out for each answer. */
	readonly opaqueNames: ReadonlySet<string>;
}

export interface ZoneEditor {
	/** The zone's name, absolute, without the root's dot. */
	readonly zone: string;
	/** Seconds for which resolvers remember that a name is not there (RFC 2308 §5). */
	readonly negativeTtl: number;
	/** Reads the zone as the provider has it now; null where it is to be read by DNS queries instead. */
	readZone(): Promise<Result<KeptZone | null, ZoneEditFailure>>;
	/** Makes all of the changes or none, and none where an RRset is no longer what the changes were made from. */
	applyChanges(changes: readonly RrsetChange[]): Promise<Result<null, ZoneEditFailure>>;
}

/** The names that can be the zone of a domain, the longest first: `a.example.org`, `example.org`, `org`. */
export function zoneCandidates(domain: string): readonly string[] {
	const labels = domain.split('.');
	return labels.map((_, at) => labels.slice(at).join('.'));
}

/** The failure of a request that got no answer. */
export function lostAnswer(provider: string, reason: string, isUnknown: boolean): ZoneEditFailure {
	return { message: `${provider} does not answer: ${reason}`, isUnknown };
}
