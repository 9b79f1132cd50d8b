/** What one set-up page shows. */
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { socketOffersOf } from '../../model/config.ts';
import type { EmailAddress } from '../../model/names.ts';
import { withAddress } from '../../model/placeholder.ts';
import type { DomainRecord } from '../../model/record.ts';
import type { Way } from './device.ts';
import type { Texts } from './texts.tsx';

/** The page of one domain. */
export interface View {
	readonly texts: Texts;
	/** For the domain, so that logins keep their placeholders: the page's script fills them in as well as the server. */
	readonly config: ClientConfig;
	readonly provider: DomainRecord['provider'];
	/** Filled in by the form, where scripts did not. */
	readonly address: EmailAddress | null;
	readonly error: 'addressBad' | 'addressOther' | null;
	/** The choice that is open, and the one that the visitor's device suggests. */
	readonly way: Way;
	readonly guess: Way;
	readonly cannotInstall: boolean;
	/** Where this page is, for the code that a phone's camera reads. */
	readonly url: string;
	/** Where the form goes: the path of this page. */
	readonly path: string;
}

/** The login for the visitor; null while his address is not known. */
export function loginFor(template: string, address: EmailAddress | null): string | null {
	return address === null ? null : withAddress(template, address);
}

/** One kind of server: the offer to use, and the one for networks that block its port. */
export interface Choice {
	readonly first: SocketOffer;
	readonly fallback: SocketOffer | null;
}

export function choiceOf(config: ClientConfig, kind: SocketOffer['kind']): Choice | null {
	const [first, fallback = null] = socketOffersOf(config, kind);
	return first === undefined ? null : { first, fallback };
}

/** Whether there is anything to set up, and whether Apple's profile can hold it: that needs a server for each direction. */
export function hasMail(config: ClientConfig): boolean {
	return config.offers.length > 0;
}

export function hasProfile(config: ClientConfig): boolean {
	return (choiceOf(config, 'imap') ?? choiceOf(config, 'pop3')) !== null && choiceOf(config, 'smtp') !== null;
}

/** What the incoming kind of account is called in clients. */
export function incomingName(config: ClientConfig): 'IMAP' | 'POP3' {
	return choiceOf(config, 'imap') === null && choiceOf(config, 'pop3') !== null ? 'POP3' : 'IMAP';
}
