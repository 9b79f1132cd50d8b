/** The names under which records of this service can be in a domain's zone, and the queries that find out what DNS has there. */
import { SERVICE_LABELS } from '../model/service-labels.ts';

/** The types of records that are queried. */
export type QueryType = 'A' | 'AAAA' | 'SRV' | 'TXT' | 'MX' | 'CAA' | 'NS';

export interface DnsQuery {
	/** The absolute name in lower case, without the root's dot. */
	readonly name: string;
	readonly type: QueryType;
}

/** Services in DNS are found at these labels; the types are those that the protocols put there. */
const SERVICE_RECORD_LABELS = {
	'_autodiscover._tcp': ['SRV'],
	'_ua-auto-config': ['TXT'],
	'_mta-sts': ['TXT'],
	'_smtp._tls': ['TXT'],
	'_imaps._tcp': ['SRV'],
	'_imap._tcp': ['SRV'],
	'_pop3s._tcp': ['SRV'],
	'_pop3._tcp': ['SRV'],
	'_submissions._tcp': ['SRV'],
	'_submission._tcp': ['SRV'],
	'_smtps._tcp': ['SRV'],
	'_sieve._tcp': ['SRV'],
	'_caldavs._tcp': ['SRV', 'TXT'],
	'_carddavs._tcp': ['SRV', 'TXT'],
	'_jmap._tcp': ['SRV'],
} as const satisfies Record<string, readonly QueryType[]>;

/** Every name that can hold a record of this service for the domain. The test of the golden zones holds it to what the protocols say. */
export function serviceNames(domain: string): readonly string[] {
	return [...SERVICE_LABELS, ...Object.keys(SERVICE_RECORD_LABELS)].map((label) => `${label}.${domain}`);
}

/** Types that are common at host names and cannot stand beside a CNAME (RFC 1034 §3.6.2), so that none can be added there. */
const CONFLICTING_TYPES = ['TXT', 'MX', 'SRV', 'CAA', 'NS'] as const satisfies readonly QueryType[];

/** The types that are asked for at a name of a host: its addresses, and behind a CNAME, which any question brings up, those it leads to. */
export const ADDRESS_TYPES = ['A', 'AAAA'] as const satisfies readonly QueryType[];

/** What the queries have to find out, and at which names. */
export interface ZoneQueryOptions {
	readonly domain: string;
	/** The service's own host; null where it is not known. */
	readonly site: string | null;
	/** A random label that does not exist in the zone, so that an answer for it comes from a wildcard. */
	readonly randomLabel: string;
	/** Whether to look for what stands in the way of a CNAME too; a comparison without changes to make does not need it. */
	readonly looksForConflicts: boolean;
}

/** The queries whose answers `compareZone` needs: about thirty, and twenty more with those for conflicts. */
export function zoneQueries({ domain, site, randomLabel, looksForConflicts }: ZoneQueryOptions): readonly DnsQuery[] {
	const hostTypes: readonly QueryType[] = looksForConflicts ? [...ADDRESS_TYPES, ...CONFLICTING_TYPES] : ADDRESS_TYPES;
	const hosts = SERVICE_LABELS.flatMap((label) => hostTypes.map((type) => ({ name: `${label}.${domain}`, type })));
	const services = Object.entries(SERVICE_RECORD_LABELS).flatMap(([label, types]) =>
		types.map((type) => ({ name: `${label}.${domain}`, type })),
	);
	const wildcards = [...hosts, ...services].map(({ name, type }) => ({ name: siblingOf(name, randomLabel), type }));
	const sites = site === null ? [] : ADDRESS_TYPES.map((type) => ({ name: site, type }));
	const unique = new Map([...hosts, ...services, ...wildcards, ...sites].map((query) => [`${query.type} ${query.name}`, query]));
	return [...unique.values()];
}

/** The name beside another that begins with the random label: RFC 4592 gives both the same answer where a wildcard covers them. */
export function siblingOf(name: string, randomLabel: string): string {
	return `${randomLabel}.${name.slice(name.indexOf('.') + 1)}`;
}

/** Types of records that make it impossible to add a CNAME at their name. */
export function conflictingTypes(): readonly QueryType[] {
	return CONFLICTING_TYPES;
}
