/** A private key and the certificates that vouch for it, as PEM; and what is wrong with them. */
import { type CmsAlgorithm, type CmsSigner, signCms } from './cms.ts';
import { type PemBlock, parsePem } from './pem.ts';
import { err, ok, type Result } from './result.ts';
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
	/** Certificates that were given and do not lead from the leaf to a root: not sent along. */
	readonly unusedCertificates: readonly Certificate[];
	/** Whether the last certificate's issuer is itself a root that was given along. It is not sent (RFC 5652 §5.1: recipients have roots). */
	readonly rootIncluded: boolean;
}

/** A kind of key in the words of the platform and of CMS. */
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

/** Bits of an RSA modulus below which nobody should trust a signature (NIST SP 800-131A). */
const MIN_RSA_BITS = 2048;

/**
 * Reads key and chain, and proves that they belong together by signing something.
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
	const { cms, key: kind, sign: how } = KEY_ALGORITHMS[leaf.keyKind];
	const key = await importKey('pkcs8', keyBlock.value.der, kind, 'sign');
	if (key === null) return err('key-mismatch');
	const sign = async (data: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.sign(how, key, data));
	const theirs = await importKey('spki', leaf.publicKey, kind, 'verify');
	if (theirs !== null && modulusBits(theirs) < MIN_RSA_BITS) return err('key-unsupported');
	const probe = utf8Bytes('whose key is this?');
	if (theirs === null || !(await crypto.subtle.verify(how, theirs, await sign(probe), probe))) return err('key-mismatch');
	return ok({ leaf, algorithm: cms, sign, ...buildChain(leaf, others) });
}

/** Whether the certificate is valid at a time (Unix, milliseconds). */
export function validityFault({ leaf }: SigningIdentity, now: number): SigningFault | null {
	if (now < leaf.notBefore) return 'not-yet-valid';
	return now > leaf.notAfter ? 'expired' : null;
}

/** Signs a text's UTF-8 bytes. */
export function signText(text: string, identity: SigningIdentity, at: number): Promise<Uint8Array<ArrayBuffer>> {
	return signCms(utf8Bytes(text), identity, at);
}

/** UTF-8. Copied, as not every platform says that an encoder's buffer is not shared. */
function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(new TextEncoder().encode(text));
}

/** Length of an RSA modulus; without end for a key of another kind. */
function modulusBits({ algorithm }: CryptoKey): number {
	return 'modulusLength' in algorithm && typeof algorithm.modulusLength === 'number' ? algorithm.modulusLength : Number.POSITIVE_INFINITY;
}

function parseKeyBlock(text: string): Result<PemBlock, SigningFault> {
	if (/ENCRYPTED/.test(text)) return err('key-encrypted');
	const blocks = parsePem(text);
	if (blocks === null) return err('key-unreadable');
	// What openssl writes for a curve stands before its key.
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

/** From the leaf upwards as far as what was given leads, whatever its order; without the root. */
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

function findIssuer(of: Certificate, among: readonly Certificate[], taken: readonly Certificate[]): Certificate | undefined {
	return among.find((other) => !isSelfIssued(other) && !taken.includes(other) && equalBytes(of.issuer, other.subject));
}

/** The key, or null where the bytes are no key of this kind. */
async function importKey(
	format: 'pkcs8' | 'spki',
	data: Uint8Array<ArrayBuffer>,
	kind: KeyAlgorithm['key'],
	usage: 'sign' | 'verify',
): Promise<CryptoKey | null> {
	// The platform says no in its own words, which differ from one runtime to the next; there is nothing in them to act upon.
	return crypto.subtle.importKey(format, data, kind, false, [usage]).catch(() => null);
}
