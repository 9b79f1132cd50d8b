/** Reads an answer of Autodiscover (POX, MS-OXDSCLI) as mail clients do. */
import { err, ok, type Result } from '../../lib/result.ts';
import { type ParsedXml, parseXml } from '../../lib/xml.ts';
import { SOCKET_SERVICES, securityByPort } from '../../model/service-ports.ts';
import {
	type AdvertisedDetail,
	type AdvertisedServer,
	type AdvertisedSettings,
	type AdvertisedUrl,
	NOTHING_ADVERTISED,
	normaliseHost,
	parsePort,
} from './advertised-settings.ts';

/** What the elements `Type` of mail services mean; `POP` is an error that some programs make. */
const MAIL_TYPES = { imap: 'imap', pop3: 'pop3', pop: 'pop3', smtp: 'smtp' } as const;
/** An extension that eM Client reads: the server is a URL. */
const DAV_TYPES = { caldav: 'caldav', carddav: 'carddav' } as const;

const PRESET_PORTS = {
	imap: SOCKET_SERVICES.imap.registeredStarttls,
	pop3: SOCKET_SERVICES.pop3.registeredStarttls,
	smtp: SOCKET_SERVICES.submission.registeredStarttls,
} as const;

/** Elements of a protocol that are read, or that change nothing for a mail client. */
const READ_ELEMENTS: ReadonlySet<string> = new Set(
	[
		'Type',
		'Server',
		'Port',
		'LoginName',
		'SSL',
		'Encryption',
		'SPA',
		'TTL',
		'AuthRequired',
		'DomainRequired',
		'UsePOPAuth',
		'SMTPLast',
	].map((name) => name.toLowerCase()),
);

/**
 * The settings of an answer, or why it has none.
 * @param address that it was asked for; where it is empty, the address that the answer names
 */
export function readAutodiscover(text: string, address: string): Result<AdvertisedSettings, string> {
	const parsed = parseXml(text);
	if (!parsed.ok) return err(parsed.error === 'dtd' ? 'has a document type (<!DOCTYPE …>)' : 'is not well-formed XML');
	if (parsed.value.name !== 'Autodiscover') return err(`begins with <${parsed.value.name.slice(0, 40)}>, not with <Autodiscover>`);
	const response = child(parsed.value, 'Response');
	const account = response === undefined ? undefined : child(response, 'Account');
	if (response === undefined || account === undefined) return err(describeFault(response));
	const redirect = textOf(account, 'RedirectAddr') || textOf(account, 'RedirectUrl');
	if (redirect !== '') return err(`redirects to ${redirect.slice(0, 200)}: import what that answers`);
	const user = child(response, 'User');
	const asked = address || textOf(user, 'AutoDiscoverSMTPAddress') || guessAddress(account);
	const servers: AdvertisedServer[] = [];
	const urls: AdvertisedUrl[] = [];
	const more: AdvertisedDetail[] = [];
	const protocols = account.children.filter(({ name }) => name === 'Protocol');
	for (const [at, protocol] of protocols.entries()) {
		const path = `Protocol[${at + 1}]`;
		const type = textOf(protocol, 'Type').toLowerCase();
		if (Object.hasOwn(DAV_TYPES, type)) urls.push(readUrl(protocol, DAV_TYPES[type as keyof typeof DAV_TYPES], path, asked));
		else servers.push(readServer(protocol, type, path, asked));
		for (const { name, text: value } of protocol.children)
			if (!READ_ELEMENTS.has(name.toLowerCase())) more.push({ path: `${path}.${name}`, text: value });
	}
	for (const { name, text: value } of account.children)
		if (!['Protocol', 'AccountType', 'Action'].includes(name)) more.push({ path: `Account.${name}`, text: value });
	for (const { name, children } of response.children)
		if (name === 'Action') more.push({ path: 'Response.Action (MobileSync)', text: children.map((each) => each.name).join(', ') });
	// The name of the mailbox's owner, or of the provider: nobody can tell which.
	const name = textOf(user, 'DisplayName');
	if (name !== '') more.push({ path: 'User.DisplayName', text: name });
	return ok({ ...NOTHING_ADVERTISED, servers, urls, more });
}

