/**
 * Apple configuration profiles: mail, calendars and contacts of one account.
 * Identifiers and UUIDs are derived from the address alone: a profile that is installed again replaces the old one, and the profile of a
 * second mailbox is installed beside it.
 */
import { type Plist, renderPlist } from '../lib/plist.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ClientConfig, ConfigScope, HttpOffer, Offer, SocketOffer } from '../model/config.ts';
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/names.ts';
import { hasAddressPlaceholder } from '../model/placeholders.ts';
import type { Problem } from '../model/problem.ts';
import { INVISIBLE_CHARACTERS } from '../model/record-fields.ts';
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

/** Who a profile is for, beside the address that logs in. */
interface ProfileOwner {
	/** Further addresses of the same mailbox, from which the user may send. */
	readonly otherAddresses: readonly EmailAddress[];
	/** The name with which mail is sent; null where the device asks for it. */
	readonly fullName: string | null;
}

const NOBODY_SAID: ProfileOwner = { otherAddresses: [], fullName: null };

function respondWith(submission: SubmissionChoice, owner: ProfileOwner): Query['respond'] {
	return (config): Result<WireResponse, Problem> => {
		const offers = profileOffers(config, submission);
		if (!offers.ok) return offers;
		const body = renderPlist(profilePlist(config, offers.value, owner));
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

function profilePlist(config: ClientConfig, offers: ProfileOffers, owner: ProfileOwner): Plist {
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
			mailPayload(config, offers, identity, owner),
			...(caldav === null ? [] : [davPayload('CalDAV', 'caldav', caldav, config, identity)]),
			...(carddav === null ? [] : [davPayload('CardDAV', 'carddav', carddav, config, identity)]),
		],
	};
}

function mailPayload(
	{ provider, scope }: ClientConfig,
	{ incoming, outgoing }: ProfileOffers,
	{ identifier, uuid }: ProfileIdentity,
	{ otherAddresses, fullName }: ProfileOwner,
): Plist {
	const address = scope.kind === 'address' ? scope.address.text : null;
	return {
		PayloadType: 'com.apple.mail.managed',
		PayloadVersion: 1,
		PayloadIdentifier: `${identifier}.mail`,
		PayloadUUID: uuid('mail'),
		PayloadDisplayName: address ?? provider.name,
		EmailAccountType: incoming.kind === 'imap' ? 'EmailTypeIMAP' : 'EmailTypePOP',
		EmailAccountDescription: provider.name,
		EmailAccountName: fullName,
		// The device asks the user for what is left out. Apple documents one address; Mail takes a list with commas, and offers all of them as senders.
		EmailAddress: address === null ? null : [address, ...otherAddresses.map(({ text }) => text)].join(','),
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

function parseProfileRequest(fields: string, own: Domain | null, addressNeeded: boolean, form: OwnerFields | null): Result<Query, Problem> {
	const addresses = parseAddresses(fields, form?.others ?? '');
	if (addresses === 'bad') return err({ code: 'bad-address' });
	if (addresses === 'none' && addressNeeded) return err({ code: 'no-address' });
	const submission: SubmissionChoice = queryParameter(fields, 'submission')?.toLowerCase() === 'starttls' ? 'starttls' : 'preferred';
	if (addresses === 'none')
		return own === null
			? err({ code: 'unknown-domain' })
			: ok({ candidates: [own], address: null, cacheKey: submission, respond: respondWith(submission, NOBODY_SAID) });
	const [address, ...otherAddresses] = addresses;
	// The profile of one domain is never filled in for an address of another.
	if (own !== null && own !== address.domain) return err({ code: 'unknown-domain' });
	// What is kept is for an address alone: what else was said is not in it.
	const fullName = form?.fullName ?? null;
	const isPlain = otherAddresses.length === 0 && fullName === null;
	const respond = respondWith(submission, { otherAddresses, fullName });
	return ok({ candidates: [address.domain], address, cacheKey: isPlain ? submission : null, respond });
}

/** What only a form says. In a link it would get into logs, and somebody else could have chosen it. */
interface OwnerFields {
	readonly fullName: string | null;
	/** Further addresses as they were typed, with commas between them; '' for none. */
	readonly others: string;
}

/** Addresses of one person in a profile at most. */
const MAX_ADDRESSES = 8;

/**
 * The address, or several of one mailbox with commas between them (`email=a@D,b@D`): the first one logs in. All are of one domain, so that
 * no link puts a stranger's address into a customer's profile.
 * @param others what a form has in its field for further addresses
 */
function parseAddresses(fields: string, others: string): readonly [EmailAddress, ...EmailAddress[]] | 'none' | 'bad' {
	const parsed = parseAddressParameter(fields, 'email', 'emailaddress');
	if (parsed === 'none') return parsed;
	if (parsed !== 'bad' && others === '') return [parsed];
	const all = `${queryParameter(fields, 'email', 'emailaddress') ?? ''}${others === '' ? '' : `,${others}`}`;
	const texts = all.split(',', MAX_ADDRESSES + 1).map((text) => text.trim());
	const addresses = texts.flatMap((text) => parseEmailAddress(text) ?? []);
	const [first] = addresses;
	if (first === undefined || texts.length > MAX_ADDRESSES || addresses.length < texts.length) return 'bad';
	// An address that is listed again is no second one.
	const further = addresses.filter((each, at) => addresses.findIndex(({ text }) => text === each.text) === at).slice(1);
	if (further.some(({ domain, text }) => domain !== first.domain || text.includes(','))) return 'bad';
	return [first, ...further];
}

/** Characters of a name as people have them; longer ones are left out, and the device asks. */
export const MAX_FULL_NAME_LENGTH = 100;

function parseFullName(fields: string): string | null {
	const text = (queryParameter(fields, 'name') ?? '').slice(0, MAX_FULL_NAME_LENGTH + 1).trim();
	const isName = text !== '' && text.length <= MAX_FULL_NAME_LENGTH && !/\p{C}/u.test(text) && !INVISIBLE_CHARACTERS.test(text);
	return isName ? text : null;
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
	parseRequest: (request: WireRequest) => parseProfileRequest(request.query, null, true, null),
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
	parseRequest(request: WireRequest) {
		const fields = request.body.replaceAll('+', ' ');
		const others = (queryParameter(fields, 'others') ?? '').trim();
		return parseProfileRequest(fields, null, true, { fullName: parseFullName(fields), others });
	},
};

/** The profile of a domain, without an address: the device asks the user for it, so one link serves all users. */
const domainEndpoint: Endpoint = {
	...commonFields,
	id: 'mobileconfig-domain',
	locations: [{ label: 'autoconfig', path: '/{domain}.mobileconfig' }],
	sampleRequest: (address: EmailAddress, location: Location) => sampleRequestAt(location, address),
	parseRequest: (request: WireRequest) =>
		parseProfileRequest(request.query, parseDomain(lastPathSegment(request.path, '.mobileconfig') ?? ''), false, null),
};

export const mobileconfig: Protocol = {
	id: 'mobileconfig',
	title: 'Apple configuration profile',
	spec: 'Apple device management: Configuration, com.apple.mail.managed, com.apple.caldav.account, com.apple.carddav.account',
	endpoints: [addressEndpoint, formEndpoint, domainEndpoint],
};
