/** Derives the settings that clients get (hosts, ports, logins) from a domain's record, which says what the operator runs. */
import { err, ok, type Result } from '../lib/result.ts';
import { utcDay } from '../lib/time.ts';
import { type Domain, type EmailAddress, type HttpsUrl, type Port, parseReportUri } from './names.ts';
import {
	ADDRESS_PLACEHOLDER,
	createTemplateFiller,
	fillAddress,
	fillAddressIntoUrl,
	fillLoginDomain,
	LOCAL_PART_PLACEHOLDER,
	type TemplateFiller,
	type UnresolvableField,
} from './placeholders.ts';
import type { DomainRecord } from './record.ts';
import type { PublishedNames } from './service-labels.ts';
import {
	HTTP_SERVICE_ORDER,
	type HttpService,
	implicitTlsFirst,
	type Security,
	SOCKET_SERVICE_ORDER,
	SOCKET_SERVICES,
	type SocketService,
	socketPorts,
} from './service-ports.ts';
import { toUnicodeDomain } from './unicode-domain.ts';

/** How to log in; `oauth2` is OAUTHBEARER or XOAUTH2 with the record's issuer. */
export type AuthMethod = 'oauth2' | 'password';

export interface SocketOffer {
	readonly kind: 'imap' | 'pop3' | 'smtp' | 'sieve';
	readonly host: Domain;
	readonly port: Port;
	readonly security: Security;
	readonly login: string;
	readonly auth: readonly AuthMethod[];
}

export interface HttpOffer {
	readonly kind: HttpService;
	/** For a whole domain it may still have placeholders for the user (`hasAddressPlaceholder`). */
	readonly url: HttpsUrl;
	readonly login: string;
	readonly auth: readonly AuthMethod[];
}

/** One server to connect to, with its login and its authentication methods. */
export type Offer = SocketOffer | HttpOffer;

/** What the settings are for. For a whole domain, logins keep Mozilla's placeholders; for one address they are filled in. */
export type ConfigScope =
	| { readonly kind: 'domain'; readonly domain: Domain }
	| { readonly kind: 'address'; readonly address: EmailAddress };

export interface Provider {
	/** At most 60 characters. */
	readonly name: string;
	/** At most 20 characters; null where the record has none and the name is too long to stand in. */
	readonly shortName: string | null;
	readonly website: HttpsUrl | null;
	readonly help: HttpsUrl | null;
}

export interface OAuth {
	readonly issuer: string;
	readonly authUrl: HttpsUrl;
	readonly tokenUrl: HttpsUrl;
	readonly scope: string;
}

export interface MtaSts {
	readonly mode: 'enforce' | 'testing' | 'none';
	readonly mx: readonly string[];
	/** Seconds. */
	readonly maxAge: number;
}

/** The settings for clients of one domain. Offers are in order of preference: implicit TLS before STARTTLS, IMAP before POP3. */
export interface ClientConfig {
	readonly scope: ConfigScope;
	/** The mail domain that the settings are for. Its record may be its own, an alias's target or a wildcard's. */
	readonly domain: Domain;
	readonly provider: Provider;
	readonly offers: readonly Offer[];
	readonly oauth: OAuth | null;
	readonly mtaSts: MtaSts | null;
	/** Where mail servers send their reports on failed TLS (RFC 8460): mailto: and https: URIs. */
	readonly tlsReports: readonly string[];
	/** Which names in DNS lead to this service; null: as the service is set. */
	readonly names: PublishedNames | null;
	/** Where the domain's Autodiscover is; null: here. */
	readonly autodiscover: AutodiscoverChoice | null;
	/** Exchange ActiveSync, for those who ask for it; null where the record has none. */
	readonly activesync: HttpsUrl | null;
}

/** Where a domain's Autodiscover is, if not here. */
export type AutodiscoverChoice =
	/** At another service, to which the domain's own DNS records lead. */
	| { readonly kind: 'none' }
	| { readonly kind: 'redirect-url'; readonly url: HttpsUrl }
	/** An address with %EMAILLOCALPART% in it for a whole domain, with the user's local part for an address. */
	| { readonly kind: 'redirect-address'; readonly address: string };

