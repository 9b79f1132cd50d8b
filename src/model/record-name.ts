/** What records are called: a domain, or a wildcard. */
import { type Domain, MAX_DOMAIN_LENGTH, parseDomain } from './names.ts';

/** What a record is kept under: a domain, `*.` and a domain for all below it, or `*` for every domain there is. */
export type RecordName = Domain | `*.${Domain}` | '*';

/** Characters of a record's name: a domain behind `*.` is the longest. */
export const MAX_RECORD_NAME_LENGTH = MAX_DOMAIN_LENGTH + 2;

/** A record's name as people write it; null for what is neither a domain nor one of the two wildcards. */
export function parseRecordName(text: string): RecordName | null {
	if (text === '*') return text;
	const domain = parseDomain(text.startsWith('*.') ? text.slice(2) : text);
	if (domain === null) return null;
	return text.startsWith('*.') ? `*.${domain}` : domain;
}

/** What a wildcard's record is shown for: a domain that stands for all that it serves. */
export function sampleDomain(name: RecordName): Domain {
	if (name === '*') return 'example.com' as Domain;
	// A name of 253 characters has no room for another label: its parent then stands for itself.
	return name.startsWith('*.') ? (parseDomain(`sample.${name.slice(2)}`) ?? (name.slice(2) as Domain)) : (name as Domain);
}
