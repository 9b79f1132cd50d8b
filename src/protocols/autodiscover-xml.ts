/**
 * Autodiscover in XML (POX, "plain old XML") with the Outlook response schema: IMAP, POP3 and SMTP; with the MobileSync schema: ActiveSync.
 * Of all pairs of the elements SSL and Encryption, only the two that are used here mean the same to Outlook, Thunderbird, Delta Chat and
 * FairEmail.
 */
import { err, ok, type Result } from '../lib/result.ts';
import { renderXml, type XmlElement, xml } from '../lib/xml.ts';
import type { ClientConfig, ConfigScope, HttpOffer, SocketOffer } from '../model/config.ts';
import { publishesName } from '../model/dns-record.ts';
import { type EmailAddress, parseEmailAddress } from '../model/names.ts';
import { hasAddressPlaceholder } from '../model/placeholders.ts';
import type { Problem } from '../model/problem.ts';
import { parseAutodiscoverRequest } from './autodiscover-request.ts';
import { expressibleAccount, expressibleHttpOffer, type MailAccount } from './expressible-account.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, Query, WireRequest, WireResponse } from './protocol.ts';
import { candidateDomains, parseAddressParameter, sampleRequestAt } from './request.ts';

// The namespaces begin with http, as in Microsoft's XSD. Where its documentation shows https, a script has rewritten the page.
const REQUEST_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const RESPONSE_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const OUTLOOK_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

const MOBILESYNC_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';

const CONTENT_TYPE = 'text/xml; charset=utf-8';

const respond: Query['respond'] = (config) => {
	const { autodiscover } = config;
	if (autodiscover?.kind === 'none') return err({ code: 'elsewhere' });
	if (autodiscover?.kind === 'redirect-url') return documentResponse(redirectElement('redirectUrl', 'RedirectUrl', autodiscover.url));
	if (autodiscover?.kind === 'redirect-address') {
		const other = addressElsewhere(config, autodiscover.address);
		return other.ok ? documentResponse(redirectElement('redirectAddr', 'RedirectAddr', other.value)) : other;
	}
	const account = expressibleAccount(config, 'autodiscover');
	if (!account.ok) return account;
	return documentResponse(settingsElement(config, account.value));
};

function documentResponse(document: XmlElement): Result<WireResponse, Problem> {
	return ok({ type: CONTENT_TYPE, body: renderXml(document) });
}

/**
 * The address with which to ask again. There is none for who did not say theirs, and none that is the same: MS-OXDSCLI has clients drop a
 * service that sends them back to where they are.
 */
function addressElsewhere({ scope }: ClientConfig, other: string): Result<string, Problem> {
	const isSame = scope.kind === 'address' && other.toLowerCase() === scope.address.text.toLowerCase();
	return scope.kind === 'domain' || isSame ? err({ code: 'not-offered' }) : ok(other);
}

/** MS-OXDSCLI 2.2.4.1.1.2.2: the account is asked for elsewhere, at another URL or with another address. */
function redirectElement(action: 'redirectUrl' | 'redirectAddr', name: 'RedirectUrl' | 'RedirectAddr', to: string): XmlElement {
	return xml(
		'Autodiscover',
		{ xmlns: RESPONSE_NAMESPACE },
		xml(
			'Response',
			{ xmlns: OUTLOOK_NAMESPACE },
			xml('Account', {}, xml('AccountType', {}, 'email'), xml('Action', {}, action), xml(name, {}, to)),
		),
	);
}

/** For who asks for ActiveSync (the Autodiscover command of MS-ASCMD): the server, or another address to ask with. */
const respondWithMobileSync: Query['respond'] = (config) => {
	const { autodiscover, activesync, scope } = config;
	if (autodiscover?.kind === 'none') return err({ code: 'elsewhere' });
	if (scope.kind === 'domain' || (activesync === null && autodiscover?.kind !== 'redirect-address'))
		return err({ code: 'unsupported-schema' });
	if (activesync !== null) {
		const server = xml('Server', {}, xml('Type', {}, 'MobileSync'), xml('Url', {}, activesync), xml('Name', {}, activesync));
		return documentResponse(mobileSyncElement(scope.address, xml('Settings', {}, server)));
	}
	const other =
		autodiscover?.kind === 'redirect-address' ? addressElsewhere(config, autodiscover.address) : err({ code: 'not-offered' as const });
	return other.ok ? documentResponse(mobileSyncElement(scope.address, xml('Redirect', {}, other.value))) : other;
};