/**
 * The settings for clients of `domain`, from its record.
 * @param domain the mail domain; it replaces %EMAILDOMAIN% in hosts and URLs
 * @param scope the whole domain, or one address of it
 * @param now Unix time in milliseconds: a STARTTLS fallback whose last day is over is left out
 */
export function resolveConfig(
	record: DomainRecord,
	domain: Domain,
	scope: ConfigScope,
	now: number,
): Result<ClientConfig, UnresolvableField> {
	const templates = createTemplateFiller(domain);
	const loginDomain = record.loginDomain === undefined ? null : domainForLogins(record.loginDomain, domainOfScope(scope));
	const auth: readonly AuthMethod[] = record.oauth === undefined ? ['password'] : ['oauth2', 'password'];
	const context = { record, scope, login: record.login ?? ADDRESS_PLACEHOLDER, loginDomain, auth, now, templates };
	const optionalUrl = (path: string, template: string | undefined) => (template === undefined ? null : templates.url(path, template));
	const provider = {
		name: record.provider.name,
		shortName: record.provider.shortName ?? (record.provider.name.length <= 20 ? record.provider.name : null),
		website: optionalUrl('provider.website', record.provider.website),
		help: optionalUrl('provider.help', record.provider.help),
	};
	const offers = [
		...SOCKET_SERVICE_ORDER.flatMap((service) => socketOffers(service, context)),
		...HTTP_SERVICE_ORDER.flatMap((service) => httpOffers(service, context)),
	];
	const { oauth, mtaSts } = record;
	const config: ClientConfig = {
		scope,
		domain,
		provider,
		offers,
		oauth:
			oauth === undefined
				? null
				: { ...oauth, authUrl: templates.url('oauth.authUrl', oauth.authUrl), tokenUrl: templates.url('oauth.tokenUrl', oauth.tokenUrl) },
		mtaSts: mtaSts === undefined ? null : { ...mtaSts, mx: mtaSts.mx.map((mx, at) => templates.pattern(`mtaSts.mx.${at}`, mx)) },
		// A record of an earlier release may have a URI that would break the TXT record for the others too: it is left out.
		tlsReports: (record.tlsRpt?.rua ?? []).filter((uri) => parseReportUri(uri).ok),
		names: record.names ?? null,
		autodiscover: resolveAutodiscover(record, domain, scope, templates),
		activesync: optionalUrl('services.activesync.url', record.services.activesync?.url),
	};
	const failed = templates.firstFault();
	return failed === null ? ok(config) : err(failed);
}

interface ResolveContext {
	readonly record: DomainRecord;
	readonly scope: ConfigScope;
	readonly login: string;
	/** The domain as logins have it; null where it stands there as it does in the address. */
	readonly loginDomain: string | null;
	readonly auth: readonly AuthMethod[];
	/** Unix time in milliseconds. */
	readonly now: number;
	readonly templates: TemplateFiller;
}

// RFC 8314 §3 and §3.3: implicit TLS is preferred; STARTTLS is offered after it, until the day on which the operator ends it. Every host's
// implicit TLS comes before any host's STARTTLS.
function socketOffers(service: SocketService, context: ResolveContext): readonly SocketOffer[] {
	const { record, auth, now, templates } = context;
	const configured = record.services[service];
	if (configured === undefined) return [];
	const common = {
		kind: SOCKET_SERVICES[service].kind,
		login: fillLogin(configured.login, context),
		auth: configured.auth ?? auth,
	};
	const offers: SocketOffer[] = [];
	const addOffers = (path: string, entry: Pick<typeof configured, 'host' | 'implicit' | 'starttls'>) => {
		const ports = socketPorts(service, entry);
		const host = templates.domain(`${path}.host`, entry.host);
		if (ports.implicit !== null) offers.push({ ...common, host, port: ports.implicit as Port, security: 'tls' });
		if (ports.starttls !== null && (ports.until === null || utcDay(now) < ports.until))
			offers.push({ ...common, host, port: ports.starttls as Port, security: 'starttls' });
	};
	addOffers(`services.${service}`, configured);
	for (const [at, alternative] of (configured.alternatives ?? []).entries())
		addOffers(`services.${service}.alternatives.${at}`, alternative);
	return implicitTlsFirst(offers);
}

