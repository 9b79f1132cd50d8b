/**
 * Apple configuration profiles: mail, calendars and contacts of one account.
 * Identifiers and UUIDs are derived from the address alone: a profile that is installed again replaces the old one, and the profile of a
 * second mailbox is installed beside it.
 */
import { type Plist, renderPlist } from '../lib/plist.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ClientConfig, ConfigScope, HttpOffer, Offer, SocketOffer } from '../model/config.ts';
import { type Domain, type EmailAddress, parseDomain } from '../model/names.ts';
import { hasAddressPlaceholder } from '../model/placeholders.ts';
import type { Problem } from '../model/problem.ts';
import { expressibleAccount, expressibleHttpOffer } from './expressible-account.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, Query, WireRequest, WireResponse } from './protocol.ts';
import { lastPathSegment, parseAddressParameter, queryParameter, sampleRequestAt } from './request.ts';
import { accountUuid } from './template.ts';

const CONTENT_TYPE = 'application/x-apple-aspen-config';

/** Which submission server the profile has, as it can hold only one. `starttls` is for networks that block 465. */
export type SubmissionChoice = 'preferred' | 'starttls';

/** The two servers of a profile. */
export interface ProfileOffers {
	readonly incoming: SocketOffer;
	readonly outgoing: SocketOffer;
}

/** The servers that a profile would hold; why there is none, as `expressibleAccount` says it. */
export function profileOffers(config: ClientConfig, submission: SubmissionChoice): Result<ProfileOffers, Problem> {
	const chosen = (offer: Offer) => submission === 'preferred' || offer.kind !== 'smtp' || offer.security === 'starttls';
	const account = expressibleAccount({ ...config, offers: config.offers.filter(chosen) }, 'mobileconfig');
	return account.ok ? ok({ incoming: account.value.incoming[0], outgoing: account.value.outgoing[0] }) : account;
}

function respondWith(submission: SubmissionChoice): Query['respond'] {
	return (config): Result<WireResponse, Problem> => {
		const offers = profileOffers(config, submission);
		if (!offers.ok) return offers;
		const body = renderPlist(profilePlist(config, offers.value.incoming, offers.value.outgoing));
		return ok({ type: CONTENT_TYPE, body, filename: `${config.domain}.mobileconfig`, sign: true });
	};
}

interface ProfileIdentity {
	readonly identifier: string;
	readonly uuid: (payload: string) => string;
}

// A device replaces the profile that has the same PayloadIdentifier, and updates an inner payload whose identifier and UUID are the same.
// Both are derived from the address or domain, never from servers, names or versions.
function profileIdentity(scope: ConfigScope, domain: Domain): ProfileIdentity {
	const uuid = (payload: string) => accountUuid(payload, scope, domain);
	const reversed = domain.split('.').reverse().join('.');
	return { identifier: `${reversed}.signpost.${uuid('identifier').toLowerCase()}`, uuid };
}

function profilePlist(config: ClientConfig, incoming: SocketOffer, outgoing: SocketOffer): Plist {
	const { scope, domain, provider } = config;
	const identity = profileIdentity(scope, domain);
	const address = scope.kind === 'address' ? scope.address.text : null;
	const caldav = expressibleHttpOffer(config, 'caldav', 'mobileconfig');
	const carddav = expressibleHttpOffer(config, 'carddav', 'mobileconfig');
	return {
		PayloadType: 'Configuration',
		// 1 is the only version that Apple has defined.
		PayloadVersion: 1,
		PayloadIdentifier: identity.identifier,
		PayloadUUID: identity.uuid('profile'),
		PayloadDisplayName: address === null ? provider.name : `${provider.name} (${address})`,
		PayloadOrganization: provider.name,
		// On macOS, accounts for mail, calendars and contacts are installed for a user, not for the whole computer.
		PayloadScope: 'User',
		PayloadContent: [
			mailPayload(config, incoming, outgoing, identity, address),
			...(caldav === null ? [] : [davPayload('CalDAV', 'caldav', caldav, config, identity)]),
			...(carddav === null ? [] : [davPayload('CardDAV', 'carddav', carddav, config, identity)]),
		],
	};
}

