/** The clients: where each looks, in its own order, and what it takes. Each row cites what it was read from (autoconfig-dns-tls notes §3, §4, §6.3). */
import { createHash } from 'node:crypto';
import type { EmailAddress } from '../../model/names.ts';
import { autoconfigWalk, ISPDB, mxWalk, place, type Reading, type SrvRecord, securityOfPort, srvOf } from './autoconfig.ts';
import { post, pox, poxStep, poxWalk } from './autodiscover.ts';
import { readProfile } from './documents.ts';
import { type Client, type Server, verdict, type Walk } from './walk.ts';

// Google, Microsoft and a few others are known by host name; for everybody else OAuth2 is skipped.
const PASSWORDS = ['password-cleartext', 'plain', 'password-encrypted', 'secure'];

const THUNDERBIRD: Reading = {
	takesUnread: true,
	types: /^(text\/xml|application\/xml|text\/rdf)/,
	takes: 'first',
	logins: [...PASSWORDS, 'GSSAPI', 'NTLM'],
};
const ANDROID: Reading = { takes: 'first', strict: true, logins: PASSWORDS };
const FIRST: Reading = { takes: 'first' };

const both = (scheme: 'https' | 'http', query: 'none' | 'encoded' | 'raw') => [
	place.subdomain(scheme, query),
	place.wellKnown(scheme, query),
];
const each = (places: readonly ((address: EmailAddress) => string)[], address: EmailAddress) => places.map((make) => make(address));
const subdomainOf = (domain: string) => `https://autoconfig.${domain}/mail/config-v1.1.xml`;

