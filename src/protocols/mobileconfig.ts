/**
 * Apple configuration profiles: mail, calendars and contacts of one account.
 * Identifiers and UUIDs follow from the address alone: a profile installed again replaces itself, a second mailbox stands beside it.
 */
import { nameUuid } from '../lib/digest.ts';
import { type Plist, renderPlist } from '../lib/plist.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type ClientConfig, type HttpOffer, httpOfferOf, type SocketOffer, type Subject, socketOffersOf } from '../model/config.ts';
import { type EmailAddress, parseDomain } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { securityByPort } from '../model/service.ts';
import type { Endpoint, Place, Protocol, Question, Rendition, WireRequest } from './protocol.ts';
import { refuseInText } from './refusal.ts';
import { lastSegment, lookupOrder, queryAddress, queryParameter, requestAt } from './subject.ts';

const TYPE = 'application/x-apple-aspen-config';

/** Which submission the profile has: it holds one outgoing server only. `starttls` is for networks that block 465. */
type Submission = 'preferred' | 'starttls';

function answerWith(submission: Submission): Question['answer'] {
	return (config): Result<Rendition, Problem> => {
		const incomingOffers = [...socketOffersOf(config, 'imap'), ...socketOffersOf(config, 'pop3')];
		const outgoingOffers = socketOffersOf(config, 'smtp').filter((offer) => submission === 'preferred' || offer.security === 'starttls');
		if (incomingOffers.length === 0 || outgoingOffers.length === 0) return err({ code: 'not-offered' });
		// A profile has no word for implicit TLS or STARTTLS: Apple goes by the port.
		const incoming = incomingOffers.find(isToldByPort);
		const outgoing = outgoingOffers.find(isToldByPort);
		if (incoming === undefined || outgoing === undefined) return err({ code: 'inexpressible', reasons: ['starttls.port'] });
		const body = renderPlist(profile(config, incoming, outgoing));
		return ok({ type: TYPE, body, filename: `${config.domain}.mobileconfig`, sign: true });
	};
}

function isToldByPort({ port, security }: SocketOffer): boolean {
	return securityByPort(port) === security;
}

interface Identity {
	readonly identifier: string;
	readonly uuid: (payload: string) => string;
}

// Apple replaces a profile by its PayloadIdentifier, and updates an inner payload when identifier and UUID are the same: both come
// from whose account it is, never from servers, names or versions.
function identityOf(subject: Subject, domain: string): Identity {
	const who = subject.kind === 'address' ? `${subject.address.local.toLowerCase()}@${subject.address.domain}` : domain;
	const uuid = (payload: string) => nameUuid(`${payload}|${who}|${domain}`);
	const reversed = domain.split('.').reverse().join('.');
	return { identifier: `${reversed}.signpost.${uuid('identifier').toLowerCase()}`, uuid };
}

function profile(config: ClientConfig, incoming: SocketOffer, outgoing: SocketOffer): Plist {
	const { subject, domain, provider } = config;
	const identity = identityOf(subject, domain);
	const address = subject.kind === 'address' ? subject.address.text : null;
	const caldav = httpOfferOf(config, 'caldav');
	const carddav = httpOfferOf(config, 'carddav');
	return {
		PayloadType: 'Configuration',
		// 1 is the only version there is.
		PayloadVersion: 1,
		PayloadIdentifier: identity.identifier,
		PayloadUUID: identity.uuid('profile'),
		PayloadDisplayName: address === null ? provider.name : `${provider.name} (${address})`,
		PayloadOrganization: provider.name,
		// Mail, calendars and contacts belong to the user's channel of macOS.
		PayloadScope: 'User',
		PayloadContent: [
			mailPayload(config, incoming, outgoing, identity, address),
			...(caldav === null ? [] : [davPayload('CalDAV', 'caldav', caldav, config, identity)]),
			...(carddav === null ? [] : [davPayload('CardDAV', 'carddav', carddav, config, identity)]),
		],
	};
}

