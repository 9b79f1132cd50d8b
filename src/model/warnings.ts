/** Warnings about a record that is valid but will not work well with some clients or senders. They are shown wherever the record is. */
import { WEEK_SECONDS } from '../lib/time.ts';
import { clientsCutOff } from './fallback-dependents.ts';
import type { Domain } from './names.ts';
import { ADDRESS_PLACEHOLDER, fillDomain, hasAddressPlaceholder, LOCAL_PART_PLACEHOLDER } from './placeholders.ts';
import type { DomainRecord, ServiceRecord } from './record.ts';
import {
	HTTP_SERVICE_ORDER,
	SOCKET_SERVICE_ORDER,
	SOCKET_SERVICES,
	type SocketPorts,
	type SocketService,
	securityByPort,
	socketPorts,
} from './service-ports.ts';

export interface RecordWarning {
	readonly code:
		| 'no-implicit-tls'
		| 'starttls-port'
		| 'fallback-ends'
		| 'implicit-port'
		| 'discovery-url'
		| 'user-in-url'
		| 'placeholder'
		| 'activesync-url'
		| 'activesync-unreachable'
		| 'autodiscover-loop'
		| 'login-domain'
		| 'fallback-ended'
		| 'login-template'
		| 'login-not-address'
		| 'oauth-only'
		| 'oauth-undeclared'
		| 'long-name'
		| 'no-incoming'
		| 'no-submission'
		| 'short-max-age'
		| 'alias-enforces'
		| 'alias-target';
	/** The path of the field in the record, as in `services.submission.implicit`. */
	readonly path: string;
	readonly text: string;
}

/** The warnings about a record on a UTC day (YYYY-MM-DD). Those about an alias are about its own fields: its target has its own warnings. */
export function recordWarnings(record: ServiceRecord, today: string): readonly RecordWarning[] {
	if (record.kind === 'alias') return [...loginWarnings(record), ...textWarnings(record), ...policyWarnings(record)];
	return [
		...socketWarnings(record, today),
		...loginWarnings(record),
		...authWarnings(record),
		...urlWarnings(record),
		...userUrlWarnings(record),
		...activeSyncWarnings(record),
		...textWarnings(record),
		...offerWarnings(record),
		...policyWarnings(record),
	];
}

function socketWarnings(record: DomainRecord, today: string): readonly RecordWarning[] {
	return SOCKET_SERVICE_ORDER.flatMap((service) => {
		const configured = record.services[service];
		if (configured === undefined) return [];
		const further = (configured.alternatives ?? []).map((ports, at) => ({ path: `services.${service}.alternatives.${at}`, ports }));
		return [{ path: `services.${service}`, ports: configured }, ...further].flatMap(({ path, ports }) =>
			hostWarnings(service, path, socketPorts(service, ports), today),
		);
	});
}

/** @param path of the service, or of one of its further hosts */
function hostWarnings(
	service: SocketService,
	path: string,
	{ implicit, starttls, until }: SocketPorts,
	today: string,
): readonly RecordWarning[] {
	const { title, implicit: standard, registeredStarttls } = SOCKET_SERVICES[service];
	const cutOff =
		service === 'submission'
			? ` New accounts in ${clientsCutOff()} find no outgoing server then: their users type in port ${implicit ?? standard}.`
			: '';
	const warnings: RecordWarning[] = [];
	if (implicit === null && standard !== null)
		warnings.push({
			code: 'no-implicit-tls',
			path: `${path}.implicit`,
			// RFC 8314 §3.3, Appendix A.
			text: `${title} has no implicit TLS: open port ${standard} on the server; clients are now told STARTTLS alone (RFC 8314).`,
		});
	if (implicit !== null && securityByPort(implicit) === 'starttls')
		warnings.push({
			code: 'implicit-port',
			path: `${path}.implicit`,
			text: `Port ${implicit} is one of STARTTLS, and Apple Mail, FairEmail and Outlook begin it in the clear: if the server does speak TLS from the first byte there, have it do so on ${standard ?? 'another port'} too.`,
		});
	// Thunderbird, FairEmail and Apple Mail conclude from the port number alone whether to use STARTTLS.
	if (starttls !== null && starttls !== registeredStarttls)
		warnings.push({
			code: 'starttls-port',
			path: `${path}.starttls`,
			text: `Outlook, Thunderbird and Apple Mail take port ${starttls} for implicit TLS: STARTTLS works for them on ${registeredStarttls} only.`,
		});
	if (until !== null && until <= today)
		warnings.push({
			code: 'fallback-ended',
			path: `${path}.starttls.until`,
			text: `The fallback ended on ${until} (UTC): no client is told of it any more. Set "starttls" to null.${cutOff}`,
		});
	if (until !== null && until > today && service === 'submission')
		warnings.push({
			code: 'fallback-ends',
			path: `${path}.starttls.until`,
			text: `From ${until} (UTC) on no client is told of STARTTLS any more.${cutOff}`,
		});
	return warnings;
}

