/** A record as the admin shows it: with its warnings, its place in DNS, and what became of its copy. */

import type { DomainView, RevisionView } from '../contract/views.ts';
import { configOf, type Effects, effects, type Side } from '../dns/effects.ts';
import { type Expected, expectedRecords } from '../dns/expected.ts';
import { linesOf } from '../dns/zone.ts';
import { err, ok } from '../lib/result.ts';
import { resolve, utcDay } from '../model/config.ts';
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/names.ts';
import type { ServiceRecord } from '../model/record.ts';
import { type RecordName, sampleDomain } from '../model/record-name.ts';
import { recordWarnings, type Warning } from '../model/warnings.ts';
import { earlierRecords } from '../store/earlier.ts';
import type { Head, Revision, RevisionLine } from '../store/keeper.ts';
import { candidateKeys, recordKey, recordNameOf } from '../store/keys.ts';
import { time } from './ask.ts';
import type { AdminParts } from './parts.ts';

/** Stands where the operator has not said under which name the service is reached (RFC 2606 §2). */
const UNKNOWN_HOST = 'signpost.invalid' as Domain;

/** The keeper's text as a record: it was checked before it was kept. */
export function keptRecord(text: string | null): ServiceRecord | null {
	return text === null ? null : (JSON.parse(text) as ServiceRecord);
}

/** For whom a record's answers are shown. */
export function sampleAddress(name: RecordName): EmailAddress {
	const domain = sampleDomain(name);
	return parseEmailAddress(`sample@${domain}`) ?? { local: 'sample', domain, text: `sample@${domain}` };
}

/**
 * A record as it is found for a domain: an alias is followed, one hop, to what its target's keeper has; where there is none, a wildcard's
 * is what clients get.
 */
export async function sideOf(record: ServiceRecord | null, name: RecordName, domain: Domain, parts: AdminParts): Promise<Side> {
	const { keepers } = parts;
	if (record === null) return inherited(name, domain, parts);
	if (record.kind === 'domain') return ok({ domain, key: recordKey(name), record });
	const target = record.of as Domain;
	const head = await keepers(target).head(target);
	const found = keptRecord(head.latest?.record ?? null);
	const key = recordKey(target);
	if (found === null) return err({ code: 'bad-record', key, path: 'of', reason: 'names a domain that has no record' });
	if (found.kind === 'alias') return err({ code: 'bad-record', key, path: 'of', reason: 'names another alias' });
	return ok({ domain, key, record: found });
}

/** What the wildcards further out have for a domain. */
async function inherited(name: RecordName, domain: Domain, parts: AdminParts): Promise<Side> {
	const candidates = candidateKeys(domain);
	const own = candidates.indexOf(recordKey(name));
	const names = own < 0 ? [] : candidates.slice(own + 1).flatMap((key) => recordNameOf(key) ?? []);
	const heads = await Promise.all(names.map(async (wildcard) => ({ wildcard, head: await parts.keepers(wildcard).head(wildcard) })));
	for (const { wildcard, head } of heads) {
		const record = keptRecord(head.latest?.record ?? null);
		if (record !== null) return sideOf(record, wildcard, domain, parts);
	}
	return err({ code: 'unknown-domain' });
}

/** What a change from one record to another changes, for this address. */
export async function changesFor(
	before: ServiceRecord | null,
	after: ServiceRecord | null,
	name: RecordName,
	address: EmailAddress,
	parts: AdminParts,
): Promise<Effects> {
	const sides = [await sideOf(before, name, address.domain, parts), await sideOf(after, name, address.domain, parts)] as const;
	return effects(...sides, address, site(parts), parts.now());
}

/** What is allowed and will disappoint somebody, the alias that leads nowhere included. */
export function warningsFor(record: ServiceRecord, side: Side, now: number): readonly Warning[] {
	const warnings = recordWarnings(record, utcDay(now));
	if (side.ok || side.error.code !== 'bad-record') return warnings;
	return [...warnings, { code: 'alias-target', path: side.error.path, text: `The alias ${side.error.reason}: nobody is answered.` }];
}

export async function domainView(head: Head, name: RecordName, parts: AdminParts): Promise<DomainView> {
	const { latest, outside, published } = head;
	const record = keptRecord(latest?.record ?? null);
	const address = sampleAddress(name);
	const side = await sideOf(record, name, address.domain, parts);
	const copy = outside !== null ? 'edited-outside' : published < (latest?.revision ?? 0) ? 'propagating' : 'current';
	return {
		domain: name,
		revision: latest?.revision ?? 0,
		state: latest === null ? 'absent' : record === null ? 'deleted' : 'live',
		copy,
		record,
		latest: latest === null ? null : revisionView(latest),
		outside,
		warnings: record === null ? [] : warningsFor(record, side, parts.now()),
		dns: linesOf(await expectedZone(side, address, latest, name, parts)),
	};
}

/** What should stand in the zone now, the digests of records replaced a while ago among it. */
export async function expectedZone(
	side: Side,
	address: EmailAddress,
	latest: Revision | null,
	name: RecordName,
	parts: AdminParts,
): Promise<readonly Expected[]> {
	const now = parts.now();
	const config = configOf(side, address, now);
	if (config === null) return [];
	// An alias's target, a wildcard: where clients' answers come from, there are earlier ones too.
	const source = side.ok ? recordNameOf(side.value.key) : null;
	const target = source === null || source === name ? null : { name: source, latest: (await parts.keepers(source).head(source)).latest };
	const replacedHere = await replaced(latest, name, address.domain, parts);
	const replacedThere = target === null ? [] : await replaced(target.latest, target.name, address.domain, parts);
	const earlier = [...replacedHere, ...replacedThere].flatMap((old) => configOf(old, address, now) ?? []);
	return expectedRecords(config, site(parts), earlier);
}

/** Records that this one replaced less than the overlap ago. */
async function replaced(
	latest: Revision | null,
	name: RecordName,
	domain: Domain,
	{ keepers, overlap, now }: AdminParts,
): Promise<readonly Side[]> {
	if (latest === null || latest.revision < 2 || latest.at + overlap <= now()) return [];
	const keeper = keepers(name);
	const { revisions } = await keeper.history(latest.revision, 4);
	const full = await Promise.all(revisions.map(({ revision }) => keeper.revision(revision)));
	const known = [latest, ...full.filter((revision) => revision !== null)];
	return earlierRecords(known, domain, overlap, now()).map(({ record }) => ok({ domain, key: recordKey(name), record }));
}

export function site({ serviceHost }: AdminParts): { readonly host: Domain } {
	return { host: serviceHost ?? UNKNOWN_HOST };
}

export function revisionView({ revision, at, author, token, act, note, tags }: RevisionLine): RevisionView {
	return { revision, at: time(at), author, token, act, note, tags };
}

/** A field that the asking domain breaks, as the schema would say it. */
export function unresolvable(
	record: ServiceRecord,
	name: RecordName,
	now: number,
): { readonly path: string; readonly reason: string } | null {
	if (record.kind === 'alias') {
		return parseDomain(record.of) === name ? { path: 'record.of', reason: 'names the domain itself' } : null;
	}
	const domain = sampleDomain(name);
	const config = resolve(record, domain, { kind: 'domain', domain }, now);
	return config.ok ? null : { path: `record.${config.error.path}`, reason: config.error.reason };
}
