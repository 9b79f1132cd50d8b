/** Random secrets of 256 bits, which are shown once; only their SHA-256 is stored. */

/** The prefix lets scanners of repositories and logs find a token. */
const TOKEN_PREFIX = 'signpost_';

/** The secret of a token: the prefix and 43 characters of base64url. */
export function generateTokenSecret(): string {
	return TOKEN_PREFIX + encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** RFC 4648 §5, without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replaceAll('=', '');
}

/** Decodes base64url; null for any other text. */
export function decodeBase64url(text: string): Uint8Array | null {
	if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
	try {
		return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
	} catch {
		// atob throws for a length that no number of bytes has.
		return null;
	}
}
