/** What automx 3 tells the clients of a domain: the options of its section, and of those that the section follows. */
import type { IniFile } from '../../lib/config-files/ini-file.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import {
	type AdvertisedServer,
	type AdvertisedSettings,
	type AdvertisedUrl,
	NOTHING_ADVERTISED,
	normaliseHost,
	parseAuthWord,
	parsePort,
	parseSecurity,
} from '../../protocols/readers/advertised-settings.ts';

export interface AutomxProfile {
	readonly advertised: AdvertisedSettings;
	readonly notes: readonly string[];
}

/** automx's own limit. */
const MAX_SECTIONS = 16;

/** The services with a host and a port, in the order of the answers. */
const TCP_SERVICES = { imap: 'imap', pop: 'pop3', smtp: 'smtp', managesieve: 'sieve' } as const;
const URL_SERVICES = ['jmap', 'caldav', 'carddav', 'webdav', 'activesync'] as const;
/** Services of which a record knows nothing. */
const OTHER_SERVICES = ['ews', 'rest', 'graph', 'oab', 'actions'] as const;

const TCP_OPTIONS = ['', '_server', '_port', '_encryption', '_auth', '_auth_identity'];
const URL_OPTIONS = ['', '_url', '_auth', '_auth_identity'];
const OTHER_OPTIONS = ['backend', 'follow', 'account_name', 'account_name_short', 'help_url', 'allow_insecure'];
const OAUTH_OPTIONS = ['oauth_issuer', 'oauth_auth_url', 'oauth_token_url', 'oauth_scope'];

const READ_OPTIONS: ReadonlySet<string> = new Set([
	...Object.keys(TCP_SERVICES).flatMap((service) => TCP_OPTIONS.map((option) => service + option)),
	...URL_SERVICES.flatMap((service) => URL_OPTIONS.map((option) => service + option)),
	...OTHER_OPTIONS,
	...OAUTH_OPTIONS,
]);

/** An option's value, and the section that it stands in. */
interface FoundOption {
	readonly value: string;
	readonly section: string;
}

/** The settings of a section. The error is a sentence without its full stop. */
export function readAutomxProfile(ini: IniFile, section: string): Result<AutomxProfile, string> {
	const notes: string[] = [];
	const services = new Map<string, ReadonlyMap<string, FoundOption>>();
	const texts = new Map<string, FoundOption>();
	const seen: string[] = [];
	let next: string | null = section;
	let backend = '';
	while (next !== null) {
		const options = ini.get(next);
		if (options === undefined) return err(`there is no section [${next}]`);
		if (seen.includes(next) || seen.length >= MAX_SECTIONS)
			return err(`the sections ${[...seen, next].join(', ')} follow each other without an end`);
		seen.push(next);
		const name: string = next;
		backend = (options.get('backend') ?? '').toLowerCase();
		if (backend === 'global') {
			next = 'global';
			continue;
		}
		noteBackend(name, backend, options, notes);
		const found = new Map([...options].map(([option, value]) => [option, { value, section: name }] as const));
		for (const [option, value] of found) if (OTHER_OPTIONS.includes(option) || OAUTH_OPTIONS.includes(option)) texts.set(option, value);
		// `…_append` keeps a service that an earlier section has; every other backend replaces it.
		for (const service of [...Object.keys(TCP_SERVICES), ...URL_SERVICES, ...OTHER_SERVICES])
			if (isTrue(options.get(service)) && !(backend.endsWith('_append') && services.has(service))) services.set(service, found);
		next = options.get('follow') ?? null;
	}
	return ok({ advertised: readSettings(services, texts, notes), notes });
}

function isTrue(value: string | undefined): boolean {
	return ['1', 'yes', 'true', 'on'].includes((value ?? '').toLowerCase());
}

/** Says of options and backends what is not looked at. */
function noteBackend(section: string, backend: string, options: ReadonlyMap<string, string>, notes: string[]): void {
	const kind = backend.replace(/_append$/, '');
	if (kind === 'file')
		notes.push(`[${section}] backend = file: the documents that it serves are not looked at; import them by themselves.`);
	else if (kind !== 'static') notes.push(`[${section}] backend = ${kind.slice(0, 20)}: what it answers for each user is not looked at.`);
	for (const [option, value] of options) {
		if (OTHER_SERVICES.some((service) => option === service || option.startsWith(`${service}_`))) {
			if (option.endsWith('_url')) notes.push(`[${section}] ${option}: a record has no service of that kind.`);
		} else if (!READ_OPTIONS.has(option) && kind === 'static')
			notes.push(`[${section}] ${option}: a record has no field for it${isSecret(option) ? '' : ` (${value.slice(0, 100)})`}.`);
	}
}

/** Whether the value of an option is nobody's business: `oauth_client_secret`, `bindpw`. */
function isSecret(option: string): boolean {
	return /pass|pw|secret|key|token/.test(option);
}

function readSettings(
	services: ReadonlyMap<string, ReadonlyMap<string, FoundOption>>,
	texts: ReadonlyMap<string, FoundOption>,
	notes: string[],
): AdvertisedSettings {
	const servers: AdvertisedServer[] = [];
	const urls: AdvertisedUrl[] = [];
	for (const [prefix, type] of Object.entries(TCP_SERVICES)) {
		const options = services.get(prefix);
		if (options === undefined) continue;
		const value = (option: string) => options.get(prefix + option)?.value ?? '';
		const port = parsePort(value('_port'));
		const path = `[${options.get(prefix)?.section}] ${prefix}`;
		if (value('_server').includes('${')) notes.push(`${path}_server: is different for each user (${value('_server').slice(0, 100)}).`);
		servers.push({
			path,
			direction: type === 'smtp' ? 'outgoing' : 'incoming',
			type,
			host: normaliseHost(value('_server')),
			port,
			security: parseSecurity(value('_encryption'), port),
			...access(value('_auth'), value('_auth_identity')),
		});
	}
	for (const kind of URL_SERVICES) {
		const options = services.get(kind);
		if (options === undefined) continue;
		const value = (option: string) => options.get(kind + option)?.value ?? '';
		urls.push({
			path: `[${options.get(kind)?.section}] ${kind}`,
			kind,
			url: value('_url'),
			...(kind === 'activesync' ? { login: null, auth: [] } : access(value('_auth'), value('_auth_identity'))),
		});
	}
	const text = (option: string) => texts.get(option)?.value ?? null;
	const help = text('help_url');
	return {
		...NOTHING_ADVERTISED,
		displayName: text('account_name'),
		shortName: text('account_name_short'),
		servers,
		urls,
		oauth:
			text('oauth_issuer') === null
				? null
				: {
						issuer: text('oauth_issuer'),
						authUrl: text('oauth_auth_url'),
						tokenUrl: text('oauth_token_url'),
						scope:
							text('oauth_scope')
								?.split(/[\s,]+/)
								.join(' ') ?? null,
					},
		documentation: help === null ? [] : [{ url: help, texts: [] }],
	};
}

/** automx has one word of its own, `plaintext`; the others are autoconfig's, and `encrypted` is `password-encrypted`. */
const AUTH_WORDS: Readonly<Record<string, string>> = {
	plaintext: 'password-cleartext',
	cleartext: 'password-cleartext',
	encrypted: 'password-encrypted',
};

function access(auth: string, login: string): { readonly login: string; readonly auth: readonly string[] } {
	const words = auth.split(/[\s,]/).filter((word) => word !== '');
	return {
		login: login === '' ? '%EMAILADDRESS%' : login,
		auth: words.map((word) => parseAuthWord(AUTH_WORDS[word.toLowerCase()] ?? word)),
	};
}
