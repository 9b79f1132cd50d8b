/** Secrets that are handed out once: 256 random bits, kept as their SHA-256. */

const PREFIX = 'signpost_';

/** 43 characters of base64url. */
export function randomText(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(32));
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replaceAll('=', '');
}

/** A token's secret; the prefix lets scanners of repositories and logs find one. */
export function tokenSecret(): string {
	return PREFIX + randomText();
}
