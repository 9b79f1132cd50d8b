import { parse, v5 } from 'uuid';
import { encodeBase64 } from './base64.ts';

/** SHA-256 of a text's UTF-8 bytes. */
async function sha256(text: string): Promise<Uint8Array> {
	return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** SHA-256 of the UTF-8 bytes, as 64 lower-case hexadecimal digits. */
export async function sha256Hex(text: string): Promise<string> {
	let hex = '';
	for (const byte of await sha256(text)) hex += byte.toString(16).padStart(2, '0');
	return hex;
}

/** SHA-256 of the UTF-8 bytes, as standard padded base64 (44 characters). */
export async function sha256Base64(text: string): Promise<string> {
	return encodeBase64(await sha256(text));
}

/** Namespace of every UUID this project makes: a fixed random UUID, so that the same identity gives the same UUID everywhere. */
const UUID_NAMESPACE = parse('6f1d0c1e-5a0b-4d53-9f35-8a4c8f0e2b71');

/**
 * A name-based UUID (RFC 9562 §5.5, version 5), upper case as Apple prints them.
 * @param name what it identifies; equal names give equal UUIDs, on every machine and in every version of this program
 */
export function nameUuid(name: string): string {
	return v5(name, UUID_NAMESPACE).toUpperCase();
}
