/** What one set-up page shows, and what its record allows it to show. */
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { isSocketOffer, socketOffersOf } from '../../model/config.ts';
import type { EmailAddress } from '../../model/names.ts';
import { fillAddress } from '../../model/placeholders.ts';
import type { DomainRecord } from '../../model/record.ts';
import { profileOffers } from '../../protocols/mobileconfig.ts';
import type { MessageKey, Translator } from './languages.ts';
import type { MailApp } from './mail-app.ts';

/** The page of one domain. */
export interface SetupView {
	readonly translator: Translator;
	/** Of the domain, so that logins keep their placeholders: the page's script fills them in, or the server where there is no script. */
	readonly config: ClientConfig;
	readonly provider: DomainRecord['provider'];
	/** The address that was posted; null where none was, or where the page's script fills it in. */
	readonly address: EmailAddress | null;
	/** What was typed, where it is no address of this domain: it stays in its field. */
	readonly typed: string;
	readonly error: 'addressBad' | 'addressOther' | null;
	/** The choice that is open, and the one that the visitor's device suggests. */
	readonly selectedApp: MailApp;
	readonly detectedApp: MailApp;
	readonly cannotInstallProfiles: boolean;
	/** The URL of this page, for QR codes and for texts that are sent to others. */
	readonly url: string;
	/** The path of this page, to which the form is posted. */
	readonly path: string;
}

/** The user name of the visitor; null while the address is not known. */
export function loginFor(template: string, address: EmailAddress | null): string | null {
	return address === null ? null : fillAddress(template, address);
}

/** The servers of one kind: the preferred one, and the one for networks that block its port. */
export interface OfferPair {
	readonly preferred: SocketOffer;
	readonly fallback: SocketOffer | null;
}

export function offerPairOf(config: ClientConfig, kind: SocketOffer['kind']): OfferPair | null {
	const [preferred, fallback = null] = socketOffersOf(config, kind);
	return preferred === undefined ? null : { preferred, fallback };
}

/** The servers for incoming mail: IMAP, or POP3 where there is no IMAP. */
export function incomingOffersOf(config: ClientConfig): OfferPair | null {
	return offerPairOf(config, 'imap') ?? offerPairOf(config, 'pop3');
}

/** Whether there is anything to set up. */
export function hasOffers(config: ClientConfig): boolean {
	return config.offers.length > 0;
}

/** Why there is no profile for Apple's devices, as a message; null where there is one. */
export function profileObstacle(config: ClientConfig): Extract<MessageKey, `profile${string}`> | null {
	const offers = profileOffers(config, 'preferred');
	if (offers.ok) return null;
	if (offers.error.code !== 'inexpressible') return 'profileNoServers';
	return offers.error.reasons.some((path) => path.endsWith('.auth')) ? 'profileOauth' : 'profileOddPorts';
}

/** Whether some mail server takes no password at all: then apps that know nothing but passwords cannot be used. */
export function isOAuthOnly(config: ClientConfig): boolean {
	return config.offers.filter(isSocketOffer).some(({ kind, auth }) => kind !== 'sieve' && !auth.includes('password'));
}

/** What apps call the kind of account. */
export function incomingProtocolName(config: ClientConfig): 'IMAP' | 'POP3' {
	return offerPairOf(config, 'imap') === null && offerPairOf(config, 'pop3') !== null ? 'POP3' : 'IMAP';
}
