/** Keys and certificates that belong together, and all the ways in which they do not. */
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseSigningIdentity, type SigningFault, validityFault } from '../../src/lib/signing-identity.ts';
import { makePki, type Pki } from '../support/pki.ts';

let pki: Pki;
let other: Pki;
beforeAll(async () => {
	pki = await makePki({ intermediates: 2 });
	other = await makePki();
});

async function parsedIdentity(key: string, chain: string) {
	const identity = await parseSigningIdentity(key, chain);
	if (!identity.ok) throw new Error(identity.error);
	return identity.value;
}

describe('a good pair', () => {
	it('is read, the chain in order', async () => {
		const { leaf, intermediates, unusedCertificates, rootIncluded, algorithm } = await parsedIdentity(pki.key, pki.chain);
		expect([leaf, ...intermediates].map(({ commonName }) => commonName)).toEqual(['mail.example.org', 'Intermediate 2', 'Intermediate 1']);
		expect({ strays: unusedCertificates, rootGiven: rootIncluded, algorithm }).toEqual({
			strays: [],
			rootGiven: false,
			algorithm: 'ecdsa-sha256',
		});
	});

	it('has its chain put in order, and the root left out', async () => {
		const [leaf, second, first] = pki.certificates;
		const { intermediates, rootIncluded } = await parsedIdentity(pki.key, [leaf, pki.root, first, second].join('\n'));
		expect(intermediates.map(({ commonName }) => commonName)).toEqual(['Intermediate 2', 'Intermediate 1']);
		expect(rootIncluded).toBe(true);
	});

	it('keeps strangers out of the chain', async () => {
		const { intermediates, unusedCertificates } = await parsedIdentity(pki.key, `${pki.chain}${other.certificates[0]}`);
		expect([intermediates.length, unusedCertificates.length]).toEqual([2, 1]);
	});

	it('may have text around its certificates, and lines that end as on Windows', async () => {
		const { leaf } = await parsedIdentity(pki.key.replaceAll('\n', '\r\n'), `subject=CN = mail\n${pki.chain.replaceAll('\n', '\r\n')}`);
		expect(leaf.commonName).toBe('mail.example.org');
	});
});

describe('its time', () => {
	it('is that of the leaf, to the second', async () => {
		const from = Date.UTC(2026, 10, 1);
		const until = Date.UTC(2026, 11, 1);
		const { key, chain } = await makePki({ from, until });
		const identity = await parsedIdentity(key, chain);
		expect([from - 1, from, until, until + 1].map((now) => validityFault(identity, now))).toEqual([
			'not-yet-valid',
			null,
			null,
			'expired',
		] satisfies (SigningFault | null)[]);
	});

	it('may end after 2049, where X.509 writes years with four digits', async () => {
		const until = Date.UTC(2060, 0, 1);
		const { key, chain } = await makePki({ until });
		expect((await parsedIdentity(key, chain)).leaf.notAfter).toBe(until);
	});
});

const KEY_OF_NO_BYTES = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';

describe('a bad pair', () => {
	it.each([
		['no key', () => ['', pki.chain], 'key-unreadable'],
		['a key that is not base64', () => [pki.key.replace(/[A-Z0-9]\n/i, '!\n'), pki.chain], 'key-unreadable'],
		[
			'a key with a passphrase',
			() => ['-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----', pki.chain],
			'key-encrypted',
		],
		[
			'one in the old style',
			() => ['-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----', pki.chain],
			'key-encrypted',
		],
		['a key in SEC 1', () => ['-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----', pki.chain], 'key-not-pkcs8'],
		['bytes that are no key', () => [KEY_OF_NO_BYTES, pki.chain], 'key-mismatch'],
		['somebody else’s key', () => [other.key, pki.chain], 'key-mismatch'],
		['no certificate', () => [pki.key, ''], 'chain-empty'],
		['a key for a certificate', () => [pki.key, pki.key], 'chain-empty'],
		['a certificate that is not base64', () => [pki.key, pki.chain.replace(/[A-Z0-9]\n/i, '!\n')], 'chain-unreadable'],
		['a certificate cut short', () => [pki.key, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'], 'chain-unreadable'],
		['a file cut short', () => [pki.key, pki.chain.slice(0, 300)], 'chain-unreadable'],
		['the issuer first', () => [pki.key, [...pki.certificates].reverse().join('\n')], 'key-mismatch'],
	] as const)('%s', async (_, pair, fault) => {
		const [key = '', chain = ''] = pair();
		expect(await parseSigningIdentity(key, chain)).toEqual({ ok: false, error: fault });
	});

	it.each(['RSA-1024', 'P-521'] as const)('%s', async (kind) => {
		const { key, chain } = await makePki({ kind });
		expect(await parseSigningIdentity(key, chain)).toEqual({ ok: false, error: 'key-unsupported' });
	});
});

it('knows what openssl knows of a certificate', async () => {
	const [leaf = ''] = pki.certificates;
	const { status, stdout } = spawnSync('openssl', ['x509', '-noout', '-enddate'], { input: leaf, encoding: 'utf8' });
	if (status === null) return process.stdout.write('skipped: no openssl on this machine\n');
	const [, end = ''] = stdout.trim().split('=');
	return expect((await parsedIdentity(pki.key, pki.chain)).leaf.notAfter).toBe(Date.parse(end));
});
