/** An Apple device with our profile: keys and defaults of com.apple.mail.managed (apple/device-management b6202ca). */
import type { Element } from '@xmldom/xmldom';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { child, children, parseRootElement } from './independent-xml-parser.ts';
import { type Outcome, rejected, type ServerSettings } from './outcome.ts';

type PlistValue = string | number | boolean | readonly PlistValue[] | { readonly [key: string]: PlistValue };

export const apple = (world: ClientEnvironment) => installProfile(world, `?email=${encodeURIComponent(ADDRESS)}`);
/** The profile with the STARTTLS server, for networks that block 465. */
export const appleStarttls = (world: ClientEnvironment) =>
	installProfile(world, `?email=${encodeURIComponent(ADDRESS)}&submission=starttls`);

async function installProfile({ fetch }: ClientEnvironment, query: string): Promise<Outcome> {
	const { status, type, body } = await fetch(`https://autoconfig.${DOMAIN}/mobileconfig${query}`);
	if (status !== 200 || type !== 'application/x-apple-aspen-config') return rejected('no profile');
	const profile = parsePlistValue(children(parseRootElement(body))[0]);
	const mail = innerPayloads(profile).find((payload) => payload.PayloadType === 'com.apple.mail.managed');
	if (mail === undefined) return rejected('no mail payload');
	const incoming = server(mail, 'Incoming', mail.EmailAccountType === 'EmailTypePOP' ? 'pop3' : 'imap');
	const outgoing = server(mail, 'Outgoing', 'smtp');
	return incoming === null || outgoing === null ? rejected('a required key is missing') : { incoming, outgoing };
}

/** The inner payloads that Apple would accept, because they have the keys that every payload must have. */
function innerPayloads(profile: PlistValue | null): readonly { readonly [key: string]: PlistValue }[] {
	const content = isDictionary(profile) ? profile.PayloadContent : null;
	const all = Array.isArray(content) ? content.filter(isDictionary) : [];
	return all.filter(
		(payload) => payload.PayloadVersion === 1 && payload.PayloadIdentifier !== undefined && payload.PayloadUUID !== undefined,
	);
}

function isDictionary(value: unknown): value is { readonly [key: string]: PlistValue } {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function server(mail: { readonly [key: string]: PlistValue }, side: 'Incoming' | 'Outgoing', kind: string): ServerSettings | null {
	const key = (name: string) => mail[`${side}MailServer${name}`];
	const host = key('HostName');
	if (typeof host !== 'string' || key('Authentication') !== 'EmailAuthPassword') return null;
	// Without a port Apple tries 25 first; without UseSSL it uses no TLS.
	const port = typeof key('PortNumber') === 'number' ? Number(key('PortNumber')) : 25;
	const security = key('UseSSL') !== true ? 'cleartext' : [143, 110, 587, 25].includes(port) ? 'starttls' : 'tls';
	const login = key('Username');
	return { kind, host, port, security, login: typeof login === 'string' ? login : null };
}

/** A property list's value; null for what is none. */
function parsePlistValue(element: Element | null | undefined): PlistValue | null {
	switch (element?.localName) {
		case 'string':
			return element.textContent ?? '';
		case 'integer':
			return /^-?[0-9]+$/.test(element.textContent ?? '') ? Number(element.textContent) : null;
		case 'true':
			return true;
		case 'false':
			return false;
		case 'array':
			return children(element).map((item) => parsePlistValue(item) ?? '');
		case 'dict': {
			const parts = children(element);
			const entries = parts.flatMap((part, at) =>
				part.localName === 'key' ? [[part.textContent ?? '', parsePlistValue(parts[at + 1]) ?? ''] as const] : [],
			);
			return Object.fromEntries(entries);
		}
		default:
			return null;
	}
}

/** The types of the inner payloads, for calendars and contacts. */
export async function applePayloads({ fetch }: ClientEnvironment): Promise<readonly string[]> {
	const { body } = await fetch(`https://autoconfig.${DOMAIN}/mobileconfig?email=${encodeURIComponent(ADDRESS)}`);
	const profile = child(parseRootElement(body), 'dict');
	return innerPayloads(parsePlistValue(profile)).map(({ PayloadType }) => String(PayloadType));
}
