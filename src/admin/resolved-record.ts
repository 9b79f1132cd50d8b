/** The record that clients of a domain get, found in the record keepers: an alias and a wildcard are followed. */
import { err } from '../lib/result.ts';
import { aliasTargetKey, type FoundRecord, type LookupResult, resolveAlias } from '../model/lookup.ts';
import { type Domain, type EmailAddress, parseEmailAddress } from '../model/names.ts';
import type { ServiceRecord } from '../model/record.ts';
import { candidateKeys, parseRecordKey, recordKey } from '../model/record-key.ts';
import { type RecordName, sampleDomain } from '../model/record-name.ts';
import type { AdminDependencies } from './admin-dependencies.ts';

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
	dependencies: Pick<AdminDependencies, 'recordHistory'>,
): Promise<LookupResult> {
	const { recordHistory } = dependencies;
	if (record === null) return findWildcardRecord(name, domain, dependencies);
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
async function findWildcardRecord(
	name: RecordName,
	domain: Domain,
	dependencies: Pick<AdminDependencies, 'recordHistory'>,
): Promise<LookupResult> {
	const candidates = candidateKeys(domain);
	const own = candidates.indexOf(recordKey(name));
	const names = own < 0 ? [] : candidates.slice(own + 1).flatMap((key) => parseRecordKey(key) ?? []);
	const heads = await Promise.all(
		names.map(async (wildcard) => ({ wildcard, head: await dependencies.recordHistory(wildcard).readHead(wildcard) })),
	);
	for (const { wildcard, head } of heads) {
		const record = storedRecord(head.latest?.record ?? null);
		if (record !== null) return findResolvedRecord(record, wildcard, domain, dependencies);
	}
	return err({ code: 'unknown-domain' });
}
