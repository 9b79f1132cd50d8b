/** Clients that take the first server of a kind from autoconfig. They differ in little else, so that each is one row of a table. */
import { parseAutoconfig, type ServerSection, securityOfSocketType } from './autoconfig-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { fillPlaceholders, type Outcome, rejected, type ServerSettings } from './outcome.ts';

interface FirstEntryClient {
	/** URLs in the client's order; A stands for the address in the form in which it is sent. */
	readonly urls: readonly string[];
	/** Which statuses the client reads a body of; Geary reads it whatever the status is. */
	readonly readsStatus: (status: number) => boolean;
	/** The kinds of servers of which it takes the first, and what the first section of the file must be. */
	readonly firstIncoming: 'imap' | 'any-imap';
	readonly security: (socketType: string | null) => ServerSettings['security'];
	/** How the login is made; null for clients that ask the user or take the address. */
	readonly login: (username: string | null) => string | null;
	readonly rejectionReason?: (body: string, document: NonNullable<ReturnType<typeof parseAutoconfig>>) => string | null;
}

const AUTOCONFIG_URL = `https://autoconfig.${DOMAIN}/mail/config-v1.1.xml`;
const WELL_KNOWN_URL = `https://${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml`;
const UNENCODED_ADDRESS_QUERY = `?emailaddress=${ADDRESS}`;
const isSuccess = (status: number) => status >= 200 && status < 300;
const fillLogin = (username: string | null) => fillPlaceholders(username ?? '', ADDRESS);
const overHttp = (url: string) => url.replace('https:', 'http:');

export const FIRST_ENTRY_CLIENTS = {
	// accounts-autoconfig.vala (GNOME/geary 3e8d4f1): no status check, first incoming must be imap, anything but two words is no TLS.
	geary: { urls: [AUTOCONFIG_URL], readsStatus: () => true, firstIncoming: 'imap', security: securityOfSocketType, login: () => null },
	// IspDb.php (nextcloud/mail e5734fe): ssl and starttls/tls in any case, everything else none.
	nextcloud: {
		urls: [
			`${AUTOCONFIG_URL}${UNENCODED_ADDRESS_QUERY}`,
			`${WELL_KNOWN_URL}${UNENCODED_ADDRESS_QUERY}`,
			`${overHttp(AUTOCONFIG_URL)}${UNENCODED_ADDRESS_QUERY}`,
			`${overHttp(WELL_KNOWN_URL)}${UNENCODED_ADDRESS_QUERY}`,
		],
		readsStatus: (status) => status === 200,
		firstIncoming: 'any-imap',
		security: (word) => (({ ssl: 'tls', starttls: 'starttls', tls: 'starttls' }) as const)[(word ?? '').toLowerCase()] ?? 'cleartext',
		login: fillLogin,
	},
	// Driver/Thunderbird.php (horde/Mail_Autoconfig f1a4ca1): plain http first; no %EMAILDOMAIN%.
	horde: {
		urls: [`${overHttp(AUTOCONFIG_URL)}${UNENCODED_ADDRESS_QUERY}`, `${overHttp(WELL_KNOWN_URL)}${UNENCODED_ADDRESS_QUERY}`],
		readsStatus: (status) => status !== 404,
		firstIncoming: 'any-imap',
		security: securityOfSocketType,
		login: (username) => fillPlaceholders(username ?? '', ADDRESS),
	},
	// onboarding-helpers.ts (Mailspring d93a0d7): what is neither SSL nor plain is STARTTLS; several providers need a matching id.
	mailspring: {
		urls: [AUTOCONFIG_URL, WELL_KNOWN_URL],
		readsStatus: isSuccess,
		firstIncoming: 'any-imap',
		security: (word) => (word === 'SSL' ? 'tls' : word === 'plain' ? 'cleartext' : 'starttls'),
		login: fillLogin,
	},
	// readConfig.ts (mustang-im/mustang): the domain that was looked up must be listed.
	parula: {
		urls: [`${AUTOCONFIG_URL}${UNENCODED_ADDRESS_QUERY}`, WELL_KNOWN_URL, overHttp(AUTOCONFIG_URL)],
		readsStatus: isSuccess,
		firstIncoming: 'any-imap',
		security: securityOfSocketType,
		login: fillLogin,
		rejectionReason: (body) => (body.includes(`<domain>${DOMAIN}</domain>`) ? null : 'the domain is not listed'),
	},
} as const satisfies Record<string, FirstEntryClient>;

/** Makes the oracle of one row. */
export function firstEntryOracle(reader: FirstEntryClient): (world: ClientEnvironment) => Promise<Outcome> {
	return async ({ fetch }) => {
		for (const url of reader.urls) {
			const { status, body } = await fetch(url);
			if (!reader.readsStatus(status)) continue;
			const document = parseAutoconfig(body);
			if (document === null) return rejected('not well-formed, or no clientConfig');
			const refusal = reader.rejectionReason?.(body, document) ?? null;
			if (refusal !== null) return rejected(refusal);
			const [first] = document.incoming;
			const incoming =
				reader.firstIncoming === 'imap'
					? first?.type === 'imap'
						? first
						: undefined
					: document.incoming.find(({ type }) => type === 'imap');
			const outgoing = document.outgoing.find(({ type }) => type === 'smtp');
			if (incoming === undefined || outgoing === undefined) return rejected('no imap or no smtp');
			return { incoming: server(incoming, reader), outgoing: server(outgoing, reader) };
		}
		return rejected('no URL answered');
	};
}

function server({ type, hostname, port, socketType, username }: ServerSection, reader: FirstEntryClient): ServerSettings {
	return { kind: type, host: hostname ?? '', port: Number(port), security: reader.security(socketType), login: reader.login(username) };
}