/** Where a record has the login of mail services. */
const MAIL_LOGIN_PATHS: readonly string[] = ['login', 'services.imap.login', 'services.submission.login'];

function loginWarnings(record: ServiceRecord): readonly RecordWarning[] {
	const services = record.kind === 'alias' ? {} : record.services;
	const configured = [
		{ path: 'login', login: record.login },
		...Object.entries(services).map(([name, service]) => ({
			path: `services.${name}.login`,
			login: service !== undefined && 'login' in service ? service.login : undefined,
		})),
	];
	return configured
		.filter(({ login }) => login !== undefined && login !== ADDRESS_PLACEHOLDER)
		.filter(({ path, login }) => login !== LOCAL_PART_PLACEHOLDER || MAIL_LOGIN_PATHS.includes(path))
		.map(({ path, login }) =>
			login === LOCAL_PART_PLACEHOLDER
				? {
						code: 'login-not-address',
						path,
						// Run with the clients themselves, 2026-11: Geary 46, KMail 24.12 for IMAP, aerc 0.20 and Claws Mail 4.3, which read SRV alone.
						text: 'Geary, KMail (for IMAP), aerc and Claws Mail log in with the whole address, whatever is said here: have the server take it too.',
					}
				: {
						code: 'login-template',
						path,
						text: 'FairEmail and aerc fill in a placeholder only where it is the whole login, and Geary, KMail (for IMAP) and Claws Mail log in with the address.',
					},
		);
}

function authWarnings({ services, oauth }: DomainRecord): readonly RecordWarning[] {
	return Object.entries(services).flatMap(([name, service]): readonly RecordWarning[] => {
		const auth = service !== undefined && 'auth' in service ? service.auth : undefined;
		if (auth === undefined) return [];
		const warnings: RecordWarning[] = [];
		if (!auth.includes('password'))
			warnings.push({
				code: 'oauth-only',
				path: `services.${name}.auth`,
				text: 'Most clients know OAuth 2.0 for a few big providers only: without "password" they cannot log in. Autodiscover and Apple profiles cannot say OAuth 2.0, so they leave the service out.',
			});
		if (auth.includes('oauth2') && oauth === undefined)
			warnings.push({ code: 'oauth-undeclared', path: 'oauth', text: 'OAuth 2.0 is offered, but no client is told where: add "oauth".' });
		return warnings;
	});
}

function urlWarnings({ services }: DomainRecord): readonly RecordWarning[] {
	return (['caldav', 'carddav', 'jmap'] as const).flatMap((name): readonly RecordWarning[] => {
		const url = services[name]?.url;
		// RFC 6764 §5 and RFC 8620 §2.2: clients begin at this path, and are sent on to the URL of the record.
		if (url === undefined || !/^https:\/\/[^/]{1,300}\/\.well-known\/(caldav|carddav|jmap)\/?$/.test(url)) return [];
		return [
			{
				code: 'discovery-url',
				path: `services.${name}.url`,
				text: 'This is where clients begin to look, not what they look for: on the mail domain itself it leads to itself, for ever. Give the URL that the server has behind it.',
			},
		];
	});
}

function activeSyncWarnings({ services, autodiscover }: DomainRecord): readonly RecordWarning[] {
	const url = services.activesync?.url;
	if (url === undefined) return [];
	const warnings: RecordWarning[] = [];
	// Android's own client (EasAutoDiscover.java) takes a URL that ends so, and no other.
	if (!url.toLowerCase().endsWith('/microsoft-server-activesync'))
		warnings.push({
			code: 'activesync-url',
			path: 'services.activesync.url',
			text: 'Clients expect a path of /Microsoft-Server-ActiveSync: some take the host alone and ask there, others ignore the URL.',
		});
	if (autodiscover === 'none')
		warnings.push({
			code: 'activesync-unreachable',
			path: 'services.activesync',
			text: 'Nobody is told of it, because the record leaves Autodiscover to another service.',
		});
	return warnings;
}

/** Warnings that depend on the domain that is served: a wildcard's or an alias's record has others for each. */
export function domainWarnings(record: DomainRecord, domain: Domain): readonly RecordWarning[] {
	const warnings: RecordWarning[] = [];
	const { autodiscover, loginDomain } = record;
	const redirect = typeof autodiscover === 'object' && 'redirectUrl' in autodiscover ? fillDomain(autodiscover.redirectUrl, domain) : '';
	if (redirect.startsWith(`https://autodiscover.${domain}/`))
		warnings.push({
			code: 'autodiscover-loop',
			path: 'autodiscover.redirectUrl',
			text: 'This is the name under which clients ask here: they would be sent round in a circle. Give the other service’s own name, or "none".',
		});
	// A record without services tells no login.
	if (loginDomain === undefined && /(^|\.)xn--/.test(domain) && Object.keys(record.services).length > 0)
		warnings.push({
			code: 'login-domain',
			path: 'loginDomain',
			text: `Autodiscover and Apple profiles log in with ${domain}, autoconfig with what the user typed, which may have its own letters: say which of them the server takes.`,
		});
	return warnings;
}