function mobileSyncElement({ text }: EmailAddress, action: XmlElement): XmlElement {
	return xml(
		'Autodiscover',
		{ xmlns: RESPONSE_NAMESPACE },
		xml(
			'Response',
			{ xmlns: MOBILESYNC_NAMESPACE },
			xml('Culture', {}, 'en:us'),
			// There is no DisplayName, as there is none for Outlook: it would overwrite what the user has typed.
			xml('User', {}, xml('EMailAddress', {}, text)),
			xml('Action', {}, action),
		),
	);
}

function settingsElement(config: ClientConfig, { incoming, outgoing }: MailAccount): XmlElement {
	const { scope } = config;
	const incomingLogin = incoming[0].login;
	return xml(
		'Autodiscover',
		{ xmlns: RESPONSE_NAMESPACE },
		// There is no User/DisplayName: it would overwrite the name that the user has typed.
		xml(
			'Response',
			{ xmlns: OUTLOOK_NAMESPACE },
			xml(
				'Account',
				{},
				// FairEmail requires the value "email", in lower case.
				xml('AccountType', {}, 'email'),
				xml('Action', {}, 'settings'),
				// MS-OXDSCLI: Protocol elements stand in the server's order of preference.
				...incoming.map((offer) => protocolElement(offer, scope)),
				...outgoing.map((offer) => protocolElement(offer, scope, offer.login === incomingLogin)),
				davElement('CalDAV', expressibleHttpOffer(config, 'caldav', 'autodiscover'), scope),
				davElement('CardDAV', expressibleHttpOffer(config, 'carddav', 'autodiscover'), scope),
			),
		),
	);
}

const PROTOCOL_TYPE = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP', sieve: 'SIEVE' } as const;

// In Outlook, Encryption overrides SSL (MS-OXDSCLI 2.2.4.1.1.2.6.22): "SSL" is implicit TLS, "TLS" is STARTTLS.
// Thunderbird and Delta Chat read the SSL element's "off" as cleartext, whatever Encryption says, so SSL is "on" for both.
const ENCRYPTION = { tls: 'SSL', starttls: 'TLS' } as const satisfies Record<SocketOffer['security'], string>;

function protocolElement(offer: SocketOffer, scope: ConfigScope, sameLoginAsIncoming?: boolean): XmlElement {
	return xml(
		'Protocol',
		{},
		xml('Type', {}, PROTOCOL_TYPE[offer.kind]),
		// Hours for which Outlook caches the answer.
		xml('TTL', {}, '24'),
		xml('Server', {}, offer.host),
		xml('Port', {}, String(offer.port)),
		loginNameElement(offer, scope),
		xml('DomainRequired', {}, 'off'),
		// Without this element SPA is on, and Outlook would log in with NTLM.
		xml('SPA', {}, 'off'),
		xml('SSL', {}, 'on'),
		xml('Encryption', {}, ENCRYPTION[offer.security]),
		xml('AuthRequired', {}, 'on'),
		...(sameLoginAsIncoming === undefined ? [] : [xml('UsePOPAuth', {}, sameLoginAsIncoming ? 'on' : 'off'), xml('SMTPLast', {}, 'off')]),
	);
}

/** A calendar or contacts server. eM Client reads these; other clients ignore types that they do not know. */
function davElement(type: 'CalDAV' | 'CardDAV', offer: HttpOffer | null, scope: ConfigScope): XmlElement | null {
	// Without an address, a URL with the user in it cannot be filled in.
	if (offer === null || hasAddressPlaceholder(offer.url)) return null;
	return xml(
		'Protocol',
		{},
		xml('Type', {}, type),
		xml('Server', {}, offer.url),
		xml('DomainRequired', {}, 'off'),
		loginNameElement(offer, scope),
	);
}

/** The login, for an address only: without one the login is unknown, and an empty element misleads both Outlook and Thunderbird. */
function loginNameElement(offer: SocketOffer | HttpOffer, scope: ConfigScope): XmlElement | null {
	return scope.kind === 'address' ? xml('LoginName', {}, offer.login) : null;
}

