/** Reads the servers out of the documents clients get, with the browser's own XML parser: a second reader, not the writer run backwards. */

/** One server as a client would take it. */
export interface Line {
	readonly kind: string;
	readonly host: string;
	readonly port: string;
	readonly security: string;
}

/** One name for what each format calls differently: autoconfig's socketType, and MS-OXDSCLI's Encryption, whose TLS is STARTTLS. */
const SOCKET_TYPE: Readonly<Record<string, string>> = { SSL: 'SSL/TLS' };
const ENCRYPTION: Readonly<Record<string, string>> = { SSL: 'SSL/TLS', TLS: 'STARTTLS' };

/** A profile has one switch for both; Apple's Mail goes by the port. */
const STARTTLS_PORTS = ['587', '143', '110'];

/** From autoconfig, Autodiscover or a profile; empty for anything else. In the document's order. */
export function readAnswer(xml: string): readonly Line[] {
	const read = new DOMParser().parseFromString(xml, 'application/xml');
	return [...fromAutoconfig(read), ...fromAutodiscover(read), ...fromProfile(read)];
}

function fromAutoconfig(read: Document): readonly Line[] {
	return [...read.querySelectorAll('incomingServer, outgoingServer')].map((server) => ({
		kind: (server.getAttribute('type') ?? '').toUpperCase(),
		host: textOf(server, 'hostname'),
		port: textOf(server, 'port'),
		security: named(SOCKET_TYPE, textOf(server, 'socketType')),
	}));
}

function fromAutodiscover(read: Document): readonly Line[] {
	return [...read.getElementsByTagNameNS('*', 'Protocol')]
		.filter((server) => textOf(server, 'Server') !== '' && textOf(server, 'Port') !== '')
		.map((server) => ({
			kind: textOf(server, 'Type'),
			host: textOf(server, 'Server'),
			port: textOf(server, 'Port'),
			security: named(ENCRYPTION, textOf(server, 'Encryption')) || `SSL ${textOf(server, 'SSL')}`,
		}));
}

function fromProfile(read: Document): readonly Line[] {
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
function named(names: Readonly<Record<string, string>>, word: string): string {
	return names[word] ?? word;
}

function textOf(within: Element, name: string): string {
	return within.getElementsByTagNameNS('*', name)[0]?.textContent?.trim() ?? '';
}