export const CLIENTS = {
	thunderbird: {
		title: 'Thunderbird 153',
		userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0',
		evidence: 'measured on 153.7.0, and modules/accountcreation of its omni.ja',
		*walk(address) {
			const isp = yield* autoconfigWalk(each([...both('https', 'encoded'), ...both('http', 'encoded')], address), THUNDERBIRD);
			if (isp !== null) return isp;
			const database = yield* autoconfigWalk([`https://live.thunderbird.net/autoconfig/v1.1/${address.domain}`], THUNDERBIRD);
			if (database !== null) return database;
			const mx = yield* mxWalk(
				address,
				(domain) => [
					`${subdomainOf(domain)}?emailaddress=${encodeURIComponent(address.text)}`,
					`https://live.thunderbird.net/autoconfig/v1.1/${domain}`,
				],
				THUNDERBIRD,
			);
			if (mx !== null) return mx;
			const { domain } = address;
			return yield* poxWalk(
				[post(address, pox(`autodiscover.${domain}`)), post(address, pox(domain)), post(address, pox(`autodiscover.${domain}`, 'http'))],
				'first',
			);
		},
	},
	'thunderbird-android': {
		title: 'Thunderbird for Android, K-9',
		evidence: 'feature/autodiscovery, thunderbird-android@a59bd67',
		*walk(address) {
			const urls = [...each([...both('https', 'none'), ...both('http', 'none')], address), `${ISPDB}${address.domain}`];
			return (
				(yield* autoconfigWalk(urls, ANDROID)) ?? (yield* mxWalk(address, (domain) => [subdomainOf(domain), `${ISPDB}${domain}`], ANDROID))
			);
		},
	},
	outlook: {
		title: 'Outlook for Windows (classic)',
		evidence: 'MS-OXDISCO §3.1.5, MS-OXDSCLI; Microsoft’s cloud, which it asks first, is left out',
		*walk(address) {
			const { domain } = address;
			const direct = yield* poxWalk(
				[pox(domain), pox(`autodiscover.${domain}`)].map((url) => post(address, url, { redirects: 'keep' })),
				'first',
			);
			if (direct !== null) return direct;
			const told = yield { ask: 'http', method: 'GET', url: pox(`autodiscover.${domain}`, 'http'), redirects: 'stop' };
			const location = told.told === 'http' && (told.status === 301 || told.status === 302) ? told.location : null;
			yield* verdict(location === null ? 'no redirect' : `asks the user, then ${location}`);
			const redirected = location === null ? null : yield* poxStep(post(address, location), 'first');
			if (redirected !== null) return redirected;
			const [target] = yield* srvOf('_autodiscover', domain);
			return target === undefined ? null : yield* poxStep(post(address, pox(target.host)), 'first');
		},
	},
	ios: {
		title: 'iPhone, iPad, Mac',
		evidence: 'no discovery of its own: the user opens the link to the profile (Apple Configuration Profile Reference)',
		*walk(address) {
			const url = `https://autoconfig.${address.domain}/mobileconfig?email=${encodeURIComponent(address.text)}`;
			const told = yield { ask: 'http', method: 'GET', url };
			const usable = told.told === 'http' && told.status === 200 && told.type.startsWith('application/x-apple-aspen-config');
			const read = usable ? readProfile(told.bytes) : { reason: told.told === 'http' ? `${told.status} ${told.type}` : 'no answer' };
			if ('reason' in read) {
				yield* verdict(String(read.reason));
				return null;
			}
			yield* verdict('a profile: installed once the user allows it in Settings');
			const { IncomingMailServerPortNumber: inPort, OutgoingMailServerPortNumber: outPort } = read;
			const incoming: Server = {
				kind: read.EmailAccountType === 'EmailTypePOP' ? 'pop3' : 'imap',
				host: read.IncomingMailServerHostName ?? '',
				port: Number(inPort),
				security: apple(read.IncomingMailServerUseSSL, inPort),
			};
			const outgoing: Server = {
				kind: 'smtp',
				host: read.OutgoingMailServerHostName ?? '',
				port: Number(outPort),
				security: apple(read.OutgoingMailServerUseSSL, outPort),
			};
			return { incoming, outgoing, source: url, why: 'a profile names one server of each kind' };
		},
	},
	evolution: {
		title: 'Evolution',
		evidence: 'src/mail/e-mail-autoconfig.c: one struct per kind, filled again for each section',
		*walk(address) {
			// It says who it is by its second parameter.
			const digest = createHash('md5').update(address.text.toLowerCase()).digest('hex');
			const places = [
				place.subdomain('https', 'encoded'),
				place.subdomain('http', 'encoded'),
				place.wellKnown('https', 'encoded'),
				place.wellKnown('http', 'encoded'),
			];
			const urls = each(places, address).map((url) => `${url}&emailmd5=${digest}`);
			return yield* autoconfigWalk([...urls, `${ISPDB}${address.domain}`], { takes: 'last' });
		},
	},
	fairemail: {
		title: 'FairEmail',
		evidence: 'EmailProvider.java, M66B/FairEmail@e23dd9d',
		*walk(address) {
			const { domain } = address;
			return (
				(yield* fairEmailSrv(domain)) ??
				(yield* autoconfigWalk([...each([...both('https', 'raw'), ...both('http', 'raw')], address), `${ISPDB}${domain}`], {
					takes: 'first',
					imapFirst: true,
				})) ??
				(yield* poxWalk(
					[pox(domain), pox(`autodiscover.${domain}`)].map((url) =>
						post(address, url, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
					),
					'last',
				))
			);
		},
	},
	'delta-chat': {
		title: 'Delta Chat',
		evidence: 'src/configure.rs, chatmail/core@4888889; it tries every server in turn, here the first',
		*walk(address) {
			const { domain } = address;
			const gets = [pox(domain), pox(`autodiscover.${domain}`)].map((url) => ({ ask: 'http', method: 'GET', url }) as const);
			return (
				(yield* autoconfigWalk(each([place.subdomain('https', 'encoded'), place.wellKnown('https', 'none')], address), FIRST)) ??
				(yield* poxWalk(gets, 'first')) ??
				(yield* autoconfigWalk([`${ISPDB}${domain}`], FIRST))
			);
		},
	},
	kmail: {
		title: 'KMail',
		evidence: 'src/ispdbservice.cpp, KDE/kmail-account-wizard@8163b65; the user may choose another from its list',
		walk: (address) =>
			autoconfigWalk(
				[
					`${ISPDB}${address.domain}`,
					...each([place.subdomain('https', 'none'), place.subdomain('http', 'none'), place.wellKnown('https', 'none')], address),
				],
				FIRST,
			),
	},
	geary: {
		title: 'Geary',
		evidence: 'accounts-autoconfig.vala, GNOME/geary@3e8d4f1',
		walk: (address) =>
			autoconfigWalk([place.subdomain('https', 'none')(address), `${ISPDB}${address.domain}`], { takes: 'first', imapFirst: true }),
	},
	nextcloud: {
		title: 'Nextcloud Mail',
		evidence: 'lib/Service/AutoConfig/IspDb.php, nextcloud/mail@e5734fe',
		*walk(address) {
			const urls = [...each(both('https', 'raw'), address), `${ISPDB}${address.domain}`, ...each(both('http', 'raw'), address)];
			return (yield* autoconfigWalk(urls, FIRST)) ?? (yield* mxWalk(address, (domain) => [subdomainOf(domain)], FIRST));
		},
	},
	mailspring: {
		title: 'Mailspring',
		evidence: 'onboarding-helpers.ts, Foundry376/Mailspring@d93a0d7',
		walk: (address) => autoconfigWalk(each(both('https', 'none'), address), FIRST),
	},
	aerc: {
		title: 'aerc',
		userAgent: 'Go-http-client/2.0',
		evidence: 'lib/autoconfig, rjarry/aerc@fab0531: never asks for _submissions, SRV goes before autoconfig',
		*walk(address) {
			const { domain } = address;
			const [imap] = yield* srvOf('_imap', domain);
			const [imaps] = yield* srvOf('_imaps', domain);
			const [submission] = yield* srvOf('_submission', domain);
			const [smtps] = yield* srvOf('_smtps', domain);
			const incoming: Server | null =
				imap !== undefined
					? { kind: 'imap', host: imap.host, port: imap.port, security: 'starttls' }
					: imaps !== undefined
						? { kind: 'imap', host: imaps.host, port: imaps.port, security: 'tls' }
						: null;
			const outgoing: Server | null =
				submission !== undefined
					? { kind: 'smtp', host: submission.host, port: submission.port, security: 'starttls' }
					: smtps !== undefined
						? { kind: 'smtp', host: smtps.host, port: smtps.port, security: 'tls' }
						: null;
			if (incoming !== null)
				return { incoming, outgoing, source: 'SRV', why: 'SRV goes before autoconfig, and _submissions is not asked for' };
			return yield* autoconfigWalk([...each(both('https', 'encoded'), address), `${ISPDB}${domain}`], { takes: 'last' });
		},
	},
	pacc: {
		title: 'a client that follows PACC',
		evidence: 'draft-ietf-mailmaint-pacc-03 §5',
		*walk(address) {
			const url = `https://ua-auto-config.${address.domain}/.well-known/user-agent-configuration.json`;
			const told = yield { ask: 'http', method: 'GET', url, redirects: 'stop' };
			if (told.told !== 'http' || told.status !== 200) {
				yield* verdict(told.told === 'http' ? String(told.status) : 'no answer');
				return null;
			}
			yield* verdict('a document: its digest must stand in DNS');
			const records = yield { ask: 'txt', name: `_ua-auto-config.${address.domain}` };
			const digest = createHash('sha256').update(told.bytes).digest('base64');
			const vouched = records.told === 'records' && records.records.some((text) => text.includes(`d=${digest}`));
			yield* verdict(vouched ? 'the digest is right' : 'no record has the document’s digest: rejected');
			return vouched ? paccSettings(told.body, url) : null;
		},
	},
} as const satisfies Record<string, Client>;

export type ClientName = keyof typeof CLIENTS;
export const CLIENT_NAMES = Object.keys(CLIENTS) as readonly ClientName[];

// Apple infers STARTTLS from the registered ports (Profile Reference, UseSSL).
function apple(ssl: string | undefined, port: string | undefined): Server['security'] {
	return ssl === 'true' ? securityOfPort(Number(port)) : 'plain';
}

/** FairEmail sorts by priority over both labels; at a tie 993 goes before 143, but 587 before 465. It needs both kinds. */
function* fairEmailSrv(domain: string): Walk {
	const found: (SrvRecord & { readonly label: string; readonly rank: number })[] = [];
	for (const [rank, label] of ['_imaps', '_imap', '_submission', '_submissions'].entries())
		for (const record of yield* srvOf(label, domain)) found.push({ ...record, label, rank });
	found.sort((a, b) => a.priority - b.priority || b.weight - a.weight || a.rank - b.rank);
	const pick = (labels: readonly string[], kind: 'imap' | 'smtp'): Server | null => {
		const record = found.find(({ label }) => labels.includes(label));
		return record === undefined
			? null
			: { kind, host: record.host, port: record.port, security: record.label.endsWith('s') ? 'tls' : 'starttls' };
	};
	const [incoming, outgoing] = [pick(['_imap', '_imaps'], 'imap'), pick(['_submission', '_submissions'], 'smtp')];
	if (incoming === null || outgoing === null) return null;
	return { incoming, outgoing, source: 'SRV', why: 'the lowest priority number of each kind; SRV goes before autoconfig' };
}

function paccSettings(body: string, source: string) {
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
