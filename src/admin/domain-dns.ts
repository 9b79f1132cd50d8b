/** The DNS records of a domain: those that should be in its zone now, and all that the kept revisions of its record asked for. */
import { expectedRecords, type ProtocolDnsRecords } from '../dns/expected.ts';
import { givenRecords } from '../dns/given-records.ts';
import { domainConfig } from '../dns/impact.ts';
import { ok } from '../lib/result.ts';
import { type DnsRecord, type DnsTarget, UNKNOWN_DNS_TARGET } from '../model/dns-record.ts';
import type { LookupResult } from '../model/lookup.ts';
import { type Domain, type EmailAddress, parseDomain } from '../model/names.ts';
import type { ServiceRecord } from '../model/record.ts';
import { parseRecordKey, recordKey } from '../model/record-key.ts';
import type { RecordName } from '../model/record-name.ts';
import { supersededRecords } from '../store/objects/superseded.ts';
import type { Revision } from '../store/ports/record-history.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import { storedRecord } from './resolved-record.ts';

/** The service to which the DNS records of customers point. */
export function serviceSite({ serviceHost, publishedNames }: AdminDependencies): DnsTarget {
	return { host: serviceHost ?? UNKNOWN_DNS_TARGET.host, names: publishedNames };
}

/** The DNS records that should be in the zone now, including the PACC digests of superseded records. */
export async function readExpectedDns(
	lookup: LookupResult,
	address: EmailAddress,
	latest: Revision | null,
	name: RecordName,
	site: DnsTarget,
	dependencies: AdminDependencies,
): Promise<readonly ProtocolDnsRecords[]> {
	const now = dependencies.now();
	const config = domainConfig(lookup, address, now);
	if (config === null) return [];
	// An alias's target, a wildcard: where clients' answers come from, there are earlier ones too.
	const source = lookup.ok ? parseRecordKey(lookup.value.key) : null;
	const target =
		source === null || source === name
			? null
			: { name: source, latest: (await dependencies.recordHistory(source).readHead(source)).latest };
	const replacedHere = await readSuperseded(latest, name, address.domain, dependencies);
	const replacedThere = target === null ? [] : await readSuperseded(target.latest, target.name, address.domain, dependencies);
	const earlier = [...replacedHere, ...replacedThere].flatMap((old) => domainConfig(old, address, now) ?? []);
	return expectedRecords(config, site, earlier);
}

/** The records that this one replaced, less than the overlap ago. */
async function readSuperseded(
	latest: Revision | null,
	name: RecordName,
	domain: Domain,
	{ recordHistory, paccOverlapMs, now }: AdminDependencies,
): Promise<readonly LookupResult[]> {
	if (latest === null || latest.revision < 2 || latest.at + paccOverlapMs <= now()) return [];
	const keeper = recordHistory(name);
	const { revisions } = await keeper.listRevisions(latest.revision, 4);
	const full = await Promise.all(revisions.map(({ revision }) => keeper.readRevision(revision)));
	const known = [latest, ...full.filter((revision) => revision !== null)];
	return supersededRecords(known, domain, paccOverlapMs, now()).map(({ record }) =>
		ok({ domain, key: recordKey(name), foundUnder: recordKey(name), record }),
	);
}

/** How many former alias targets of a record have their histories read too. */
const MAX_ALIAS_TARGETS = 4;

/**
 * The history of the record itself, of the record that answers in its place (an alias's target, a wildcard), and of what it was once an
 * alias of.
 */
export async function readGivenRecords(
	lookup: LookupResult,
	name: RecordName,
	domain: Domain,
	site: DnsTarget,
	dependencies: AdminDependencies,
): Promise<readonly DnsRecord[]> {
	const own = await readKeptRecords(name, dependencies);
	const targets = own.flatMap((record) => (record.kind === 'alias' ? (parseDomain(record.of) ?? []) : [])).slice(0, MAX_ALIAS_TARGETS);
	const source = lookup.ok ? parseRecordKey(lookup.value.key) : null;
	const others = [...new Set([...targets, ...(source === null ? [] : [source])])].filter((other) => other !== name);
	const theirs = await Promise.all(others.map((other) => readKeptRecords(other, dependencies)));
	const records = [...own, ...theirs.flat()].filter((record) => record.kind === 'domain');
	return givenRecords(records, domain, site, dependencies.now());
}

async function readKeptRecords(name: RecordName, { recordHistory }: AdminDependencies): Promise<readonly ServiceRecord[]> {
	return (await recordHistory(name).readKeptRecords()).flatMap((text) => storedRecord(text) ?? []);
}
