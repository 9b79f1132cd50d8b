/** Reads what clients look for in a certificate besides names, dates and chain. */
import { X509Certificate } from 'node:crypto';
import { type BaseBlock, Constructed, fromBER, ObjectIdentifier } from 'asn1js';

export interface CertificateFacts {
	readonly keyKind: 'RSA' | 'EC' | 'other';
	/** The size of the key in bits; null where the kind of key is not known. */
	readonly keyBits: number | null;
	/** The hash of the authority's signature, where it is a broken one; null otherwise. */
	readonly weakHash: 'MD5' | 'SHA-1' | null;
	/** Whether key and signature are of kinds that are known here: of others nobody can say that they are strong. */
	readonly isKnownKind: boolean;
	readonly hasAlternativeNames: boolean;
	/** What the extended key usage says of servers (RFC 5280 §4.2.1.12). */
	readonly serverUse: 'named' | 'not named' | 'no extended key usage';
	/** Whether the certificate demands that the server staples an OCSP response (RFC 7633). */
	readonly mustStaple: boolean;
	/** Whether subject and issuer are the same, as in a root certificate. */
	readonly isSelfIssued: boolean;
}

const WEAK_SIGNATURES: Readonly<Record<string, 'MD5' | 'SHA-1'>> = {
	'1.2.840.113549.1.1.2': 'MD5',
	'1.2.840.113549.1.1.4': 'MD5',
	'1.2.840.113549.1.1.5': 'SHA-1',
	'1.3.14.3.2.29': 'SHA-1',
	'1.2.840.10040.4.3': 'SHA-1',
	'1.2.840.10045.4.1': 'SHA-1',
};
const RSA_PSS = '1.2.840.113549.1.1.10';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_USE = '2.5.29.37.0';
const EXTENSIONS = { alternativeNames: '2.5.29.17', extendedKeyUsage: '2.5.29.37', tlsFeature: '1.3.6.1.5.5.7.1.24' } as const;

/** Number of the TLS extension for a stapled OCSP response (RFC 7633 §3.1), as a DER INTEGER. */
const STATUS_REQUEST = '020105';

/** What was read, by the bytes: each class of clients asks about the same chain, and each domain that shares a mail server. */
const known = new WeakMap<Buffer, CertificateFacts | null>();

/** @returns null where the bytes are no certificate */
export function readCertificateFacts(der: Buffer): CertificateFacts | null {
	const facts = known.get(der) ?? parseCertificateFacts(der);
	known.set(der, facts);
	return facts;
}

function parseCertificateFacts(der: Buffer): CertificateFacts | null {
	const [body, algorithm] = children(fromBER(Uint8Array.from(der)).result);
	const certificate = parseX509(der);
	if (body === undefined || algorithm === undefined || certificate === null) return null;
	const extensions = extensionsOf(body);
	const usage = extensions.get(EXTENSIONS.extendedKeyUsage);
	const uses = usage === undefined ? [] : children(fromBER(Uint8Array.from(usage)).result).map(oidOf);
	return {
		...keyOf(certificate),
		weakHash: weakHashOf(algorithm),
		isKnownKind: isKnownKey(certificate) && isKnownSignature(algorithm),
		hasAlternativeNames: extensions.has(EXTENSIONS.alternativeNames),
		serverUse:
			usage === undefined ? 'no extended key usage' : uses.some((use) => use === SERVER_AUTH || use === ANY_USE) ? 'named' : 'not named',
		mustStaple: extensions.get(EXTENSIONS.tlsFeature)?.toString('hex').includes(STATUS_REQUEST) === true,
		isSelfIssued: certificate.subject === certificate.issuer,
	};
}

function parseX509(der: Buffer): X509Certificate | null {
	try {
		return new X509Certificate(der);
	} catch {
		// The library throws where the bytes are not a certificate.
		return null;
	}
}

function keyOf(certificate: X509Certificate): Pick<CertificateFacts, 'keyKind' | 'keyBits'> {
	const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
	if (asymmetricKeyType === 'rsa' || asymmetricKeyType === 'rsa-pss')
		return { keyKind: 'RSA', keyBits: asymmetricKeyDetails?.modulusLength ?? null };
	if (asymmetricKeyType !== 'ec') return { keyKind: 'other', keyBits: null };
	// prime256v1, secp384r1, brainpoolP512r1: the number in a curve's name is its size.
	const [bits] = /\d{3}/.exec(asymmetricKeyDetails?.namedCurve ?? '') ?? [];
	return { keyKind: 'EC', keyBits: bits === undefined ? null : Number(bits) };
}

function isKnownKey({ publicKey }: X509Certificate): boolean {
	return ['rsa', 'rsa-pss', 'ec', 'ed25519', 'ed448'].includes(publicKey.asymmetricKeyType ?? '');
}

/** RSA and ECDSA with SHA-224 to SHA-512 (RFC 4055 §5, RFC 5758 §3.2), Ed25519 and Ed448 (RFC 8410 §3). */
const STRONG_SIGNATURES = /^1\.2\.840\.113549\.1\.1\.(11|12|13|14)$|^1\.2\.840\.10045\.4\.3\.[1-4]$|^1\.3\.101\.11[23]$/;

function isKnownSignature(algorithm: BaseBlock): boolean {
	const name = oidOf(children(algorithm)[0]) ?? '';
	return name === RSA_PSS || name in WEAK_SIGNATURES || STRONG_SIGNATURES.test(name);
}

/** @param algorithm an AlgorithmIdentifier (RFC 5280 §4.1.1.2) */
function weakHashOf(algorithm: BaseBlock): 'MD5' | 'SHA-1' | null {
	const [oid, parameters] = children(algorithm);
	const name = oidOf(oid) ?? '';
	if (name !== RSA_PSS) return WEAK_SIGNATURES[name] ?? null;
	// RFC 4055 §3.1: the hash is [0], and SHA-1 where it is left out.
	return children(parameters).some(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 0) ? null : 'SHA-1';
}

/** The extensions of a TBSCertificate (RFC 5280 §4.1): what stands in the OCTET STRING, by OID. */
function extensionsOf(body: BaseBlock): ReadonlyMap<string, Buffer> {
	const tagged = children(body).find(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 3);
	const [list] = children(tagged);
	return new Map(
		children(list).flatMap((extension) => {
			const parts = children(extension);
			const [oid, octets] = [oidOf(parts[0]), parts.at(-1)];
			if (oid === null || octets === undefined) return [];
			return [[oid, Buffer.from(octets.valueBeforeDecodeView.subarray(octets.blockLength - octets.valueBlock.blockLength))] as const];
		}),
	);
}

function children(block: unknown): readonly BaseBlock[] {
	return block instanceof Constructed ? block.valueBlock.value : [];
}

function oidOf(block: BaseBlock | undefined): string | null {
	return block instanceof ObjectIdentifier ? block.getValue() : null;
}
