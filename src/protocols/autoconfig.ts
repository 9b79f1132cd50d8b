/**
 * Mozilla's autoconfig, as Thunderbird and most other clients read it.
 * Nothing that the client sent goes into the document. Logins are always placeholders, so all users of a domain get the same document.
 */
import { err, ok } from '../lib/result.ts';
import { renderXml, type XmlElement, xml } from '../lib/xml.ts';
import { type AuthMethod, type ClientConfig, type HttpOffer, httpOfferOf, offersMail, type SocketOffer } from '../model/config.ts';
import { publishesName } from '../model/dns-record.ts';
import { type EmailAddress, parseDomain } from '../model/names.ts';
import { expressibleAccount, type MailAccount } from './expressible-account.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, Query, WireRequest } from './protocol.ts';
import { candidateDomains, lastPathSegment, parseAddressParameter, sampleRequestAt } from './request.ts';

// Thunderbird parses the body as XML only if its type is text/xml, application/xml or text/rdf, in lower case (FetchHTTP, thunderbird-153).
const CONTENT_TYPE = 'text/xml; charset=utf-8';

// Thunderbird obeys max-age: after a record is edited, it may use the old document for ten minutes at most.
const CACHE_CONTROL = 'public, max-age=600';

const respond: Query['respond'] = (config) => {
	// Thunderbird and K-9 reject a document without both an incoming and an outgoing server.
	const account = expressibleAccount(config, 'autoconfig');
	if (!account.ok) return account;
	return ok({ type: CONTENT_TYPE, body: renderXml(clientConfigElement(config, account.value)) });
};

function clientConfigElement(config: ClientConfig, { incoming, outgoing }: MailAccount): XmlElement {
	const { provider, oauth, domain } = config;
	const mailLogin = outgoing[0].login;
	const extras = [
		davElement('calendar', httpOfferOf(config, 'caldav'), mailLogin),
		davElement('addressbook', httpOfferOf(config, 'carddav'), mailLogin),
		davElement('fileShare', httpOfferOf(config, 'webdav'), mailLogin),
		// io-pim-discovery rejects the document unless <oAuth2> has all four children.
		oauth === null
			? null
			: xml(
					'oAuth2',
					{},
					xml('authURL', {}, oauth.authUrl),
					xml('tokenURL', {}, oauth.tokenUrl),
					xml('issuer', {}, oauth.issuer),
					xml('scope', {}, oauth.scope),
				),
	].filter((section) => section !== null);
	// autoconfig-06: version 1.2 added calendar, addressbook, fileShare and oAuth2. No client looks at the value; none may reject it.
	return xml(
		'clientConfig',
		{ version: extras.length > 0 ? '1.2' : '1.1' },
		// Thunderbird and K-9 need an id that is a host name, and a plain <domain> without `purpose`.
		xml(
			'emailProvider',
			{ id: domain },
			xml('domain', {}, domain),
			xml('displayName', {}, provider.name),
			provider.shortName === null ? null : xml('displayShortName', {}, provider.shortName),
			// Geary and FairEmail need IMAP before any other incomingServer; io-pim-discovery needs equal elements side by side.
			...incoming.map((offer) => serverElement('incomingServer', offer)),
			...outgoing.map((offer) => serverElement('outgoingServer', offer)),
			// io-pim-discovery needs text in <descr>.
			provider.help === null
				? null
				: xml('documentation', { url: provider.help }, xml('descr', { lang: 'en' }, 'How to set up your mail client')),
		),
		...extras,
	);
}

const SOCKET_TYPE = { tls: 'SSL', starttls: 'STARTTLS' } as const satisfies Record<SocketOffer['security'], string>;
const AUTHENTICATION = { oauth2: 'OAuth2', password: 'password-cleartext' } as const satisfies Record<AuthMethod, string>;

