/** OpenSSL cipher lists (openssl-ciphers(1)): which of their words bring in ciphers that protect nothing, or too little. */

// No encryption, no authentication, keys that anybody breaks, or blocks of 64 bits. RFC 9325 §4.1.
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

/** The weak words that a list brings in and does not take out again. Empty for an empty list, which is the program's own default. */
export function findWeakCiphers(list: string): readonly string[] {
	const words = list.split(/[\s,:;]+/).filter((word) => word !== '');
	const removed = (word: string) => words.some((other) => /^[!-]/.test(other) && other.slice(1).toUpperCase() === word.toUpperCase());
	return words.filter((word) => {
		// @SECLEVEL=0 lets keys and versions in that OpenSSL itself takes for broken (SSL_CTX_set_security_level(3)).
		if (/@SECLEVEL=0$/i.test(word)) return true;
		if (/^[!@-]/.test(word)) return false;
		// `+WORD` only moves what is there already. A list of single ciphers names them as ECDHE-RSA-RC4-SHA.
		if (word.startsWith('+')) return false;
		const parts = WEAK_WORDS.has(word.toUpperCase())
			? [word]
			: word.split(/[-+]/).filter((part) => /^(NULL|ADH|AECDH|EXP|RC4|RC2|CBC3|3DES)$/i.test(part));
		return parts.length > 0 && !removed(word) && !parts.some(removed);
	});
}
