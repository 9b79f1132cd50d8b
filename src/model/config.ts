/** From what the operator runs to what clients are told. */
import { err, ok, type Result } from '../lib/result.ts';
import { utcDay } from '../lib/time.ts';
import { type Domain, type EmailAddress, type HttpsUrl, type Port, parseDomain, parseHttpsUrl } from './names.ts';
import { ADDRESS_PLACEHOLDER, DOMAIN_PLACEHOLDER, fillAddress, fillDomain } from './placeholders.ts';
import type { DomainRecord } from './record.ts';
import {
	HTTP_SERVICE_ORDER,
	type HttpService,
	type Security,
	SOCKET_SERVICE_ORDER,
	SOCKET_SERVICES,
	type SocketService,
	socketPorts,
} from './service-ports.ts';

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
	readonly url: HttpsUrl;
	readonly login: string;
	readonly auth: readonly AuthMethod[];
}

/** One place to connect, and how to prove who one is. */
export type Offer = SocketOffer | HttpOffer;

/** Whom the answer is for. For a bare domain, logins keep Mozilla's placeholders; for an address they are filled in. */
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

/** What clients of one domain are told, in order: implicit TLS before STARTTLS, IMAP before POP3. */
export interface ClientConfig {
	readonly scope: ConfigScope;
	/** The mail domain that is served: the one whose record (its own, an alias, a wildcard) was found. */
	readonly domain: Domain;
	readonly provider: Provider;
	readonly offers: readonly Offer[];
	readonly oauth: OAuth | null;
	readonly mtaSts: MtaSts | null;
	/** Where senders report failed TLS: mailto: and https: URIs. */
	readonly tlsReports: readonly string[];
}

/** A field that the asking domain turns into something that is no name or URL any more, by its path in the record. */
export interface UnresolvableField {
	readonly path: string;
	readonly reason: string;
}

/**
 * What clients are told of `domain` by this record.
 * @param domain the asking domain; it replaces %EMAILDOMAIN% in hosts and URLs
 * @param subject whom the answer is for
 * @param now Unix time in milliseconds: a fallback whose day has come is left out
 */
export function resolveConfig(
	record: DomainRecord,
	domain: Domain,
	scope: ConfigScope,
	now: number,
): Result<ClientConfig, UnresolvableField> {
	const templates = createTemplateFiller(domain);
	const login = record.login ?? ADDRESS_PLACEHOLDER;
	const auth: readonly AuthMethod[] = record.oauth === undefined ? ['password'] : ['oauth2', 'password'];
	const context = { record, scope, login, auth, now, templates };
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
		tlsReports: record.tlsRpt?.rua ?? [],
	};
	const failed = templates.firstFault();
	return failed === null ? ok(config) : err(failed);
}

interface ResolveContext {
	readonly record: DomainRecord;
	readonly scope: ConfigScope;
	readonly login: string;
	readonly auth: readonly AuthMethod[];
	/** Unix time in milliseconds. */
	readonly now: number;
	readonly templates: TemplateFiller;
}

// RFC 8314 §3 and §3.3: implicit TLS is preferred; STARTTLS is offered too, after it, until the operator ends it.
function socketOffers(service: SocketService, { record, scope, login, auth, now, templates }: ResolveContext): readonly SocketOffer[] {
	const written = record.services[service];
	if (written === undefined) return [];
	const ports = socketPorts(service, written);
	const common = {
		kind: SOCKET_SERVICES[service].kind,
		host: templates.domain(`services.${service}.host`, written.host),
		login: fillLogin(written.login ?? login, scope),
		auth: written.auth ?? auth,
	};
	const offers: SocketOffer[] = [];
	if (ports.implicit !== null) offers.push({ ...common, port: ports.implicit as Port, security: 'tls' });
	if (ports.starttls !== null && (ports.until === null || utcDay(now) < ports.until))
		offers.push({ ...common, port: ports.starttls as Port, security: 'starttls' });
	return offers;
}

function httpOffers(service: HttpService, { record, scope, login, auth, templates }: ResolveContext): readonly HttpOffer[] {
	const written = record.services[service];
	if (written === undefined) return [];
	return [
		{
			kind: service,
			url: templates.url(`services.${service}.url`, written.url),
			login: fillLogin(written.login ?? login, scope),
			auth: written.auth ?? auth,
		},
	];
}

function fillLogin(login: string, subject: ConfigScope): string {
	return subject.kind === 'address' ? fillAddress(login, subject.address) : login;
}

export function isSocketOffer(offer: Offer): offer is SocketOffer {
	return 'port' in offer;
}

/** The socket offers of one kind, in order of preference. */
export function socketOffersOf(config: ClientConfig, kind: SocketOffer['kind']): readonly SocketOffer[] {
	return config.offers.filter(isSocketOffer).filter((offer) => offer.kind === kind);
}

export function httpOfferOf(config: ClientConfig, kind: HttpOffer['kind']): HttpOffer | null {
	return config.offers.find((offer): offer is HttpOffer => !isSocketOffer(offer) && offer.kind === kind) ?? null;
}

/** Fills the asking domain into the record's names and remembers the first that it breaks (a name grown too long, say). */
interface TemplateFiller {
	readonly firstFault: () => UnresolvableField | null;
	readonly domain: (path: string, template: string) => Domain;
	readonly pattern: (path: string, template: string) => string;
	readonly url: (path: string, template: string) => HttpsUrl;
}

function createTemplateFiller(asking: Domain): TemplateFiller {
	let failed: UnresolvableField | null = null;
	const domain = (path: string, template: string): Domain => {
		// Without a placeholder the schema has already made it a domain.
		if (!template.includes(DOMAIN_PLACEHOLDER)) return template as Domain;
		const name = parseDomain(fillDomain(template, asking));
		if (name === null) failed ??= { path, reason: 'is no host name once the asking domain is filled in' };
		return name ?? asking;
	};
	const url = (path: string, template: string): HttpsUrl => {
		if (!template.includes(DOMAIN_PLACEHOLDER)) return template as HttpsUrl;
		const parsed = parseHttpsUrl(fillDomain(template, asking));
		if (!parsed.ok) failed ??= { path, reason: `${parsed.error} once the asking domain is filled in` };
		return parsed.ok ? parsed.value : (`https://${asking}/` as HttpsUrl);
	};
	return {
		firstFault: () => failed,
		domain,
		url,
		pattern: (path, template) => (template.startsWith('*.') ? `*.${domain(path, template.slice(2))}` : domain(path, template)),
	};
}
