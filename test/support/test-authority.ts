/** A certificate authority for tests, made anew for each run, and leaf certificates with one fault each. */
// @peculiar/x509 wants it loaded first (tsyringe's decorators).
import 'reflect-metadata';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, type X509Certificate, X509CertificateGenerator } from '@peculiar/x509';
import { DAY_MS } from '../../src/lib/time.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface KeyPair {
	/** PEM, ready for node:tls. */
	readonly key: string;
	readonly cert: string;
}

export interface TestAuthority {
	/** PEM. */
	readonly ca: string;
	leaf(options: {
		readonly names: readonly string[];
		readonly from?: number;
		readonly until?: number;
		readonly by?: 'root' | 'intermediate';
	}): Promise<KeyPair>;
}

export async function createTestAuthority(): Promise<TestAuthority> {
	const now = Date.now();
	const rootKeys = await generateKeyPair();
	const root = await X509CertificateGenerator.createSelfSigned({
		serialNumber: '01',
		name: 'O=Signpost tests, CN=Test root',
		notBefore: new Date(now - DAY_MS),
		notAfter: new Date(now + 365 * DAY_MS),
		keys: rootKeys,
		signingAlgorithm: ALGORITHM,
		extensions: [new BasicConstraintsExtension(true, undefined, true)],
	});
	const middleKeys = await generateKeyPair();
	const middle = await X509CertificateGenerator.create({
		serialNumber: '02',
		subject: 'O=Signpost tests, CN=Test intermediate',
		issuer: root.subject,
		notBefore: new Date(now - DAY_MS),
		notAfter: new Date(now + 365 * DAY_MS),
		publicKey: middleKeys.publicKey,
		signingKey: rootKeys.privateKey,
		signingAlgorithm: ALGORITHM,
		extensions: [new BasicConstraintsExtension(true, undefined, true)],
	});
	let serial = 16;
	return {
		ca: root.toString('pem'),
		async leaf({ names, from = now - 30 * DAY_MS, until = now + 60 * DAY_MS, by = 'root' }) {
			const own = await generateKeyPair();
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
				signingAlgorithm: ALGORITHM,
				extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value })))],
			});
			// The intermediate is left out on purpose, as by an administrator who installs cert.pem instead of fullchain.pem.
			return { cert: leaf.toString('pem'), key: await exportPrivateKeyPem(own.privateKey) };
		},
	};
}

function generateKeyPair(): Promise<CryptoKeyPair> {
	return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

async function exportPrivateKeyPem(key: CryptoKey): Promise<string> {
	const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
	return `-----BEGIN PRIVATE KEY-----\n${bytes
		.toString('base64')
		.replace(/(.{64})/g, '$1\n')
		.trim()}\n-----END PRIVATE KEY-----\n`;
}