function httpOffers(service: HttpService, context: ResolveContext): readonly HttpOffer[] {
	const { record, scope, auth, templates } = context;
	const configured = record.services[service];
	if (configured === undefined) return [];
	const template = templates.url(`services.${service}.url`, configured.url);
	const url = scope.kind === 'address' ? fillAddressIntoUrl(template, scope.address) : template;
	// An address that cannot stand in the URL has no such service.
	if (url === null) return [];
	return [
		{
			kind: service,
			url: url as HttpsUrl,
			login: fillLogin(configured.login, context),
			auth: configured.auth ?? auth,
		},
	];
}

/** @param own the service's own login, where it has one */
function fillLogin(own: string | undefined, { login, loginDomain, scope }: ResolveContext): string {
	const template = own ?? login;
	const written = loginDomain === null ? template : fillLoginDomain(template, loginDomain);
	return scope.kind === 'address' ? fillAddress(written, scope.address) : written;
}

function domainOfScope(scope: ConfigScope): Domain {
	return scope.kind === 'address' ? scope.address.domain : scope.domain;
}

/** The domain in the form that the server wants; null for a name in ASCII, which has one form. */
function domainForLogins(form: NonNullable<DomainRecord['loginDomain']>, domain: Domain): string | null {
	if (!/(^|\.)xn--/.test(domain)) return null;
	return form === 'a-label' ? domain : toUnicodeDomain(domain);
}

function resolveAutodiscover(
	{ autodiscover }: DomainRecord,
	domain: Domain,
	scope: ConfigScope,
	templates: TemplateFiller,
): AutodiscoverChoice | null {
	if (autodiscover === undefined) return null;
	if (autodiscover === 'none') return { kind: 'none' };
	if ('redirectUrl' in autodiscover)
		return { kind: 'redirect-url', url: templates.url('autodiscover.redirectUrl', autodiscover.redirectUrl) };
	const { redirectAddr } = autodiscover;
	const at = redirectAddr.lastIndexOf('@');
	const other = templates.domain('autodiscover.redirectAddr', redirectAddr.slice(at + 1));
	if (other === domain) templates.fail('autodiscover.redirectAddr', 'must be an address of another domain: clients would ask here again');
	const local = redirectAddr.slice(0, at);
	const user = scope.kind === 'address' ? local.replaceAll(LOCAL_PART_PLACEHOLDER, () => scope.address.local) : local;
	return { kind: 'redirect-address', address: `${user}@${other}` };
}

/** The name under which a record has the service of an offer. */
export function serviceOfKind(kind: Offer['kind']): SocketService | HttpService {
	return kind === 'smtp' ? 'submission' : kind;
}

export function isSocketOffer(offer: Offer): offer is SocketOffer {
	return 'port' in offer;
}

/** Whether there is a mailbox: something that is read or sent by IMAP, POP3 or SMTP. */
export function offersMail(config: ClientConfig): boolean {
	return config.offers.some(({ kind }) => kind === 'imap' || kind === 'pop3' || kind === 'smtp');
}

/** The socket offers of one kind, in order of preference. */
export function socketOffersOf(config: ClientConfig, kind: SocketOffer['kind']): readonly SocketOffer[] {
	return config.offers.filter(isSocketOffer).filter((offer) => offer.kind === kind);
}

export function httpOfferOf(config: ClientConfig, kind: HttpOffer['kind']): HttpOffer | null {
	return config.offers.find((offer): offer is HttpOffer => !isSocketOffer(offer) && offer.kind === kind) ?? null;
}