// MS-OXDSCLI: 500 the address cannot be found; 501 it was found but has no configuration; 600 invalid request; 601 configuration of this
// type is not available; 602 it was found but is misconfigured.
function errorCode(problem: Problem): { readonly code: string; readonly message: string } {
	switch (problem.code) {
		case 'unknown-domain':
		case 'no-address':
		case 'bad-address':
			return { code: '500', message: 'The email address cannot be found.' };
		case 'not-offered':
		case 'elsewhere':
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
	// After a 404 Microsoft's clients and Thunderbird try their next URL; after a 200 they stop, even if it is an error.
	if (problem.code === 'unknown-domain' || problem.code === 'elsewhere') return renderProblemAsText(problem);
	const { code, message } = errorCode(problem);
	const error = xml(
		'Error',
		// Exchange uses Time and Id to find the request in its logs. They are constant here, so that equal errors are equal bytes.
		{ Time: '00:00:00.0000000', Id: '1' },
		xml('ErrorCode', {}, code),
		xml('Message', {}, message),
		xml('DebugData', {}),
	);
	return { type: CONTENT_TYPE, body: renderXml(xml('Autodiscover', { xmlns: RESPONSE_NAMESPACE }, xml('Response', {}, error))) };
}

const LOCATIONS: Endpoint['locations'] = [
	{ label: 'autodiscover', path: '/autodiscover/autodiscover.xml' },
	{ label: '', path: '/autodiscover/autodiscover.xml' },
	// For programs that leave out the folder.
	{ label: 'autodiscover', path: '/autodiscover.xml' },
];

const postEndpoint: Endpoint = {
	id: 'autodiscover-xml',
	method: 'POST',
	locations: LOCATIONS,
	cacheControl: 'no-store',
	cors: false,
	servesOtherDomains: true,
	sampleRequest: (address: EmailAddress, location: Location) =>
		sampleRequestAt(location, address, {
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
	// The Content-Type is ignored: FairEmail posts its XML with the Content-Type of a form.
	parseRequest(request: WireRequest) {
		const parsed = parseAutodiscoverRequest(request.body);
		if (!parsed.ok) return err({ code: 'bad-request', why: parsed.error });
		const text = parsed.value.emailAddress;
		// A request with a LegacyDN instead of an address means a mailbox of an Exchange server.
		if (text === '') return err({ code: 'no-address' });
		const address = parseEmailAddress(text);
		if (address === null) return err({ code: 'bad-address' });
		// Older clients leave the schema out and mean Outlook's. Those of ActiveSync name their own, others get an error once their record is found.
		const schema = (parsed.value.schema || OUTLOOK_NAMESPACE).toLowerCase();
		const candidates = candidateDomains(address.domain, request.host) ?? [address.domain];
		if (schema === MOBILESYNC_NAMESPACE) return ok({ candidates, address, cacheKey: 'mobilesync', respond: respondWithMobileSync });
		if (schema !== OUTLOOK_NAMESPACE)
			return ok({ candidates, address, cacheKey: null, respond: () => err({ code: 'unsupported-schema' }) });
		return ok({ candidates, address, cacheKey: '', respond });
	},
	renderProblem,
};

// Delta Chat always sends GET; Thunderbird does after a 302. Errors never have status 200: Thunderbird would stop looking.
const getEndpoint: Endpoint = {
	id: 'autodiscover-xml-get',
	method: 'GET',
	locations: LOCATIONS,
	cacheControl: 'private, max-age=0',
	cors: false,
	servesOtherDomains: true,
	sampleRequest: (address: EmailAddress, location: Location) =>
		sampleRequestAt(location, address, { query: `email=${encodeURIComponent(address.text)}` }),
	parseRequest(request: WireRequest) {
		const address = parseAddressParameter(request.query, 'email', 'emailaddress');
		if (address === 'bad') return err({ code: 'bad-address' });
		const own = address === 'none' ? null : address;
		const candidates = candidateDomains(own?.domain ?? null, request.host);
		return candidates === null ? err({ code: 'unknown-domain' }) : ok({ candidates, address: own, cacheKey: '', respond });
	},
	renderProblem: renderProblemAsText,
};

export const autodiscoverXml: Protocol = {
	id: 'autodiscover-xml',
	title: 'Autodiscover (XML)',
	spec: 'MS-OXDSCLI, outlook/responseschema/2006a',
	endpoints: [postEndpoint, getEndpoint],
	async dnsRecords(config, site) {
		// A name in DNS that leads to nothing costs every client a request, and Thunderbird asks its user whether it may go there.
		const isAnswered = expressibleAccount(config, 'autodiscover').ok || config.autodiscover !== null || config.activesync !== null;
		if (!isAnswered || config.autodiscover?.kind === 'none') return [];
		const { domain } = config;
		return [
			...(publishesName(config, site, 'autodiscover')
				? [{ type: 'CNAME', name: `autodiscover.${domain}`, target: site.host } as const]
				: []),
			// It needs no name of the customer's and no certificate for one.
			// Thunderbird sorts by weight upwards and ignores port and priority, so there is one record, on 443. RFC 2782 forbids a target
			// that is an alias, as autodiscover.D is: the target is this service's own host.
			{ type: 'SRV', name: `_autodiscover._tcp.${domain}`, priority: 0, weight: 0, port: 443, target: site.host },
		];
	},
};
