/** The tool as it is called: arguments in, output and exit code out. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecordText } from '../../../src/model/record.ts';
import { type FakeInternet, SITE, startFakeInternet } from '../../support/fake-internet.ts';
import { fixtureText, resolvedFixture } from '../../support/fixture-records.ts';
import { runSignpost } from '../../support/run-signpost.ts';

const RECORDS = join(import.meta.dirname, '../../fixtures/records');
const EVERYTHING = ['--record', join(RECORDS, 'everything.json'), '--site', SITE.host];

let world: FakeInternet;
let zone: Answer[];
let folder: string;
beforeAll(async () => {
	world = await startFakeInternet({ found: resolvedFixture('everything') });
	zone = [...world.nameServer.zone];
	folder = await mkdtemp(join(tmpdir(), 'signpost-commands-'));
}, 60_000);
afterAll(async () => {
	await world.close();
	await rm(folder, { recursive: true });
});

const signpost = (args: readonly string[], input = '') => runSignpost(args, folder, { input });

const resolver = () => ['--resolver', world.nameServer.address];

describe('calls that cannot be answered: exit code 2, and what to do', () => {
	it.each<[string, readonly string[], RegExp]>([
		['no such command', ['chekc'], /there is no command "chekc"[\s\S]*Commands: .*check/],
		['no such option', ['check', 'a@example.com', '--recrod', 'x'], /there is no option --recrod/],
		['an option without its value', ['check', 'a@example.com', '--record'], /option --record needs a value/],
		['no record', ['render', 'a@example.com'], /no record is given[\s\S]*signpost init/],
		['no such file', ['render', 'a@example.com', '--record', 'nowhere.json'], /there is no file or folder nowhere.json/],
		['no address', ['render', 'example.com', '--record', RECORDS], /"example.com" is no e-mail address/],
		['no such format', ['zone', 'example.com', '--format', 'djbdns', ...EVERYTHING], /Expected one of: bind, cloudflare/],
		['the API without a token', ['render', 'a@example.com', '--api', 'https://signpost.example.net'], /SIGNPOST_TOKEN is not set/],
		['a token over http', ['render', 'a@example.com', '--api', 'http://signpost.example.net'], /no https URL/],
		[
			'a name server that does not answer',
			['zone', 'example.com', '--diff', ...EVERYTHING, '--resolver', '127.0.0.1:1', '--timeout', '1'],
			/does not answer/,
		],
		['nobody to ask', ['init', 'example.com'], /no terminal to ask on[\s\S]*--yes/],
	])('%s', async (_, args, message) => {
		const { code, out, err } = await signpost(args);
		expect([code, out]).toEqual([2, '']);
		expect(err).toMatch(message);
	});

	it('a record with faults names every one of them', async () => {
		const { code, err } = await signpost(
			['render', 'a@example.com', '--record', '-'],
			'{"kind":"domain","provider":{"name":""},"services":{"imap":{"host":"x y"}}}',
		);
		expect(code).toBe(2);
		expect(err).toContain('standard input: provider.name must not be empty; services.imap.host must be a host name');
	});
});

describe('help', () => {
	it.each([
		'audit',
		'check',
		'diff',
		'history',
		'import',
		'init',
		'ls',
		'outside',
		'pull',
		'push',
		'render',
		'restore',
		'rm',
		'token',
		'trace',
		'usage',
		'zone',
	])('%s teaches by example', async (command) => {
		const { code, out } = await signpost([command, '--help']);
		expect(code).toBe(0);
		expect(out).toContain(`Usage: signpost ${command}`);
		expect(out).toContain(`EXAMPLES\n\n  signpost ${command} `);
		expect(out).not.toContain('\u001b');
	});
});

describe('render', () => {
	it('prints a record in YAML from standard input', async () => {
		const yaml =
			'kind: domain\nprovider: {name: Example Mail}\nservices:\n  imap: {host: imap.example.com}\n  submission: {host: smtp.example.com}\n';
		const { code, out } = await signpost(['render', 'alice@example.com', '--record', '-'], yaml);
		expect(code).toBe(0);
		expect(out).toBe(
			(await readFile(join(import.meta.dirname, '../../golden/minimal/autoconfig.txt'), 'utf8')).split('\n\n').slice(1).join('\n\n'),
		);
	});

	it('follows an alias in a folder, and a wildcard', async () => {
		await writeFile(join(folder, 'target.example.org.json'), fixtureText('minimal'));
		await writeFile(join(folder, 'alias.example.net.yaml'), 'kind: alias\nof: target.example.org\n');
		await writeFile(join(folder, '*.wild.example.json'), fixtureText('pop3-only'));
		expect((await signpost(['render', 'a@alias.example.net', '--record', folder])).out).toContain('<domain>alias.example.net</domain>');
		expect((await signpost(['render', 'a@any.wild.example', '--record', folder])).out).toContain('type="pop3"');
		expect((await signpost(['render', 'a@example.edu', '--record', folder])).err).toContain('there is no record for example.edu');
	});

	it('trims the answer for those who take the last of a list', async () => {
		const { out } = await signpost(['render', 'alice@example.com', '--client', 'evolution', ...EVERYTHING]);
		expect(out).toContain('<port>465</port>');
		expect(out).not.toContain('<port>587</port>');
	});

	it('says that a format is not offered, and how', async () => {
		const { code, out } = await signpost(['render', 'alice@example.com', '--as', 'pacc', ...EVERYTHING]);
		expect([code, out]).toEqual([1, 'Not found.\n']);
	});
});

describe('zone', () => {
	it('has nothing to change where DNS is right', async () => {
		const { code, out, err } = await signpost(['zone', 'example.com', '--diff', ...EVERYTHING, ...resolver()]);
		expect([code, out]).toEqual([0, '']);
		expect(err).toContain('example.com: DNS has every record');
	});

	it('prints only what must change', async () => {
		world.nameServer.zone = zone.filter(({ name }) => name !== '_imaps._tcp.example.com');
		const { code, out } = await signpost(['zone', 'example.com', '--diff', ...EVERYTHING, ...resolver()]);
		expect([code, out]).toEqual([1, 'zone example.com.\nupdate add _imaps._tcp.example.com. 3600 SRV 0 1 993 imap.example.com.\nsend\n']);
		world.nameServer.zone = zone;
	});
});

describe('check', () => {
	it('passes a world where everything is right, and writes the page', async () => {
		const { code, out } = await signpost(['check', 'alice@example.com', ...EVERYTHING, ...world.toolArguments, '--report', 'report.html']);
		expect(out).toMatch(/^A {2}alice@example\.com/);
		expect(code).toBe(0);
		const page = await readFile(join(folder, 'report.html'), 'utf8');
		expect(page).toContain('<h1>Mail set-up of example.com</h1>');
		expect(page).not.toMatch(/<script|src=|https?:\/\/(?!autoconfig)/);
	});

	it('tells programs what it found', async () => {
		world.nameServer.zone = zone.filter(({ name }) => name !== '_imaps._tcp.example.com');
		const { code, out } = await signpost(['check', 'example.com', '--only', 'dns', '--json', ...EVERYTHING, ...world.toolArguments]);
		world.nameServer.zone = zone;
		const [report] = JSON.parse(out);
		expect(code).toBe(1);
		expect(report.areas[0].findings).toMatchObject([
			{ severity: 'warning', code: 'dns-missing', place: '_imaps._tcp.example.com SRV', wanted: '0 1 993 imap.example.com.' },
		]);
		expect(report.overall).toBe('B');
	});

	it('goes through a list', async () => {
		const domains = Array.from({ length: 40 }, (_, at) => `d${at}.example.org`);
		await writeFile(join(folder, 'domains.txt'), `# mine\nexample.com\n${domains.join('\n')}\n`);
		const { code, out } = await signpost(['check', '--from', 'domains.txt', '--only', 'dns', ...EVERYTHING, ...world.toolArguments]);
		expect(code).toBe(1);
		expect(out.split('\n').filter((line) => line !== '')).toHaveLength(41);
		expect(out).toMatch(/^A {2}postmaster@example\.com/);
	});
});

describe('trace', () => {
	it('is a table for all', async () => {
		const { code, out } = await signpost(['trace', 'alice@example.com', '--all', ...world.toolArguments]);
		expect(out).toMatch(
			/^Thunderbird 153 +imap imap\.example\.com:993 TLS +smtp smtp\.example\.com:465 TLS +https:\/\/autoconfig\.example\.com\/mail\/config-v1\.1\.xml$/m,
		);
		// PACC has no words for this record.
		expect(out).toMatch(/^a client that follows PACC +none +none$/m);
		expect(code).toBe(1);
	});
});

describe('init', () => {
	it('writes the record that the domain shows, once', async () => {
		const args = ['init', 'example.com', '--yes', '--name', 'Example Mail', ...world.toolArguments];
		const { code, out } = await signpost(args);
		expect(out).toMatch(/_submissions\._tcp +smtp\.example\.com\./);
		expect(out).toMatch(/Submission \(SMTP\) +smtp\.example\.com:465 TLS/);
		expect(code).toBe(0);
		const text = await readFile(join(folder, 'example.com.json'), 'utf8');
		expect(parseRecordText(text).ok).toBe(true);
		expect(JSON.parse(text).services).toEqual({
			imap: { host: 'imap.example.com' },
			pop3: { host: 'pop.example.com' },
			submission: { host: 'smtp.example.com' },
			sieve: { host: 'sieve.example.com' },
		});
		const again = await signpost(args);
		expect(again.code).toBe(2);
		expect(again.err).toContain('example.com.json is there already');
		expect((await signpost([...args, '--force'])).code).toBe(0);
	});

	it('takes the operator’s word where nothing is found', async () => {
		const { out, code } = await signpost([
			'init',
			'example.edu',
			'--json',
			'--imap',
			'mail.example.edu',
			'--submission',
			'mail.example.edu',
			...world.toolArguments,
		]);
		expect(code).toBe(0);
		expect(JSON.parse(out).record.services).toEqual({ imap: { host: 'mail.example.edu' }, submission: { host: 'mail.example.edu' } });
	});

	it('writes nothing where nothing is known', async () => {
		const { code, err } = await signpost(['init', 'example.edu', '--yes', ...world.toolArguments]);
		expect(code).toBe(2);
		expect(err).toContain('no mail server was found or named');
	});
});