function mailPayload(
	{ provider, scope }: ClientConfig,
	incoming: SocketOffer,
	outgoing: SocketOffer,
	{ identifier, uuid }: ProfileIdentity,
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
		// The device asks the user for what is left out.
		EmailAddress: address,
		IncomingMailServerAuthentication: 'EmailAuthPassword',
		IncomingMailServerHostName: incoming.host,
		IncomingMailServerPortNumber: incoming.port,
		// TLS is required; the device concludes implicit TLS or STARTTLS from the port. Without this key TLS is off.
		IncomingMailServerUseSSL: true,
		IncomingMailServerUsername: scope.kind === 'address' ? incoming.login : null,
		OutgoingMailServerAuthentication: 'EmailAuthPassword',
		OutgoingMailServerHostName: outgoing.host,
		// Without a port, Apple's clients try 25, 587 and 465, in that order.
		OutgoingMailServerPortNumber: outgoing.port,
		OutgoingMailServerUseSSL: true,
		OutgoingMailServerUsername: scope.kind === 'address' ? outgoing.login : null,
		OutgoingPasswordSameAsIncomingPassword: incoming.login === outgoing.login,
	};
}

function davPayload(
	prefix: 'CalDAV' | 'CardDAV',
	id: 'caldav' | 'carddav',
	offer: HttpOffer,
	{ provider, scope }: ClientConfig,
	{ identifier, uuid }: ProfileIdentity,
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
		// Left out for the root path, and where the path depends on a user who is not known here: the device then discovers the principal
		// through /.well-known. Apple's schema has CardDAVPrincipalURL for iOS and iPadOS, and not for macOS: a Mac finds the address book
		// through /.well-known/carddav alone.
		[`${prefix}PrincipalURL`]: url.pathname === '/' || hasAddressPlaceholder(url.pathname) ? null : url.pathname,
		[`${prefix}Username`]: scope.kind === 'address' ? offer.login : null,
	};
}

function parseProfileRequest(fields: string, own: Domain | null, addressNeeded: boolean): Result<Query, Problem> {
	const address = parseAddressParameter(fields, 'email', 'emailaddress');
	if (address === 'bad') return err({ code: 'bad-address' });
	if (address === 'none' && addressNeeded) return err({ code: 'no-address' });
	const submission: SubmissionChoice = queryParameter(fields, 'submission')?.toLowerCase() === 'starttls' ? 'starttls' : 'preferred';
	const respond = respondWith(submission);
	// The profile of one domain is never filled in for an address of another.
	if (address !== 'none')
		return own !== null && own !== address.domain
			? err({ code: 'unknown-domain' })
			: ok({ candidates: [address.domain], address, cacheKey: submission, respond });
	return own === null ? err({ code: 'unknown-domain' }) : ok({ candidates: [own], address: null, cacheKey: submission, respond });
}

const commonFields = {
	method: 'GET',
	cacheControl: 'no-store',
	cors: false,
	servesOtherDomains: false,
	renderProblem: renderProblemAsText,
} as const;

const addressEndpoint: Endpoint = {
	...commonFields,
	id: 'mobileconfig',
	locations: [{ label: 'autoconfig', path: '/mobileconfig' }],
	sampleRequest: (address: EmailAddress, location: Location) =>
		sampleRequestAt(location, address, { query: `email=${encodeURIComponent(address.text)}` }),
	parseRequest: (request: WireRequest) => parseProfileRequest(request.query, null, true),
};

/** The form of the set-up page. It sends the address in the body, because one in a URL would get into logs and the browser's history. */
const formEndpoint: Endpoint = {
	...commonFields,
	method: 'POST',
	id: 'mobileconfig-form',
	locations: [{ label: 'autoconfig', path: '/mobileconfig' }],
	sampleRequest: (address: EmailAddress, location: Location) =>
		sampleRequestAt(location, address, {
			method: 'POST',
			contentType: 'application/x-www-form-urlencoded',
			body: `email=${encodeURIComponent(address.text)}`,
		}),
	// URL standard §5.1: in a form, a plus sign is a blank. Only browsers send this form, while mail clients put unencoded plus signs into
	// queries.
	parseRequest: (request: WireRequest) => parseProfileRequest(request.body.replaceAll('+', ' '), null, true),
};

/** The profile of a domain, without an address: the device asks the user for it, so one link serves all users. */
const domainEndpoint: Endpoint = {
	...commonFields,
	id: 'mobileconfig-domain',
	locations: [{ label: 'autoconfig', path: '/{domain}.mobileconfig' }],
	sampleRequest: (address: EmailAddress, location: Location) => sampleRequestAt(location, address),
	parseRequest: (request: WireRequest) =>
		parseProfileRequest(request.query, parseDomain(lastPathSegment(request.path, '.mobileconfig') ?? ''), false),
};

export const mobileconfig: Protocol = {
	id: 'mobileconfig',
	title: 'Apple configuration profile',
	spec: 'Apple device management: Configuration, com.apple.mail.managed, com.apple.caldav.account, com.apple.carddav.account',
	endpoints: [addressEndpoint, formEndpoint, domainEndpoint],
};
