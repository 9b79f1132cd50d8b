/** The DNS records of a domain: those that should be in its zone now, and all that the kept revisions of its record asked for. */
import type { ApiProblem } from '../contract/api-problems.ts';
import { expectedRecords, type ProtocolDnsRecords } from '../dns/expected.ts';
import { givenRecords } from '../dns/given-records.ts';
import { domainConfig } from '../dns/impact.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { resolveConfig } from '../model/config.ts';
import { type DnsRecord, type DnsTarget, UNKNOWN_DNS_TARGET } from '../model/dns-record.ts';
import {
	type FoundRecord,
	type LookupResult,
	type ResolvedRecord,
	recordOfAlias,
	resolveSuperseded,
	type SupersededSettings,
} from '../model/lookup.ts';
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/names.ts';
import type { AliasRecord, DomainRecord, ServiceRecord } from '../model/record.ts';
import { candidateKeys, parseRecordKey, recordKey } from '../model/record-key.ts';
import type { RecordName } from '../model/record-name.ts';
import type { SupersededRecord } from '../model/stored-record.ts';
import { supersededRecords } from '../store/objects/superseded.ts';
import type { Revision } from '../store/ports/record-history.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import { findResolvedRecord, sampleAddress, storedRecord } from './resolved-record.ts';

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
	const superseded = lookup.ok ? await readSupersededSettings(lookup.value, latest, name, dependencies) : [];
	const earlier = superseded.flatMap(({ record }) => {
		const old = resolveConfig(record, address.domain, { kind: 'domain', domain: address.domain }, now);
		return old.ok ? [old.value] : [];
	});
	return expectedRecords(config, site, earlier);
}

/**
 * What a domain was served from less than the overlap ago.
 * @param name a record whose latest revision is known already; any of those that answer for the domain
 */
async function readSupersededSettings(
	{ domain, key, foundUnder }: ResolvedRecord,
	latest: Revision | null,
	name: RecordName,
	dependencies: AdminDependencies,
): Promise<readonly SupersededSettings[]> {
	const read = async (recordName: RecordName | null) => {
		if (recordName === null) return null;
		const head = recordName === name ? { latest } : await dependencies.recordHistory(recordName).readHead(recordName);
		return readWithSuperseded(recordName, head.latest, domain, dependencies);
	};
	const found = await read(parseRecordKey(foundUnder));
	return found === null ? [] : resolveSuperseded(found, key === foundUnder ? null : await read(parseRecordKey(key)));
}

/** A record with those that it replaced less than the overlap ago; null where its latest revision is a deletion. */
async function readWithSuperseded(
	name: RecordName,
	latest: Revision | null,
	domain: Domain,
	dependencies: AdminDependencies,
): Promise<FoundRecord | null> {
	const record = storedRecord(latest?.record ?? null);
	return record === null ? null : { key: recordKey(name), record, superseded: await readSuperseded(latest, name, domain, dependencies) };
}

async function readSuperseded(
	latest: Revision | null,
	name: RecordName,
	domain: Domain,
	{ recordHistory, paccOverlapMs, now }: AdminDependencies,
): Promise<readonly SupersededRecord[]> {
	if (latest === null || latest.revision < 2 || latest.at + paccOverlapMs <= now()) return [];
	const keeper = recordHistory(name);
	const { revisions } = await keeper.listRevisions(latest.revision, 4);
	const full = await Promise.all(revisions.map(({ revision }) => keeper.readRevision(revision)));
	return supersededRecords([latest, ...full.filter((revision) => revision !== null)], domain, paccOverlapMs, now());
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
	const theirs = await Promise.all(others.map(async (other) => ({ other, records: await readKeptRecords(other, dependencies) })));
	const aliases = own.filter((record) => record.kind === 'alias');
	const records = [
		...own.filter((record) => record.kind === 'domain'),
		...theirs.flatMap(({ other, records: kept }) =>
			combinations(
				aliases.filter(({ of }) => of === other),
				kept.filter((record) => record.kind === 'domain'),
			),
		),
	];
	return givenRecords(records, domain, site, dependencies.now());
}

/**
 * What was served by an alias and its target: every version of the target by itself, and with what of its own the alias has now; every version
 * of the alias with the target as it is now. Pairs of two earlier versions would be too many; what they alone gave is reported and left in the
 * zone.
 */
function combinations(aliases: readonly AliasRecord[], targets: readonly DomainRecord[]): readonly DomainRecord[] {
	const [newestAlias] = aliases;
	const [newestTarget] = targets;
	return [
		...targets,
		...(newestAlias === undefined ? [] : targets.map((target) => recordOfAlias(newestAlias, target))),
		...(newestTarget === undefined ? [] : aliases.map((alias) => recordOfAlias(alias, newestTarget))),
	];
}

async function readKeptRecords(name: RecordName, { recordHistory }: AdminDependencies): Promise<readonly ServiceRecord[]> {
	return (await recordHistory(name).readKeptRecords(0)).flatMap((text) => storedRecord(text) ?? []);
}

/** The domain whose DNS is meant. For a wildcard record the caller must say which of its domains it is. */
export function parseServedDomain(name: RecordName, asked: string | null): Result<Domain, ApiProblem> {
	const own = parseDomain(name);
	if (own !== null) return ok(own);
	const domain = parseDomain(asked ?? '');
	if (domain !== null && candidateKeys(domain).includes(recordKey(name))) return ok(domain);
	return err({ code: 'invalid', errors: [{ path: 'for', reason: 'must be a domain that the wildcard serves' }] });
}

export interface WantedDns {
	/** The record that the domain's clients get. */
	readonly lookup: LookupResult;
	/** What should be in the zone now. */
	readonly expected: readonly ProtocolDnsRecords[];
	/** What the kept revisions asked for. */
	readonly given: readonly DnsRecord[];
}

export async function readWantedDns(
	name: RecordName,
	domain: Domain,
	site: DnsTarget,
	dependencies: AdminDependencies,
): Promise<WantedDns> {
	const { latest } = await dependencies.recordHistory(name).readHead(name);
	const lookup = await findResolvedRecord(storedRecord(latest?.record ?? null), name, domain, dependencies);
	const address = parseEmailAddress(`sample@${domain}`) ?? sampleAddress(name);
	return {
		lookup,
		expected: await readExpectedDns(lookup, address, latest, name, site, dependencies),
		given: await readGivenRecords(lookup, name, domain, site, dependencies),
	};
}
