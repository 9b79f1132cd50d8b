/**
 * Reads Mail-in-a-Box's /etc/mailinabox.conf, and its lists of domains (`GET /admin/mail/domains`) or users (`GET
 * /admin/mail/users?format=json`). What clients are told follows version 75 (2026-04): conf/mozilla-autoconfig.xml, conf/mta-sts.txt.
 */
import { parseEnvironmentFile } from '../../lib/config-files/environment-file.ts';
import { WEEK_SECONDS } from '../../lib/time.ts';
import { SOCKET_SERVICES } from '../../model/service-ports.ts';
import { type AdvertisedServer, NOTHING_ADVERTISED, normaliseHost } from '../../protocols/readers/advertised-settings.ts';
import { type ConfigurationParser, collectDomains, groupOfAll, notUnderstood, parseJsonText } from './imported-configuration.ts';
import { configurationSource } from './imported-record.ts';

const ACCESS = { login: '%EMAILADDRESS%', auth: ['password-cleartext'] } as const;

export const parseMailInABox: ConfigurationParser = (files, wanted) => {
	const notes = ['<webMail>: a record has no field for it.'];
	const values = new Map(files.flatMap(parseEnvironmentFile).map(({ name, value }) => [name, value]));
	const host = normaliseHost(values.get('PRIMARY_HOSTNAME') ?? '');
	if (host === '') return notUnderstood('has no PRIMARY_HOSTNAME: /etc/mailinabox.conf is needed');
	const lists = files.filter((text) => !text.includes('PRIMARY_HOSTNAME'));
	const domains = collectDomains(lists.flatMap(listedDomains), notes);
	const server = (type: 'imap' | 'pop3' | 'smtp', port: number): AdvertisedServer => ({
		path: type.toUpperCase(),
		direction: type === 'smtp' ? 'outgoing' : 'incoming',
		type,
		host,
		port,
		security: 'tls',
		...ACCESS,
	});
	const advertised = {
		...NOTHING_ADVERTISED,
		displayName: `${host} (Mail-in-a-Box)`,
		shortName: host,
		servers: [
			server('imap', SOCKET_SERVICES.imap.implicit),
			server('pop3', SOCKET_SERVICES.pop3.implicit),
			server('smtp', SOCKET_SERVICES.submission.implicit),
		],
		urls: (['carddav', 'caldav'] as const).map((kind) => ({ path: kind, kind, url: `https://${host}/.well-known/${kind}`, ...ACCESS })),
		documentation: [{ url: `https://${host}/`, texts: [`en: ${host} website.`] }],
	};
	const reports = values.get('MTA_STS_TLSRPT_RUA') ?? '';
	const policies = {
		// An empty setting is the default, "enforce".
		mtaSts: { mode: values.get('MTA_STS_MODE') || 'enforce', mx: [host], maxAge: WEEK_SECONDS },
		...(reports === '' ? {} : { tlsRpt: { rua: reports.split(',').map((each) => each.trim()) } }),
	};
	return groupOfAll(domains, wanted, configurationSource(advertised, { policies }), notes);
};

/** A domain on each line, or users by domain in JSON. */
function listedDomains(text: string): readonly { readonly path: string; readonly name: string }[] {
	const users = parseJsonText(text);
	if (Array.isArray(users))
		return users.flatMap((entry: unknown, at) => {
			const name: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'domain') : null;
			return typeof name === 'string' ? [{ path: `users[${at}].domain`, name }] : [];
		});
	return text
		.split('\n')
		.map((line, at) => ({ path: `line ${at + 1}`, name: line.trim() }))
		.filter(({ name }) => name !== '' && !name.startsWith('#'));
}
