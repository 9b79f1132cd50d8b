/** What others make of the golden answers: judges from outside, where the machine has them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRootElement } from '../clients/independent-xml-parser.ts';
import { fixtureNames } from '../support/fixture-records.ts';

const GOLDEN = join(import.meta.dirname, '../golden');

/** The bodies of the golden answers with status 200 of an endpoint. */
function goldenBodies(endpoint: string): readonly (readonly [string, string])[] {
	return fixtureNames().flatMap((name) => {
		const [head = '', ...rest] = readFileSync(join(GOLDEN, name, `${endpoint}.txt`), 'utf8').split('\n\n');
		return head.startsWith('status: 200') ? [[name, rest.join('\n\n')] as const] : [];
	});
}

/** Whether a program can be run; says so where it cannot. */
function isInstalled(program: string, argument: string): boolean {
	const there = spawnSync(program, [argument]).error === undefined;
	if (!there) process.stdout.write(`skipped: ${program} is not on this machine\n`);
	return there;
}

function runValidator(program: string, args: readonly string[], input: string): { readonly status: number | null; readonly said: string } {
	const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
	return { status, said: stdout + stderr };
}

describe('a second XML parser', () => {
	const documents = ['autoconfig', 'autodiscover-xml', 'autodiscover-xml-get', 'mobileconfig', 'mobileconfig-domain'];
	it.each(documents.flatMap((endpoint) => goldenBodies(endpoint).map(([name, body]) => [`${endpoint} of ${name}`, body] as const)))(
		'reads %s',
		(_, body) => {
			expect(parseRootElement(body)).not.toBeNull();
		},
	);
});

const RELAX_NG = process.env.AUTOCONFIG_RNG ?? '';
if (!existsSync(RELAX_NG))
	process.stdout.write('skipped: AUTOCONFIG_RNG does not name autoconfig.rng, the schema of draft-ietf-mailmaint-autoconfig\n');
const xmllint = existsSync(RELAX_NG) && isInstalled('xmllint', '--version');

describe.skipIf(!xmllint)("the draft's RELAX NG schema", () => {
	it.each(goldenBodies('autoconfig'))('takes %s', (_, body) => {
		expect(runValidator('xmllint', ['--noout', '--nonet', '--relaxng', RELAX_NG, '-'], body)).toMatchObject({ status: 0 });
	});
	it('can tell', () => {
		const [, body = ''] = goldenBodies('autoconfig')[0] ?? [];
		expect(
			runValidator('xmllint', ['--noout', '--nonet', '--relaxng', RELAX_NG, '-'], body.replace('<port>993', '<port>abc')).status,
		).not.toBe(0);
	});
});

const PLIST_PROGRAM =
	'import plistlib, sys; p = plistlib.loads(sys.stdin.buffer.read()); print(p["PayloadContent"][0]["OutgoingMailServerPortNumber"])';

describe.skipIf(!isInstalled('python3', '--version'))("python's plistlib", () => {
	it.each([...goldenBodies('mobileconfig'), ...goldenBodies('mobileconfig-domain')])('loads %s', (_, body) => {
		const { status, said } = runValidator('python3', ['-c', PLIST_PROGRAM], body);
		expect([status, said.trim()]).toEqual([0, expect.stringMatching(/^\d+$/)]);
	});
	it('can tell', () => {
		const [, body = ''] = goldenBodies('mobileconfig')[0] ?? [];
		expect(runValidator('python3', ['-c', PLIST_PROGRAM], body.replace(/<integer>\d+/, '<integer>x')).status).not.toBe(0);
	});
});

const ZONE_APEX = '@ 3600 IN SOA ns.example.net. host.example.net. 1 3600 600 86400 300\n@ 3600 IN NS ns.example.net.\n';

describe.skipIf(!isInstalled('named-checkzone', '-v'))('named-checkzone', () => {
	it.each(fixtureNames())('loads %s', (name) => {
		const zone = readFileSync(join(GOLDEN, name, 'zone.txt'), 'utf8');
		const folder = mkdtempSync(join(tmpdir(), 'signpost-'));
		writeFileSync(join(folder, 'zone'), ZONE_APEX + zone);
		const { status, said } = runValidator(
			'named-checkzone',
			['-i', 'local', '-S', 'fail', '-M', 'fail', 'example.com', join(folder, 'zone')],
			'',
		);
		rmSync(folder, { recursive: true });
		expect(status, said).toBe(0);
	});
});
