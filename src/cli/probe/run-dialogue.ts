/** Runs a dialogue over a socket, with one deadline for the whole, and limits for a line and for all bytes. */
import { connect as connectTcp, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Dialogue, DialogueStep, DialogueStepResult } from './dialogue-steps.ts';
import { createLineConnection } from './line-connection.ts';
import { startTls } from './start-tls.ts';
import type { TlsOffer } from './tls-offer.ts';

export interface ConnectOptions {
	/** Name that the certificate must cover, and that is sent as SNI. */
	readonly host: string;
	/** Where to connect: an IP address. */
	readonly address: string;
	readonly port: number;
	/** PEM of a CA to trust in addition to the system's. */
	readonly ca: string | null;
	/** For the whole conversation. */
	readonly timeoutMs: number;
	/** Milliseconds to connect, where that is less: a host that is down is not waited for as long as a server that greets late. */
	readonly connectMs?: number;
	/** What to offer in the TLS handshake. */
	readonly tlsOffer: TlsOffer;
}

/** Why there was no connection. `no-route`: this machine has no route to such an address, as one without IPv6 has none. */
export type ConnectFailure = 'refused' | 'deadline' | 'unreachable' | 'no-route';

/** The result of opening the connection. */
export type DialogueResult<T> =
	| {
			readonly ok: true;
			readonly value: T;
			/** Client and server have the same address, because both are the same machine. */
			readonly isOwnAddress: boolean;
			/** The server gave a ticket with which a client may send data before a handshake is over. */
			readonly allowsEarlyData: boolean;
	  }
	| { readonly ok: false; readonly failure: ConnectFailure };

export async function runDialogue<T>(target: ConnectOptions, dialogue: Dialogue<T>): Promise<DialogueResult<T>> {
	const begun = Date.now();
	const left = () => Math.max(0, target.timeoutMs - (Date.now() - begun));
	const opened = await openSocket(target);
	if (typeof opened === 'string') return { ok: false, failure: opened };
	const isOwnAddress = opened.localAddress !== undefined && opened.localAddress === opened.remoteAddress;
	let wire = createLineConnection(opened, left());
	let secure: TLSSocket | null = null;
	let earlyData = false;
	let handshakeMs = 0;
	try {
		let step = dialogue.next();
		while (!step.done) {
			const came = await answerTo(step.value);
			step = dialogue.next(came);
		}
		return { ok: true, value: step.value, isOwnAddress, allowsEarlyData: earlyData };
	} finally {
		wire.close();
	}

	async function answerTo(want: DialogueStep): Promise<DialogueStepResult> {
		switch (want.action) {
			case 'line':
				return wire.readLine(null);
			case 'listen':
				return wire.readLine(want.ms);
			case 'write':
				return wire.write(want.text);
			case 'tls': {
				const early = wire.detachSocket();
				const start = Date.now();
				const secured = await startTls(wire.socket, target, left(), () => {
					earlyData = true;
				});
				if (!('socket' in secured)) return secured;
				secure = secured.socket;
				handshakeMs = Date.now() - start;
				wire = createLineConnection(secured.socket, left());
				return { outcome: 'tls', tls: secured.tls, earlyBytes: early };
			}
			case 'renegotiate':
				return { outcome: 'renegotiated', accepted: await renegotiate(secure, Math.max(want.ms, SLOW_HANDSHAKES * handshakeMs), left()) };
		}
	}
}

function openSocket({ address, port, timeoutMs, connectMs = timeoutMs }: ConnectOptions): Promise<Socket | ConnectFailure> {
	return new Promise((resolve) => {
		const socket = connectTcp({ host: address, port });
		const timer = setTimeout(
			() => {
				socket.destroy();
				resolve('deadline');
			},
			Math.min(connectMs, timeoutMs),
		);
		socket.once('connect', () => {
			clearTimeout(timer);
			socket.removeAllListeners('error');
			resolve(socket);
		});
		socket.once('error', (error: NodeJS.ErrnoException) => {
			clearTimeout(timer);
			resolve(CONNECT_FAILURES[error.code ?? ''] ?? 'unreachable');
		});
	});
}

// connect(2): a machine without IPv6 has no route, or no address of its own to go from.
const CONNECT_FAILURES: Readonly<Record<string, ConnectFailure>> = {
	ECONNREFUSED: 'refused',
	ENETUNREACH: 'no-route',
	EADDRNOTAVAIL: 'no-route',
	EAFNOSUPPORT: 'no-route',
};

/** A second handshake may take this many times as long as the first before the server is taken to pass over the wish for it. */
const SLOW_HANDSHAKES = 5;

/**
 * @param ms how long a server that says nothing is waited for: many do that in place of the alert no_renegotiation (RFC 5246 §7.2.2)
 * @param left milliseconds left for the connection
 * @returns whether the server went through a second handshake; null where there was too little time to tell
 */
function renegotiate(socket: TLSSocket | null, ms: number, left: number): Promise<boolean | null> {
	if (socket === null) return Promise.resolve(false);
	return new Promise((resolve) => {
		const timer = setTimeout(() => resolve(left < ms ? null : false), Math.min(ms, left));
		const finish = (accepted: boolean) => {
			clearTimeout(timer);
			resolve(accepted);
		};
		socket.once('error', () => finish(false));
		socket.once('close', () => finish(false));
		socket.renegotiate({ rejectUnauthorized: false }, (error) => finish(error === null));
	});
}
