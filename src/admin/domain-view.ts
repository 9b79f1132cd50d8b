/** The view of a record in the admin API: the record, its warnings, its DNS records, and the state of its copy in KV. */

import type { DomainView, RevisionView } from '../contract/views.ts';
import { expectedRecords, type ProtocolDnsRecords } from '../dns/expected.ts';
import { type ChangeImpact, computeImpact, domainConfig } from '../dns/impact.ts';
import { toZoneLines } from '../dns/zone-file.ts';
import { err, ok } from '../lib/result.ts';
import { utcDay } from '../lib/time.ts';
import { resolveConfig } from '../model/config.ts';
import { type DnsTarget, UNKNOWN_DNS_TARGET } from '../model/dns-record.ts';
import { aliasTargetKey, type FoundRecord, type LookupResult, resolveAlias } from '../model/lookup.ts';
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/names.ts';
import type { ServiceRecord } from '../model/record.ts';
import { candidateKeys, parseRecordKey, recordKey } from '../model/record-key.ts';
import { type RecordName, sampleDomain } from '../model/record-name.ts';
import { type RecordWarning, recordWarnings } from '../model/warnings.ts';
import { supersededRecords } from '../store/objects/superseded.ts';
import type { RecordHead, Revision, RevisionSummary } from '../store/ports/record-history.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import { isoTime } from './handler.ts';

/** Parses the text of a record from its keeper, which validated it before storing it. */
export function storedRecord(text: string | null): ServiceRecord | null {
	return text === null ? null : (JSON.parse(text) as ServiceRecord);
}

/** The domain and address for which the answers of a record are shown. */
export function sampleAddress(name: RecordName): EmailAddress {
	const domain = sampleDomain(name);
	return parseEmailAddress(`sample@${domain}`) ?? { local: 'sample', domain, text: `sample@${domain}` };
}

/**
 * Finds the record that clients of a domain get, from the keepers: an alias is followed, one hop, to its target; where the domain has no
 * record, a wildcard's is used.
 */
export async function findResolvedRecord(
	record: ServiceRecord | null,
	name: RecordName,
	domain: Domain,
	parts: AdminDependencies,
): Promise<LookupResult> {
	const { recordHistory } = parts;
	if (record === null) return findWildcardRecord(name, domain, parts);
	const target = aliasTargetKey(record);
	return resolveAlias(domain, { key: recordKey(name), record }, target === null ? null : await findLatestRecord(target, recordHistory));
}

/** The latest revision under a key; null where there is none or it was a deletion. */
async function findLatestRecord(key: string, recordHistory: AdminDependencies['recordHistory']): Promise<FoundRecord | null> {
	const name = parseRecordKey(key);
	if (name === null) return null;
	const { latest } = await recordHistory(name).readHead(name);
	const record = storedRecord(latest?.record ?? null);
	return record === null ? null : { key, record };
}

/** The record that a wildcard above the domain gives it. */
async function findWildcardRecord(name: RecordName, domain: Domain, parts: AdminDependencies): Promise<LookupResult> {
	const candidates = candidateKeys(domain);
	const own = candidates.indexOf(recordKey(name));
	const names = own < 0 ? [] : candidates.slice(own + 1).flatMap((key) => parseRecordKey(key) ?? []);
	const heads = await Promise.all(
		names.map(async (wildcard) => ({ wildcard, head: await parts.recordHistory(wildcard).readHead(wildcard) })),
	);
	for (const { wildcard, head } of heads) {
		const record = storedRecord(head.latest?.record ?? null);
		if (record !== null) return findResolvedRecord(record, wildcard, domain, parts);
	}
	return err({ code: 'unknown-domain' });
}

/** What changes, for this address, between one record and another. */
export async function findChangeImpact(
	before: ServiceRecord | null,
	after: ServiceRecord | null,
	name: RecordName,
	address: EmailAddress,
	parts: AdminDependencies,
): Promise<ChangeImpact> {
	const sides = [
		await findResolvedRecord(before, name, address.domain, parts),
		await findResolvedRecord(after, name, address.domain, parts),
	] as const;
	return computeImpact(...sides, address, serviceSite(parts), parts.now());
}

/** Warnings about a record: what is allowed and will not work for some clients, an alias without a target included. */
export function warningsFor(record: ServiceRecord, side: LookupResult, now: number): readonly RecordWarning[] {
	const warnings = recordWarnings(record, utcDay(now));
	if (side.ok || side.error.code !== 'bad-record') return warnings;
	return [...warnings, { code: 'alias-target', path: side.error.path, text: `The alias ${side.error.reason}: nobody is answered.` }];
}

export async function readDomainView(head: RecordHead, name: RecordName, parts: AdminDependencies): Promise<DomainView> {
	const { latest, externalEdit, published } = head;
	const record = storedRecord(latest?.record ?? null);
	const address = sampleAddress(name);
	const side = await findResolvedRecord(record, name, address.domain, parts);
	const copy = externalEdit !== null ? 'edited-outside' : published < (latest?.revision ?? 0) ? 'propagating' : 'current';
	return {
		domain: name,
		revision: latest?.revision ?? 0,
		state: latest === null ? 'absent' : record === null ? 'deleted' : 'live',
		copy,
		record,
		latest: latest === null ? null : revisionView(latest),
		outside: externalEdit,
		warnings: record === null ? [] : warningsFor(record, side, parts.now()),
		dns: toZoneLines(await readExpectedDns(side, address, latest, name, serviceSite(parts), parts)),
	};
}

/** The DNS records that should be in the zone now, including the PACC digests of superseded records. */
export async function readExpectedDns(
	side: LookupResult,
	address: EmailAddress,
	latest: Revision | null,
	name: RecordName,
	site: DnsTarget,
	parts: AdminDependencies,
): Promise<readonly ProtocolDnsRecords[]> {
	const now = parts.now();
	const config = domainConfig(side, address, now);
	if (config === null) return [];
	// An alias's target, a wildcard: where clients' answers come from, there are earlier ones too.
	const source = side.ok ? parseRecordKey(side.value.key) : null;
	const target =
		source === null || source === name ? null : { name: source, latest: (await parts.recordHistory(source).readHead(source)).latest };
	const replacedHere = await readSuperseded(latest, name, address.domain, parts);
	const replacedThere = target === null ? [] : await readSuperseded(target.latest, target.name, address.domain, parts);
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

export function serviceSite({ serviceHost, publishedNames }: AdminDependencies): DnsTarget {
	return { host: serviceHost ?? UNKNOWN_DNS_TARGET.host, names: publishedNames };
}

export function revisionView({ revision, at, author, token, act, note, tags }: RevisionSummary): RevisionView {
	return { revision, at: isoTime(at), author, token, act, note, tags };
}

/** A field that is invalid once the domain is filled in, with the reason that the schema gives. */
export function resolveFault(
	record: ServiceRecord,
	name: RecordName,
	now: number,
): { readonly path: string; readonly reason: string } | null {
	if (record.kind === 'alias') {
		return parseDomain(record.of) === name ? { path: 'record.of', reason: 'names the domain itself' } : null;
	}
	const domain = sampleDomain(name);
	const config = resolveConfig(record, domain, { kind: 'domain', domain }, now);
	return config.ok ? null : { path: `record.${config.error.path}`, reason: config.error.reason };
}
