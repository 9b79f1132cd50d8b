/** Reads the document that clients post to Autodiscover: at once where it has the shape that they send, with an XML parser otherwise. */
import { err, ok, type Result } from '../lib/result.ts';
import { type ParsedXml, parseXml } from '../lib/xml.ts';

/** What the document asks for; each text is trimmed, and empty where the document has none. */
export interface AutodiscoverRequest {
	readonly emailAddress: string;
	readonly schema: string;
}

/** Why a document is no request. */
export type DocumentFault = 'dtd' | 'malformed' | 'no-request';

export function parseAutodiscoverRequest(body: string): Result<AutodiscoverRequest, DocumentFault> {
	const plain = readPlainRequest(body);
	return plain === null ? parseRequestDocument(body) : ok(plain);
}

// The pieces of a request as Outlook, Thunderbird, FairEmail, eM Client and others write it, on one line or indented. The texts are printable
// ASCII without markup: entities, U-labels and everything else are the parser's.
const OPENING =
	/(?:<\?xml version="1\.0" encoding="(?:utf|UTF)-8"\?>[ \t\r\n]*)?<Autodiscover xmlns="[\w:/.-]+">[ \t\r\n]*<Request>[ \t\r\n]*/y;
const EMAIL_ADDRESS = /<EMailAddress>[ \t\r\n]*([!-%'-;=?-~]+)[ \t\r\n]*<\/EMailAddress>[ \t\r\n]*/y;
const SCHEMA = /<AcceptableResponseSchema>[ \t\r\n]*([!-%'-;=?-~]+)[ \t\r\n]*<\/AcceptableResponseSchema>[ \t\r\n]*/y;
const CLOSING = /<\/Request>[ \t\r\n]*<\/Autodiscover>[ \t\r\n]*$/y;

/** Characters of a document that is read without the parser: a client's have 400, and an address has 320 at most. */
const MAX_PLAIN_LENGTH = 1024;

/**
 * Reads a request in the shape that clients send, with both elements in either order; null for every other document, be it good or bad. A
 * test holds that the parser reads whatever is read here in the same way.
 */
export function readPlainRequest(body: string): AutodiscoverRequest | null {
	const opening = body.length > MAX_PLAIN_LENGTH ? null : matchAt(OPENING, body, 0);
	const first = opening && matchAt(EMAIL_ADDRESS, body, opening.end);
	const schema = opening && matchAt(SCHEMA, body, (first ?? opening).end);
	const address = first ?? (schema && matchAt(EMAIL_ADDRESS, body, schema.end));
	if (!schema || !address || matchAt(CLOSING, body, Math.max(schema.end, address.end)) === null) return null;
	return { emailAddress: address.text, schema: schema.text };
}

/** What a sticky pattern matches at a place: the text of its group, and where the match ends. */
function matchAt(pattern: RegExp, text: string, at: number): { readonly text: string; readonly end: number } | null {
	pattern.lastIndex = at;
	const match = pattern.exec(text);
	return match === null ? null : { text: match[1] ?? '', end: pattern.lastIndex };
}

/** Reads any document with an XML parser. */
export function parseRequestDocument(body: string): Result<AutodiscoverRequest, DocumentFault> {
	const parsed = parseXml(body);
	if (!parsed.ok) return parsed;
	const request = childByName(parsed.value, 'Request');
	if (parsed.value.name.toLowerCase() !== 'autodiscover' || request === undefined) return err('no-request');
	return ok({
		emailAddress: childByName(request, 'EMailAddress')?.text ?? '',
		schema: childByName(request, 'AcceptableResponseSchema')?.text ?? '',
	});
}

/** Finds a child by its local name in any letter case: clients differ in prefixes and in the order of elements. */
function childByName(parent: ParsedXml, name: string): ParsedXml | undefined {
	return parent.children.find((element) => element.name.toLowerCase() === name.toLowerCase());
}
