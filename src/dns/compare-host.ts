/** Judges a name that should lead to this service, by where it leads and not by how its records are written. */
import type { DnsRecord } from '../model/dns-record.ts';
import type { LiveRecord, LiveRrset } from './live-zone.ts';
import { ADDRESS_TYPES, conflictingTypes } from './service-names.ts';
import type { RrsetChange, RrsetVerdict, ZoneSituation } from './zone-comparison.ts';
import { renderRdata } from './zone-file.ts';

type HostSituation = Pick<ZoneSituation, 'live' | 'site' | 'hostAnswers'>;

/**
 * An alias that leads through the service's name, addresses that are the service's, and addresses at which the service answers (behind a
 * provider that flattens or proxies) are all right.
 */
export function compareHost(wanted: DnsRecord, situation: HostSituation): RrsetVerdict {
	const { site, hostAnswers, live } = situation;
	const { name } = wanted;
	const rrsets = ADDRESS_TYPES.map((type) => live.find(name, type));
	const answered = rrsets.filter((rrset) => rrset !== null);
	const own = uniqueRecords(answered.flatMap((rrset) => rrset.own));
	const found = own.map(({ data }) => data);
	const [first] = answered;
	const borrowed = answered.some(({ source }) => source === 'wildcard') ? 'wildcard' : null;
	const verdict = (state: RrsetVerdict['states'][number]['state'], more: Partial<RrsetVerdict> = {}): RrsetVerdict => ({
		states: [{ state, found: state === 'present' ? [] : found }],
		changes: [],
		theirs: [],
		blocked: null,
		unlooked: null,
		borrowed: null,
		...more,
	});
	if (first === undefined) return verdict('unknown', { unlooked: 'DNS did not answer' });
	const answers = hostAnswers.get(name);
	const target = wanted.type === 'CNAME' ? wanted.target : null;
	if (answers === 'ours' || (target !== null && leadsToService(answered, target, live))) return verdict('present', { borrowed });
	if (own.length === 0 && answered.length < rrsets.length) return verdict('unknown', { unlooked: 'DNS did not answer' });
	if (answered.some(({ source }) => source === 'dname'))
		return verdict('missing', { blocked: 'a DNAME above this name gives everything below it to another: change it there' });
	// While the service's own host is not known, a name that leads anywhere may lead to it.
	if (site === null && own.length > 0) return verdict('unknown', { unlooked: 'the service’s own name is not known' });
	const isAlias = own.some(({ type }) => type === 'CNAME');
	if (own.length > 0 && !isAlias && answers === undefined && borrowed === null)
		return verdict('addresses', { unlooked: 'addresses: nobody could look who answers there' });
	const state = own.length === 0 || borrowed !== null ? 'missing' : 'different';
	const obstacle = cnameObstacle(name, situation);
	if (obstacle !== null) return verdict(state, { blocked: obstacle });
	// While the service's own host is not known, there is no record that could be written.
	if (site === null) return verdict(state);
	return verdict(state, { changes: replacementChanges(wanted, own, borrowed !== null) });
}

function leadsToService(rrsets: readonly LiveRrset[], site: string, live: HostSituation['live']): boolean {
	if (rrsets.some(({ path }) => path.includes(site))) return true;
	const addresses = rrsets.flatMap(({ end }) => end);
	const service = ADDRESS_TYPES.flatMap((type) => live.find(site, type)?.end ?? []);
	return addresses.length > 0 && addresses.every(({ type, data }) => service.some((one) => one.type === type && one.data === data));
}

/** The records at the name that stay there, so that no CNAME can be added (RFC 1034 §3.6.2); null where there are none. */
function cnameObstacle(name: string, { live }: HostSituation): string | null {
	const others = conflictingTypes().filter((type) => {
		const rrset = live.find(name, type);
		return rrset !== null && rrset.source === 'itself' && rrset.own.some((record) => record.type === type);
	});
	return others.length === 0 ? null : `${others.join(' and ')} of its own stands at this name, and no CNAME can stand beside it`;
}

function replacementChanges(wanted: DnsRecord, own: readonly LiveRecord[], isWildcard: boolean): readonly RrsetChange[] {
	const { name } = wanted;
	const types = [...new Set(['CNAME', ...own.map(({ type }) => type)])];
	return types.map((type) => {
		const gone = own.filter((record) => record.type === type && record.data !== renderRdata(wanted));
		return {
			name,
			type,
			keep: [],
			remove: isWildcard ? [] : gone,
			removeIfPresent: isWildcard ? gone : [],
			add: type === 'CNAME' ? [wanted] : [],
		};
	});
}

export function uniqueRecords(records: readonly LiveRecord[]): readonly LiveRecord[] {
	return [...new Map(records.map((record) => [`${record.type} ${record.data}`, record])).values()];
}
