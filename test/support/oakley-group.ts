/** A Diffie-Hellman group that is too small today. */
import { getDiffieHellman } from 'node:crypto';

/** Oakley group 2 (RFC 2409 §6.2), of 1024 bits, in PEM. */
export function oakleyGroup2(): string {
	const prime = getDiffieHellman('modp2').getPrime();
	const integer = (bytes: Buffer) => Buffer.concat([derHead(2, bytes.length), bytes]);
	const body = Buffer.concat([integer(Buffer.concat([Buffer.of(0), prime])), integer(Buffer.of(2))]);
	const der = Buffer.concat([derHead(0x30, body.length), body]);
	return `-----BEGIN DH PARAMETERS-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END DH PARAMETERS-----\n`;
}

const derHead = (tag: number, length: number) => (length < 128 ? Buffer.of(tag, length) : Buffer.of(tag, 0x81, length));
