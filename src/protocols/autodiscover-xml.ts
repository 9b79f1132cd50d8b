/**
 * Autodiscover in XML ("POX"), for the Outlook response schema: IMAP, POP3 and SMTP.
 * The pairs of SSL and Encryption are the only ones that Outlook, Thunderbird, Delta Chat and FairEmail all read alike.
 */
import { err, ok } from '../lib/result.ts';
import { type ParsedXml, parseXml, renderXml, type XmlElement, xml } from '../lib/xml.ts';
import { type ClientConfig, type HttpOffer, httpOfferOf, type SocketOffer, type Subject, socketOffersOf } from '../model/config.ts';
import { type EmailAddress, parseEmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import type { Endpoint, Place, Protocol, Question, Rendition, WireRequest } from './protocol.ts';
import { refuseInText } from './refusal.ts';
import { lookupOrder, queryAddress, requestAt } from './subject.ts';

// The namespaces are http: Microsoft's pages that show https were rewritten by a machine; the XSD has http.
const REQUEST = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

const TYPE = 'text/xml; charset=utf-8';

const answer: Question['answer'] = (config) => {
	const incoming = [...socketOffersOf(config, 'imap'), ...socketOffersOf(config, 'pop3')];
	const outgoing = socketOffersOf(config, 'smtp');
	if (incoming.length === 0 && outgoing.length === 0) return err({ code: 'not-offered' });
	return ok({ type: TYPE, body: renderXml(settings(config, incoming, outgoing)) });
};

function settings({ subject, ...config }: ClientConfig, incoming: readonly SocketOffer[], outgoing: readonly SocketOffer[]): XmlElement {
	const incomingLogin = incoming[0]?.login;
	return xml(
		'Autodiscover',
		{ xmlns: RESPONSE },
		// No User/DisplayName: it would overwrite the name that the user has typed.
		xml(
			'Response',
			{ xmlns: OUTLOOK },
			xml(
				'Account',
				{},
				// FairEmail requires this very word.
				xml('AccountType', {}, 'email'),
				xml('Action', {}, 'settings'),
				// MS-OXDSCLI: Protocol elements stand in the server's order of preference.
				...incoming.map((offer) => protocolSection(offer, subject)),
				...outgoing.map((offer) => protocolSection(offer, subject, offer.login === incomingLogin)),
				davSection('CalDAV', httpOfferOf({ subject, ...config }, 'caldav'), subject),
				davSection('CardDAV', httpOfferOf({ subject, ...config }, 'carddav'), subject),
			),
		),
	);
}

const KIND = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP', sieve: 'SIEVE' } as const;

// Encryption overrides SSL in Outlook (MS-OXDSCLI 2.2.4.1.1.2.6.22): "SSL" is implicit TLS, "TLS" is STARTTLS.
// Thunderbird and Delta Chat take SSL off for cleartext, whatever Encryption says: it is on in both.
const ENCRYPTION = { tls: 'SSL', starttls: 'TLS' } as const satisfies Record<SocketOffer['security'], string>;

function protocolSection(offer: SocketOffer, subject: Subject, sameLoginAsIncoming?: boolean): XmlElement {
	return xml(
		'Protocol',
		{},
		xml('Type', {}, KIND[offer.kind]),
		// Hours for which Outlook keeps the answer.
		xml('TTL', {}, '24'),
		xml('Server', {}, offer.host),
		xml('Port', {}, String(offer.port)),
		loginName(offer, subject),
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
function davSection(type: 'CalDAV' | 'CardDAV', offer: HttpOffer | null, subject: Subject): XmlElement | null {
	if (offer === null) return null;
	return xml(
		'Protocol',
		{},
		xml('Type', {}, type),
		xml('Server', {}, offer.url),
		xml('DomainRequired', {}, 'off'),
		loginName(offer, subject),
	);
}

/** Without an address there is no login to tell, and an empty element misleads Outlook and Thunderbird alike. */
function loginName(offer: SocketOffer | HttpOffer, subject: Subject): XmlElement | null {
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

function refuse(problem: Problem): Rendition {
	// Microsoft's clients and Thunderbird go on to the next place on 404, and stop at a 200.
	if (problem.code === 'unknown-domain') return refuseInText(problem);
	const { code, message } = errorCode(problem);
	const error = xml(
		'Error',
		// Time and Id are for the operator's logs; constants, so that equal errors are equal bytes.
		{ Time: '00:00:00.0000000', Id: '1' },
		xml('ErrorCode', {}, code),
		xml('Message', {}, message),
		xml('DebugData', {}),
	);
	return { type: TYPE, body: renderXml(xml('Autodiscover', { xmlns: RESPONSE }, xml('Response', {}, error))) };
}

/** A child by its local name, letter case aside: prefixes and order are the sender's own. */
function child(parent: ParsedXml | undefined, name: string): ParsedXml | undefined {
	return parent?.children.find((element) => element.name.toLowerCase() === name.toLowerCase());
}

const PLACES: Endpoint['at'] = [
	{ label: 'autodiscover', path: '/autodiscover/autodiscover.xml' },
	{ label: '', path: '/autodiscover/autodiscover.xml' },
];

const post: Endpoint = {
	id: 'autodiscover-xml',
	method: 'POST',
	at: PLACES,
	cache: 'no-store',
	cors: false,
	ask: (address: EmailAddress, place: Place) =>
		requestAt(place, address, {
			method: 'POST',
			contentType: TYPE,
			body: renderXml(
				xml(
					'Autodiscover',
					{ xmlns: REQUEST },
					xml('Request', {}, xml('EMailAddress', {}, address.text), xml('AcceptableResponseSchema', {}, OUTLOOK)),
				),
			),
		}),
	// The Content-Type is not looked at: FairEmail posts its XML as a form.
	hear(request: WireRequest) {
		const parsed = parseXml(request.body);
		if (!parsed.ok) return err({ code: 'bad-request', why: parsed.error });
		const asked = child(parsed.value, 'Request');
		if (parsed.value.name.toLowerCase() !== 'autodiscover' || asked === undefined) return err({ code: 'bad-request', why: 'no-request' });
		const text = child(asked, 'EMailAddress')?.text ?? '';
		// LegacyDN alone names a mailbox of an Exchange that is not here.
		if (text === '') return err({ code: 'no-address' });
		const address = parseEmailAddress(text);
		if (address === null) return err({ code: 'bad-address' });
		// Left out it means Outlook's, as older clients do; MobileSync and whatever else is refused in the answer's place.
		const schema = child(asked, 'AcceptableResponseSchema')?.text || OUTLOOK;
		const lookup = lookupOrder(address.domain, request.host) ?? [address.domain];
		if (schema.toLowerCase() !== OUTLOOK) return ok({ lookup, address, variant: null, answer: () => err({ code: 'unsupported-schema' }) });
		return ok({ lookup, address, variant: null, answer });
	},
	refuse,
};

// Delta Chat only ever GETs; Thunderbird does after a 302. Never 200 with an error: Thunderbird would stop there.
const get: Endpoint = {
	id: 'autodiscover-xml-get',
	method: 'GET',
	at: PLACES,
	cache: 'private, max-age=0',
	cors: false,
	ask: (address: EmailAddress, place: Place) => requestAt(place, address, { query: `email=${encodeURIComponent(address.text)}` }),
	hear(request: WireRequest) {
		const address = queryAddress(request.query, 'email', 'emailaddress');
		if (address === 'bad') return err({ code: 'bad-address' });
		const own = address === 'none' ? null : address;
		const lookup = lookupOrder(own?.domain ?? null, request.host);
		return lookup === null ? err({ code: 'unknown-domain' }) : ok({ lookup, address: own, variant: own === null ? '' : null, answer });
	},
	refuse: refuseInText,
};

export const autodiscoverXml: Protocol = {
	id: 'autodiscover-xml',
	title: 'Autodiscover (XML)',
	spec: 'MS-OXDSCLI, outlook/responseschema/2006a',
	endpoints: [post, get],
	dns: async ({ domain }, site) => [
		{ type: 'CNAME', name: `autodiscover.${domain}`, target: site.host },
		// Thunderbird sorts by weight upwards and ignores port and priority: one record, on 443. The target is the service itself:
		// RFC 2782 forbids an alias, which autodiscover.D is.
		{ type: 'SRV', name: `_autodiscover._tcp.${domain}`, priority: 0, weight: 0, port: 443, target: site.host },
	],
};
