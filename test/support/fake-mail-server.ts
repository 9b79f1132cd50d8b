/**
 * A mail server for tests. It greets, lists its capabilities and starts TLS; each fault can be switched on by itself. Nobody can log in.
 */
import { constants } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type SecureVersion, TLSSocket, type TlsOptions } from 'node:tls';
import type { KeyPair } from './test-authority.ts';

export type MailServerKind = 'imap' | 'pop3' | 'smtp' | 'sieve';

export interface MailServerFaults {
	/** Sent in place of the usual greeting. */
	readonly pair?: KeyPair;
	readonly minVersion?: SecureVersion;
	readonly maxVersion?: SecureVersion;
	/** Settings of TLS in place of the good ones. */
	readonly tls?: TlsOptions;
	readonly authBeforeTls?: boolean;
	readonly noStarttls?: boolean;
	/** Offers STARTTLS and refuses the command. */
	readonly refusesStarttls?: boolean;
	/** Accepts STARTTLS, and then does not speak TLS. */
	readonly breaksHandshake?: boolean;
	/** Keeps what was sent in the clear behind the STARTTLS command, and answers it inside TLS (command injection). */
	readonly smuggling?: boolean;
	/** Sends more text in the clear after it has accepted STARTTLS (response injection). */
	readonly speaksEarly?: boolean;
	readonly preauth?: boolean;
	readonly noAuth?: boolean;
	readonly offersStarttlsAgain?: boolean;
	/** On a port for implicit TLS, speaks in the clear. */
	readonly cleartext?: boolean;
	/** How many connections are served; later ones are told that the server is busy. */
	readonly connections?: number;
	/** How many connections at the beginning are told that the server is busy. */
	readonly busyConnections?: number;
	/** Announces AUTH only in the form that Outlook Express wanted. */
	readonly oldAuthSpelling?: boolean;
	/** Milliseconds before the greeting. */
	readonly greetingPauseMs?: number;
	/** Says nothing inside TLS, as nginx does where a certificate of the client is missing. */
	readonly closesAfterHandshake?: boolean;
	/** Handles the connection in place of everything else. */
	readonly hostile?: (socket: Socket) => void;
}

interface ProtocolWords {
	readonly greeting: string;
	readonly preauth: string;
	/** @returns the answer to a command, with its CRLFs */
	readonly reply: (command: string, state: { readonly secure: boolean; readonly faults: MailServerFaults }) => string;
	readonly starttls: RegExp;
	readonly goAhead: string;
	/** Sent without being asked, as soon as TLS has begun. */
	readonly afterTls: (faults: MailServerFaults) => string;
}

const offeredCapabilities = (secure: boolean, faults: MailServerFaults) => ({
	starttls: secure ? faults.offersStarttlsAgain === true : faults.noStarttls !== true,
	auth: secure ? faults.noAuth !== true : faults.authBeforeTls === true,
});

const PROTOCOL_WORDS: Readonly<Record<MailServerKind, ProtocolWords>> = {
	imap: {
		greeting: '* OK ready\r\n',
		preauth: '* PREAUTH welcome back\r\n',
		reply(command, { secure, faults }) {
			const [tag, verb] = command.split(' ');
			const { starttls, auth } = offeredCapabilities(secure, faults);
			if (verb === 'CAPABILITY')
				return `* CAPABILITY IMAP4rev1${starttls ? ' STARTTLS' : ''}${auth ? ' AUTH=PLAIN AUTH=OAUTHBEARER' : ' LOGINDISABLED'}\r\n${tag} OK done\r\n`;
			return verb === 'LOGOUT' ? `* BYE\r\n${tag} OK bye\r\n` : `${tag} OK done\r\n`;
		},
		starttls: /^(\S+) STARTTLS$/,
		goAhead: '$1 OK begin\r\n',
		afterTls: () => '',
	},
	pop3: {
		greeting: '+OK ready\r\n',
		preauth: '+OK ready\r\n',
		reply(command, { secure, faults }) {
			const { starttls, auth } = offeredCapabilities(secure, faults);
			if (command === 'CAPA') return `+OK\r\nTOP\r\n${starttls ? 'STLS\r\n' : ''}${auth ? 'SASL PLAIN OAUTHBEARER\r\nUSER\r\n' : ''}.\r\n`;
			return '+OK\r\n';
		},
		starttls: /^STLS$/,
		goAhead: '+OK begin\r\n',
		afterTls: () => '',
	},
	smtp: {
		greeting: '220-mail.example.com\r\n220 ESMTP\r\n',
		preauth: '220 ESMTP\r\n',
		reply(command, { secure, faults }) {
			const { starttls, auth } = offeredCapabilities(secure, faults);
			if (command.startsWith('EHLO'))
				return `250-mail.example.com\r\n${starttls ? '250-STARTTLS\r\n' : ''}${auth ? `250-AUTH${faults.oldAuthSpelling === true ? '=' : ' '}PLAIN LOGIN OAUTHBEARER\r\n` : ''}250 PIPELINING\r\n`;
			return command === 'QUIT' ? '221 bye\r\n' : '250 done\r\n';
		},
		starttls: /^STARTTLS$/,
		goAhead: '220 begin\r\n',
		afterTls: () => '',
	},
	sieve: {
		greeting: '',
		preauth: '',
		reply: (command, state) =>
			command === 'CAPABILITY' ? sieveCapabilities(state.secure, state.faults) : `OK (TAG ${command.split(' ')[1] ?? ''})\r\n`,
		starttls: /^STARTTLS$/,
		goAhead: 'OK\r\n',
		afterTls: (faults) => sieveCapabilities(true, faults),
	},
};

