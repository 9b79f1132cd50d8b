/**
 * Proposes a record for what a document tells clients: everything that a record can hold, and nothing that the document does not say. What
 * it cannot hold is left out here; `lost-settings.ts` finds and names it.
 */
import * as v from 'valibot';
import * as field from '../../model/record-fields.ts';
import { MAX_ALTERNATIVES } from '../../model/record-services.ts';
import { SOCKET_SERVICES, type SocketService } from '../../model/service-ports.ts';
import type { AdvertisedOAuth, AdvertisedServer, AdvertisedSettings, AdvertisedUrl } from '../../protocols/readers/advertised-settings.ts';

const SERVICE_OF_TYPE = { imap: 'imap', pop3: 'pop3', smtp: 'submission', sieve: 'sieve' } as const satisfies Record<string, SocketService>;
/** The ways to log in that a record knows. `password-encrypted` hides a password that TLS hides already: it is the same password. */
const METHOD_OF_AUTH = { OAuth2: 'oauth2', 'password-cleartext': 'password', 'password-encrypted': 'password' } as const;

const DEFAULT_LOGIN = '%EMAILADDRESS%';

const hostField = v.safeParser(field.host({ title: '' }));
const loginField = v.safeParser(field.login());
const issuerField = v.safeParser(field.issuer());
const urlField = v.safeParser(field.url({ title: '' }));

function isIn<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
	return Object.hasOwn(table, key);
}

/** Why a record cannot hold a server; null where it can. */
export function whyServerDoesNotFit({ direction, type, host, port, security, auth }: AdvertisedServer): string | null {
	if (!isIn(SERVICE_OF_TYPE, type)) return `a record has no service of the type "${type.slice(0, 20)}"`;
	if ((type === 'smtp') !== (direction === 'outgoing')) return `no client looks for ${type} there`;
	if (security === 'plain') return 'it is without encryption, and a record offers encrypted connections only';
	if (security === null) return 'it does not say how it is encrypted';
	if (port === null) return 'its port is no number from 1 to 65535';
	if (!hostField(host).success) return 'its host is no host name of two labels or more (no IP address, no underscore)';
	if (auth.length > 0 && methodsOf(auth).length === 0) return `it takes no password and no OAuth2 (${auth.join(', ').slice(0, 60)})`;
	return null;
}

/** Why a record of all servers of a source leaves out one that it could hold; null where it has it. */
export function whyServerIsLeftOut(server: AdvertisedServer, servers: readonly AdvertisedServer[]): string | null {
	const { type, host, port, security } = server;
	if (!isIn(SERVICE_OF_TYPE, type)) return null;
	const entries = groupByHost(fittingServers(servers, SERVICE_OF_TYPE[type]));
	const at = entries.findIndex((entry) => entry.host === host && entry[security === 'tls' ? 'implicit' : 'starttls'] === port);
	if (at < 0) return 'its port stands there with another encryption already';
	return at > MAX_ALTERNATIVES ? `a record has at most ${MAX_ALTERNATIVES + 1} hosts for a service` : null;
}

/** Why a record cannot hold the URL of a service; null where it can. */
export function whyUrlDoesNotFit({ kind, url, auth }: AdvertisedUrl): string | null {
	const parsed = v.safeParse(kind === 'activesync' ? field.url({ title: '' }) : field.serviceUrl({ title: '' }), url);
	if (!parsed.success) return `its URL ${parsed.issues[0].message}`;
	if (auth.length > 0 && methodsOf(auth).length === 0) return `it takes no password and no OAuth2 (${auth.join(', ').slice(0, 60)})`;
	return null;
}

function methodsOf(auth: readonly string[]): readonly ('oauth2' | 'password')[] {
	return [...new Set(auth.flatMap((word) => (isIn(METHOD_OF_AUTH, word) ? [METHOD_OF_AUTH[word]] : [])))];
}

function fittingServers(servers: readonly AdvertisedServer[], service: SocketService): readonly AdvertisedServer[] {
	return servers.filter(
		(server) => isIn(SERVICE_OF_TYPE, server.type) && SERVICE_OF_TYPE[server.type] === service && whyServerDoesNotFit(server) === null,
	);
}

/**
 * A record as a person would write it, for the settings of a document.
 * @param name what to call the provider where the document has no name for it
 */
