/** Clients that take the first server of a kind from autoconfig and differ in little else: one row each. */
import { readDocument, type Section, securityOf } from './autoconfig-document.ts';
import { filledIn, type Outcome, rejected, type Server } from './outcome.ts';
import { ADDRESS, DOMAIN, type World } from './world.ts';

interface Reader {
	/** In the client's order; A is the address, in the form it is sent. */
	readonly urls: readonly string[];
	/** Which answers are read: Geary does not look at the status. */
	readonly takes: (status: number) => boolean;
	/** The kinds it takes first of, and what the very first section must be. */
	readonly firstIncoming: 'imap' | 'any-imap';
	readonly security: (socketType: string | null) => Server['security'];
	/** Null for clients that ask the user, or take the address. */
	readonly login: (username: string | null) => string | null;
	readonly refuses?: (body: string, document: NonNullable<ReturnType<typeof readDocument>>) => string | null;
}

const MAIN = `https://autoconfig.${DOMAIN}/mail/config-v1.1.xml`;
const WELL_KNOWN = `https://${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml`;
const RAW = `?emailaddress=${ADDRESS}`;
const good = (status: number) => status >= 200 && status < 300;
const placeholders = (username: string | null) => filledIn(username ?? '', ADDRESS);
const plain = (url: string) => url.replace('https:', 'http:');

export const FIRST_TAKERS = {
	// accounts-autoconfig.vala (GNOME/geary 3e8d4f1): no status check, first incoming must be imap, anything but two words is no TLS.
	geary: { urls: [MAIN], takes: () => true, firstIncoming: 'imap', security: securityOf, login: () => null },
	// IspDb.php (nextcloud/mail e5734fe): ssl and starttls/tls in any case, everything else none.
	nextcloud: {
		urls: [`${MAIN}${RAW}`, `${WELL_KNOWN}${RAW}`, `${plain(MAIN)}${RAW}`, `${plain(WELL_KNOWN)}${RAW}`],
		takes: (status) => status === 200,
		firstIncoming: 'any-imap',
		security: (word) => (({ ssl: 'tls', starttls: 'starttls', tls: 'starttls' }) as const)[(word ?? '').toLowerCase()] ?? 'cleartext',
		login: placeholders,
	},
	// Driver/Thunderbird.php (horde/Mail_Autoconfig f1a4ca1): plain http first; no %EMAILDOMAIN%.
	horde: {
		urls: [`${plain(MAIN)}${RAW}`, `${plain(WELL_KNOWN)}${RAW}`],
		takes: (status) => status !== 404,
		firstIncoming: 'any-imap',
		security: securityOf,
		login: (username) => filledIn(username ?? '', ADDRESS),
	},
	// onboarding-helpers.ts (Mailspring d93a0d7): what is neither SSL nor plain is STARTTLS; several providers need a matching id.
	mailspring: {
		urls: [MAIN, WELL_KNOWN],
		takes: good,
		firstIncoming: 'any-imap',
		security: (word) => (word === 'SSL' ? 'tls' : word === 'plain' ? 'cleartext' : 'starttls'),
		login: placeholders,
	},
	// readConfig.ts (mustang-im/mustang): the domain that was looked up must be listed.
	parula: {
		urls: [`${MAIN}${RAW}`, WELL_KNOWN, plain(MAIN)],
		takes: good,
		firstIncoming: 'any-imap',
		security: securityOf,
		login: placeholders,
		refuses: (body) => (body.includes(`<domain>${DOMAIN}</domain>`) ? null : 'the domain is not listed'),
	},
	// ispdbservice.cpp (KDE/kmail-account-wizard 8163b65): all are shown to the user, in order; the first is what is chosen.
	kmail: {
		urls: [MAIN, plain(MAIN), WELL_KNOWN],
		takes: (status) => status === 200,
		firstIncoming: 'any-imap',
		security: securityOf,
		login: placeholders,
	},
} as const satisfies Record<string, Reader>;

/** The oracle of one of them. */
export function firstTaker(reader: Reader): (world: World) => Promise<Outcome> {
	return async ({ ask }) => {
		for (const url of reader.urls) {
			const { status, body } = await ask(url);
			if (!reader.takes(status)) continue;
			const document = readDocument(body);
			if (document === null) return rejected('not well-formed, or no clientConfig');
			const refusal = reader.refuses?.(body, document) ?? null;
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

function server({ type, hostname, port, socketType, username }: Section, reader: Reader): Server {
	return { kind: type, host: hostname ?? '', port: Number(port), security: reader.security(socketType), login: reader.login(username) };
}