/** Where an answer has no address of a user, a URL with the user in it is left out. */
function userUrlWarnings({ services }: DomainRecord): readonly RecordWarning[] {
	return HTTP_SERVICE_ORDER.flatMap((name): readonly RecordWarning[] => {
		const url = services[name]?.url;
		if (url === undefined || !hasAddressPlaceholder(url)) return [];
		const standard =
			name === 'webdav' ? '' : ` Clients that look for the server by themselves have to find it at /.well-known/${name} of its host.`;
		return [
			{
				code: 'user-in-url',
				path: `services.${name}.url`,
				text: `Filled in for each user in Autodiscover and by the clients of autoconfig. Redirects and DNS do not know who asks, and Apple profiles without an address neither: they leave this URL or its path out. PACC has no document for such a record.${standard}`,
			},
		];
	});
}

/** Texts for people and addresses of pages, in which nothing is filled in but %EMAILDOMAIN% in URLs. */
function placeholderWarnings(record: ServiceRecord): readonly RecordWarning[] {
	const { provider, tlsRpt, autodiscover } = record;
	const { oauth, services } = record.kind === 'domain' ? record : { oauth: undefined, services: undefined };
	const isLeft = (text: string) => /%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/.test(text);
	const fieldsOf = (section: string, fields: object | undefined, isUnfilled: (text: string) => boolean, ...names: readonly string[]) =>
		names.map((name) => [`${section}.${name}`, String(Reflect.get(fields ?? {}, name) ?? ''), isUnfilled] as const);
	const texts = [
		...fieldsOf('provider', provider, isLeft, 'name', 'shortName', 'logo'),
		...fieldsOf('provider', provider, hasAddressPlaceholder, 'website', 'help'),
		...fieldsOf('oauth', oauth, isLeft, 'issuer', 'scope'),
		...fieldsOf('oauth', oauth, hasAddressPlaceholder, 'authUrl', 'tokenUrl'),
		...fieldsOf('services.activesync', services?.activesync, hasAddressPlaceholder, 'url'),
		...fieldsOf('autodiscover', typeof autodiscover === 'object' ? autodiscover : undefined, hasAddressPlaceholder, 'redirectUrl'),
		...(tlsRpt?.rua ?? []).map((uri, at) => [`tlsRpt.rua.${at}`, uri, isLeft] as const),
	];
	return texts.flatMap(([path, text, isUnfilled]): readonly RecordWarning[] =>
		!isUnfilled(text)
			? []
			: [{ code: 'placeholder', path, text: 'Nothing is filled in here: everybody reads the placeholder as it stands.' }],
	);
}

function textWarnings(record: ServiceRecord): readonly RecordWarning[] {
	const { provider } = record;
	const placeholders = placeholderWarnings(record);
	if (provider === undefined || provider.name.length <= 30) return placeholders;
	return [{ code: 'long-name', path: 'provider.name', text: 'More than 30 characters: some clients cut it.' }, ...placeholders];
}

function offerWarnings({ services }: DomainRecord): readonly RecordWarning[] {
	const warnings: RecordWarning[] = [];
	const mail = services.imap ?? services.pop3 ?? services.jmap;
	if (mail === undefined && services.submission !== undefined)
		warnings.push({
			code: 'no-incoming',
			path: 'services',
			text: 'Submission without imap, pop3 or jmap: no client can set up an account, so none is told of it but in SRV records.',
		});
	if (services.submission === undefined && (services.imap ?? services.pop3) !== undefined)
		warnings.push({
			code: 'no-submission',
			path: 'services',
			text: 'No submission: clients refuse to set up an account that cannot send, so autoconfig, Autodiscover, profiles and PACC tell nothing; SRV records alone do.',
		});
	return warnings;
}

function policyWarnings({ mtaSts }: ServiceRecord): readonly RecordWarning[] {
	// RFC 8461 §3.2: "weeks or greater" is expected.
	if (mtaSts === undefined || mtaSts.mode !== 'enforce' || mtaSts.maxAge >= WEEK_SECONDS) return [];
	return [
		{
			code: 'short-max-age',
			path: 'mtaSts.maxAge',
			text: 'Less than a week: senders forget the policy between two messages.',
		},
	];
}