export function proposeRecord(advertised: AdvertisedSettings, name: string): object {
	const urls = advertised.urls.filter((each) => whyUrlDoesNotFit(each) === null);
	const oauth = advertised.oauth === null ? null : proposeOAuth(advertised.oauth);
	// One login for all that the document names is the record's; the default is left out.
	const logins = new Set(advertised.servers.filter(({ type }) => isIn(SERVICE_OF_TYPE, type)).map(({ login }) => usableLogin(login)));
	const shared = logins.size === 1 ? ([...logins][0] ?? DEFAULT_LOGIN) : DEFAULT_LOGIN;
	const access = (login: string | null, auth: readonly string[]) => {
		const own = usableLogin(login);
		const methods = auth.length === 0 ? (['password'] as const) : methodsOf(auth);
		// With "oauth", the default is OAuth2 and password: what a server takes is then always said.
		return { ...(own === shared ? {} : { login: own }), ...(oauth === null && methods.join() === 'password' ? {} : { auth: methods }) };
	};
	const services: Record<string, object> = {};
	for (const service of ['imap', 'pop3', 'submission', 'sieve'] as const) {
		const [first, ...others] = groupByHost(fittingServers(advertised.servers, service));
		if (first === undefined) continue;
		const lead = first.lead;
		services[service] = {
			host: first.host,
			...portFields(service, first),
			...access(lead.login, lead.auth),
			...(others.length === 0
				? {}
				: { alternatives: others.slice(0, MAX_ALTERNATIVES).map((other) => ({ host: other.host, ...portFields(service, other) })) }),
		};
	}
	for (const { kind, url, login, auth } of urls) {
		// Clients of ActiveSync ask for the user name themselves.
		services[kind] ??= kind === 'activesync' ? { url } : { url, ...access(login ?? shared, auth) };
	}
	const help = advertised.documentation.map(({ url }) => withoutFragment(url)).find((url) => isHttps(url));
	const shortName = cleanText(advertised.shortName ?? '', 20);
	return {
		kind: 'domain',
		provider: {
			name: cleanText(advertised.displayName ?? '', 60) ?? cleanText(name, 60) ?? name.slice(0, 60),
			...(shortName === null ? {} : { shortName }),
			...(help === undefined ? {} : { help }),
		},
		...(shared === DEFAULT_LOGIN ? {} : { login: shared }),
		services,
		...(oauth === null ? {} : { oauth }),
	};
}

interface HostPorts {
	readonly host: string;
	/** The server that names the login and the ways to log in. */
	readonly lead: AdvertisedServer;
	readonly implicit: number | null;
	readonly starttls: number | null;
}

/**
 * Servers of one service, one entry for each host; a further port of the same kind is an entry of its own. A host with implicit TLS goes
 * first (RFC 8314 §3), else the order is the document's.
 */
function groupByHost(listed: readonly AdvertisedServer[]): readonly HostPorts[] {
	const groups: HostPorts[] = [];
	for (const server of listed) {
		const { host, port, security } = server;
		const kind = security === 'tls' ? 'implicit' : 'starttls';
		const other = kind === 'implicit' ? 'starttls' : 'implicit';
		if (groups.some((group) => group.host === host && (group[kind] === port || group[other] === port))) continue;
		const free = groups.findIndex((group) => group.host === host && group[kind] === null);
		const found = groups[free];
		if (found === undefined) groups.push({ host, lead: server, implicit: null, starttls: null, [kind]: port });
		else groups[free] = { ...found, ...(kind === 'implicit' ? { lead: server } : {}), [kind]: port };
	}
	const first = groups.find(({ implicit }) => implicit !== null) ?? groups[0];
	return first === undefined ? [] : [first, ...groups.filter((group) => group !== first)];
}

function portFields(service: SocketService, { implicit, starttls }: HostPorts): object {
	const standard = SOCKET_SERVICES[service];
	return { ...(implicit === standard.implicit ? {} : { implicit }), ...(starttls === standard.starttls ? {} : { starttls }) };
}

/** A login that a record can hold; the default where the document has none, or one that would be the same for every user. */
function usableLogin(login: string | null): string {
	return login !== null && loginField(login).success ? login : DEFAULT_LOGIN;
}

function proposeOAuth(advertised: AdvertisedOAuth): object | null {
	if (whyOAuthDoesNotFit(advertised) !== null) return null;
	const { issuer, authUrl, tokenUrl, scope } = advertised;
	return { issuer: fullIssuer(issuer ?? ''), authUrl, tokenUrl, scope };
}

/** RFC 8414 §2: an issuer is an https URL. ISPDB documents have its host alone. */
function fullIssuer(issuer: string): string {
	return /^[a-z]+:/i.test(issuer) ? issuer : `https://${issuer}`;
}

/** Why a record cannot hold the settings of an OAuth server; null where it can. */
export function whyOAuthDoesNotFit(advertised: AdvertisedOAuth): string | null {
	const missing = (['issuer', 'authUrl', 'tokenUrl', 'scope'] as const).filter((name) => advertised[name] === null);
	if (missing.length > 0) return `it has no ${missing.join(', no ')}`;
	const { issuer, authUrl, tokenUrl, scope } = advertised;
	const issuerResult = issuerField(fullIssuer(issuer ?? ''));
	if (!issuerResult.success) return `its issuer ${issuerResult.issues[0].message}`;
	for (const [name, text] of Object.entries({ authUrl, tokenUrl })) {
		const parsed = urlField(text ?? '');
		if (!parsed.success) return `its ${name} ${parsed.issues[0].message}`;
	}
	return cleanText(scope ?? '', 1000) === scope
		? null
		: 'its scope is empty, longer than 1000 characters, or has line breaks or other blanks';
}

function isHttps(url: string): boolean {
	return urlField(url).success;
}

function withoutFragment(url: string): string {
	const at = url.indexOf('#');
	return at < 0 ? url : url.slice(0, at);
}

/** A text as a record takes it; null for one that is empty, too long, or has what is not seen. */
function cleanText(text: string, maximum: number): string | null {
	const cleaned = text
		.replace(/\s+/g, ' ')
		.replace(/[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\uFFFE\uFFFF]/gu, '')
		.trim();
	return cleaned === '' || cleaned.length > maximum ? null : cleaned;
}
