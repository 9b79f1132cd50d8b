/** Text as UTF-8 bytes, and back. */

/** The UTF-8 bytes of a text. The copy is for the type checker: the types of some platforms allow a shared buffer as an encoder's result. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(text).slice();
}

/** The text, without a byte order mark at its start; null where the bytes are not UTF-8, for which a decoder by default puts U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string | null {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
	} catch {
		return null;
	}
}
