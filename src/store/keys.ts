/** Keys of records in KV. */
import { type Domain, parentDomain } from '../model/names.ts';

const PREFIX = 'record:';

/** What a record is kept under: a domain, `*.` and a domain for all below it, or `*` for every domain there is. */
export type RecordName = Domain | `*.${Domain}` | '*';

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
