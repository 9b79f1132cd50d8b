/** The clients: where each looks, in its own order, and what it takes. Each row cites what it was read from (autoconfig-dns-tls notes §3, §4, §6.3). */
import { createHash } from 'node:crypto';
import type { EmailAddress } from '../../model/names.ts';
import {
	type AutoconfigRules,
	autoconfigUrl,
	discoverAutoconfig,
	discoverByMx,
	findSrvRecords,
	ISPDB_URL,
	type SrvRecord,
	securityOfPort,
} from './autoconfig-discovery.ts';
import { autodiscoverPost, autodiscoverUrl, discoverAutodiscover, requestAutodiscover } from './autodiscover-discovery.ts';
import { conclude, type DiscoveredServer, type Discovery, type MailClient } from './discovery.ts';
import { parseMobileconfig } from './discovery-documents.ts';

// Google, Microsoft and a few others are known by host name; for everybody else OAuth2 is skipped.
const PASSWORD_AUTHENTICATIONS = ['password-cleartext', 'plain', 'password-encrypted', 'secure'];

const THUNDERBIRD_RULES: AutoconfigRules = {
	takesFirst2xxUnread: true,
	contentTypes: /^(text\/xml|application\/xml|text\/rdf)/,
	picks: 'first',
	authentications: [...PASSWORD_AUTHENTICATIONS, 'GSSAPI', 'NTLM'],
};
const THUNDERBIRD_ANDROID_RULES: AutoconfigRules = { picks: 'first', strict: true, authentications: PASSWORD_AUTHENTICATIONS };
const FIRST_SERVER_RULES: AutoconfigRules = { picks: 'first' };

const subdomainAndWellKnown = (scheme: 'https' | 'http', query: 'none' | 'encoded' | 'raw') => [
	autoconfigUrl.subdomain(scheme, query),
	autoconfigUrl.wellKnown(scheme, query),
];
const urlsFor = (places: readonly ((address: EmailAddress) => string)[], address: EmailAddress) => places.map((make) => make(address));
const autoconfigSubdomainUrl = (domain: string) => `https://autoconfig.${domain}/mail/config-v1.1.xml`;

