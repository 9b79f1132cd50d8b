/** Finds the words of an OpenSSL cipher list (openssl-ciphers(1)) that enable weak ciphers. */

// Ciphers without encryption or authentication, with keys that can be broken, or with blocks of 64 bits (RFC 9325 §4.1).
const WEAK_WORDS = new Set(
	[
		'NULL',
		'eNULL',
		'aNULL',
		'ADH',
		'AECDH',
		'EXP',
		'EXPORT',
		'EXPORT40',
		'EXPORT56',
		'LOW',
		'DES',
		'RC4',
		'RC2',
		'3DES',
		'DES-CBC3',
		'MD5',
		'COMPLEMENTOFALL',
	].map((word) => word.toUpperCase()),
);

/**
 * The words that enable weak ciphers which the list does not exclude again; none for an empty list, which stands for the program's default.
 */
export function findWeakCiphers(list: string): readonly string[] {
	const words = list.split(/[\s,:;]+/).filter((word) => word !== '');
	const removed = (word: string) => words.some((other) => /^[!-]/.test(other) && other.slice(1).toUpperCase() === word.toUpperCase());
	return words.filter((word) => {
		// @SECLEVEL=0 allows keys and versions that OpenSSL itself considers broken (SSL_CTX_set_security_level(3)).
		if (/@SECLEVEL=0$/i.test(word)) return true;
		if (/^[!@-]/.test(word)) return false;
		// `+WORD` only reorders what is in the list already. A list of single ciphers names them as ECDHE-RSA-RC4-SHA.
		if (word.startsWith('+')) return false;
		const parts = WEAK_WORDS.has(word.toUpperCase())
			? [word]
			: word.split(/[-+]/).filter((part) => /^(NULL|ADH|AECDH|EXP|RC4|RC2|CBC3|3DES)$/i.test(part));
		return parts.length > 0 && !removed(word) && !parts.some(removed);
	});
}
