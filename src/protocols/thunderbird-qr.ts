/**
 * The QR code from which Thunderbird for Android imports an account: JSON in nested arrays, as its specification has it
 * (thunderbird-android, feature/migration/qrcode/qr-code-format.md, format version 1). It is shown on the set-up page and has no URL.
 */
import type { ClientConfig, SocketOffer } from '../model/config.ts';
import type { EmailAddress } from '../model/names.ts';
import { ADDRESS_PLACEHOLDER, fillAddress } from '../model/placeholders.ts';
import type { Security } from '../model/service-ports.ts';
import { expressibleAccount } from './expressible-account.ts';

const FORMAT_VERSION = 1;
/** The part number and the number of parts: one account fits into one code. */
const SEQUENCE = [1, 1];
const INCOMING_PROTOCOLS = { imap: 0, pop3: 1 } as const;
const SMTP = 0;
const CONNECTION_SECURITY = { starttls: 2, tls: 3 } as const satisfies Record<Security, number>;
/** Thunderbird for Android knows OAuth for the providers in its own list only, so an account from here logs in with its password. */
const PASSWORD_CLEARTEXT = 1;

/**
 * The payload with placeholders for the address; null where the format cannot express the account. It holds the preferred server
 * of each direction, implicit TLS before STARTTLS, and never a password.
 * @param config the config of a whole domain, so that logins have placeholders
 */
export function thunderbirdQrTemplate(config: ClientConfig): string | null {
	const account = expressibleAccount(config, 'thunderbird-qr');
	if (!account.ok) return null;
	const [incoming] = account.value.incoming;
	const [outgoing] = account.value.outgoing;
	const protocol = incoming.kind === 'pop3' ? INCOMING_PROTOCOLS.pop3 : INCOMING_PROTOCOLS.imap;
	// An identity has a name, which is not known here. With an empty one the app shows the address alone.
	const identity = [ADDRESS_PLACEHOLDER, ''];
	return JSON.stringify([FORMAT_VERSION, SEQUENCE, [protocol, ...serverFields(incoming)], [[[SMTP, ...serverFields(outgoing)], identity]]]);
}

/** The payload for one address; null where the address or a login is not ASCII, which the format does not allow. */
export function fillThunderbirdQr(template: string, address: EmailAddress): string | null {
	if (![template, address.text].every((text) => /^[\x20-\x7e]+$/.test(text))) return null;
	return JSON.stringify(JSON.parse(template, (_, value: unknown) => (typeof value === 'string' ? fillAddress(value, address) : value)));
}

function serverFields({ host, port, security, login }: SocketOffer): readonly (string | number)[] {
	return [host, port, CONNECTION_SECURITY[security], PASSWORD_CLEARTEXT, login];
}
