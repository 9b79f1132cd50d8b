/**
 * Reads the environment of autodiscover-email-settings: Monogramm's (README at 66c144e, 2024-02) and jogerj's fork (README and
 * wrangler.toml.example of 2.0.2, 2026-04), which have the same variables.
 */
import { parseEnvironmentFile } from '../../lib/config-files/environment-file.ts';
import {
	type AdvertisedServer,
	NOTHING_ADVERTISED,
	normaliseHost,
	parsePort,
	parseSecurity,
} from '../../protocols/readers/advertised-settings.ts';
import { type ConfigurationParser, collectDomains, groupOfAll, notUnderstood } from './imported-configuration.ts';
import { configurationSource } from './imported-record.ts';

/** The prefixes of the variables of a server, in the order in which the program's answers have them. */
const SERVERS = { IMAP: 'imap', POP: 'pop3', SMTP: 'smtp' } as const;

const READ: ReadonlySet<string> = new Set([
	'COMPANY_NAME',
	'SUPPORT_URL',
	'DOMAIN',
	'MOBILESYNC_URL',
	...Object.keys(SERVERS).flatMap((prefix) => ['HOST', 'PORT', 'SOCKET'].map((part) => `${prefix}_${part}`)),
]);

/** Why the other variables of the program stand in no record. */
const LEFT_OUT: readonly (readonly [name: RegExp, reason: string])[] = [
	[/^MOBILESYNC_NAME$/, 'clients of ActiveSync are told the URL alone'],
	[/^LDAP_/, 'Signpost tells no client of an LDAP directory'],
	[
		/^(PROFILE|MAIL)_(UUID|IDENTIFIER)$/,
		'Apple profiles of Signpost have identifiers of their own, so that a new profile stands beside the old one',
	],
];

export const parseEnvironment: ConfigurationParser = (files, wanted) => {
	const variables = files.flatMap(parseEnvironmentFile);
	const values = new Map<string, string>();
	const notes: string[] = [];
	for (const { name, value, line } of variables) {
		if (values.has(name) && READ.has(name)) notes.push(`${name} stands in several lines: that of line ${line} is taken.`);
		values.set(name, value);
	}
	if (![...READ].some((name) => values.has(name)))
		return notUnderstood('has none of the variables of autodiscover-email-settings, as IMAP_HOST');
	for (const [name, value] of values) {
		const why = LEFT_OUT.find(([pattern]) => pattern.test(name))?.[1];
		if (why !== undefined && value !== '') notes.push(`${name}: ${why}.`);
		else if (!READ.has(name) && /^(IMAP|POP|SMTP|DOMAIN|COMPANY|SUPPORT)/.test(name)) notes.push(`${name}: is not understood.`);
	}
	const servers = Object.entries(SERVERS).flatMap(([prefix, type]): readonly AdvertisedServer[] => {
		// A server without a host is switched off.
		const host = values.get(`${prefix}_HOST`) ?? '';
		if (host === '') return [];
		const port = parsePort(values.get(`${prefix}_PORT`) ?? '');
		return [
			{
				path: `${prefix}_HOST`,
				direction: type === 'smtp' ? 'outgoing' : 'incoming',
				type,
				host: normaliseHost(host),
				port,
				security: parseSecurity(values.get(`${prefix}_SOCKET`) ?? '', port),
				login: '%EMAILADDRESS%',
				auth: ['password-cleartext'],
			},
		];
	});
	const help = values.get('SUPPORT_URL') ?? '';
	const activesync = values.get('MOBILESYNC_URL') ?? '';
	const advertised = {
		...NOTHING_ADVERTISED,
		displayName: values.get('COMPANY_NAME') || null,
		servers,
		urls: activesync === '' ? [] : [{ path: 'MOBILESYNC_URL', kind: 'activesync' as const, url: activesync, login: null, auth: [] }],
		documentation: help === '' ? [] : [{ url: help, texts: [] }],
	};
	const name = values.get('DOMAIN') ?? '';
	const domains = collectDomains(name === '' ? [] : [{ path: 'DOMAIN', name }], notes);
	// Its short name is %EMAILLOCALPART%, and the texts of its link are its own.
	return groupOfAll(domains, wanted, configurationSource(advertised, { silent: { shortName: true, texts: true } }), notes);
};
