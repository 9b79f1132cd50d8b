/** Random secrets of 256 bits, which are shown once; only their SHA-256 is stored. */
import { encodeBase64url } from '../../lib/base64.ts';

/** The prefix lets scanners of repositories and logs find a token. */
const TOKEN_PREFIX = 'signpost_';

/** The secret of a token: the prefix and 43 characters of base64url. */
export function generateTokenSecret(): string {
	return TOKEN_PREFIX + encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
}
