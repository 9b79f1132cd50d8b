/** Reads lists of networks, as Postfix (postconf(5), mynetworks) and Dovecot (login_trusted_networks) write them. */

export interface NetworkList {
	readonly networks: readonly { readonly address: string; readonly prefix: number }[];
	/** Entries that refer to a file or a table. */
	readonly tables: readonly string[];
	/** Entries that are neither networks nor tables. */
	readonly unknown: readonly string[];
}

export function parseNetworks(text: string): NetworkList {
	const networks: { address: string; prefix: number }[] = [];
	const tables: string[] = [];
	const unknown: string[] = [];
	for (const word of text.split(/[\s,]+/)) {
		// An entry with ! excludes addresses, so it cannot make anything trusted.
		if (word === '' || word.startsWith('!')) continue;
		const [, bare = '', prefix] = /^\[?([0-9a-f:.]+)\]?(?:\/(\d{1,3}))?$/i.exec(word) ?? [];
		if (bare !== '' && /[.:]/.test(bare))
			networks.push({ address: bare, prefix: prefix === undefined ? (bare.includes(':') ? 128 : 32) : Number(prefix) });
		else if (word.startsWith('/') || /^[a-z]+:/.test(word)) tables.push(word);
		else unknown.push(word);
	}
	return { networks, tables, unknown };
}

// RFC 1918, RFC 6598, RFC 4193, loopback and link-local addresses: nobody comes from there across the internet.
const PRIVATE =
	/^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|::1$|fe80:|f[cd][0-9a-f]{2}:|::ffff:127\.)/i;

/** Whether the list contains networks so large that they include strangers. */
export function coversEverything({ networks }: NetworkList): boolean {
	return networks.some(({ address, prefix }) => !PRIVATE.test(address) && prefix <= (address.includes(':') ? 16 : 8));
}

export function isPrivateAddress(address: string): boolean {
	return PRIVATE.test(address);
}

export function isPrivateList({ networks, tables, unknown }: NetworkList): boolean {
	return (
		networks.length > 0 &&
		tables.length === 0 &&
		unknown.length === 0 &&
		networks.every(({ address, prefix }) => PRIVATE.test(address) && prefix >= 8)
	);
}

export function isLoopbackList({ networks, tables, unknown }: NetworkList): boolean {
	return (
		networks.length > 0 &&
		tables.length === 0 &&
		unknown.length === 0 &&
		networks.every(({ address, prefix }) => /^127\.|^::1$/.test(address) && prefix >= 8)
	);
}
