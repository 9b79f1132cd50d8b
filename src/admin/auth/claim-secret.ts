/**
 * The secret that starts a claim. It contains the time at which the claim was started, with an HMAC: nothing has to be stored before the
 * proof, and nobody can make a secret that looks newer than it is.
 */
import { decodeBase64url, encodeBase64url } from '../../lib/base64.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { Domain } from '../../model/names.ts';

/** The time, in milliseconds, within which a claim has to be proved. A change of DNS may take days. */
const CLAIM_VALIDITY_MS = 7 * DAY_MS;

/** 6 bytes of time (Unix milliseconds, big endian), 10 random bytes, and the first 16 bytes of an HMAC-SHA256 over the domain and both. */
const [TIME_BYTES, RANDOM_BYTES, SEAL_BYTES] = [6, 10, 16];

/** @returns 43 characters of base64url */
export async function createClaimSecret(domain: Domain, operatorToken: string, now: number): Promise<string> {
	const opened = new Uint8Array(TIME_BYTES + RANDOM_BYTES);
	crypto.getRandomValues(opened);
	for (let at = 0; at < TIME_BYTES; at += 1) opened[at] = Math.floor(now / 2 ** (8 * (TIME_BYTES - 1 - at))) % 256;
	const seal = await sealClaim(domain, opened, operatorToken);
	return encodeBase64url(new Uint8Array([...opened, ...seal.slice(0, SEAL_BYTES)]));
}

/**
 * When a claim of this domain was opened, Unix time in milliseconds; null for a text that this service has not given out for this domain,
 * and for a claim that is too old.
 */
export async function readClaimSecret(secret: string, domain: Domain, operatorToken: string, now: number): Promise<number | null> {
	const bytes = decodeBase64url(secret);
	if (bytes === null || bytes.length !== TIME_BYTES + RANDOM_BYTES + SEAL_BYTES) return null;
	const opened = bytes.slice(0, TIME_BYTES + RANDOM_BYTES);
	const seal = await sealClaim(domain, opened, operatorToken);
	if (!crypto.subtle.timingSafeEqual(bytes.slice(opened.length), seal.slice(0, SEAL_BYTES))) return null;
	const openedAt = opened.slice(0, TIME_BYTES).reduce((value, byte) => value * 256 + byte, 0);
	return openedAt + CLAIM_VALIDITY_MS < now ? null : openedAt;
}

/** The HMAC key, derived from the operator's token, so that a new token voids all open claims. */
async function sealClaim(domain: Domain, opened: Uint8Array, operatorToken: string): Promise<Uint8Array> {
	const keyText = new TextEncoder().encode(`signpost claim\n${operatorToken}`);
	const key = await crypto.subtle.importKey('raw', keyText, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	const message = new TextEncoder().encode(`${domain} ${encodeBase64url(opened)}`);
	return new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
}