function serverElement(name: 'incomingServer' | 'outgoingServer', offer: SocketOffer): XmlElement {
	// Evolution rejects any attribute but `type`; JXON, Thunderbird's XML reader, misreads an attribute on a child.
	return xml(
		name,
		{ type: offer.kind },
		xml('hostname', {}, offer.host),
		xml('port', {}, String(offer.port)),
		xml('socketType', {}, SOCKET_TYPE[offer.security]),
		xml('username', {}, offer.login),
		...offer.auth.map((auth) => xml('authentication', {}, AUTHENTICATION[auth])),
	);
}

const DAV_TYPE = { calendar: 'caldav', addressbook: 'carddav', fileShare: 'webdav' } as const;

function davElement(name: keyof typeof DAV_TYPE, offer: HttpOffer | null, mailLogin: string): XmlElement | null {
	if (offer === null) return null;
	return xml(
		name,
		{ type: DAV_TYPE[name] },
		xml('url', {}, offer.url),
		// FairEmail takes the last <username> of the file for the mail login, so a different login must not be written here.
		offer.login === mailLogin ? xml('username', {}, offer.login) : null,
		...offer.auth.map((auth) =>
			auth === 'oauth2' ? xml('authentication', {}, 'OAuth2') : xml('authentication', { system: 'http' }, 'Basic'),
		),
	);
}

const autoconfigEndpoint: Endpoint = {
	id: 'autoconfig',
	method: 'GET',
	locations: [
		// autoconfig-06 §"Mail provider": its URL 1.1, then its URL 1.2.
		{ label: 'autoconfig', path: '/mail/config-v1.1.xml' },
		{ label: '', path: '/.well-known/autoconfig/mail/config-v1.1.xml' },
		{ label: 'autoconfig', path: '/.well-known/autoconfig/mail/config-v1.1.xml' },
		// URL 1.1 of the drafts before May 2024.
		{ label: '', path: '/.well-known/mail-v1.xml' },
		{ label: 'autoconfig', path: '/.well-known/mail-v1.xml' },
		// The path that Nine for Android requests.
		{ label: 'autoconfig', path: '/v1.1/mail/config-v1.1.xml' },
		// The path of Thunderbird's first versions with autoconfiguration (2009), and of programs that were made from them.
		{ label: 'autoconfig', path: '/mail/mozilla.xml' },
	],
	cacheControl: CACHE_CONTROL,
	cors: true,
	servesOtherDomains: true,
	sampleRequest: (address: EmailAddress, location: Location) =>
		sampleRequestAt(location, address, { query: `emailaddress=${encodeURIComponent(address.text)}` }),
	parseRequest(request: WireRequest) {
		// The address only helps to find the record. Without a valid one the host does (K-9, Geary, KMail and Mailspring send no address).
		const address = parseAddressParameter(request.query, 'emailaddress', 'email');
		const candidates = candidateDomains(typeof address === 'string' ? null : address.domain, request.host);
		return candidates === null ? err({ code: 'unknown-domain' }) : ok({ candidates, address: null, cacheKey: '', respond });
	},
	renderProblem: renderProblemAsText,
};

const ispdbEndpoint: Endpoint = {
	...autoconfigEndpoint,
	id: 'ispdb',
	// The base URL is at the service's own host, which answers for every domain.
	servesOtherDomains: false,
	// A private ISPDB: Thunderbird appends the domain to the base URL in its setting mailnews.auto_config_url.
	locations: [{ label: 'autoconfig', path: '/v1.1/{domain}' }],
	sampleRequest: (address: EmailAddress, location: Location) => sampleRequestAt(location, address),
	parseRequest(request: WireRequest) {
		const domain = parseDomain(lastPathSegment(request.path) ?? '');
		return domain === null ? err({ code: 'unknown-domain' }) : ok({ candidates: [domain], address: null, cacheKey: '', respond });
	},
};

export const autoconfig: Protocol = {
	id: 'autoconfig',
	title: 'Thunderbird autoconfig',
	spec: 'draft-ietf-mailmaint-autoconfig-06, file version 1.1',
	endpoints: [autoconfigEndpoint, ispdbEndpoint],
	async dnsRecords(config, site) {
		if (!offersMail(config) || !publishesName(config, site, 'autoconfig')) return [];
		return [{ type: 'CNAME', name: `autoconfig.${config.domain}`, target: site.host }];
	},
};
