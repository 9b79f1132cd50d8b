/** `signpost signing`, as an operator calls it. */
import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePki, type Pki } from '../../support/pki.ts';
import { runSignpost } from '../../support/run-signpost.ts';

const folder = mkdtempSync(join(tmpdir(), 'signpost-signing-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

let pki: Pki;
beforeAll(async () => {
	pki = await makePki({ intermediates: 2 });
	writeFile('key.pem', pki.key);
	writeFile('chain.pem', pki.chain);
});

function writeFile(name: string, text: string): string {
	writeFileSync(join(folder, name), text);
	return name;
}

interface SigningReport {
	readonly findings: readonly { readonly severity: string; readonly code: string }[];
	readonly chain: readonly string[];
	readonly daysLeft: number;
	readonly shown: string;
	readonly store: string;
}

async function runSigningCheck(
	key: string,
	chain: string,
): Promise<{ readonly code: number | null; readonly said: SigningReport; readonly codes: readonly string[] }> {
	const { code, out } = await runSignpost(['signing', 'check', '--key', key, '--chain', chain, '--json'], folder);
	const said = JSON.parse(out) as SigningReport;
	return { code, said, codes: said.findings.map((finding) => finding.code) };
}

describe('check', () => {
	it('says what a phone shows, how long it lasts and where it goes', async () => {
		const { code, said, codes } = await runSigningCheck('key.pem', 'chain.pem');
		expect(codes).toEqual(['intermediate-missing']);
		expect(code).toBe(1);
		expect(said).toMatchObject({ daysLeft: 59, shown: 'Not Verified, signed by mail.example.org', store: 'secrets' });
		expect(said.chain).toEqual(['CN=mail.example.org', 'CN=Intermediate 2', 'CN=Intermediate 1']);
	});

	it.each([
		['a root of one’s own', async () => ['key.pem', writeFile('with-root.pem', pki.chain + pki.root)], ['root-unknown']],
		[
			'an intermediate that is missing',
			async () => ['key.pem', writeFile('leaf.pem', pki.certificates[0] ?? '')],
			['intermediate-missing'],
		],
		['somebody else’s key', async () => [writeFile('other.pem', (await makePki()).key), 'chain.pem'], ['key-mismatch']],
		[
			'a stranger in the chain',
			async () => ['key.pem', writeFile('stray.pem', pki.chain + pki.root + (await makePki()).certificates[0])],
			['root-unknown', 'stray-certificate'],
		],
		[
			'two days left',
			async () => writePair('soon', await makePki({ until: Date.now() + 2 * 86_400_000 })),
			['expires-soon', 'intermediate-missing'],
		],
		['the end', async () => writePair('over', await makePki({ from: 0, until: Date.now() - 1 })), ['expired', 'intermediate-missing']],
		['RSA with 1,024 bits', async () => writePair('small', await makePki({ kind: 'RSA-1024' })), ['key-unsupported']],
		[
			'an issuer of the right name that did not sign it',
			async () => [
				'key.pem',
				writeFile('false.pem', [pki.certificates[0], ...(await makePki({ intermediates: 2 })).certificates.slice(1), pki.root].join('\n')),
			],
			['chain-broken', 'root-unknown'],
		],
	] as const)('finds %s', async (_, files, expected) => {
		const [key = '', chain = ''] = await files();
		expect((await runSigningCheck(key, chain)).codes).toEqual(expected);
	});

	it.each([
		[
			'an encrypted key',
			() => createPrivateKey(pki.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
			'is encrypted',
		],
		['no key', () => 'hello', 'holds no private key'],
	])('cannot look at %s', async (name, text, said) => {
		const { code, err } = await runSignpost(
			['signing', 'check', '--key', writeFile(`${name}.pem`, text()), '--chain', 'chain.pem'],
			folder,
		);
		expect(code).toBe(2);
		expect(err).toContain(said);
	});

	it('says which file is missing', async () => {
		const { code, err } = await runSignpost(['signing', 'check', '--key', 'nowhere.pem', '--chain', 'chain.pem'], folder);
		expect([code, err.includes('nowhere.pem cannot be read')]).toEqual([2, true]);
	});
});

function writePair(name: string, { key, chain }: Pki): readonly [string, string] {
	return [writeFile(`${name}-key.pem`, key), writeFile(`${name}-chain.pem`, chain)];
}

describe('put --local', () => {
	const vars = () => readFileSync(join(folder, '.dev.vars'), 'utf8');

	it.each([
		['SEC 1', () => createPrivateKey(pki.key).export({ type: 'sec1', format: 'pem' }).toString()],
		['PKCS#8', () => pki.key],
		[
			'openssl ecparam',
			() =>
				`-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${createPrivateKey(pki.key).export({ type: 'sec1', format: 'pem' })}`,
		],
	])('makes PKCS#8 of %s, and keeps the other lines', async (_, key) => {
		writeFile('.dev.vars', 'OTHER=1\nPROFILE_SIGNING_KEY=old\n');
		const { out } = await runSignpost(['signing', 'put', '--key', writeFile('form.pem', key()), '--chain', 'chain.pem', '--local'], folder);
		expect(out).toContain('are in .dev.vars');
		const [other, keyLine = '', chainLine = '', ...rest] = vars().trim().split('\n');
		expect([other, rest]).toEqual(['OTHER=1', []]);
		expect(keyLine).toMatch(/^PROFILE_SIGNING_KEY="-----BEGIN PRIVATE KEY-----\\n/);
		expect(chainLine.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
	});

	it('writes a new file for its owner alone', async () => {
		rmSync(join(folder, '.dev.vars'));
		await runSignpost(['signing', 'put', '--key', 'key.pem', '--chain', 'chain.pem', '--local'], folder);
		expect(statSync(join(folder, '.dev.vars')).mode & 0o077).toBe(0);
	});

	it('uploads nothing that would not sign', async () => {
		rmSync(join(folder, '.dev.vars'), { force: true });
		const { code, err } = await runSignpost(['signing', 'put', '--key', 'other.pem', '--chain', 'chain.pem', '--local'], folder);
		expect([code, err.includes('nothing was uploaded')]).toEqual([2, true]);
		expect(() => vars()).toThrow('ENOENT');
	});

	it('puts a domain’s own key into the KV of npm start', async () => {
		const state = join(folder, 'state');
		const root = join(import.meta.dirname, '../../..');
		const files = ['--key', join(folder, 'key.pem'), '--chain', join(folder, 'chain.pem')];
		const { out, err } = await runSignpost(['signing', 'put', ...files, '--domain', 'example.org', '--local', '--state', state], root);
		expect(err + out).toContain('signing:example.org is in KV');
		const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
		const args = ['kv', 'key', 'get', 'signing:example.org', '--binding', 'RECORDS', '--local', '--persist-to', state, '--text'];
		const { stdout } = spawnSync(process.execPath, [wrangler, ...args], { cwd: root, encoding: 'utf8' });
		expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toEqual({
			key: expect.stringContaining('PRIVATE KEY'),
			chain: expect.stringContaining('CERTIFICATE'),
		});
	});
});
