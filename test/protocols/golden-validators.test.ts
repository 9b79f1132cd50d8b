/** Checks the golden answers with other people's validators, where they are installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RelaxNGValidator, XmlDocument } from 'libxml2-wasm';
import { afterAll, describe, expect, it } from 'vitest';
import { errorMessage } from '../../src/lib/error-message.ts';
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

/** Whether a program can be run; reports on stdout where it cannot. */
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

describe("the draft's RELAX NG schema", () => {
	const schemaFile = join(import.meta.dirname, '../fixtures/autoconfig-schema/autoconfig.rng');
	const schema = XmlDocument.fromString(readFileSync(schemaFile, 'utf8'));
	const validator = RelaxNGValidator.fromDoc(schema);
	afterAll(() => {
		validator.dispose();
		schema.dispose();
	});

	/** Validates a document; null where the schema allows it, otherwise what is wrong. */
	function schemaFault(body: string): string | null {
		const document = XmlDocument.fromString(body);
		try {
			validator.validate(document);
			return null;
		} catch (failure) {
			return errorMessage(failure);
		} finally {
			document.dispose();
		}
	}

	const bodies = ['autoconfig', 'ispdb'].flatMap((endpoint) =>
		goldenBodies(endpoint).map(([name, body]) => [endpoint, name, body] as const),
	);

	it('judges every fixture that has an answer', () => {
		expect(bodies.length).toBeGreaterThan(30);
	});
	it.each(bodies)('allows %s of %s', (_endpoint, _name, body) => {
		expect(schemaFault(body)).toBeNull();
	});
	it.each([['a port that is no number', (body: string) => body.replace('<port>993', '<port>abc')]])('refuses %s', (_, spoil) => {
		const [, body = ''] = goldenBodies('autoconfig').find(([name]) => name === 'minimal') ?? [];
		expect(spoil(body)).not.toBe(body);
		expect(schemaFault(spoil(body))).not.toBeNull();
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
