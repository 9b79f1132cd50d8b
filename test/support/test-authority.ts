/** A certificate authority for tests, made anew for each run, and leaf certificates with one fault each. */
// @peculiar/x509 wants it loaded first (tsyringe's decorators).
import 'reflect-metadata';
import {
	BasicConstraintsExtension,
	ExtendedKeyUsage,
	ExtendedKeyUsageExtension,
	Extension,
	SubjectAlternativeNameExtension,
	type X509Certificate,
	X509CertificateGenerator,
} from '@peculiar/x509';
import { DAY_MS } from '../../src/lib/time.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** RFC 7633 §4: a SEQUENCE of one INTEGER, 5. */
const TLS_FEATURE = '1.3.6.1.5.5.7.1.24';
const STATUS_REQUEST = Uint8Array.of(0x30, 3, 2, 1, 5);

export interface KeyPair {
	/** PEM, ready for node:tls. */
	readonly key: string;
	readonly cert: string;
}

/** As Web Crypto takes it. */
export type KeyAlgorithmParameters =
	| { readonly name: 'ECDSA'; readonly namedCurve: string }
	| {
			readonly name: 'RSASSA-PKCS1-v1_5';
			readonly modulusLength: number;
			readonly publicExponent: Uint8Array<ArrayBuffer>;
			readonly hash: string;
	  };

export function rsaKey(modulusLength: number): KeyAlgorithmParameters {
	return { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
}

export interface LeafOptions {
	readonly names: readonly string[];
	readonly from?: number;
	readonly until?: number;
	readonly by?: 'root' | 'intermediate';
	readonly key?: KeyAlgorithmParameters;
	/** Of the authority's signature. */
	readonly hash?: 'SHA-256' | 'SHA-1';
	/** Says the name in the subject alone. */
	readonly withoutAlternativeNames?: boolean;
	/** What the certificate is for, by OID; null for no extended key usage. */
	readonly uses?: readonly string[] | null;
	/** Promises a stapled OCSP response (RFC 7633). */
	readonly mustStaple?: boolean;
}

export interface TestAuthority {
	/** PEM. */
	readonly ca: string;
	/** PEM of the intermediate, as it should be sent with what it has issued. */
	readonly intermediate: string;
	/** PEM of an earlier certificate of the intermediate, which has expired. */
	readonly expiredIntermediate: string;
	leaf(options: LeafOptions): Promise<KeyPair>;
}

/** @param organization as its certificates name it */
export async function createTestAuthority(organization = 'Signpost tests'): Promise<TestAuthority> {
	const now = Date.now();
	const rootKeys = await generateKeyPair(ALGORITHM);
	const root = await X509CertificateGenerator.createSelfSigned({
		serialNumber: '01',
		name: `O=${organization}, CN=Test root`,
		notBefore: new Date(now - DAY_MS),
		notAfter: new Date(now + 365 * DAY_MS),
		keys: rootKeys,
		signingAlgorithm: ALGORITHM,
		extensions: [new BasicConstraintsExtension(true, undefined, true)],
	});
	const middleKeys = await generateKeyPair(ALGORITHM);
	const issueMiddle = (serialNumber: string, from: number, until: number) =>
		X509CertificateGenerator.create({
			serialNumber,
			subject: `O=${organization}, CN=Test intermediate`,
			issuer: root.subject,
			notBefore: new Date(from),
			notAfter: new Date(until),
			publicKey: middleKeys.publicKey,
			signingKey: rootKeys.privateKey,
			signingAlgorithm: ALGORITHM,
			extensions: [new BasicConstraintsExtension(true, undefined, true)],
		});
	const middle = await issueMiddle('02', now - DAY_MS, now + 365 * DAY_MS);
	const expiredMiddle = await issueMiddle('03', now - 60 * DAY_MS, now - DAY_MS);
	let serial = 16;
	return {
		ca: root.toString('pem'),
		intermediate: middle.toString('pem'),
		expiredIntermediate: expiredMiddle.toString('pem'),
		async leaf(options) {
			const { names, from = now - 30 * DAY_MS, until = now + 60 * DAY_MS, by = 'root', key = ALGORITHM, hash = 'SHA-256' } = options;
			const uses = options.uses === undefined ? [ExtendedKeyUsage.serverAuth as string] : options.uses;
			const own = await generateKeyPair(key);
			const issuer: X509Certificate = by === 'root' ? root : middle;
			serial += 1;
			const leaf = await X509CertificateGenerator.create({
				serialNumber: serial.toString(16),
				subject: `CN=${names[0]}`,
				issuer: issuer.subject,
				notBefore: new Date(from),
				notAfter: new Date(until),
				publicKey: own.publicKey,
				signingKey: (by === 'root' ? rootKeys : middleKeys).privateKey,
				signingAlgorithm: { name: 'ECDSA', hash },
				extensions: [
					...(options.withoutAlternativeNames === true
						? []
						: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value })))]),
					...(uses === null ? [] : [new ExtendedKeyUsageExtension([...uses])]),
					...(options.mustStaple === true ? [new Extension(TLS_FEATURE, false, STATUS_REQUEST)] : []),
				],
			});
			// The intermediate is left out on purpose, as by an administrator who installs cert.pem instead of fullchain.pem.
			return { cert: leaf.toString('pem'), key: await exportPrivateKeyPem(own.privateKey) };
		},
	};
}

function generateKeyPair(algorithm: KeyAlgorithmParameters): Promise<CryptoKeyPair> {
	return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

async function exportPrivateKeyPem(key: CryptoKey): Promise<string> {
	const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
	return `-----BEGIN PRIVATE KEY-----\n${bytes
		.toString('base64')
		.replace(/(.{64})/g, '$1\n')
		.trim()}\n-----END PRIVATE KEY-----\n`;
}
