/** Bytes as base64 (RFC 4648 §4) and base64url (§5). `Uint8Array.toBase64` is not in every Node that the tool runs on. */

/** With padding. */
export function encodeBase64(bytes: Uint8Array): string {
	let binary = '';
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary);
}

/** @param text base64 with or without padding; throws for other text, so check it before, or expect that */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
	return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Null for any other text. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
	if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
	try {
		return decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
	} catch {
		// A length that no number of bytes has.
		return null;
	}
}
