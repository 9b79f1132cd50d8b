/** What others make of the golden answers: judges from outside, where the machine has them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './clients/xml-reader.ts';
import { fixtureNames } from './fixtures/fixtures.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

/** The bodies of the golden answers with status 200 of an endpoint. */
function bodies(endpoint: string): readonly (readonly [string, string])[] {
	return fixtureNames().flatMap((name) => {
		const [head = '', ...rest] = readFileSync(join(GOLDEN, name, `${endpoint}.txt`), 'utf8').split('\n\n');
		return head.startsWith('status: 200') ? [[name, rest.join('\n\n')] as const] : [];
	});
}

/** Whether a program can be run; says so where it cannot. */
function atHand(program: string, argument: string): boolean {
	const there = spawnSync(program, [argument]).error === undefined;
	if (!there) process.stdout.write(`skipped: ${program} is not on this machine\n`);
	return there;
}

function run(program: string, args: readonly string[], input: string): { readonly status: number | null; readonly said: string } {
	const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
	return { status, said: stdout + stderr };
}

describe('a second XML parser', () => {
	const documents = ['autoconfig', 'autodiscover-xml', 'autodiscover-xml-get', 'mobileconfig', 'mobileconfig-domain'];
	it.each(documents.flatMap((endpoint) => bodies(endpoint).map(([name, body]) => [`${endpoint} of ${name}`, body] as const)))(
		'reads %s',
		(_, body) => {
			expect(root(body)).not.toBeNull();
		},
	);
});

const RNG = process.env.AUTOCONFIG_RNG ?? '';
if (!existsSync(RNG))
	process.stdout.write('skipped: AUTOCONFIG_RNG does not name autoconfig.rng, the schema of draft-ietf-mailmaint-autoconfig\n');
const xmllint = existsSync(RNG) && atHand('xmllint', '--version');

describe.skipIf(!xmllint)("the draft's RELAX NG schema", () => {
	it.each(bodies('autoconfig'))('takes %s', (_, body) => {
		expect(run('xmllint', ['--noout', '--nonet', '--relaxng', RNG, '-'], body)).toMatchObject({ status: 0 });
	});
	it('can tell', () => {
		const [, body = ''] = bodies('autoconfig')[0] ?? [];
		expect(run('xmllint', ['--noout', '--nonet', '--relaxng', RNG, '-'], body.replace('<port>993', '<port>abc')).status).not.toBe(0);
	});
});

const LOAD =
	'import plistlib, sys; p = plistlib.loads(sys.stdin.buffer.read()); print(p["PayloadContent"][0]["OutgoingMailServerPortNumber"])';

describe.skipIf(!atHand('python3', '--version'))("python's plistlib", () => {
	it.each([...bodies('mobileconfig'), ...bodies('mobileconfig-domain')])('loads %s', (_, body) => {
		const { status, said } = run('python3', ['-c', LOAD], body);
		expect([status, said.trim()]).toEqual([0, expect.stringMatching(/^\d+$/)]);
	});
	it('can tell', () => {
		const [, body = ''] = bodies('mobileconfig')[0] ?? [];
		expect(run('python3', ['-c', LOAD], body.replace(/<integer>\d+/, '<integer>x')).status).not.toBe(0);
	});
});

const APEX = '@ 3600 IN SOA ns.example.net. host.example.net. 1 3600 600 86400 300\n@ 3600 IN NS ns.example.net.\n';

describe.skipIf(!atHand('named-checkzone', '-v'))('named-checkzone', () => {
	it.each(fixtureNames())('loads %s', (name) => {
		const zone = readFileSync(join(GOLDEN, name, 'zone.txt'), 'utf8');
		const folder = mkdtempSync(join(tmpdir(), 'signpost-'));
		writeFileSync(join(folder, 'zone'), APEX + zone);
		const { status, said } = run('named-checkzone', ['-i', 'local', '-S', 'fail', '-M', 'fail', 'example.com', join(folder, 'zone')], '');
		rmSync(folder, { recursive: true });
		expect(status, said).toBe(0);
	});
});
