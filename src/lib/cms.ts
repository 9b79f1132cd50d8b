/** CMS SignedData (RFC 5652) in DER: a document that carries its signature and the certificates that lead to it. */
import {
	type AsnType,
	Constructed,
	fromBER,
	GeneralizedTime,
	Integer,
	Null,
	ObjectIdentifier,
	OctetString,
	Primitive,
	Sequence,
	Set as SetOf,
	UTCTime,
} from 'asn1js';
import type { Certificate } from './x509.ts';

/** The signer: its certificate, the certificates between it and a root, and its private key. */
export interface CmsSigner {
	readonly leaf: Certificate;
	/** In any order, without the root. */
	readonly intermediates: readonly Certificate[];
	readonly algorithm: CmsAlgorithm;
	/** The bare signature as the web platform makes it: for ECDSA, r and s side by side (W3C Web Cryptography §23). */
	readonly sign: (data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;
}

export type CmsAlgorithm = 'ecdsa-sha256' | 'ecdsa-sha384' | 'rsa-sha256';

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';

interface SignatureSuite {
	readonly digest: 'SHA-256' | 'SHA-384';
	readonly digestOid: string;
	readonly signatureOid: string;
	readonly ecdsa: boolean;
}

const SIGNATURE_SUITES: Readonly<Record<CmsAlgorithm, SignatureSuite>> = {
	// RFC 5754 §3.2: no parameters for ECDSA; for RSA the key's own OID and NULL.
	'ecdsa-sha256': { digest: 'SHA-256', digestOid: '2.16.840.1.101.3.4.2.1', signatureOid: '1.2.840.10045.4.3.2', ecdsa: true },
	'ecdsa-sha384': { digest: 'SHA-384', digestOid: '2.16.840.1.101.3.4.2.2', signatureOid: '1.2.840.10045.4.3.3', ecdsa: true },
	'rsa-sha256': { digest: 'SHA-256', digestOid: '2.16.840.1.101.3.4.2.1', signatureOid: '1.2.840.113549.1.1.1', ecdsa: false },
};

/**
 * Signs a document.
 * @param content the document's bytes, carried as they are
 * @param at signing time, Unix time in milliseconds
 * @returns DER of a ContentInfo
 */
export async function signCms(content: Uint8Array<ArrayBuffer>, signer: CmsSigner, at: number): Promise<Uint8Array<ArrayBuffer>> {
	const suite = SIGNATURE_SUITES[signer.algorithm];
	const digest = await crypto.subtle.digest(suite.digest, content);
	// RFC 5652 §5.3: content type and digest must be among the attributes as soon as there is one.
	const attributes = sortedAsDerSet([
		attribute(CONTENT_TYPE, oid(DATA)),
		attribute(SIGNING_TIME, signingTimeValue(at)),
		attribute(MESSAGE_DIGEST, new OctetString({ valueHex: digest })),
	]);
	// RFC 5652 §5.4: the signature covers the attributes as a SET OF; the document carries the same attributes under the tag [0].
	const signature = await signer.sign(toDer(new SetOf({ value: attributes })));
	const signerInfo = sequence(
		new Integer({ value: 1 }),
		sequence(encodedBlock(signer.leaf.issuer), encodedBlock(signer.leaf.serial)),
		sequence(oid(suite.digestOid)),
		contextTagged(0, attributes),
		suite.ecdsa ? sequence(oid(suite.signatureOid)) : sequence(oid(suite.signatureOid), new Null()),
		new OctetString({ valueHex: (suite.ecdsa ? ecdsaSignatureDer(signature) : signature).buffer }),
	);
	const certificates = sortedAsDerSet([signer.leaf, ...signer.intermediates].map((certificate) => encodedBlock(certificate.der)));
	const signed = sequence(
		new Integer({ value: 1 }),
		new SetOf({ value: [sequence(oid(suite.digestOid))] }),
		sequence(oid(DATA), contextTagged(0, [new OctetString({ valueHex: content.slice().buffer })])),
		contextTagged(0, certificates),
		new SetOf({ value: [signerInfo] }),
	);
	return toDer(sequence(oid(SIGNED_DATA), contextTagged(0, [signed])));
}

/** RFC 3279 §2.2.3: r and s as a SEQUENCE of INTEGERs. */
function ecdsaSignatureDer(signature: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
	const half = signature.length / 2;
	return toDer(sequence(unsignedInteger(signature.slice(0, half)), unsignedInteger(signature.slice(half))));
}

/** An unsigned number, most significant byte first, as the shortest INTEGER (X.690 §8.3). */
function unsignedInteger(digits: Uint8Array<ArrayBuffer>): Integer {
	const from = digits.findIndex((byte) => byte !== 0);
	const short = from < 0 ? digits.slice(-1) : digits.slice(from);
	const first = short[0] ?? 0;
	return new Integer({ valueHex: first < 0x80 ? short.buffer : Uint8Array.of(0, ...short).buffer });
}

function attribute(type: string, value: AsnType): Sequence {
	return sequence(oid(type), new SetOf({ value: [value] }));
}

// RFC 5652 §11.3: UTCTime until 2049, GeneralizedTime from 2050.
function signingTimeValue(at: number): UTCTime {
	const valueDate = new Date(Math.floor(at / 1000) * 1000);
	return valueDate.getUTCFullYear() < 2050 ? new UTCTime({ valueDate }) : new GeneralizedTime({ valueDate });
}

function sequence(...value: AsnType[]): Sequence {
	return new Sequence({ value });
}

function oid(value: string): ObjectIdentifier {
	return new ObjectIdentifier({ value });
}

function contextTagged(tagNumber: number, value: AsnType[]): Constructed {
	return new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
}

/**
 * Wraps a SEQUENCE or INTEGER that is DER already, without changing a byte: a certificate that was encoded anew might not match its
 * signature.
 */
function encodedBlock(bytes: Uint8Array<ArrayBuffer>): AsnType {
	const { idBlock, lenBlock } = fromBER(bytes).result;
	const block = new Primitive({
		idBlock: { tagClass: idBlock.tagClass, tagNumber: idBlock.tagNumber },
		valueHex: bytes.slice(bytes.length - lenBlock.length).buffer,
	});
	block.idBlock.isConstructed = idBlock.isConstructed;
	return block;
}

function toDer(value: AsnType): Uint8Array<ArrayBuffer> {
	return new Uint8Array(value.toBER());
}

/** Sorts the elements of a SET OF by their encoding, as DER requires (X.690 §11.6). */
function sortedAsDerSet<T extends AsnType>(values: readonly T[]): T[] {
	const encoded = values.map((value) => ({ value, bytes: toDer(value) }));
	return encoded.sort((one, other) => compareBytes(one.bytes, other.bytes)).map(({ value }) => value);
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
	const at = one.findIndex((byte, index) => byte !== other[index]);
	return at < 0 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? -1);
}