export const MAIL_CLIENTS = {
	thunderbird: {
		title: 'Thunderbird 153',
		userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0',
		evidence: 'measured on 153.7.0, and modules/accountcreation of its omni.ja',
		*discover(address) {
			const isp = yield* discoverAutoconfig(
				urlsFor([...subdomainAndWellKnown('https', 'encoded'), ...subdomainAndWellKnown('http', 'encoded')], address),
				THUNDERBIRD_RULES,
			);
			if (isp !== null) return isp;
			const database = yield* discoverAutoconfig([`https://live.thunderbird.net/autoconfig/v1.1/${address.domain}`], THUNDERBIRD_RULES);
			if (database !== null) return database;
			const mx = yield* discoverByMx(
				address,
				(domain) => [
					`${autoconfigSubdomainUrl(domain)}?emailaddress=${encodeURIComponent(address.text)}`,
					`https://live.thunderbird.net/autoconfig/v1.1/${domain}`,
				],
				THUNDERBIRD_RULES,
			);
			if (mx !== null) return mx;
			const { domain } = address;
			return yield* discoverAutodiscover(
				[
					autodiscoverPost(address, autodiscoverUrl(`autodiscover.${domain}`)),
					autodiscoverPost(address, autodiscoverUrl(domain)),
					autodiscoverPost(address, autodiscoverUrl(`autodiscover.${domain}`, 'http')),
				],
				'first',
			);
		},
	},
	'thunderbird-android': {
		title: 'Thunderbird for Android, K-9',
		evidence: 'feature/autodiscovery, thunderbird-android@a59bd67',
		*discover(address) {
			const urls = [
				...urlsFor([...subdomainAndWellKnown('https', 'none'), ...subdomainAndWellKnown('http', 'none')], address),
				`${ISPDB_URL}${address.domain}`,
			];
			return (
				(yield* discoverAutoconfig(urls, THUNDERBIRD_ANDROID_RULES)) ??
				(yield* discoverByMx(address, (domain) => [autoconfigSubdomainUrl(domain), `${ISPDB_URL}${domain}`], THUNDERBIRD_ANDROID_RULES))
			);
		},
	},
	outlook: {
		title: 'Outlook for Windows (classic)',
		evidence: 'MS-OXDISCO §3.1.5, MS-OXDSCLI; Microsoft’s cloud, which it asks first, is left out',
		*discover(address) {
			const { domain } = address;
			const direct = yield* discoverAutodiscover(
				[autodiscoverUrl(domain), autodiscoverUrl(`autodiscover.${domain}`)].map((url) =>
					autodiscoverPost(address, url, { redirects: 'keep' }),
				),
				'first',
			);
			if (direct !== null) return direct;
			const told = yield { action: 'http', method: 'GET', url: autodiscoverUrl(`autodiscover.${domain}`, 'http'), redirects: 'stop' };
			const location = told.outcome === 'http' && (told.status === 301 || told.status === 302) ? told.location : null;
			yield* conclude(location === null ? 'no redirect' : `asks the user, then ${location}`);
			const redirected = location === null ? null : yield* requestAutodiscover(autodiscoverPost(address, location), 'first');
			if (redirected !== null) return redirected;
			const [target] = yield* findSrvRecords('_autodiscover', domain);
			return target === undefined ? null : yield* requestAutodiscover(autodiscoverPost(address, autodiscoverUrl(target.host)), 'first');
		},
	},
	ios: {
		title: 'iPhone, iPad, Mac',
		evidence: 'no discovery of its own: the user opens the link to the profile (Apple Configuration Profile Reference)',
		*discover(address) {
			const url = `https://autoconfig.${address.domain}/mobileconfig?email=${encodeURIComponent(address.text)}`;
			const told = yield { action: 'http', method: 'GET', url };
			const usable = told.outcome === 'http' && told.status === 200 && told.contentType.startsWith('application/x-apple-aspen-config');
			const read = usable
				? parseMobileconfig(told.bytes)
				: { reason: told.outcome === 'http' ? `${told.status} ${told.contentType}` : 'no answer' };
			if ('reason' in read) {
				yield* conclude(String(read.reason));
				return null;
			}
			yield* conclude('a profile: installed once the user allows it in Settings');
			const { IncomingMailServerPortNumber: inPort, OutgoingMailServerPortNumber: outPort } = read;
			const incoming: DiscoveredServer = {
				kind: read.EmailAccountType === 'EmailTypePOP' ? 'pop3' : 'imap',
				host: read.IncomingMailServerHostName ?? '',
				port: Number(inPort),
				security: appleSecurity(read.IncomingMailServerUseSSL, inPort),
			};
			const outgoing: DiscoveredServer = {
				kind: 'smtp',
				host: read.OutgoingMailServerHostName ?? '',
				port: Number(outPort),
				security: appleSecurity(read.OutgoingMailServerUseSSL, outPort),
			};
			return { incoming, outgoing, source: url, why: 'a profile names one server of each kind' };
		},
	},
	evolution: {
		title: 'Evolution',
		evidence: 'src/mail/e-mail-autoconfig.c: one struct per kind, filled again for each section',
		*discover(address) {
			// It says who it is by its second parameter.
			const digest = createHash('md5').update(address.text.toLowerCase()).digest('hex');
			const places = [
				autoconfigUrl.subdomain('https', 'encoded'),
				autoconfigUrl.subdomain('http', 'encoded'),
				autoconfigUrl.wellKnown('https', 'encoded'),
				autoconfigUrl.wellKnown('http', 'encoded'),
			];
			const urls = urlsFor(places, address).map((url) => `${url}&emailmd5=${digest}`);
			return yield* discoverAutoconfig([...urls, `${ISPDB_URL}${address.domain}`], { picks: 'last' });
		},
	},
	fairemail: {
		title: 'FairEmail',
		evidence: 'EmailProvider.java, M66B/FairEmail@e23dd9d',
		*discover(address) {
			const { domain } = address;
			return (
				(yield* discoverFairEmailSrv(domain)) ??
				(yield* discoverAutoconfig(
					[
						...urlsFor([...subdomainAndWellKnown('https', 'raw'), ...subdomainAndWellKnown('http', 'raw')], address),
						`${ISPDB_URL}${domain}`,
					],
					{
						picks: 'first',
						requiresImapFirst: true,
					},
				)) ??
				(yield* discoverAutodiscover(
					[autodiscoverUrl(domain), autodiscoverUrl(`autodiscover.${domain}`)].map((url) =>
						autodiscoverPost(address, url, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
					),
					'last',
				))
			);
		},
	},
	'delta-chat': {
		title: 'Delta Chat',
		evidence: 'src/configure.rs, chatmail/core@4888889; it tries every server in turn, here the first',
		*discover(address) {
			const { domain } = address;
			const gets = [autodiscoverUrl(domain), autodiscoverUrl(`autodiscover.${domain}`)].map(
				(url) => ({ action: 'http', method: 'GET', url }) as const,
			);
			return (
				(yield* discoverAutoconfig(
					urlsFor([autoconfigUrl.subdomain('https', 'encoded'), autoconfigUrl.wellKnown('https', 'none')], address),
					FIRST_SERVER_RULES,
				)) ??
				(yield* discoverAutodiscover(gets, 'first')) ??
				(yield* discoverAutoconfig([`${ISPDB_URL}${domain}`], FIRST_SERVER_RULES))
			);
		},
	},
	kmail: {
		title: 'KMail',
		evidence: 'src/ispdbservice.cpp, KDE/kmail-account-wizard@8163b65; the user may choose another from its list',
		discover: (address) =>
			discoverAutoconfig(
				[
					`${ISPDB_URL}${address.domain}`,
					...urlsFor(
						[autoconfigUrl.subdomain('https', 'none'), autoconfigUrl.subdomain('http', 'none'), autoconfigUrl.wellKnown('https', 'none')],
						address,
					),
				],
				FIRST_SERVER_RULES,
			),
	},
	geary: {
		title: 'Geary',
		evidence: 'accounts-autoconfig.vala, GNOME/geary@3e8d4f1',
		discover: (address) =>
			discoverAutoconfig([autoconfigUrl.subdomain('https', 'none')(address), `${ISPDB_URL}${address.domain}`], {
				picks: 'first',
				requiresImapFirst: true,
			}),
	},
	nextcloud: {
		title: 'Nextcloud Mail',
		evidence: 'lib/Service/AutoConfig/IspDb.php, nextcloud/mail@e5734fe',
		*discover(address) {
			const urls = [
				...urlsFor(subdomainAndWellKnown('https', 'raw'), address),
				`${ISPDB_URL}${address.domain}`,
				...urlsFor(subdomainAndWellKnown('http', 'raw'), address),
			];
			return (
				(yield* discoverAutoconfig(urls, FIRST_SERVER_RULES)) ??
				(yield* discoverByMx(address, (domain) => [autoconfigSubdomainUrl(domain)], FIRST_SERVER_RULES))
			);
		},
	},
	mailspring: {
		title: 'Mailspring',
		evidence: 'onboarding-helpers.ts, Foundry376/Mailspring@d93a0d7',
		discover: (address) => discoverAutoconfig(urlsFor(subdomainAndWellKnown('https', 'none'), address), FIRST_SERVER_RULES),
	},
	aerc: {
		title: 'aerc',
		userAgent: 'Go-http-client/2.0',
		evidence: 'lib/autoconfig, rjarry/aerc@fab0531: never asks for _submissions, SRV goes before autoconfig',
		*discover(address) {
			const { domain } = address;
			const [imap] = yield* findSrvRecords('_imap', domain);
			const [imaps] = yield* findSrvRecords('_imaps', domain);
			const [submission] = yield* findSrvRecords('_submission', domain);
			const [smtps] = yield* findSrvRecords('_smtps', domain);
			const incoming: DiscoveredServer | null =
				imap !== undefined
					? { kind: 'imap', host: imap.host, port: imap.port, security: 'starttls' }
					: imaps !== undefined
						? { kind: 'imap', host: imaps.host, port: imaps.port, security: 'tls' }
						: null;
			const outgoing: DiscoveredServer | null =
				submission !== undefined
					? { kind: 'smtp', host: submission.host, port: submission.port, security: 'starttls' }
					: smtps !== undefined
						? { kind: 'smtp', host: smtps.host, port: smtps.port, security: 'tls' }
						: null;
			if (incoming !== null)
				return { incoming, outgoing, source: 'SRV', why: 'SRV goes before autoconfig, and _submissions is not asked for' };
			return yield* discoverAutoconfig([...urlsFor(subdomainAndWellKnown('https', 'encoded'), address), `${ISPDB_URL}${domain}`], {
				picks: 'last',
			});
		},
	},
	pacc: {
		title: 'a client that follows PACC',
		evidence: 'draft-ietf-mailmaint-pacc-03 §5',
		*discover(address) {
			const url = `https://ua-auto-config.${address.domain}/.well-known/user-agent-configuration.json`;
			const told = yield { action: 'http', method: 'GET', url, redirects: 'stop' };
			if (told.outcome !== 'http' || told.status !== 200) {
				yield* conclude(told.outcome === 'http' ? String(told.status) : 'no answer');
				return null;
			}
			yield* conclude('a document: its digest must stand in DNS');
			const records = yield { action: 'txt', name: `_ua-auto-config.${address.domain}` };
			const digest = createHash('sha256').update(told.bytes).digest('base64');
			const vouched = records.outcome === 'records' && records.records.some((text) => text.includes(`d=${digest}`));
			yield* conclude(vouched ? 'the digest is right' : 'no record has the document’s digest: rejected');
			return vouched ? parsePaccSettings(told.body, url) : null;
		},
	},
} as const satisfies Record<string, MailClient>;

export type MailClientName = keyof typeof MAIL_CLIENTS;
export const MAIL_CLIENT_NAMES = Object.keys(MAIL_CLIENTS) as readonly MailClientName[];

// Apple infers STARTTLS from the registered ports (Profile Reference, UseSSL).
function appleSecurity(ssl: string | undefined, port: string | undefined): DiscoveredServer['security'] {
	return ssl === 'true' ? securityOfPort(Number(port)) : 'plain';
}

/** FairEmail sorts by priority over both labels; at a tie 993 goes before 143, but 587 before 465. It needs both kinds. */
function* discoverFairEmailSrv(domain: string): Discovery {
	const found: (SrvRecord & { readonly label: string; readonly rank: number })[] = [];
	for (const [rank, label] of ['_imaps', '_imap', '_submission', '_submissions'].entries())
		for (const record of yield* findSrvRecords(label, domain)) found.push({ ...record, label, rank });
	found.sort((a, b) => a.priority - b.priority || b.weight - a.weight || a.rank - b.rank);
	const pick = (labels: readonly string[], kind: 'imap' | 'smtp'): DiscoveredServer | null => {
		const record = found.find(({ label }) => labels.includes(label));
		return record === undefined
			? null
			: { kind, host: record.host, port: record.port, security: record.label.endsWith('s') ? 'tls' : 'starttls' };
	};
	const [incoming, outgoing] = [pick(['_imap', '_imaps'], 'imap'), pick(['_submission', '_submissions'], 'smtp')];
	if (incoming === null || outgoing === null) return null;
	return { incoming, outgoing, source: 'SRV', why: 'the lowest priority number of each kind; SRV goes before autoconfig' };
}

function parsePaccSettings(body: string, source: string) {
	const document: unknown = JSON.parse(body);
	const protocols = objectAt(document, 'protocols');
	const host = (name: string) => {
		const value = objectAt(protocols, name)?.host;
		return typeof value === 'string' ? value : null;
	};
	const [imap, submit] = [host('imap'), host('submit') ?? host('smtp')];
	return {
		incoming: imap === null ? null : { kind: 'imap' as const, host: imap, port: 993, security: 'tls' as const },
		outgoing: submit === null ? null : { kind: 'smtp' as const, host: submit, port: 465, security: 'tls' as const },
		source,
		why: 'PACC knows implicit TLS alone',
	};
}

function objectAt(value: unknown, key: string): Readonly<Record<string, unknown>> | null {
	const inner = typeof value === 'object' && value !== null ? Reflect.get(value, key) : null;
	return typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : null;
}
