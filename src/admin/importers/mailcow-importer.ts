/**
 * Reads mailcow's mailcow.conf, and its API's lists of domains (`GET /api/v1/get/domain/all`, `GET /api/v1/get/alias-domain/all`). What
 * clients are told follows mailcow-dockerized at 0642467 (2026-08): generate_config.sh, data/web/inc/vars.inc.php, data/web/autoconfig.php.
 */
import { parseEnvironmentFile } from '../../lib/config-files/environment-file.ts';
import { SOCKET_SERVICES } from '../../model/service-ports.ts';
import {
	type AdvertisedServer,
	type AdvertisedUrl,
	NOTHING_ADVERTISED,
	normaliseHost,
	parsePort,
} from '../../protocols/readers/advertised-settings.ts';
import { type ConfigurationParser, collectDomains, groupOfAll, notUnderstood, parseJsonText } from './imported-configuration.ts';
import { configurationSource } from './imported-record.ts';

/** The variables of the ports that clients are told, in the order of autoconfig.php, and their defaults. */
const PORTS = [
	{ variable: 'IMAPS_PORT', type: 'imap', security: 'tls', preset: SOCKET_SERVICES.imap.implicit },
	{ variable: 'IMAP_PORT', type: 'imap', security: 'starttls', preset: SOCKET_SERVICES.imap.registeredStarttls },
	{ variable: 'POPS_PORT', type: 'pop3', security: 'tls', preset: SOCKET_SERVICES.pop3.implicit },
	{ variable: 'POP_PORT', type: 'pop3', security: 'starttls', preset: SOCKET_SERVICES.pop3.registeredStarttls },
	{ variable: 'SMTPS_PORT', type: 'smtp', security: 'tls', preset: SOCKET_SERVICES.submission.implicit },
	{ variable: 'SUBMISSION_PORT', type: 'smtp', security: 'starttls', preset: SOCKET_SERVICES.submission.registeredStarttls },
	{ variable: 'SIEVE_PORT', type: 'sieve', security: 'starttls', preset: SOCKET_SERVICES.sieve.registeredStarttls },
] as const;

export const parseMailcow: ConfigurationParser = (files, wanted) => {
	const notes = [
		'data/web/inc/vars.local.inc.php is not looked at: names, hosts and ports that it sets are to be put in by hand.',
		'<enable>, <webMail>: a record has no field for them.',
	];
	const lists = files.map(parseJsonText);
	const domains = collectDomains(
		lists.flatMap((list) => listedDomains(list, notes)),
		notes,
	);
	const values = new Map(
		files.flatMap((text, at) => (lists[at] === undefined ? parseEnvironmentFile(text) : [])).map(({ name, value }) => [name, value]),
	);
	const host = normaliseHost(values.get('MAILCOW_HOSTNAME') ?? '');
	if (host === '') return notUnderstood('has no MAILCOW_HOSTNAME: mailcow.conf is needed');
	const servers = PORTS.flatMap(({ variable, type, security, preset }): readonly AdvertisedServer[] => {
		const bound = values.get(variable) ?? String(preset);
		if (isLoopback(bound)) {
			notes.push(`${variable} (${bound}): is bound to the machine itself, so that no client reaches it.`);
			return [];
		}
		return [
			{
				path: variable,
				direction: type === 'smtp' ? 'outgoing' : 'incoming',
				type,
				host,
				// "Format: 11.22.33.44:25", an address in front of the port.
				port: parsePort(bound.slice(bound.lastIndexOf(':') + 1)),
				security,
				login: '%EMAILADDRESS%',
				auth: ['password-cleartext'],
			},
		];
	});
	const advertised = {
		...NOTHING_ADVERTISED,
		displayName: 'A mailcow mail server',
		shortName: 'mail server',
		servers,
		urls: sogoUrls(host, values),
	};
	return groupOfAll(domains, wanted, configurationSource(advertised), notes);
};

/** SOGo has the calendars, the address books and ActiveSync; with `SKIP_SOGO` there are none. */
function sogoUrls(host: string, values: ReadonlyMap<string, string>): readonly AdvertisedUrl[] {
	if (/^y/i.test(values.get('SKIP_SOGO') ?? 'n')) return [];
	const dav = (['caldav', 'carddav'] as const).map((kind) => ({
		path: `SOGo ${kind}`,
		kind,
		url: `https://${host}/SOGo/dav/`,
		login: '%EMAILADDRESS%',
		auth: ['password-cleartext'],
	}));
	// data/web/autodiscover.php tells it to those who ask for MobileSync.
	const activesync = `https://${host}/Microsoft-Server-ActiveSync`;
	return [...dav, { path: 'SOGo ActiveSync', kind: 'activesync', url: activesync, login: null, auth: [] }];
}

function isLoopback(bound: string): boolean {
	return bound.startsWith('127.') || bound.startsWith('[::1]:');
}

/** The names in an answer of the API; `undefined` and everything that is no list has none. */
function listedDomains(list: unknown, notes: string[]): readonly { readonly path: string; readonly name: string }[] {
	if (!Array.isArray(list)) return [];
	return list.flatMap((entry: unknown, at) => {
		if (typeof entry !== 'object' || entry === null) return [];
		const [kind, name] = Object.entries(entry).find(([key]) => key === 'domain_name' || key === 'alias_domain') ?? [];
		if (typeof name !== 'string') return [];
		const path = `${kind}[${at}]`;
		const active: unknown = Reflect.get(entry, 'active');
		if (active !== undefined && String(active) !== '1') {
			notes.push(`${path}: ${name.slice(0, 100)} is switched off there, and left out.`);
			return [];
		}
		return [{ path, name }];
	});
}
