/** Keys of records in KV. */
import { type Domain, parentDomain, parseDomain } from '../model/names.ts';

/** What every record's key begins with. */
export const PREFIX = 'record:';

/** What a record is kept under: a domain, `*.` and a domain for all below it, or `*` for every domain there is. */
export type RecordName = Domain | `*.${Domain}` | '*';

/** A record's name as people write it; null for what is neither a domain nor one of the two wildcards. */
export function parseRecordName(text: string): RecordName | null {
	if (text === '*') return text;
	const domain = parseDomain(text.startsWith('*.') ? text.slice(2) : text);
	if (domain === null) return null;
	return text.startsWith('*.') ? `*.${domain}` : domain;
}

/** The record's name in a key; null for a key of something else. */
export function recordNameOf(key: string): RecordName | null {
	return key.startsWith(PREFIX) ? parseRecordName(key.slice(PREFIX.length)) : null;
}

/** What a wildcard's record is shown for: a domain that stands for all that it serves. */
export function sampleDomain(name: RecordName): Domain {
	if (name === '*') return 'example.com' as Domain;
	// A name of 253 characters has no room for another label: its parent then stands for itself.
	return name.startsWith('*.') ? (parseDomain(`sample.${name.slice(2)}`) ?? (name.slice(2) as Domain)) : (name as Domain);
}

export function recordKey(name: RecordName): string {
	return PREFIX + name;
}

/**
 * The keys that may hold a domain's record, best first: its own, the wildcards of its parent and grandparent, the one for everything.
 * Four at most, however many labels a stranger sends.
 */
export function candidateKeys(domain: Domain): readonly string[] {
	const parent = parentDomain(domain);
	const grandparent = parent === null ? null : parentDomain(parent);
	const names: RecordName[] = [domain];
	if (parent !== null) names.push(`*.${parent}`);
	if (grandparent !== null) names.push(`*.${grandparent}`);
	return [...names, '*' as const].map(recordKey);
}
