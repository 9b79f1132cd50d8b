/** Secrets that are handed out once: 256 random bits, kept as their SHA-256. */

const TOKEN_PREFIX = 'signpost_';

/** 43 characters of base64url. */
export function randomBase64url(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(32));
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replaceAll('=', '');
}

/** A token's secret; the prefix lets scanners of repositories and logs find one. */
export function generateTokenSecret(): string {
	return TOKEN_PREFIX + randomBase64url();
}
