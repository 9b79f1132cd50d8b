/** What one set-up page shows. */
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { socketOffersOf } from '../../model/config.ts';
import type { EmailAddress } from '../../model/names.ts';
import { fillAddress } from '../../model/placeholders.ts';
import type { DomainRecord } from '../../model/record.ts';
import type { MailApp } from './mail-app.ts';
import type { Translator } from './message.tsx';

/** The page of one domain. */
export interface SetupView {
	readonly translator: Translator;
	/** For the domain, so that logins keep their placeholders: the page's script fills them in as well as the server. */
	readonly config: ClientConfig;
	readonly provider: DomainRecord['provider'];
	/** Filled in by the form, where scripts did not. */
	readonly address: EmailAddress | null;
	readonly error: 'addressBad' | 'addressOther' | null;
	/** The choice that is open, and the one that the visitor's device suggests. */
	readonly selectedApp: MailApp;
	readonly detectedApp: MailApp;
	readonly cannotInstallProfiles: boolean;
	/** Where this page is, for the code that a phone's camera reads. */
	readonly url: string;
	/** Where the form goes: the path of this page. */
	readonly path: string;
}

/** The login for the visitor; null while his address is not known. */
export function loginFor(template: string, address: EmailAddress | null): string | null {
	return address === null ? null : fillAddress(template, address);
}

/** One kind of server: the offer to use, and the one for networks that block its port. */
export interface OfferPair {
	readonly preferred: SocketOffer;
	readonly fallback: SocketOffer | null;
}

export function offerPairOf(config: ClientConfig, kind: SocketOffer['kind']): OfferPair | null {
	const [first, fallback = null] = socketOffersOf(config, kind);
	return first === undefined ? null : { preferred: first, fallback };
}

/** Whether there is anything to set up, and whether Apple's profile can hold it: that needs a server for each direction. */
export function hasOffers(config: ClientConfig): boolean {
	return config.offers.length > 0;
}

export function hasProfile(config: ClientConfig): boolean {
	return (offerPairOf(config, 'imap') ?? offerPairOf(config, 'pop3')) !== null && offerPairOf(config, 'smtp') !== null;
}

/** What the incoming kind of account is called in clients. */
export function incomingProtocolName(config: ClientConfig): 'IMAP' | 'POP3' {
	return offerPairOf(config, 'imap') === null && offerPairOf(config, 'pop3') !== null ? 'POP3' : 'IMAP';
}
