/**
 * Autodiscover in XML ("POX"), for the Outlook response schema: IMAP, POP3 and SMTP.
 * The pairs of SSL and Encryption are the only ones that Outlook, Thunderbird, Delta Chat and FairEmail all read alike.
 */
import { err, ok } from '../lib/result.ts';
import { type ParsedXml, parseXml, renderXml, type XmlElement, xml } from '../lib/xml.ts';
import { type ClientConfig, type ConfigScope, type HttpOffer, httpOfferOf, type SocketOffer, socketOffersOf } from '../model/config.ts';
import { type EmailAddress, parseEmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, Query, WireRequest, WireResponse } from './protocol.ts';
import { candidateDomains, parseAddressParameter, sampleRequestAt } from './request.ts';

// The namespaces are http: Microsoft's pages that show https were rewritten by a machine; the XSD has http.
const REQUEST_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const RESPONSE_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const OUTLOOK_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

const CONTENT_TYPE = 'text/xml; charset=utf-8';

const respond: Query['respond'] = (config) => {
	const incoming = [...socketOffersOf(config, 'imap'), ...socketOffersOf(config, 'pop3')];
	const outgoing = socketOffersOf(config, 'smtp');
	if (incoming.length === 0 && outgoing.length === 0) return err({ code: 'not-offered' });
	return ok({ type: CONTENT_TYPE, body: renderXml(settingsElement(config, incoming, outgoing)) });
};

function settingsElement(
	{ scope, ...config }: ClientConfig,
	incoming: readonly SocketOffer[],
	outgoing: readonly SocketOffer[],
): XmlElement {
	const incomingLogin = incoming[0]?.login;
	return xml(
		'Autodiscover',
		{ xmlns: RESPONSE_NAMESPACE },
		// No User/DisplayName: it would overwrite the name that the user has typed.
		xml(
			'Response',
			{ xmlns: OUTLOOK_NAMESPACE },
			xml(
				'Account',
				{},
				// FairEmail requires this very word.
				xml('AccountType', {}, 'email'),
				xml('Action', {}, 'settings'),
				// MS-OXDSCLI: Protocol elements stand in the server's order of preference.
				...incoming.map((offer) => protocolElement(offer, scope)),
				...outgoing.map((offer) => protocolElement(offer, scope, offer.login === incomingLogin)),
				davElement('CalDAV', httpOfferOf({ scope, ...config }, 'caldav'), scope),
				davElement('CardDAV', httpOfferOf({ scope, ...config }, 'carddav'), scope),
			),
		),
	);
}

const PROTOCOL_TYPE = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP', sieve: 'SIEVE' } as const;

// Encryption overrides SSL in Outlook (MS-OXDSCLI 2.2.4.1.1.2.6.22): "SSL" is implicit TLS, "TLS" is STARTTLS.
// Thunderbird and Delta Chat take SSL off for cleartext, whatever Encryption says: it is on in both.
const ENCRYPTION = { tls: 'SSL', starttls: 'TLS' } as const satisfies Record<SocketOffer['security'], string>;

function protocolElement(offer: SocketOffer, subject: ConfigScope, sameLoginAsIncoming?: boolean): XmlElement {
	return xml(
		'Protocol',
		{},
		xml('Type', {}, PROTOCOL_TYPE[offer.kind]),
		// Hours for which Outlook keeps the answer.
		xml('TTL', {}, '24'),
		xml('Server', {}, offer.host),
		xml('Port', {}, String(offer.port)),
		loginNameElement(offer, subject),
		xml('DomainRequired', {}, 'off'),
		// Absent means on, which is NTLM.
		xml('SPA', {}, 'off'),
		xml('SSL', {}, 'on'),
		xml('Encryption', {}, ENCRYPTION[offer.security]),
		xml('AuthRequired', {}, 'on'),
		...(sameLoginAsIncoming === undefined ? [] : [xml('UsePOPAuth', {}, sameLoginAsIncoming ? 'on' : 'off'), xml('SMTPLast', {}, 'off')]),
	);
}

/** eM Client reads these; the others pass over types they do not know. */
function davElement(type: 'CalDAV' | 'CardDAV', offer: HttpOffer | null, subject: ConfigScope): XmlElement | null {
	if (offer === null) return null;
	return xml(
		'Protocol',
		{},
		xml('Type', {}, type),
		xml('Server', {}, offer.url),
		xml('DomainRequired', {}, 'off'),
		loginNameElement(offer, subject),
	);
}

/** Without an address there is no login to tell, and an empty element misleads Outlook and Thunderbird alike. */
function loginNameElement(offer: SocketOffer | HttpOffer, subject: ConfigScope): XmlElement | null {
	return subject.kind === 'address' ? xml('LoginName', {}, offer.login) : null;
}

// MS-OXDSCLI: 500 the address cannot be found, 501 recognised but no configuration, 600 invalid request, 601 not this type of
// configuration, 602 recognised but misconfigured.
function errorCode(problem: Problem): { readonly code: string; readonly message: string } {
	switch (problem.code) {
		case 'unknown-domain':
		case 'no-address':
		case 'bad-address':
			return { code: '500', message: 'The email address cannot be found.' };
		case 'not-offered':
		case 'inexpressible':
			return { code: '501', message: 'No settings are available.' };
		case 'bad-request':
			return { code: '600', message: 'Invalid Request' };
		case 'unsupported-schema':
		case 'unsupported-protocol':
		case 'no-protocol':
			return { code: '601', message: 'Provider is not available' };
		case 'bad-record':
			return { code: '602', message: 'The settings have errors.' };
	}
}

