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
				const secured = await startTls(wire.socket, target, left(), () => {
					earlyData = true;
				});
				if (!('socket' in secured)) return secured;
				secure = secured.socket;
				wire = createLineConnection(secured.socket, left());
				return { outcome: 'tls', tls: secured.tls, earlyBytes: early };
			}
			case 'renegotiate':
				return { outcome: 'renegotiated', accepted: secure !== null && (await renegotiate(secure, Math.min(want.ms, left()))) };
		}
	}
}

function openSocket({ address, port, timeoutMs }: ConnectOptions): Promise<Socket | ConnectFailure> {
	return new Promise((resolve) => {
		const socket = connectTcp({ host: address, port });
		const timer = setTimeout(() => {
			socket.destroy();
			resolve('deadline');
		}, timeoutMs);
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

/** @returns whether the server went through a second handshake within the time */
function renegotiate(socket: TLSSocket, ms: number): Promise<boolean> {
	return new Promise((resolve) => {
		const timer = setTimeout(() => resolve(false), ms);
		const finish = (accepted: boolean) => {
			clearTimeout(timer);
			resolve(accepted);
		};
		socket.once('error', () => finish(false));
		socket.once('close', () => finish(false));
		socket.renegotiate({ rejectUnauthorized: false }, (error) => finish(error === null));
	});
}
