/** Reads the servers out of the documents clients get, with the browser's own XML parser: a second reader, not the writer run backwards. */

/** One server as a client would take it. */
export interface DocumentServer {
	readonly kind: string;
	readonly host: string;
	readonly port: string;
	readonly security: string;
}

/** One name for what each format calls differently: autoconfig's socketType, and MS-OXDSCLI's Encryption, whose TLS is STARTTLS. */
const SOCKET_TYPE_NAMES: Readonly<Record<string, string>> = { SSL: 'SSL/TLS' };
const ENCRYPTION_NAMES: Readonly<Record<string, string>> = { SSL: 'SSL/TLS', TLS: 'STARTTLS' };

/** A profile has one switch for both; Apple's Mail goes by the port. */
const STARTTLS_PORTS = ['587', '143', '110'];

/** From autoconfig, Autodiscover or a profile; empty for anything else. In the document's order. */
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
		return [
			{
				kind: direction === 'Incoming' ? incoming : 'SMTP',
				host,
				port,
				security: value('UseSSL')?.localName === 'true' ? (STARTTLS_PORTS.includes(port) ? 'STARTTLS' : 'SSL/TLS') : '',
			},
		];
	});
}

/** A word that is not known stays as it is: somebody should see it. */
function displayName(names: Readonly<Record<string, string>>, word: string): string {
	return names[word] ?? word;
}

function childText(within: Element, name: string): string {
	return within.getElementsByTagNameNS('*', name)[0]?.textContent?.trim() ?? '';
}