function mailPayload(
	{ provider, subject }: ClientConfig,
	incoming: SocketOffer,
	outgoing: SocketOffer,
	{ identifier, uuid }: Identity,
	address: string | null,
): Plist {
	return {
		PayloadType: 'com.apple.mail.managed',
		PayloadVersion: 1,
		PayloadIdentifier: `${identifier}.mail`,
		PayloadUUID: uuid('mail'),
		PayloadDisplayName: address ?? provider.name,
		EmailAccountType: incoming.kind === 'imap' ? 'EmailTypeIMAP' : 'EmailTypePOP',
		EmailAccountDescription: provider.name,
		// What is left out, the device asks for.
		EmailAddress: address,
		IncomingMailServerAuthentication: 'EmailAuthPassword',
		IncomingMailServerHostName: incoming.host,
		IncomingMailServerPortNumber: incoming.port,
		// "TLS required"; implicit or STARTTLS follows from the port. The default is off.
		IncomingMailServerUseSSL: true,
		IncomingMailServerUsername: subject.kind === 'address' ? incoming.login : null,
		OutgoingMailServerAuthentication: 'EmailAuthPassword',
		OutgoingMailServerHostName: outgoing.host,
		// Without a port Apple tries 25, 587 and 465, in that order.
		OutgoingMailServerPortNumber: outgoing.port,
		OutgoingMailServerUseSSL: true,
		OutgoingMailServerUsername: subject.kind === 'address' ? outgoing.login : null,
		OutgoingPasswordSameAsIncomingPassword: incoming.login === outgoing.login,
	};
}

function davPayload(
	prefix: 'CalDAV' | 'CardDAV',
	id: 'caldav' | 'carddav',
	offer: HttpOffer,
	{ provider, subject }: ClientConfig,
	{ identifier, uuid }: Identity,
): Plist {
	const url = new URL(offer.url);
	return {
		PayloadType: `com.apple.${id}.account`,
		PayloadVersion: 1,
		PayloadIdentifier: `${identifier}.${id}`,
		PayloadUUID: uuid(id),
		PayloadDisplayName: `${provider.name} (${prefix})`,
		[`${prefix}AccountDescription`]: provider.name,
		[`${prefix}HostName`]: url.hostname,
		[`${prefix}Port`]: url.port === '' ? 443 : Number(url.port),
		[`${prefix}UseSSL`]: true,
		// Left out for the root, so that /.well-known is asked.
		[`${prefix}PrincipalURL`]: url.pathname === '/' ? null : url.pathname,
		[`${prefix}Username`]: subject.kind === 'address' ? offer.login : null,
	};
}

function question(
	request: WireRequest,
	fields: string,
	own: ReturnType<typeof parseDomain>,
	addressNeeded: boolean,
): Result<Question, Problem> {
	const address = queryAddress(fields, 'email', 'emailaddress');
	if (address === 'bad') return err({ code: 'bad-address' });
	if (address === 'none' && addressNeeded) return err({ code: 'no-address' });
	const submission: Submission = queryParameter(fields, 'submission')?.toLowerCase() === 'starttls' ? 'starttls' : 'preferred';
	const answer = answerWith(submission);
	if (address !== 'none')
		return ok({ lookup: lookupOrder(address.domain, request.host) ?? [address.domain], address, variant: null, answer });
	return own === null ? err({ code: 'unknown-domain' }) : ok({ lookup: [own], address: null, variant: submission, answer });
}

const common = { method: 'GET', cache: 'no-store', cors: false, refuse: refuseInText } as const;

const byAddress: Endpoint = {
	...common,
	id: 'mobileconfig',
	at: [{ label: 'autoconfig', path: '/mobileconfig' }],
	ask: (address: EmailAddress, place: Place) => requestAt(place, address, { query: `email=${encodeURIComponent(address.text)}` }),
	hear: (request: WireRequest) => question(request, request.query, null, true),
};

/** From the set-up page's form: an address in a body gets into no log and no history, as one in a URL does. */
const byForm: Endpoint = {
	...common,
	method: 'POST',
	id: 'mobileconfig-form',
	at: [{ label: 'autoconfig', path: '/mobileconfig' }],
	ask: (address: EmailAddress, place: Place) =>
		requestAt(place, address, {
			method: 'POST',
			contentType: 'application/x-www-form-urlencoded',
			body: `email=${encodeURIComponent(address.text)}`,
		}),
	// URL standard §5.1: in a form a plus sign is a blank; unlike in the query, nobody but browsers sends this.
	hear: (request: WireRequest) => question(request, request.body.replaceAll('+', ' '), null, true),
};

/** Without an address: the device asks for it, so one link serves everybody. */
const byDomain: Endpoint = {
	...common,
	id: 'mobileconfig-domain',
	at: [{ label: 'autoconfig', path: '/{domain}.mobileconfig' }],
	ask: (address: EmailAddress, place: Place) => requestAt(place, address),
	hear: (request: WireRequest) => question(request, request.query, parseDomain(lastSegment(request.path, '.mobileconfig') ?? ''), false),
};

export const mobileconfig: Protocol = {
	id: 'mobileconfig',
	title: 'Apple configuration profile',
	spec: 'Apple device management: Configuration, com.apple.mail.managed, com.apple.caldav.account, com.apple.carddav.account',
	endpoints: [byAddress, byForm, byDomain],
};
