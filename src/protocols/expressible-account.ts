/**
 * What each format can express of a mail account. A format that cannot say how somebody logs in, or that would hold one direction of mail
 * alone, declines the account: half of it would be set up wrongly, and hide from the client that another format says it right.
 */
import { err, ok, type Result } from '../lib/result.ts';
import {
	type AuthMethod,
	type ClientConfig,
	type HttpOffer,
	httpOfferOf,
	type SocketOffer,
	serviceOfKind,
	socketOffersOf,
} from '../model/config.ts';
import type { Problem } from '../model/problem.ts';
import { securityByPort } from '../model/service-ports.ts';

/** The servers of one account, those that are preferred first. */
export interface MailAccount {
	readonly incoming: readonly [SocketOffer, ...SocketOffer[]];
	readonly outgoing: readonly [SocketOffer, ...SocketOffer[]];
}

interface FormatLimits {
	/** The ways to log in that the format can name. */
	readonly auth: readonly AuthMethod[];
	/** Whether the format has no word for the encryption, so that clients conclude it from the port (see `securityByPort`). */
	readonly securityFromPort: boolean;
}

const FORMAT_LIMITS = {
	// draft-ietf-mailmaint-autoconfig-06: <authentication> has OAuth2 and password-cleartext, <socketType> both kinds of TLS.
	autoconfig: { auth: ['oauth2', 'password'], securityFromPort: false },
	// MS-OXDSCLI: a Protocol with SPA off is a log-in with name and password. Thunderbird 153 sets up "Normal Password" from it.
	autodiscover: { auth: ['password'], securityFromPort: false },
	// com.apple.mail.managed: EmailAuthPassword; there is no value for OAuth 2.0 of a provider that Apple does not know.
	mobileconfig: { auth: ['password'], securityFromPort: true },
	// pacc-03: `password` and `oauth-public`. Which ports it knows is in pacc.ts.
	pacc: { auth: ['oauth2', 'password'], securityFromPort: false },
	// Thunderbird for Android has OAuth 2.0 for the providers of its own list alone.
	'thunderbird-qr': { auth: ['password'], securityFromPort: false },
} as const satisfies Record<string, FormatLimits>;

export type AccountFormat = keyof typeof FORMAT_LIMITS;
export const ACCOUNT_FORMATS = Object.keys(FORMAT_LIMITS) as readonly AccountFormat[];

/**
 * The servers that a format can express, with at least one for each direction. `not-offered` where the record has none for a direction;
 * `inexpressible` where it has, and this format cannot say how to log in there or how the connection is encrypted.
 */
export function expressibleAccount(config: ClientConfig, format: AccountFormat): Result<MailAccount, Problem> {
	const incoming = expressible([...socketOffersOf(config, 'imap'), ...socketOffersOf(config, 'pop3')], format);
	const outgoing = expressible(socketOffersOf(config, 'smtp'), format);
	if (!incoming.offered || !outgoing.offered) return err({ code: 'not-offered' });
	const [firstIncoming, ...otherIncoming] = incoming.offers;
	const [firstOutgoing, ...otherOutgoing] = outgoing.offers;
	if (firstIncoming === undefined || firstOutgoing === undefined)
		return err({
			code: 'inexpressible',
			reasons: [incoming, outgoing].flatMap(({ offers, reasons }) => (offers.length === 0 ? reasons : [])),
		});
	return ok({ incoming: [firstIncoming, ...otherIncoming], outgoing: [firstOutgoing, ...otherOutgoing] });
}

/** A service over HTTPS, where it is offered and the format can say how to log in there. */
export function expressibleHttpOffer(config: ClientConfig, kind: HttpOffer['kind'], format: AccountFormat): HttpOffer | null {
	const offer = httpOfferOf(config, kind);
	return offer !== null && canLogIn(offer, FORMAT_LIMITS[format]) ? offer : null;
}

interface ExpressibleOffers {
	/** Whether the record offers the direction at all. */
	readonly offered: boolean;
	readonly offers: readonly SocketOffer[];
	/** Paths of the record's fields because of which the others are left out, each once. */
	readonly reasons: readonly string[];
}

function expressible(all: readonly SocketOffer[], format: AccountFormat): ExpressibleOffers {
	const limits: FormatLimits = FORMAT_LIMITS[format];
	const reasons = new Set<string>();
	const offers = all.filter((offer) => {
		const service = serviceOfKind(offer.kind);
		if (!canLogIn(offer, limits)) reasons.add(`services.${service}.auth`);
		else if (limits.securityFromPort && securityByPort(offer.port) !== offer.security)
			reasons.add(`services.${service}.${offer.security === 'tls' ? 'implicit' : 'starttls'}`);
		else return true;
		return false;
	});
	return { offered: all.length > 0, offers, reasons: [...reasons] };
}

function canLogIn({ auth }: SocketOffer | HttpOffer, limits: FormatLimits): boolean {
	return auth.some((method) => limits.auth.includes(method));
}
