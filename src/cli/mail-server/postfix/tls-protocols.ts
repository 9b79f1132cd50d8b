/** Postfix's lists of TLS versions (postconf(5), smtpd_tls_mandatory_protocols). */

export const TLS_VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

export interface TlsProtocols {
	/** The allowed versions, oldest first. An empty list in the configuration allows all. */
	readonly allowed: readonly TlsVersion[];
	/** Words that are not known versions. */
	readonly unknown: readonly string[];
}

// Postfix 3.6 and later take OpenSSL's numbers, in hexadecimal digits, too.
const VERSION_NUMBERS: ReadonlyMap<string, TlsVersion> = new Map([
	['0300', 'SSLv3'],
	['0301', 'TLSv1'],
	['0302', 'TLSv1.1'],
	['0303', 'TLSv1.2'],
	['0304', 'TLSv1.3'],
]);

function parseVersion(text: string): TlsVersion | null {
	const number = /^(?:0x)?(0[0-9a-f]{3})$/i.exec(text)?.[1] ?? '';
	return VERSION_NUMBERS.get(number) ?? TLS_VERSIONS.find((version) => version.toLowerCase() === text.toLowerCase()) ?? null;
}

/** `>=TLSv1.2`, `<=TLSv1.3`, `!TLSv1`, `TLSv1.2`, with blanks, commas or colons between. */
export function parseTlsProtocols(list: string): TlsProtocols {
	const unknown: string[] = [];
	const words = list
		.replace(/([<>]=)\s+/g, '$1')
		.split(/[\s,:]+/)
		.filter((word) => word !== '')
		.flatMap((word) => {
			const [, operator = '', name = ''] = /^(>=|<=|!)?(.*)$/.exec(word) ?? [];
			// `>=0` means that there is no lowest version.
			if (operator !== '' && /^0+$/.test(name)) return [];
			const version = parseVersion(name);
			if (version === null) unknown.push(word);
			return version === null ? [] : [{ operator, at: TLS_VERSIONS.indexOf(version) }];
		});
	const positions = (operator: string) => words.filter((word) => word.operator === operator).map(({ at }) => at);
	const [floor, ceiling, excluded, named] = [positions('>=').at(-1), positions('<=').at(-1), positions('!'), positions('')];
	const allowed = TLS_VERSIONS.filter(
		(_, at) =>
			!excluded.includes(at) &&
			(named.length === 0 || named.includes(at)) &&
			(floor === undefined || at >= floor) &&
			(ceiling === undefined || at <= ceiling),
	);
	return { allowed, unknown };
}