function sieveCapabilities(secure: boolean, faults: MailServerFaults): string {
	const { starttls, auth } = offeredCapabilities(secure, faults);
	return `"IMPLEMENTATION" "stub"\r\n"SASL" "${auth ? 'PLAIN OAUTHBEARER' : ''}"\r\n${starttls ? '"STARTTLS"\r\n' : ''}OK\r\n`;
}

const BUSY_WORDS = {
	imap: '* BYE too many connections\r\n',
	pop3: '-ERR too many connections\r\n',
	smtp: '421 4.7.0 too many connections\r\n',
	sieve: 'BYE "too many connections"\r\n',
} as const satisfies Record<MailServerKind, string>;

export interface FakeMailServer {
	readonly port: number;
	/** The commands of all connections, in the order in which they came. */
	readonly commands: string[];
	close(): Promise<void>;
}

export async function startFakeMailServer(
	kind: MailServerKind,
	implicit: boolean,
	good: KeyPair,
	faults: MailServerFaults = {},
): Promise<FakeMailServer> {
	const words = PROTOCOL_WORDS[kind];
	const pair = faults.pair ?? good;
	const heard: string[] = [];
	const sockets = new Set<Socket>();
	const tls = {
		...pair,
		minVersion: faults.minVersion ?? ('TLSv1.2' as const),
		maxVersion: faults.maxVersion ?? ('TLSv1.3' as const),
		// Unlike most mail servers, Node grants a client a second handshake.
		secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
		...faults.tls,
		// Node's defaults have no TLS 1.0 any more.
		ciphers: faults.tls?.ciphers ?? (faults.maxVersion === 'TLSv1' || faults.minVersion === 'TLSv1' ? 'DEFAULT:@SECLEVEL=0' : 'DEFAULT'),
	};

	function converse(socket: Socket, secure: boolean, unread = ''): void {
		let buffer = unread;
		const take = () => {
			for (let at = buffer.indexOf('\n'); at >= 0; at = buffer.indexOf('\n')) {
				const command = buffer.slice(0, at).replace(/\r$/, '');
				buffer = buffer.slice(at + 1);
				heard.push(command);
				if (!secure && words.starttls.test(command)) {
					upgrade(command);
					return;
				}
				socket.write(words.reply(command, { secure, faults }));
			}
		};
		const onData = (bytes: Buffer) => {
			buffer += bytes.toString('utf8');
			take();
		};
		socket.on('data', onData);
		take();

		function upgrade(command: string): void {
			if (faults.refusesStarttls === true) {
				socket.write(
					kind === 'imap'
						? `${command.split(' ')[0]} NO not now\r\n`
						: kind === 'pop3'
							? '-ERR\r\n'
							: kind === 'smtp'
								? '454 not now\r\n'
								: 'NO\r\n',
				);
				return;
			}
			socket.off('data', onData);
			socket.write(command.replace(words.starttls, words.goAhead) + (faults.speaksEarly === true ? 'and more\r\n' : ''));
			if (faults.breaksHandshake === true) {
				socket.once('data', () => socket.end('500 what?\r\n'));
				return;
			}
			const secured = new TLSSocket(socket, {
				isServer: true,
				secureContext: createSecureContext(tls),
				requestCert: tls.requestCert === true,
				rejectUnauthorized: tls.rejectUnauthorized === true,
			});
			secured.on('error', () => secured.destroy());
			secured.once('secure', () => {
				if (faults.closesAfterHandshake === true) {
					secured.end();
					return;
				}
				secured.write(words.afterTls(faults));
				converse(secured, true, faults.smuggling === true ? buffer : '');
			});
		}
	}

	let served = 0;
	const begin = (socket: Socket, secure: boolean) => {
		if (faults.hostile !== undefined) {
			faults.hostile(socket);
			return;
		}
		if (secure && faults.closesAfterHandshake === true) {
			socket.end();
			return;
		}
		served += 1;
		if (served > (faults.connections ?? Number.POSITIVE_INFINITY) || served <= (faults.busyConnections ?? 0)) {
			socket.end(BUSY_WORDS[kind]);
			return;
		}
		if (faults.greetingPauseMs !== undefined) {
			setTimeout(() => greet(socket, secure), faults.greetingPauseMs);
			return;
		}
		greet(socket, secure);
	};
	const greet = (socket: Socket, secure: boolean) => {
		if (socket.destroyed) return;
		socket.write(kind === 'sieve' ? sieveCapabilities(secure, faults) : faults.preauth === true ? words.preauth : words.greeting);
		converse(socket, secure);
	};
	const server: Server =
		implicit && faults.cleartext !== true
			? createTlsServer(tls, (socket) => begin(socket, true))
			: createServer((socket) => begin(socket, false));
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => socket.destroy());
		socket.on('close', () => sockets.delete(socket));
	});
	server.on('tlsClientError', () => undefined);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const bound = server.address();
	return {
		port: typeof bound === 'object' && bound !== null ? bound.port : 0,
		commands: heard,
		close: () =>
			new Promise((resolve) => {
				for (const socket of sockets) socket.destroy();
				server.close(() => resolve());
			}),
	};
}
