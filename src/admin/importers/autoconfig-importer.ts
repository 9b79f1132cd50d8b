/** Reads an autoconfig document, such as one of the ISPDB, for an import. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { decodeXml, describeUnreadable } from '../../lib/decode-xml.ts';
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
	const decoded = decodeXml(bytes, contentType);
	if (!decoded.ok) return err({ code: 'bad-xml', errors: [{ path: '', reason: `is in the encoding ${decoded.error}, which is unknown` }] });
	const { text, unreadableIn } = decoded.value;
	// Whoever pastes a document may paste a blank line before it, with which it is no XML any more.
	const advertised = readAutoconfig(text.trimStart());
	if (!advertised.ok) return err({ code: 'bad-xml', errors: [{ path: '', reason: advertised.error }] });
	const notes: string[] = unreadableIn === null ? [] : [describeUnreadable(unreadableIn)];
	const others = new Set<Domain>();
	let named = false;
	for (const written of advertised.value.domains) {
		const name = parseDomain(written.trim());
		if (name === null) notes.push(`domain "${written.slice(0, 100)}" is not carried over: it is no domain name.`);
		else if (name === domain) named = true;
		else others.add(name);
	}
	if (!named && advertised.value.domains.length > 0) notes.push(`The document does not name ${domain} among its domains.`);
	return ok({ source: autoconfigSource(advertised.value, notes), others: [...others] });
}
