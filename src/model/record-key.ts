/** The keys of records in KV: `record:` and the record's name. */
import { type Domain, parentDomain } from './names.ts';
import { parseRecordName, type RecordName } from './record-name.ts';
import { domainBehindServiceLabel } from './service-labels.ts';

/** What every record's key begins with. */
export const RECORD_KEY_PREFIX = 'record:';

/** What the key of a wildcard's record begins with. */
export const WILDCARD_KEY_PREFIX = `${RECORD_KEY_PREFIX}*`;

/** What the keys of deleted records begin with. They name those records, so that a lost directory can be built again with them. */
export const DELETED_KEY_PREFIX = 'deleted:';

/** The name of the record that is stored under a key; null for the key of something else. */
export function parseRecordKey(key: string): RecordName | null {
	return key.startsWith(RECORD_KEY_PREFIX) ? parseRecordName(key.slice(RECORD_KEY_PREFIX.length)) : null;
}

export function recordKey(name: RecordName): string {
	return RECORD_KEY_PREFIX + name;
}

/**
 * The keys that may hold a domain's record, in order of preference: its own, the wildcards of its parent and grandparent, and `*`.
 * There are four at most, however many labels a client sends, so that one request never costs more than four reads. A name with a service
 * label, such as autoconfig.example.org, is no mail domain: no wildcard covers it.
 */
export function candidateKeys(domain: Domain): readonly string[] {
	if (domainBehindServiceLabel(domain) !== null) return [recordKey(domain)];
	const parent = parentDomain(domain);
	const grandparent = parent === null ? null : parentDomain(parent);
	const names: RecordName[] = [domain];
	if (parent !== null) names.push(`*.${parent}`);
	if (grandparent !== null) names.push(`*.${grandparent}`);
	return [...names, '*' as const].map(recordKey);
}

/** Whether a key is that of a wildcard's record. */
export function isWildcardKey(key: string): boolean {
	return key.startsWith(WILDCARD_KEY_PREFIX);
}
