/** Parses a private key and its certificate chain from PEM, and finds what is wrong with them. */
import type { CmsAlgorithm, CmsSigner } from './cms.ts';
import { type PemBlock, parsePem } from './pem.ts';
import { err, ok, type Result } from './result.ts';
import { encodeUtf8 } from './utf8.ts';
import { type Certificate, equalBytes, isSelfIssued, type KeyKind, parseCertificate } from './x509.ts';

/** Why nothing can be signed. */
export type SigningFault =
	| 'key-unreadable'
	| 'key-encrypted'
	| 'key-not-pkcs8'
	| 'chain-unreadable'
	| 'chain-empty'
	| 'key-unsupported'
	| 'key-mismatch'
	| 'not-yet-valid'
	| 'expired';

/** Something that can sign while its certificate is valid. */
export interface SigningIdentity extends CmsSigner {
	/** Certificates that were given but do not lead from the leaf to a root. They are not put into signatures. */
	readonly unusedCertificates: readonly Certificate[];
	/** Whether the root that issued the last certificate was given too. It is not put into signatures: recipients have it (RFC 5652 §5.1). */
	readonly rootIncluded: boolean;
}

/** The names of a kind of key in CMS and in the Web Cryptography API. */
interface KeyAlgorithm {
	readonly cms: CmsAlgorithm;
	readonly key: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
	readonly sign: { readonly name: string; readonly hash?: string };
}

const KEY_ALGORITHMS: Readonly<Record<KeyKind, KeyAlgorithm>> = {
	'P-256': { cms: 'ecdsa-sha256', key: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
	'P-384': { cms: 'ecdsa-sha384', key: { name: 'ECDSA', namedCurve: 'P-384' }, sign: { name: 'ECDSA', hash: 'SHA-384' } },
	RSA: { cms: 'rsa-sha256', key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, sign: { name: 'RSASSA-PKCS1-v1_5' } },
};

/** The least length of an RSA modulus in bits: signatures of shorter keys are not trusted any more (NIST SP 800-131A). */
const MIN_RSA_BITS = 2048;

/**
 * Parses a private key and its chain, and checks that they belong together: a test signature must verify with the certificate's public key.
 * @param keyPem one `PRIVATE KEY` block (PKCS#8, RFC 5958)
 * @param chainPem `CERTIFICATE` blocks, the signer's own first
 */
export async function parseSigningIdentity(keyPem: string, chainPem: string): Promise<Result<SigningIdentity, SigningFault>> {
	const keyBlock = parseKeyBlock(keyPem);
	if (!keyBlock.ok) return keyBlock;
	const certificates = parseChain(chainPem);
	if (!certificates.ok) return certificates;
	const [leaf, ...others] = certificates.value;
	if (leaf === undefined) return err('chain-empty');
	if (leaf.keyKind === null) return err('key-unsupported');
	const { cms, key: kind, sign: algorithm } = KEY_ALGORITHMS[leaf.keyKind];
	const key = await importKey('pkcs8', keyBlock.value.der, kind, 'sign');
	if (key === null) return err('key-mismatch');
	const sign = async (data: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.sign(algorithm, key, data));
	const publicKey = await importKey('spki', leaf.publicKey, kind, 'verify');
	if (publicKey !== null && modulusBits(publicKey) < MIN_RSA_BITS) return err('key-unsupported');
	const probe = encodeUtf8('test signature');
	if (publicKey === null || !(await crypto.subtle.verify(algorithm, publicKey, await sign(probe), probe))) return err('key-mismatch');
	return ok({ leaf, algorithm: cms, sign, ...buildChain(leaf, others) });
}

/** Why the certificate is not valid at this time (Unix time in milliseconds); null where it is valid. */
export function validityFault({ leaf }: SigningIdentity, now: number): SigningFault | null {
	if (now < leaf.notBefore) return 'not-yet-valid';
	return now > leaf.notAfter ? 'expired' : null;
}

/** Length of an RSA modulus in bits; infinite for a key of another kind, which has none. */
function modulusBits({ algorithm }: CryptoKey): number {
	return 'modulusLength' in algorithm && typeof algorithm.modulusLength === 'number' ? algorithm.modulusLength : Number.POSITIVE_INFINITY;
}

function parseKeyBlock(text: string): Result<PemBlock, SigningFault> {
	if (/ENCRYPTED/.test(text)) return err('key-encrypted');
	const blocks = parsePem(text);
	if (blocks === null) return err('key-unreadable');
	// For keys on a curve, openssl writes a block `EC PARAMETERS` before the key.
	const block = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
	if (block === undefined) return err('key-unreadable');
	return block.label === 'PRIVATE KEY' ? ok(block) : err('key-not-pkcs8');
}

function parseChain(text: string): Result<readonly Certificate[], SigningFault> {
	const blocks = parsePem(text)?.filter(({ label }) => label === 'CERTIFICATE');
	if (blocks === undefined) return err('chain-unreadable');
	const certificates = blocks.map(({ der }) => parseCertificate(der)).filter((certificate) => certificate !== null);
	return certificates.length === blocks.length ? ok(certificates) : err('chain-unreadable');
}

/** The chain from the leaf upwards as far as the given certificates lead, whatever their order; without the root. */
function buildChain(leaf: Certificate, others: readonly Certificate[]) {
	const intermediates: Certificate[] = [];
	let last = leaf;
	for (let next = findIssuer(last, others, intermediates); next !== undefined; next = findIssuer(last, others, intermediates)) {
		intermediates.push(next);
		last = next;
	}
	const root = others.find((other) => isSelfIssued(other) && equalBytes(last.issuer, other.subject));
	const unusedCertificates = others.filter((other) => other !== root && !intermediates.includes(other));
	return { intermediates, unusedCertificates, rootIncluded: root !== undefined };
}

function findIssuer(of: Certificate, candidates: readonly Certificate[], used: readonly Certificate[]): Certificate | undefined {
	return candidates.find((other) => !isSelfIssued(other) && !used.includes(other) && equalBytes(of.issuer, other.subject));
}

/** The key, or null where the bytes are no key of this kind. */
async function importKey(
	format: 'pkcs8' | 'spki',
	data: Uint8Array<ArrayBuffer>,
	kind: KeyAlgorithm['key'],
	usage: 'sign' | 'verify',
): Promise<CryptoKey | null> {
	// Each runtime rejects a bad key with an error of its own; the caller can do nothing with the difference.
	return crypto.subtle.importKey(format, data, kind, false, [usage]).catch(() => null);
}
