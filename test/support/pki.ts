/** Certificates for signing profiles, made anew for each run of the tests: a root, one or two intermediates, and a leaf. */
// @peculiar/x509 wants it loaded first (tsyringe's decorators).
import 'reflect-metadata';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';

export const KEY_KINDS = {
	'P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
	'P-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
	'RSA-2048': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
	'RSA-1024': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) },
	'P-521': { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
} as const;

export interface Pki {
	/** PEM, PKCS#8. */
	readonly key: string;
	/** PEM: the leaf, then the intermediates upwards. */
	readonly certificates: readonly string[];
	readonly chain: string;
	/** PEM. */
	readonly root: string;
}

const DAY = 86_400_000;

export interface PkiOptions {
	readonly kind?: keyof typeof KEY_KINDS;
	readonly intermediates?: 1 | 2;
	/** Unix time in milliseconds. */
	readonly from?: number;
	readonly until?: number;
}

export async function makePki({ kind = 'P-256', intermediates = 1, from, until }: PkiOptions = {}): Promise<Pki> {
	const now = Date.now();
	const authority = await generateKeys('P-256');
	const root = await X509CertificateGenerator.createSelfSigned({
		name: 'CN=Root of the tests',
		notBefore: new Date(now - 900 * DAY),
		notAfter: new Date(now + 900 * DAY),
		keys: authority,
		signingAlgorithm: KEY_KINDS['P-256'],
		extensions: [new BasicConstraintsExtension(true, undefined, true)],
	});
	const path: string[] = [];
	let issuer = { name: root.subject, key: authority.privateKey };
	for (let at = 1; at <= intermediates; at += 1) {
		const own = await generateKeys('P-256');
		const certificate = await issueCertificate(`CN=Intermediate ${at}`, own.publicKey, issuer, now - 900 * DAY, now + 900 * DAY, true);
		path.unshift(certificate.toString('pem'));
		issuer = { name: certificate.subject, key: own.privateKey };
	}
	const leafKeys = await generateKeys(kind);
	const leaf = await issueCertificate('CN=mail.example.org', leafKeys.publicKey, issuer, from ?? now - DAY, until ?? now + 60 * DAY, false);
	const certificates = [leaf.toString('pem'), ...path];
	return { key: await exportPem(leafKeys.privateKey), certificates, chain: `${certificates.join('\n')}\n`, root: root.toString('pem') };
}

interface Issuer {
	readonly name: string;
	readonly key: CryptoKey;
}

function issueCertificate(subject: string, publicKey: CryptoKey, issuer: Issuer, from: number, until: number, ca: boolean) {
	return X509CertificateGenerator.create({
		subject,
		issuer: issuer.name,
		notBefore: new Date(from),
		notAfter: new Date(until),
		publicKey,
		signingKey: issuer.key,
		signingAlgorithm: KEY_KINDS['P-256'],
		extensions: [new BasicConstraintsExtension(ca, undefined, true)],
	});
}

async function generateKeys(kind: keyof typeof KEY_KINDS): Promise<CryptoKeyPair> {
	return (await crypto.subtle.generateKey(KEY_KINDS[kind], true, ['sign', 'verify'])) as CryptoKeyPair;
}

async function exportPem(key: CryptoKey): Promise<string> {
	const der = new Uint8Array((await crypto.subtle.exportKey('pkcs8', key)) as ArrayBuffer);
	const base64 = btoa(String.fromCharCode(...der)).replace(/(.{64})(?=.)/g, '$1\n');
	return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
}
