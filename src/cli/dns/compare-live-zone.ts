/** Compares the zone in DNS with what it should contain, for `check` and for `zone --diff`. */
import { compareZone } from '../../dns/compare.ts';
import type { LiveZone } from '../../dns/live-zone.ts';
import { ADDRESS_TYPES } from '../../dns/service-names.ts';
import type { ZoneComparison } from '../../dns/zone-comparison.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import type { Domain, EmailAddress } from '../../model/names.ts';
import { parseEmailAddress } from '../../model/names.ts';
import type { Network } from '../probe/network.ts';
import type { Failure } from '../terminal.ts';
import { findHostAnswers } from './host-answers.ts';
import { readLiveZone } from './read-live-zone.ts';
import type { WantedDns } from './wanted-dns.ts';

export interface ComparedZone {
	readonly comparison: ZoneComparison;
	readonly live: LiveZone;
}

/**
 * @param found the record; its answers are requested from hosts whose addresses do not tell whether they are this service
 * @param prune whether what is not ours is to be removed too
 */
export async function compareLiveZone(
	domain: Domain,
	wanted: WantedDns,
	found: ResolvedRecord,
	network: Network,
	prune: boolean,
	now: number,
): Promise<Result<ComparedZone, Failure>> {
	const { site, expected, promised } = wanted;
	const live = await readLiveZone(network.resolver, domain, site);
	if (!live.ok) return live;
	const situation = { domain, site, expected, promised, live: live.value, prune };
	const first = compareZone({ ...situation, hostAnswers: new Map() });
	const doubtful = first.records
		.filter(({ type, name, state }) => type === 'CNAME' && state !== 'present' && hasAddress(name, live.value))
		.map(({ name }) => name);
	if (doubtful.length === 0) return ok({ comparison: first, live: live.value });
	const hostAnswers = await findHostAnswers(doubtful, found, postmasterOf(domain), network, now);
	return ok({ comparison: compareZone({ ...situation, hostAnswers }), live: live.value });
}

function hasAddress(name: string, live: LiveZone): boolean {
	return ADDRESS_TYPES.some((type) => (live.find(name, type)?.end.length ?? 0) > 0);
}

/** Every mail domain has one (RFC 5321 §4.5.1). */
function postmasterOf(domain: Domain): EmailAddress {
	return parseEmailAddress(`postmaster@${domain}`) ?? { local: 'postmaster', domain, text: `postmaster@${domain}` };
}
