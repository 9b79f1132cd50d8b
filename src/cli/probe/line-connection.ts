/** Reads a socket line by line, with one deadline for all, and limits for a line and for all bytes. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { DialogueStepResult, EndReason } from './dialogue-steps.ts';
import { CERTIFICATE_REQUIRED_ALERT, tlsAlertNumber } from './tls-alert.ts';

/** Octets in a line: RFC 5321 §4.5.3.1.5 has 512, capability lists of real IMAP servers some 2000. */
const MAX_LINE_BYTES = 8192;
const MAX_CONVERSATION_BYTES = 131_072;

export interface LineConnection {
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

export function createLineConnection(socket: Socket, leftMs: number): LineConnection {
	let buffer = Buffer.alloc(0);
	let total = 0;
	let ended: (DialogueStepResult & { outcome: 'end' }) | null = null;
	let wake: (() => void) | null = null;
	const end = (why: EndReason) => {
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
	// In TLS 1.3 the handshake ends before the server checks the client's certificate, so its refusal arrives as the first thing to be read.
	const onError = (error: Error) => end(tlsAlertNumber(error) === CERTIFICATE_REQUIRED_ALERT ? 'client-certificate' : 'closed');
	const asksForCertificate = socket instanceof TLSSocket && isAskedForCertificate(socket);
	const onClose = () => end(asksForCertificate && total === 0 ? 'closed-without-certificate' : 'closed');
	const timer = setTimeout(() => end('deadline'), leftMs);
	socket.on('data', onData);
	socket.on('close', onClose);
	socket.on('end', onClose);
	socket.on('error', onError);
	if (socket.errored !== null) onError(socket.errored);
	else if (socket.destroyed) onClose();

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
				['error', onError],
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

/** A client shares signature algorithms with its server only where the server has asked for its certificate (RFC 8446 §4.3.2, RFC 5246 §7.4.4). */
function isAskedForCertificate(socket: TLSSocket): boolean {
	return !socket.destroyed && socket.getSharedSigalgs().length > 0;
}
