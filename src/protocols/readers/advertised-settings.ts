/**
 * What a document tells mail clients, in one form for every format: what is imported, and what would be served in its place, are read into
 * it and compared.
 */
import { parseDomain } from '../../model/names.ts';
import { securityByPort } from '../../model/service-ports.ts';

/** A server for mail, as a document names it. */
export interface AdvertisedServer {
	/** Where it stands, for people: `incomingServer[2]`. */
	readonly path: string;
	readonly direction: 'incoming' | 'outgoing';
	/** `imap`, `pop3`, `smtp`, or what the document says instead. */
	readonly type: string;
	/** In lower case and in A-labels; placeholders in upper case, as they are written. */
	readonly host: string;
	/** Null for a text that is no port from 1 to 65535. */
	readonly port: number | null;
	/** `plain`: without encryption. Null: nothing that is understood. */
	readonly security: 'tls' | 'starttls' | 'plain' | null;
	/** Null where the document names none. */
	readonly login: string | null;
	/** In order: `OAuth2`, `password-cleartext`, `password-encrypted`, or the document's own word. */
	readonly auth: readonly string[];
}

/** A server for calendars, address books or files, or one that has all of them and mail (JMAP, Exchange ActiveSync). */
export interface AdvertisedUrl {
	readonly path: string;
	readonly kind: 'caldav' | 'carddav' | 'webdav' | 'jmap' | 'activesync';
	readonly url: string;
	readonly login: string | null;
	readonly auth: readonly string[];
}

export interface AdvertisedOAuth {
	readonly issuer: string | null;
	readonly authUrl: string | null;
	readonly tokenUrl: string | null;
	readonly scope: string | null;
}

/** Something else that a document says: its path and its text. */
export interface AdvertisedDetail {
	readonly path: string;
	readonly text: string;
}

export interface AdvertisedSettings {
	/** Mail domains that the settings are for. */
	readonly domains: readonly string[];
	readonly displayName: string | null;
	readonly shortName: string | null;
	readonly servers: readonly AdvertisedServer[];
	readonly urls: readonly AdvertisedUrl[];
	readonly oauth: AdvertisedOAuth | null;
	/** Links to instructions, in order, each with its texts by language. */
	readonly documentation: readonly { readonly url: string; readonly texts: readonly string[] }[];
	/** What else stands in the document; a record has no place for any of it. */
	readonly more: readonly AdvertisedDetail[];
}

export const NOTHING_ADVERTISED: AdvertisedSettings = {
	domains: [],
	displayName: null,
	shortName: null,
	servers: [],
	urls: [],
	oauth: null,
	documentation: [],
	more: [],
};

/** A port as a text has it; null for every other text. */
export function parsePort(text: string): number | null {
	const trimmed = text.trim();
	const port = /^\d{1,5}$/.test(trimmed) ? Number(trimmed) : 0;
	return port >= 1 && port <= 65_535 ? port : null;
}

/** The kinds of encryption by the words that formats and clients have for them, in lower case. */
const SECURITY_WORDS = {
	ssl: 'tls',
	'ssl/tls': 'tls',
	implicit: 'tls',
	starttls: 'starttls',
	plain: 'plain',
	none: 'plain',
	off: 'plain',
} as const;

/**
 * What a word for the encryption means, in any letter case. `TLS` means implicit TLS to some programs and STARTTLS to others: the port
 * decides, as it does for clients.
 */
export function parseSecurity(word: string, port: number | null): AdvertisedServer['security'] {
	const lower = word.trim().toLowerCase();
	if (lower === 'tls') return port === null ? null : securityByPort(port);
	return Object.hasOwn(SECURITY_WORDS, lower) ? SECURITY_WORDS[lower as keyof typeof SECURITY_WORDS] : null;
}

/** The words for one way to log in, in lower case. They are the formats' own, and the names of SASL mechanisms (IANA). */
const AUTH_WORDS = {
	oauth2: 'OAuth2',
	xoauth2: 'OAuth2',
	oauthbearer: 'OAuth2',
	'password-cleartext': 'password-cleartext',
	plain: 'password-cleartext',
	login: 'password-cleartext',
	basic: 'password-cleartext',
	'http-basic': 'password-cleartext',
	'password-encrypted': 'password-encrypted',
	secure: 'password-encrypted',
	digest: 'password-encrypted',
	'http-digest': 'password-encrypted',
	'cram-md5': 'password-encrypted',
	'digest-md5': 'password-encrypted',
	'scram-sha-1': 'password-encrypted',
	'scram-sha-256': 'password-encrypted',
} as const;

/** A way to log in, in autoconfig's word for it where it has one; else as it is written. */
export function parseAuthWord(word: string): string {
	const lower = word.trim().toLowerCase();
	return Object.hasOwn(AUTH_WORDS, lower) ? AUTH_WORDS[lower as keyof typeof AUTH_WORDS] : word.trim();
}

/** A host in the letter case and the labels in which hosts are compared; Mozilla's placeholders stay as they are. */
export function normaliseHost(text: string): string {
	const name = parseDomain(text.trim());
	if (name !== null) return name;
	return text
		.trim()
		.replace(/\.$/, '')
		.split(/(%[A-Z]+%)/)
		.map((part, at) => (at % 2 === 1 ? part : part.toLowerCase()))
		.join('');
}
