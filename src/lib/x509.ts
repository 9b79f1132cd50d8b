/** X.509 certificates (RFC 5280): the fields that are needed to sign with one and to judge its chain. */
import { BaseBlock, BaseStringBlock, Constructed, fromBER, Integer, ObjectIdentifier, UTCTime } from 'asn1js';

/** The kinds of public key whose signatures this program can make. */
export type KeyKind = 'P-256' | 'P-384' | 'RSA';

export interface Certificate {
	readonly der: Uint8Array<ArrayBuffer>;
	/** DER of the INTEGER. */
	readonly serial: Uint8Array<ArrayBuffer>;
	/** DER of the Name. Names are compared byte by byte: nearly every certificate authority copies its own name as it is. */
	readonly issuer: Uint8Array<ArrayBuffer>;
	readonly subject: Uint8Array<ArrayBuffer>;
	/** The subject's common name, or null. */
	readonly commonName: string | null;
	/** Unix time in milliseconds. */
	readonly notBefore: number;
	readonly notAfter: number;
	/** DER of the SubjectPublicKeyInfo. */
	readonly publicKey: Uint8Array<ArrayBuffer>;
	/** Null for a kind of key that is not supported. */
	readonly keyKind: KeyKind | null;
}

const RSA_OID = '1.2.840.113549.1.1.1';
const EC_OID = '1.2.840.10045.2.1';
const CURVE_OIDS: Readonly<Record<string, KeyKind>> = { '1.2.840.10045.3.1.7': 'P-256', '1.3.132.0.34': 'P-384' };
const COMMON_NAME_OID = '2.5.4.3';

/**
 * Parses a certificate; null where the bytes are none. Its issuer's signature is not verified: the device that opens a signed profile does
 * that.
 */
export function parseCertificate(der: Uint8Array<ArrayBuffer>): Certificate | null {
	const { result, offset } = fromBER(der);
	if (offset !== der.length) return null;
	const [body] = children(result);
	const fields = children(body);
	// version is [0] EXPLICIT and left out by version 1 (RFC 5280 §4.1).
	const [serial, , issuer, validity, subject, publicKey] = fields[0]?.idBlock.tagClass === 3 ? fields.slice(1) : fields;
	const [notBefore, notAfter] = children(validity).map(timeOf);
	if (!(serial instanceof Integer) || issuer === undefined || subject === undefined || publicKey === undefined) return null;
	if (typeof notBefore !== 'number' || typeof notAfter !== 'number') return null;
	return {
		der,
		serial: bytesOf(serial),
		issuer: bytesOf(issuer),
		subject: bytesOf(subject),
		commonName: commonNameOf(subject),
		notBefore,
		notAfter,
		publicKey: bytesOf(publicKey),
		keyKind: keyKindOf(publicKey),
	};
}

/** Whether two DER values are the same. */
export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
	return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Whether a certificate names itself as its issuer, as roots do. */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
	return equalBytes(issuer, subject);
}

function keyKindOf(publicKey: BaseBlock): KeyKind | null {
	const [algorithm] = children(publicKey);
	const [kind, parameters] = children(algorithm).map(oidOf);
	if (kind === EC_OID) return CURVE_OIDS[parameters ?? ''] ?? null;
	return kind === RSA_OID ? 'RSA' : null;
}

function commonNameOf(name: BaseBlock): string | null {
	for (const set of children(name)) {
		for (const attribute of children(set)) {
			const [type, value] = children(attribute);
			if (oidOf(type) === COMMON_NAME_OID && value instanceof BaseStringBlock) return value.getValue();
		}
	}
	return null;
}

function children(block: BaseBlock | undefined): readonly BaseBlock[] {
	return block instanceof Constructed ? block.valueBlock.value.filter((child) => child instanceof BaseBlock) : [];
}

function oidOf(block: BaseBlock | undefined): string | null {
	return block instanceof ObjectIdentifier ? block.getValue() : null;
}

// The ASN.1 library derives GeneralizedTime from UTCTime, so this covers both forms of a date (RFC 5280 §4.1.2.5).
function timeOf(block: BaseBlock): number | null {
	return block instanceof UTCTime ? block.toDate().getTime() : null;
}

function bytesOf(block: BaseBlock): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(block.valueBeforeDecodeView);
}
