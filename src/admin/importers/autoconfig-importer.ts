/** Reads an autoconfig document, such as one of the ISPDB, for an import. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { decodeXml } from '../../lib/decode-xml.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { readAutoconfig } from '../../protocols/readers/autoconfig-reader.ts';
import { autoconfigSource, type ImportSource } from './imported-record.ts';

/** A document's settings, and the other domains that it is for: they share the record. */
export interface AutoconfigImport {
	readonly source: ImportSource;
	readonly others: readonly Domain[];
}

/**
 * @param contentType of the document; empty where it came without one
 * @param domain whose record it is to be
 */
export function parseAutoconfigDocument(bytes: Uint8Array, contentType: string, domain: Domain): Result<AutoconfigImport, ApiProblem> {
	const text = decodeXml(bytes, contentType);
	if (!text.ok) return err({ code: 'bad-xml', errors: [{ path: '', reason: `is in the encoding ${text.error}, which is unknown` }] });
	const advertised = readAutoconfig(text.value);
	if (!advertised.ok) return err({ code: 'bad-xml', errors: [{ path: '', reason: advertised.error }] });
	const notes: string[] = [];
	const others = new Set<Domain>();
	let named = false;
	for (const text of advertised.value.domains) {
		const name = parseDomain(text.trim());
		if (name === null) notes.push(`domain "${text.slice(0, 100)}" is not carried over: it is no domain name.`);
		else if (name === domain) named = true;
		else others.add(name);
	}
	if (!named && advertised.value.domains.length > 0) notes.push(`The document does not name ${domain} among its domains.`);
	return ok({ source: autoconfigSource(advertised.value, notes), others: [...others] });
}
