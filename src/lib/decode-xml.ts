/** The text of an XML document from its bytes, by the encoding that it says it has (XML 1.0 §4.3.3 and Appendix F; RFC 7303 §3). */
import { err, ok, type Result } from './result.ts';

/** How many bytes the XML declaration may take. */
const DECLARATION_BYTES = 200;

export interface DecodedXml {
	readonly text: string;
	/** The encoding's name where some bytes are none of its characters: U+FFFD stands in their place. Null where every byte was read. */
	readonly unreadableIn: string | null;
}

/**
 * Decodes a document: by its byte order mark, else by the charset of its Content-Type, else by how its first bytes lie, else by its XML
 * declaration, else as UTF-8. A byte order mark is dropped.
 * @param contentType the header; empty where there is none
 * @returns the error is the name of an encoding that is unknown
 */
export function decodeXml(bytes: Uint8Array, contentType: string): Result<DecodedXml, string> {
	const marked = encodingOfMark(bytes);
	if (marked !== null) return decode(bytes, marked);
	const charset = /;\s*charset\s*=\s*"?([A-Za-z0-9._:-]{1,40})/i.exec(contentType.slice(0, 200))?.[1];
	const wide = encodingOfFirstBytes(bytes);
	if (wide !== null) return decode(bytes, wide);
	if (charset !== undefined) return decode(bytes, isWide(charset) ? 'utf-8' : charset);
	const head = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_BYTES));
	const declaration = head.trimStart().startsWith('<?xml') ? head.slice(0, head.indexOf('?>')) : '';
	const declared = /\sencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})/.exec(declaration)?.[1] ?? 'utf-8';
	// The declaration could be read byte by byte, so no character of it has two.
	return decode(bytes, isWide(declared) ? 'utf-8' : declared);
}

function encodingOfMark([a, b, c]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
	if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
	if (a === 0xff && b === 0xfe) return 'utf-16le';
	return a === 0xfe && b === 0xff ? 'utf-16be' : null;
}

/** XML 1.0 Appendix F.1: `<` or a blank with a zero byte beside it is UTF-16 without a mark. */
function encodingOfFirstBytes([a, b]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
	if (a === undefined || b === undefined) return null;
	if (b === 0 && a !== 0) return 'utf-16le';
	return a === 0 && b !== 0 ? 'utf-16be' : null;
}

function isWide(encoding: string): boolean {
	return /^(utf-?16|ucs-?2|iso-10646-ucs-2|utf-?32|ucs-?4|unicode)/i.test(encoding);
}

function decode(bytes: Uint8Array, encoding: string): Result<DecodedXml, string> {
	try {
		const decoder = new TextDecoder(encoding);
		const text = decoder.decode(bytes);
		return ok({ text, unreadableIn: text.includes('\uFFFD') && !isReadable(bytes, encoding) ? decoder.encoding : null });
	} catch {
		// The platform does not know the encoding's name.
		return err(encoding);
	}
}

/** Whether every byte belongs to a character: U+FFFD may stand in a document itself. */
function isReadable(bytes: Uint8Array, encoding: string): boolean {
	try {
		new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}

/** A document from a file, whose encoding nobody but the document tells, and the sentence for what of it could not be read; null where all was. */
export function decodeXmlFile(bytes: Uint8Array): { readonly text: string; readonly fault: string | null } {
	const decoded = decodeXml(bytes, '');
	if (!decoded.ok)
		return { text: '', fault: `The document says that it is in the encoding ${decoded.error}, which is unknown. Save it as UTF-8.` };
	const { text, unreadableIn } = decoded.value;
	return { text, fault: unreadableIn === null ? null : describeUnreadable(unreadableIn) };
}

/** The sentence for a document that could not be read in whole. */
export function describeUnreadable(encoding: string): string {
	return `The document has bytes that are no characters of ${encoding}, which its declaration or its transport says it has: \uFFFD stands in their place. Name the right encoding in the XML declaration, or save it as UTF-8.`;
}
