/** Runs a dialogue over a socket, with one deadline for the whole, and limits for a line and for all bytes. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Dialogue, DialogueStep, DialogueStepResult, TlsHandshake } from './dialogue-steps.ts';
import { tlsHandshakeOf, trustedRoots } from './tls-handshake.ts';

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
	/** The only TLS version to offer. */
	readonly onlyTlsVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
}

/** Octets in a line: RFC 5321 §4.5.3.1.5 has 512, capability lists of real IMAP servers some 2000. */
const MAX_LINE_BYTES = 8192;
const MAX_CONVERSATION_BYTES = 131_072;

/** Why there was no connection. `no-route`: this machine has no route to such an address, as one without IPv6 has none. */
export type ConnectFailure = 'refused' | 'deadline' | 'unreachable' | 'no-route';

/** The result of opening the connection. `isOwnAddress`: client and server have the same address, because both are the same machine. */
export type DialogueResult<T> =
	| { readonly ok: true; readonly value: T; readonly isOwnAddress: boolean }
	| { readonly ok: false; readonly failure: ConnectFailure };

export async function runDialogue<T>(target: ConnectOptions, dialogue: Dialogue<T>): Promise<DialogueResult<T>> {
	const begun = Date.now();
	const left = () => Math.max(0, target.timeoutMs - (Date.now() - begun));
	const opened = await openSocket(target);
	if (typeof opened === 'string') return { ok: false, failure: opened };
	const isOwnAddress = opened.localAddress !== undefined && opened.localAddress === opened.remoteAddress;
	let wire = createLineConnection(opened, left());
	try {
		let step = dialogue.next();
		while (!step.done) {
			const came = await answerTo(step.value);
			step = dialogue.next(came);
		}
		return { ok: true, value: step.value, isOwnAddress };
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
				const secured = await startTls(wire.socket, target, left());
				if (!('socket' in secured)) return secured;
				wire = createLineConnection(secured.socket, left());
				return { outcome: 'tls', tls: secured.tls, earlyBytes: early };
			}
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

interface LineConnection {
	readonly socket: Socket;
	/** @param ms wait no longer than this for it, and say `quiet`; null waits for the deadline */
	readLine(ms: number | null): Promise<DialogueStepResult>;
	write(text: string): Promise<DialogueStepResult>;
	/**
	 * Releases the socket, so that TLS can use it.
	 * @returns bytes that had arrived and were not read
	 */
	detachSocket(): number;
	close(): void;
}

function createLineConnection(socket: Socket, leftMs: number): LineConnection {
	let buffer = Buffer.alloc(0);
	let total = 0;
	let ended: (DialogueStepResult & { outcome: 'end' }) | null = null;
	let wake: (() => void) | null = null;
	const end = (why: 'closed' | 'deadline' | 'too-much') => {
		ended ??= { outcome: 'end', ended: why };
		if (why !== 'closed') socket.destroy();
		wake?.();
	};
	const onData = (chunk: Buffer) => {
		total += chunk.length;
		buffer = Buffer.concat([buffer, chunk]);
		if (total > MAX_CONVERSATION_BYTES || (buffer.length > MAX_LINE_BYTES && !buffer.subarray(0, MAX_LINE_BYTES).includes(0x0a)))
			end('too-much');
		else wake?.();
	};
	const onClose = () => end('closed');
	const timer = setTimeout(() => end('deadline'), leftMs);
	socket.on('data', onData);
	socket.on('close', onClose);
	socket.on('end', onClose);
	socket.on('error', onClose);

	const taken = (): DialogueStepResult | null => {
		const at = buffer.indexOf(0x0a);
		if (at >= 0 && ended?.ended !== 'too-much') {
			const text = buffer.subarray(0, at).toString('utf8').replace(/\r$/, '');
			buffer = buffer.subarray(at + 1);
			return { outcome: 'line', text };
		}
		return ended;
	};

	return {
		socket,
		async readLine(ms) {
			const begun = Date.now();
			for (;;) {
				const came = taken();
				if (came !== null) return came;
				if (ms !== null && Date.now() - begun >= ms) return { outcome: 'quiet' };
				await new Promise<void>((resolve) => {
					const pause = ms === null ? null : setTimeout(resolve, ms - (Date.now() - begun));
					wake = () => {
						if (pause !== null) clearTimeout(pause);
						resolve();
					};
				});
				wake = null;
			}
		},
		async write(text) {
			if (ended !== null) return ended;
			socket.write(text);
			return { outcome: 'written' };
		},
		detachSocket() {
			clearTimeout(timer);
			for (const [event, listener] of [
				['data', onData],
				['close', onClose],
				['end', onClose],
				['error', onClose],
			] as const)
				socket.off(event, listener);
			return buffer.length;
		},
		close() {
			clearTimeout(timer);
			socket.on('error', () => undefined);
			// RFC 8314 §3.4: a close alert is sent before the connection ends; a server that does not answer it is disconnected anyway.
			socket.end();
			setTimeout(() => socket.destroy(), 200).unref();
		},
	};
}

type StartTlsResult = { readonly socket: TLSSocket; readonly tls: TlsHandshake } | (DialogueStepResult & { outcome: 'tls-failed' | 'end' });

function startTls(socket: Socket, { host, ca, onlyTlsVersion }: ConnectOptions, leftMs: number): Promise<StartTlsResult> {
	return new Promise((resolve) => {
		if (socket.destroyed) {
			resolve({ outcome: 'end', ended: 'closed' });
			return;
		}
		const upgraded = connectTls({
			socket,
			servername: host,
			// The check judges the certificate's name and chain separately, so the handshake accepts every certificate.
			rejectUnauthorized: false,
			checkServerIdentity: () => undefined,
			...(ca === null ? {} : { ca: [...trustedRoots(ca)] }),
			// Old versions and weak keys are accepted, so that they can be reported.
			ciphers: 'DEFAULT:@SECLEVEL=0',
			minVersion: onlyTlsVersion ?? 'TLSv1',
			maxVersion: onlyTlsVersion ?? 'TLSv1.3',
		});
		const timer = setTimeout(() => finish({ outcome: 'end', ended: 'deadline' }), leftMs);
		const finish = (secured: StartTlsResult) => {
			clearTimeout(timer);
			upgraded.removeAllListeners('error');
			upgraded.removeAllListeners('close');
			upgraded.on('error', () => undefined);
			if (!('socket' in secured)) upgraded.destroy();
			resolve(secured);
		};
		upgraded.once('error', (error: NodeJS.ErrnoException) => finish({ outcome: 'tls-failed', reason: error.code ?? error.message }));
		upgraded.once('close', () => finish({ outcome: 'tls-failed', reason: 'the server closed the connection' }));
		upgraded.once('secureConnect', () => finish({ socket: upgraded, tls: tlsHandshakeOf(upgraded, host) }));
	});
}
