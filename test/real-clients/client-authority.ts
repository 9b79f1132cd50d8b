/**
 * The authority that signs the world's certificates, trusted by the clients of the Debian tree.
 *
 * Delta Chat has its list of authorities built in. It is tested as a copy of its binary in which the key of one authority (ISRG Root X2, P-384)
 * is exchanged for one of ours; that key vouches for this authority by a cross certificate, which the servers send along. Nothing else of the
 * binary changes.
 */
// @peculiar/x509 wants it loaded first (tsyringe's decorators).
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509Certificate, X509CertificateGenerator } from '@peculiar/x509';
import { DAY_MS } from '../../src/lib/time.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const P384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;

const ISRG_ROOT_X2 = 'C=US, O=Internet Security Research Group, CN=ISRG Root X2';

/** An uncompressed point of P-384: 04, x and y. */
const POINT_BYTES = 97;

export interface ClientAuthority {
	/** PEM of the root that the Debian tree trusts. */
	readonly root: string;
	/** PEM of the authority with the exchanged key, which takes the place of the real ISRG Root X2 in the Debian tree as well. */
	readonly exchangedRoot: string;
	/** Certificate (with the cross certificate behind it) and key for some names, PEM. */
	leaf(names: readonly string[]): Promise<{ readonly cert: string; readonly key: string }>;
	/** The binary with the authority's key exchanged; throws where the key is not in it. */
	patchTrust(binary: Buffer, isrgRootX2: string): Buffer;
}

export async function createClientAuthority(): Promise<ClientAuthority> {
	const now = Date.now();
	const validity = { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + 90 * DAY_MS) };
	const rootKeys = await keyPair(P256);
	const root = await X509CertificateGenerator.createSelfSigned({
		serialNumber: '01',
		name: 'O=Signpost tests, CN=Root of the client tests',
		...validity,
		keys: rootKeys,
		signingAlgorithm: P256,
		extensions: [new BasicConstraintsExtension(true, undefined, true)],
	});
	const crossKeys = await keyPair(P384);
	const crossPoint = Buffer.from(await crypto.subtle.exportKey('raw', crossKeys.publicKey));
	const exchanged = await X509CertificateGenerator.createSelfSigned({
		serialNumber: '03',
		name: ISRG_ROOT_X2,
		...validity,
		keys: crossKeys,
		signingAlgorithm: P384,
		extensions: [new BasicConstraintsExtension(true, undefined, true)],
	});
	const cross = await X509CertificateGenerator.create({
		serialNumber: '02',
		subject: root.subject,
		issuer: ISRG_ROOT_X2,
		...validity,
		publicKey: rootKeys.publicKey,
		signingKey: crossKeys.privateKey,
		signingAlgorithm: P384,
		extensions: [new BasicConstraintsExtension(true, undefined, true)],
	});
	return {
		root: root.toString('pem'),
		exchangedRoot: exchanged.toString('pem'),
		async leaf(names) {
			const own = await keyPair(P256);
			const leaf = await X509CertificateGenerator.create({
				serialNumber: `10${randomBytes(8).toString('hex')}`,
				subject: `CN=${names[0]}`,
				issuer: root.subject,
				...validity,
				publicKey: own.publicKey,
				signingKey: rootKeys.privateKey,
				signingAlgorithm: P256,
				extensions: [
					new BasicConstraintsExtension(false, undefined, true),
					new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
				],
			});
			const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
			return {
				cert: `${leaf.toString('pem')}\n${cross.toString('pem')}\n`,
				key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/(.{64})/g, '$1\n').trim()}\n-----END PRIVATE KEY-----\n`,
			};
		},
		patchTrust(binary, isrgRootX2) {
			const real = Buffer.from(new X509Certificate(isrgRootX2).publicKey.rawData).subarray(-POINT_BYTES);
			const ours = crossPoint;
			const patched = Buffer.from(binary);
			let found = 0;
			for (let at = patched.indexOf(real); at >= 0; at = patched.indexOf(real, at + ours.length)) {
				ours.copy(patched, at);
				found += 1;
			}
			if (found === 0) throw new Error('the key of ISRG Root X2 is not in the binary');
			return patched;
		},
	};
}

async function keyPair(algorithm: typeof P256 | typeof P384): Promise<CryptoKeyPair> {
	return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
}
