/** Sends one DNS message over TCP (RFC 7766) and waits for one. */
import { connect } from 'node:net';

/** A name server's socket. */
export interface NameServerAddress {
	/** An IP address. */
	readonly host: string;
	readonly port: number;
}

/** @returns the first message that comes back; null where none comes in time */
export function exchangeDnsOverTcp({ host, port }: NameServerAddress, message: Buffer, ms: number): Promise<Buffer | null> {
	return new Promise((resolve) => {
		const socket = connect({ host, port });
		let received = Buffer.alloc(0);
		const timer = setTimeout(() => finish(null), ms);
		const finish = (reply: Buffer | null) => {
			clearTimeout(timer);
			socket.destroy();
			resolve(reply);
		};
		socket.on('error', () => finish(null));
		socket.on('close', () => finish(null));
		socket.on('connect', () => {
			const length = Buffer.alloc(2);
			length.writeUInt16BE(message.length);
			socket.write(Buffer.concat([length, message]));
		});
		socket.on('data', (chunk) => {
			// At most the 65535 octets that the length can say, and two for it.
			received = Buffer.concat([received, chunk]).subarray(0, 65537);
			if (received.length >= 2 && received.length >= received.readUInt16BE() + 2) finish(received.subarray(2, received.readUInt16BE() + 2));
		});
	});
}