function renderProblem(problem: Problem): WireResponse {
	// Microsoft's clients and Thunderbird go on to the next place on 404, and stop at a 200.
	if (problem.code === 'unknown-domain') return renderProblemAsText(problem);
	const { code, message } = errorCode(problem);
	const error = xml(
		'Error',
		// Time and Id are for the operator's logs; constants, so that equal errors are equal bytes.
		{ Time: '00:00:00.0000000', Id: '1' },
		xml('ErrorCode', {}, code),
		xml('Message', {}, message),
		xml('DebugData', {}),
	);
	return { type: CONTENT_TYPE, body: renderXml(xml('Autodiscover', { xmlns: RESPONSE_NAMESPACE }, xml('Response', {}, error))) };
}

/** A child by its local name, letter case aside: prefixes and order are the sender's own. */
function childByName(parent: ParsedXml | undefined, name: string): ParsedXml | undefined {
	return parent?.children.find((element) => element.name.toLowerCase() === name.toLowerCase());
}

const LOCATIONS: Endpoint['locations'] = [
	{ label: 'autodiscover', path: '/autodiscover/autodiscover.xml' },
	{ label: '', path: '/autodiscover/autodiscover.xml' },
];

const postEndpoint: Endpoint = {
	id: 'autodiscover-xml',
	method: 'POST',
	locations: LOCATIONS,
	cacheControl: 'no-store',
	cors: false,
	servesOtherDomains: true,
	sampleRequest: (address: EmailAddress, place: Location) =>
		sampleRequestAt(place, address, {
			method: 'POST',
			contentType: CONTENT_TYPE,
			body: renderXml(
				xml(
					'Autodiscover',
					{ xmlns: REQUEST_NAMESPACE },
					xml('Request', {}, xml('EMailAddress', {}, address.text), xml('AcceptableResponseSchema', {}, OUTLOOK_NAMESPACE)),
				),
			),
		}),
	// The Content-Type is not looked at: FairEmail posts its XML as a form.
	parseRequest(request: WireRequest) {
		const parsed = parseXml(request.body);
		if (!parsed.ok) return err({ code: 'bad-request', why: parsed.error });
		const asked = childByName(parsed.value, 'Request');
		if (parsed.value.name.toLowerCase() !== 'autodiscover' || asked === undefined) return err({ code: 'bad-request', why: 'no-request' });
		const text = childByName(asked, 'EMailAddress')?.text ?? '';
		// LegacyDN alone names a mailbox of an Exchange that is not here.
		if (text === '') return err({ code: 'no-address' });
		const address = parseEmailAddress(text);
		if (address === null) return err({ code: 'bad-address' });
		// Left out it means Outlook's, as older clients do; MobileSync and whatever else is refused in the answer's place.
		const schema = childByName(asked, 'AcceptableResponseSchema')?.text || OUTLOOK_NAMESPACE;
		const candidates = candidateDomains(address.domain, request.host) ?? [address.domain];
		if (schema.toLowerCase() !== OUTLOOK_NAMESPACE)
			return ok({ candidates, address, cacheKey: null, respond: () => err({ code: 'unsupported-schema' }) });
		return ok({ candidates, address, cacheKey: null, respond: respond });
	},
	renderProblem,
};

// Delta Chat only ever GETs; Thunderbird does after a 302. Never 200 with an error: Thunderbird would stop there.
const getEndpoint: Endpoint = {
	id: 'autodiscover-xml-get',
	method: 'GET',
	locations: LOCATIONS,
	cacheControl: 'private, max-age=0',
	cors: false,
	servesOtherDomains: true,
	sampleRequest: (address: EmailAddress, place: Location) =>
		sampleRequestAt(place, address, { query: `email=${encodeURIComponent(address.text)}` }),
	parseRequest(request: WireRequest) {
		const address = parseAddressParameter(request.query, 'email', 'emailaddress');
		if (address === 'bad') return err({ code: 'bad-address' });
		const own = address === 'none' ? null : address;
		const candidates = candidateDomains(own?.domain ?? null, request.host);
		return candidates === null
			? err({ code: 'unknown-domain' })
			: ok({ candidates, address: own, cacheKey: own === null ? '' : null, respond: respond });
	},
	renderProblem: renderProblemAsText,
};

export const autodiscoverXml: Protocol = {
	id: 'autodiscover-xml',
	title: 'Autodiscover (XML)',
	spec: 'MS-OXDSCLI, outlook/responseschema/2006a',
	endpoints: [postEndpoint, getEndpoint],
	dnsRecords: async ({ domain }, site) => [
		{ type: 'CNAME', name: `autodiscover.${domain}`, target: site.host },
		// Thunderbird sorts by weight upwards and ignores port and priority: one record, on 443. The target is the service itself:
		// RFC 2782 forbids an alias, which autodiscover.D is.
		{ type: 'SRV', name: `_autodiscover._tcp.${domain}`, priority: 0, weight: 0, port: 443, target: site.host },
	],
};
