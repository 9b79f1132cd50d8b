/**
 * Mozilla's autoconfig, as Thunderbird and most other clients read it.
 * Nothing the client sent goes into the document: logins are placeholders always, so it is the same for all of a domain's users.
 */
import { err, ok } from '../lib/result.ts';
import { renderXml, type XmlElement, xml } from '../lib/xml.ts';
import { type AuthMethod, type ClientConfig, type HttpOffer, httpOfferOf, type SocketOffer, socketOffersOf } from '../model/config.ts';
import { type EmailAddress, parseDomain } from '../model/names.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, Query, WireRequest } from './protocol.ts';
import { candidateDomains, lastPathSegment, parseAddressParameter, sampleRequestAt } from './request.ts';

// Thunderbird parses XML only behind text/xml, application/xml or text/rdf, in lower case (FetchHTTP, thunderbird-153).
const CONTENT_TYPE = 'text/xml; charset=utf-8';

// Thunderbird obeys max-age: ten minutes bound how long an edited record is not seen.
const CACHE_CONTROL = 'public, max-age=600';

const respond: Query['respond'] = (config) => {
	const incoming = [...socketOffersOf(config, 'imap'), ...socketOffersOf(config, 'pop3')];
	const outgoing = socketOffersOf(config, 'smtp');
	// Thunderbird and K-9 reject a document without both an incoming and an outgoing server.
	if (incoming.length === 0 || outgoing.length === 0) return err({ code: 'not-offered' });
	return ok({ type: CONTENT_TYPE, body: renderXml(clientConfigElement(config, incoming, outgoing)) });
};

function clientConfigElement(config: ClientConfig, incoming: readonly SocketOffer[], outgoing: readonly SocketOffer[]): XmlElement {
	const { provider, oauth, domain } = config;
	const mailLogin = outgoing[0]?.login ?? '';
	const extras = [
		davElement('calendar', httpOfferOf(config, 'caldav'), mailLogin),
		davElement('addressbook', httpOfferOf(config, 'carddav'), mailLogin),
		davElement('fileShare', httpOfferOf(config, 'webdav'), mailLogin),
		// io-pim-discovery rejects the document unless all four are there.
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
	// autoconfig-06: 1.2 brought calendar, addressbook, fileShare and oAuth2. No client looks at the value; none may reject it.
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
			// io-pim-discovery needs text in descr.
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
	// Evolution errors on any attribute but type; JXON (Thunderbird) misreads one on a child.
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
		// FairEmail takes the last <username> of the file for the mail login: another one must not stand here.
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
		// autoconfig-06 §"Mail provider": 1.1, then 1.2.
		{ label: 'autoconfig', path: '/mail/config-v1.1.xml' },
		{ label: '', path: '/.well-known/autoconfig/mail/config-v1.1.xml' },
		{ label: 'autoconfig', path: '/.well-known/autoconfig/mail/config-v1.1.xml' },
		// URL 1.1 of the drafts until May 2024.
		{ label: '', path: '/.well-known/mail-v1.xml' },
		{ label: 'autoconfig', path: '/.well-known/mail-v1.xml' },
		// Nine for Android.
		{ label: 'autoconfig', path: '/v1.1/mail/config-v1.1.xml' },
	],
	cacheControl: CACHE_CONTROL,
	cors: true,
	servesOtherDomains: true,
	sampleRequest: (address: EmailAddress, place: Location) =>
		sampleRequestAt(place, address, { query: `emailaddress=${encodeURIComponent(address.text)}` }),
	parseRequest(request: WireRequest) {
		// The address serves to find the record, no more; without a good one, the host does (K-9, Geary, KMail, Mailspring send none).
		const address = parseAddressParameter(request.query, 'emailaddress', 'email');
		const candidates = candidateDomains(typeof address === 'string' ? null : address.domain, request.host);
		return candidates === null ? err({ code: 'unknown-domain' }) : ok({ candidates, address: null, cacheKey: '', respond: respond });
	},
	renderProblem: renderProblemAsText,
};

const ispdbEndpoint: Endpoint = {
	...autoconfigEndpoint,
	id: 'ispdb',
	// The base is the service's own name.
	servesOtherDomains: false,
	// A private ISPDB, as in Thunderbird's mailnews.auto_config_url: domain appended to a base.
	locations: [{ label: 'autoconfig', path: '/v1.1/{domain}' }],
	sampleRequest: (address: EmailAddress, place: Location) => sampleRequestAt(place, address),
	parseRequest(request: WireRequest) {
		const domain = parseDomain(lastPathSegment(request.path) ?? '');
		return domain === null ? err({ code: 'unknown-domain' }) : ok({ candidates: [domain], address: null, cacheKey: '', respond: respond });
	},
};

export const autoconfig: Protocol = {
	id: 'autoconfig',
	title: 'Thunderbird autoconfig',
	spec: 'draft-ietf-mailmaint-autoconfig-06, file version 1.1',
	endpoints: [autoconfigEndpoint, ispdbEndpoint],
	dnsRecords: async ({ domain }, site) => [{ type: 'CNAME', name: `autoconfig.${domain}`, target: site.host }],
};
