/** Signatures of DNS messages by a shared secret (TSIG, RFC 8945). No library on npm signs updates. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import packet from 'dns-packet';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { endOfName } from './update-message.ts';

/** The algorithms that servers must or should know (RFC 8945 §6), by the name that stands in key files. */
const HASHES = {
	'hmac-sha256': 'sha256',
	'hmac-sha384': 'sha384',
	'hmac-sha512': 'sha512',
	'hmac-sha224': 'sha224',
	'hmac-sha1': 'sha1',
} as const;
export type TsigAlgorithm = keyof typeof HASHES;

export interface TsigKey {
	/** In lower case, without the root's dot. */
	readonly name: string;
	readonly algorithm: TsigAlgorithm;
	readonly secret: Buffer;
}

/** A message with its signature; the answer is checked against it. */
export interface SignedMessage {
	readonly bytes: Buffer;
	readonly mac: Buffer;
}

const HEADER_BYTES = 12;
const TYPE_TSIG = 250;
const CLASS_ANY = 255;
/** Seconds by which two clocks may differ (RFC 8945 §10). */
const FUDGE_SECONDS = 300;
/** Of a key file or variable. */
const MAX_KEY_TEXT = 10_000;

/**
 * A key as `tsig-keygen` writes it (`key "name" { algorithm hmac-sha256; secret "…"; };`), or as dig -y takes it
 * (`hmac-sha256:name:secret`).
 * @param from the file or variable, for messages
 */
export function parseTsigKey(from: string, text: string): Result<TsigKey, Failure> {
	const hint = 'As tsig-keygen writes it, or hmac-sha256:NAME:SECRET.';
	if (text.length > MAX_KEY_TEXT) return err({ message: `${from} is no TSIG key`, hint });
	const line = /^\s*([a-z0-9-]+):([^\s:]+):([A-Za-z0-9+/=]+)\s*$/.exec(text);
	const name = line?.[2] ?? /\bkey\s+"?([^\s"{;]+)"?\s*\{/.exec(text)?.[1];
	const algorithm = (line?.[1] ?? /\balgorithm\s+"?([a-z0-9-]+)"?\s*;/i.exec(text)?.[1])?.toLowerCase();
	const secret = line?.[3] ?? /\bsecret\s+"?([A-Za-z0-9+/=]+)"?\s*;/.exec(text)?.[1];
	if (name === undefined || algorithm === undefined || secret === undefined) return err({ message: `${from} is no TSIG key`, hint });
	const known = TSIG_ALGORITHMS.find((each) => each === algorithm);
	if (known === undefined)
		return err({ message: `${from}: ${algorithm} is not known here`, hint: `One of ${TSIG_ALGORITHMS.join(', ')}.` });
	return ok({ name: name.toLowerCase().replace(/\.$/, ''), algorithm: known, secret: Buffer.from(secret, 'base64') });
}

const TSIG_ALGORITHMS: readonly TsigAlgorithm[] = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512', 'hmac-sha224', 'hmac-sha1'];

/** @param now Unix time in seconds */
export function signMessage(message: Buffer, key: TsigKey, now: number): SignedMessage {
	const mac = computeMac(key, [message, tsigVariables(key, now, FUDGE_SECONDS, 0, Buffer.alloc(0))]);
	const data = Buffer.concat([
		encodeName(key.algorithm),
		timeAndFudge(now, FUDGE_SECONDS),
		uint16(mac.length),
		mac,
		// The message's id, no error, no other data.
		message.subarray(0, 2),
		uint16(0),
		uint16(0),
	]);
	const record = Buffer.concat([encodeName(key.name), uint16(TYPE_TSIG), uint16(CLASS_ANY), Buffer.alloc(4), uint16(data.length), data]);
	const bytes = Buffer.concat([message, record]);
	bytes.writeUInt16BE(message.readUInt16BE(10) + 1, 10);
	return { bytes, mac };
}

