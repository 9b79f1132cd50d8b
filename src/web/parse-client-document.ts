/** Reads the servers in the documents that clients get with the browser's XML parser, independent of the code that wrote them. */

import { securityByPort } from '../model/service-ports.ts';

/** One server as a client would use it. */
export interface DocumentServer {
	readonly kind: string;
	readonly host: string;
	readonly port: string;
	readonly security: string;
}

/** The names shown for autoconfig's socketType, and for MS-OXDSCLI's Encryption, which calls STARTTLS `TLS`. */
const SOCKET_TYPE_NAMES: Readonly<Record<string, string>> = { SSL: 'SSL/TLS' };
const ENCRYPTION_NAMES: Readonly<Record<string, string>> = { SSL: 'SSL/TLS', TLS: 'STARTTLS' };

/** The servers of an autoconfig, Autodiscover or profile document, in its order; empty for any other document. */
export function parseClientDocument(xml: string): readonly DocumentServer[] {
	const read = new DOMParser().parseFromString(xml, 'application/xml');
	return [...autoconfigServers(read), ...autodiscoverServers(read), ...profileServers(read)];
}

function autoconfigServers(read: Document): readonly DocumentServer[] {
	return [...read.querySelectorAll('incomingServer, outgoingServer')].map((server) => ({
		kind: (server.getAttribute('type') ?? '').toUpperCase(),
		host: childText(server, 'hostname'),
		port: childText(server, 'port'),
		security: displayName(SOCKET_TYPE_NAMES, childText(server, 'socketType')),
	}));
}

function autodiscoverServers(read: Document): readonly DocumentServer[] {
	return [...read.getElementsByTagNameNS('*', 'Protocol')]
		.filter((server) => childText(server, 'Server') !== '' && childText(server, 'Port') !== '')
		.map((server) => ({
			kind: childText(server, 'Type'),
			host: childText(server, 'Server'),
			port: childText(server, 'Port'),
			security: displayName(ENCRYPTION_NAMES, childText(server, 'Encryption')) || `SSL ${childText(server, 'SSL')}`,
		}));
}

function profileServers(read: Document): readonly DocumentServer[] {
	const values = new Map([...read.querySelectorAll('key')].map((key) => [key.textContent ?? '', key.nextElementSibling] as const));
	return ['Incoming', 'Outgoing'].flatMap((direction) => {
		const value = (name: string) => values.get(`${direction}MailServer${name}`);
		const host = value('HostName')?.textContent;
		const port = value('PortNumber')?.textContent ?? '';
		if (!host) return [];
		const incoming = values.get('EmailAccountType')?.textContent === 'EmailTypePOP' ? 'POP3' : 'IMAP';
		// A profile has one switch for both kinds of encryption, and Apple's Mail goes by the port.
		return [
			{
				kind: direction === 'Incoming' ? incoming : 'SMTP',
				host,
				port,
				security: value('UseSSL')?.localName === 'true' ? (securityByPort(Number(port)) === 'starttls' ? 'STARTTLS' : 'SSL/TLS') : '',
			},
		];
	});
}

/** An unknown value is shown unchanged, so that it is noticed. */
function displayName(names: Readonly<Record<string, string>>, word: string): string {
	return names[word] ?? word;
}

function childText(within: Element, name: string): string {
	return within.getElementsByTagNameNS('*', name)[0]?.textContent?.trim() ?? '';
}