/** The error that an answer has in the place of an account. */
function describeFault(response: ParsedXml | undefined): string {
	const fault = response === undefined ? undefined : child(response, 'Error');
	if (fault === undefined) return 'has no <Account>';
	return `is an error: ${textOf(fault, 'ErrorCode').slice(0, 20)} ${textOf(fault, 'Message').slice(0, 200)}`.trim();
}

/** The address that an answer was made for, from a login that looks like one. */
function guessAddress(account: ParsedXml): string {
	const logins = account.children.filter(({ name }) => name === 'Protocol').map((protocol) => textOf(protocol, 'LoginName'));
	return logins.find((login) => login.includes('@')) ?? '';
}

function readServer(protocol: ParsedXml, type: string, path: string, address: string): AdvertisedServer {
	const known = Object.hasOwn(MAIL_TYPES, type) ? MAIL_TYPES[type as keyof typeof MAIL_TYPES] : null;
	const port = textOf(protocol, 'Port') === '' && known !== null ? PRESET_PORTS[known] : parsePort(textOf(protocol, 'Port'));
	// MS-OXDSCLI: SPA is on where the element is missing; it stands for NTLM, which hides the password.
	const spa = textOf(protocol, 'SPA').toLowerCase() !== 'off';
	return {
		path,
		direction: type === 'smtp' ? 'outgoing' : 'incoming',
		type: known ?? type,
		host: normaliseHost(textOf(protocol, 'Server')),
		port,
		security: readSecurity(textOf(protocol, 'SSL').toLowerCase(), textOf(protocol, 'Encryption').toLowerCase(), port),
		login: loginTemplate(textOf(protocol, 'LoginName'), address),
		auth: [spa ? 'password-encrypted' : 'password-cleartext'],
	};
}

/**
 * `Encryption` goes before `SSL`, which is on where it is missing: `SSL` is implicit TLS, `TLS` is STARTTLS. Many programs write `TLS` on a
 * port with implicit TLS; the port decides there, as no server speaks anything else on it.
 */
function readSecurity(ssl: string, encryption: string, port: number | null): AdvertisedServer['security'] {
	if (port === null) return null;
	switch (encryption) {
		case 'none':
			return 'plain';
		case 'ssl':
			return 'tls';
		case 'tls':
		case 'auto':
			return securityByPort(port);
		case '':
			return ssl === 'off' ? 'plain' : securityByPort(port);
		default:
			return null;
	}
}

function readUrl(protocol: ParsedXml, kind: AdvertisedUrl['kind'], path: string, address: string): AdvertisedUrl {
	return {
		path,
		kind,
		url: addressTemplate(textOf(protocol, 'Server'), address),
		login: loginTemplate(textOf(protocol, 'LoginName'), address),
		auth: [],
	};
}

/** The login with placeholders in the place of the user's own address; null where the answer names none. */
function loginTemplate(login: string, address: string): string | null {
	if (login === '') return null;
	const [local = ''] = address.split('@');
	if (address === '') return login;
	if (login.toLowerCase() === address.toLowerCase()) return '%EMAILADDRESS%';
	return login.toLowerCase() === local.toLowerCase() ? '%EMAILLOCALPART%' : addressTemplate(login, address);
}

function addressTemplate(text: string, address: string): string {
	return address === '' ? text : text.split(address).join('%EMAILADDRESS%').split(encodeURIComponent(address)).join('%EMAILADDRESS%');
}

function child(element: ParsedXml, name: string): ParsedXml | undefined {
	return element.children.find((each) => each.name === name);
}

function textOf(element: ParsedXml | undefined, name: string): string {
	return element?.children.find((each) => each.name.toLowerCase() === name.toLowerCase())?.text.trim() ?? '';
}
