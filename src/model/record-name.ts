/** Names of records: a domain, or a wildcard. */
import { type Domain, MAX_DOMAIN_LENGTH, parseDomain } from './names.ts';

/** The name of a record: a domain, `*.` and a domain for every domain below it, or `*` for every domain. */
export type RecordName = Domain | `*.${Domain}` | '*';

/** Characters of a record's name at most: those of a domain after `*.`. */
export const MAX_RECORD_NAME_LENGTH = MAX_DOMAIN_LENGTH + 2;

/** A record's name as people write it; null for what is neither a domain nor one of the two wildcards. */
export function parseRecordName(text: string): RecordName | null {
	if (text === '*') return text;
	const domain = parseDomain(text.startsWith('*.') ? text.slice(2) : text);
	if (domain === null) return null;
	return text.startsWith('*.') ? `*.${domain}` : domain;
}

/** Whether a record's name covers other domains: `*.example.org`, or `*`. */
export function isWildcardName(name: string): boolean {
	return name.startsWith('*');
}

/** The domain for which previews show a record: the name itself, or an example of the domains that a wildcard covers. */
export function sampleDomain(name: RecordName): Domain {
	if (name === '*') return 'example.com' as Domain;
	// A name of 253 characters has no room for another label: then the domain after `*.` is the example.
	return name.startsWith('*.') ? (parseDomain(`sample.${name.slice(2)}`) ?? (name.slice(2) as Domain)) : (name as Domain);
}
