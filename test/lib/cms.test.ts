/** Signed documents before judges from outside: openssl, and Python's asn1crypto with cryptography. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { signCms } from '../../src/lib/cms.ts';
import { parseSigningIdentity, type SigningIdentity } from '../../src/lib/signing-identity.ts';
import { encodeUtf8 } from '../../src/lib/utf8.ts';
import { makePki, type Pki } from '../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'signpost-cms-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first of these programs that can do it; says so where there is none. */
function findVerifier(what: string, programs: readonly string[], args: readonly string[]): string | null {
	const found = programs.find((program) => spawnSync(program, args).status === 0) ?? null;
	if (found === null) process.stdout.write(`skipped: no ${what} on this machine\n`);
	return found;
}

const openssl = findVerifier('openssl', ['openssl'], ['version']);
// Debian's own Python has Debian's packages, whatever else stands first in PATH.
const python = findVerifier(
	'Python with asn1crypto and cryptography',
	['/usr/bin/python3', 'python3'],
	['-c', 'import asn1crypto, cryptography'],
);

const ASCII = '<?xml version="1.0"?>\r\n<plist/>\n';
const UTF8 = 'Grüße aus 東京, %EMAILADDRESS% – «mail»\n'.repeat(60);

const CASES = (['P-256', 'P-384', 'RSA-2048'] as const).flatMap((kind) =>
	([1, 2] as const).flatMap((intermediates) =>
		([['ASCII', ASCII] as const, ['UTF-8', UTF8] as const] as const).map(([charset, content]) => ({
			kind,
			intermediates,
			charset,
			content,
		})),
	),
);

async function signWith(pki: Pki, content: string): Promise<Buffer> {
	return Buffer.from(await signCms(encodeUtf8(content), await parsedIdentity(pki), Date.now()));
}

async function parsedIdentity({ key, chain }: Pki): Promise<SigningIdentity> {
	const identity = await parseSigningIdentity(key, chain);
	if (!identity.ok) throw new Error(identity.error);
	return identity.value;
}

function writeTemporary(name: string, text: string | Buffer): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

function verifyWithOpenssl(der: Buffer, root: string): { readonly good: boolean; readonly content: string } {
	// A TLS certificate may sign a profile; openssl's default purpose is mail.
	const args = ['cms', '-verify', '-inform', 'DER', '-binary', '-CAfile', root, '-purpose', 'any'];
	const { status, stdout } = spawnSync('openssl', args, { input: der });
	return { good: status === 0, content: stdout.toString() };
}

describe.skipIf(openssl === null)('openssl cms -verify', () => {
	it.each(CASES)('$kind, $intermediates intermediates, $charset', async ({ kind, intermediates, content }) => {
		const pki = await makePki({ kind, intermediates });
		const root = writeTemporary('root.pem', pki.root);
		expect(verifyWithOpenssl(await signWith(pki, content), root)).toEqual({ good: true, content });
	});

	it('refuses it with a byte flipped, but for what no signature covers: a version, the name of an algorithm', async () => {
		const pki = await makePki();
		const root = writeTemporary('root.pem', pki.root);
		const der = await signWith(pki, ASCII);
		expect(verifyWithOpenssl(der, root).good).toBe(true);
		const accepted = Array.from(der.keys()).filter((at) => {
			const flipped = Buffer.from(der);
			flipped[at] = (flipped[at] ?? 0) ^ 1;
			return verifyWithOpenssl(flipped, root).good;
		});
		const { stdout } = spawnSync('openssl', ['asn1parse', '-inform', 'DER'], { input: der, encoding: 'utf8' });
		const names = new Set<number>();
		for (const [, offset, header, length] of stdout.matchAll(/^ *(\d+):d=\d+ +hl=(\d+) l= *(\d+) prim: (?:OBJECT|INTEGER +:01$)/gm)) {
			const from = Number(offset) + Number(header);
			for (let at = from; at < from + Number(length); at += 1) names.add(at);
		}
		expect(accepted.filter((at) => !names.has(at))).toEqual([]);
	}, 120_000);

	it('refuses it without the intermediate', async () => {
		const pki = await makePki();
		const [leaf = ''] = pki.certificates;
		expect(verifyWithOpenssl(await signWith({ ...pki, chain: leaf }, ASCII), writeTemporary('root.pem', pki.root)).good).toBe(false);
	});
});

describe.skipIf(python === null)('asn1crypto and cryptography', () => {
	it.each(CASES)('$kind, $intermediates intermediates, $charset', async ({ kind, intermediates, content }) => {
		const pki = await makePki({ kind, intermediates });
		const input = await signWith(pki, content);
		const verifier = join(import.meta.dirname, 'verify-cms.py');
		const { status, stdout, stderr } = spawnSync(python ?? '', [verifier, writeTemporary('root.pem', pki.root)], { input });
		expect({ status, content: stdout.toString(), said: stderr.toString() }).toEqual({ status: 0, content, said: '' });
	});

	it.each(['P-256', 'RSA-2048'] as const)(
		'refuse it with any byte flipped, %s',
		async (kind) => {
			const pki = await makePki({ kind });
			const verifier = join(import.meta.dirname, 'verify-cms.py');
			const run = spawnSync(python ?? '', [verifier, writeTemporary('root.pem', pki.root), '--flip'], {
				input: await signWith(pki, ASCII),
				encoding: 'utf8',
			});
			expect({ accepted: run.stdout.trim(), said: run.stderr }).toEqual({ accepted: '[]', said: '' });
		},
		120_000,
	);
});

describe.skipIf(openssl === null)('field by field', () => {
	/** The structure alone: depth, tag, OIDs; numbers, times and bytes differ from one signature to the next. */
	function structure(der: Buffer): string {
		const { stdout } = spawnSync('openssl', ['asn1parse', '-inform', 'DER'], { input: der, encoding: 'utf8' });
		return stdout.replace(/^ *\d+:d=(\d+) +hl=\d+ l= *\d+ /gm, '$1 ').replace(/(INTEGER|UTCTIME|OCTET STRING|BIT STRING).*/g, '$1');
	}

	const dialects = [
		['P-256', 'sha256'],
		['P-384', 'sha384'],
		['RSA-2048', 'sha256'],
	] as const;
	it.each(dialects)('a signature with %s is made as openssl makes it', async (kind, digest) => {
		const pki = await makePki({ kind, intermediates: 2 });
		const [leaf = '', ...others] = pki.certificates;
		const args = ['cms', '-sign', '-binary', '-nodetach', '-nosmimecap', '-md', digest, '-outform', 'DER'];
		const material = [
			'-signer',
			writeTemporary('leaf.pem', leaf),
			'-certfile',
			writeTemporary('others.pem', others.join('\n')),
			'-inkey',
			writeTemporary('key.pem', pki.key),
		];
		const theirs = spawnSync('openssl', [...args, ...material, '-in', writeTemporary('content', ASCII)]).stdout;
		expect(structure(await signWith(pki, ASCII))).toBe(structure(theirs));
		expect(structure(theirs)).toContain('pkcs7-signedData');
	});
});