/** The error that the answer's TSIG record carries (RFC 8945 §3: 16 BADSIG, 17 BADKEY, 18 BADTIME), or why the answer is not to be believed. */
export type TsigVerdict =
	| { readonly kind: 'genuine' }
	| { readonly kind: 'refused'; readonly error: number }
	| { readonly kind: 'forged' | 'unsigned' };

/** @param now Unix time in seconds */
export function verifyAnswer(answer: Buffer, key: TsigKey, requestMac: Buffer, now: number): TsigVerdict {
	try {
		return judgeAnswer(answer, key, requestMac, now);
	} catch (error) {
		// The message ends where a field of it should be.
		if (error instanceof RangeError) return { kind: 'forged' };
		throw error;
	}
}

function judgeAnswer(answer: Buffer, key: TsigKey, requestMac: Buffer, now: number): TsigVerdict {
	const counts = [4, 6, 8, 10].map((at) => answer.readUInt16BE(at));
	const [questions = 0, answers = 0, authorities = 0, additionals = 0] = counts;
	if (additionals === 0) return { kind: 'unsigned' };
	let at = HEADER_BYTES;
	for (let count = 0; count < questions; count++) at = endOfName(answer, at) + 4;
	for (let count = 1; count < answers + authorities + additionals; count++) at = endOfRecord(answer, at);
	const type = endOfName(answer, at);
	if (answer.readUInt16BE(type) !== TYPE_TSIG) return { kind: 'unsigned' };
	const algorithmEnd = endOfName(answer, type + 10);
	const time = answer.readUIntBE(algorithmEnd, 6);
	const fudge = answer.readUInt16BE(algorithmEnd + 6);
	const macLength = answer.readUInt16BE(algorithmEnd + 8);
	const macEnd = algorithmEnd + 10 + macLength;
	const error = answer.readUInt16BE(macEnd + 2);
	const otherEnd = macEnd + 6 + answer.readUInt16BE(macEnd + 4);
	if (otherEnd !== answer.length) return { kind: 'forged' };
	const other = answer.subarray(macEnd + 6, otherEnd);
	// RFC 8945 §5.3.2: errors about the key or the signature come unsigned.
	if (error !== 0 && macLength === 0) return { kind: 'refused', error };
	const message = Buffer.from(answer.subarray(0, at));
	message.writeUInt16BE(additionals - 1, 10);
	// The id as it was when the answer was signed.
	answer.copy(message, 0, macEnd, macEnd + 2);
	const expected = computeMac(key, [uint16(requestMac.length), requestMac, message, tsigVariables(key, time, fudge, error, other)]);
	const mac = answer.subarray(algorithmEnd + 10, macEnd);
	if (mac.length !== expected.length || !timingSafeEqual(mac, expected) || Math.abs(now - time) > fudge) return { kind: 'forged' };
	return error === 0 ? { kind: 'genuine' } : { kind: 'refused', error };
}

function computeMac(key: TsigKey, parts: readonly Buffer[]): Buffer {
	const hmac = createHmac(HASHES[key.algorithm], key.secret);
	for (const part of parts) hmac.update(part);
	return hmac.digest();
}

/** RFC 8945 §4.3.3: what is signed beside the message. */
function tsigVariables({ name, algorithm }: TsigKey, time: number, fudge: number, error: number, other: Buffer): Buffer {
	return Buffer.concat([
		encodeName(name),
		uint16(CLASS_ANY),
		Buffer.alloc(4),
		encodeName(algorithm),
		timeAndFudge(time, fudge),
		uint16(error),
		uint16(other.length),
		other,
	]);
}

function timeAndFudge(seconds: number, fudge: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeUIntBE(seconds, 0, 6);
	bytes.writeUInt16BE(fudge, 6);
	return bytes;
}

function uint16(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
}

/** A name in wire form, without compression. */
function encodeName(name: string): Buffer {
	const question = packet.encode({ questions: [{ name, type: 'A' }] }).subarray(HEADER_BYTES);
	return question.subarray(0, endOfName(question, 0));
}

function endOfRecord(message: Buffer, at: number): number {
	const type = endOfName(message, at);
	return type + 10 + message.readUInt16BE(type + 8);
}
