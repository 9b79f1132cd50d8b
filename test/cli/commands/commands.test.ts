/** The tool as users call it: arguments in, output and exit code out. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
});
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
		'dns',
		'doctor',
		'history',
		'hostnames',
		'import',
		'init',
		'ls',
		'outside',
		'pull',
		'push',
		'record',
		'render',
		'restore',
		'rm',
		'token',
		'trace',
		'usage',
		'webhook',
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

describe('record', () => {
	const GOOD = 'kind: domain\nprovider: {name: Example Mail}\nservices: {imap: {host: imap.example.com}}\n';
	const FAULTY = '{"kind":"domain","provider":{"name":""},"services":{"imap":{"host":"imap.example.com","port":993}}}';

	it('check looks at every file, names every fault, and a warning is none', async () => {
		await writeFile(join(folder, 'good.yaml'), GOOD);
		await writeFile(join(folder, 'faulty.json'), FAULTY);
		await writeFile(join(folder, 'torn.json'), '{"kind":');
		const good = await signpost(['record', 'check', 'good.yaml', '-'], '{"kind":"alias","of":"example.org"}');
		expect(good).toMatchObject({ code: 0, err: '' });
		expect(good.out).toMatch(/^good.yaml: services: warning: .*\ngood.yaml: a good record.\nstandard input: a good record.\n$/);
		const faulty = await signpost(['record', 'check', 'faulty.json', 'torn.json', 'good.yaml']);
		expect([faulty.code, faulty.out.split('\n').map((line) => line.replace(/ at line .*/, ''))]).toEqual([
			1,
			[
				'faulty.json: provider.name must not be empty',
				'faulty.json: services.imap.port is not a field of a record',
				'torn.json: the record is neither JSON nor YAML: Flow map must end with a }',
				expect.stringContaining('good.yaml: services: warning'),
				'good.yaml: a good record.',
				'',
			],
		]);
		const json = JSON.parse((await signpost(['record', 'check', 'faulty.json', '--json'])).out);
		expect(json).toMatchObject([{ file: 'faulty.json', good: false, faults: [{ path: 'provider.name' }, {}], warnings: [] }]);
	});

	it('check of a file that cannot be read is exit code 2, and the others are looked at all the same', async () => {
		const { code, out, err } = await signpost(['record', 'check', 'nowhere.json', folder, 'good.yaml']);
		expect([code, out.includes('good.yaml: a good record.')]).toEqual([2, true]);
		expect(err).toMatch(/there is no file or folder nowhere.json[\s\S]*is a folder, and a file is needed/);
	});

	it.each<[string, readonly string[], RegExp]>([
		['neither check nor put', ['get', 'good.yaml'], /there is no "record get"/],
		['put without a file', ['put', 'example.org'], /put takes a name and one file/],
		['put of two files', ['put', 'example.org', 'good.yaml', 'good.yaml'], /put takes a name and one file/],
		['put under no name', ['put', 'exa mple', 'good.yaml'], /"exa mple" is no name of a record/],
		['put to two places', ['put', 'example.org', 'good.yaml', '--remote', '--state', 'x'], /both --remote and --state/],
		['check with a place to put to', ['check', 'good.yaml', '--remote'], /check stores nothing/],
		['put outside the checkout', ['put', 'example.org', 'good.yaml'], /wrangler is not here[\s\S]*checkout/],
	])('%s: exit code 2', async (_, args, message) => {
		await writeFile(join(folder, 'good.yaml'), GOOD);
		const { code, err } = await signpost(['record', ...args]);
		expect(code).toBe(2);
		expect(err).toMatch(message);
	});

	it('put stores nothing that has faults', async () => {
		await writeFile(join(folder, 'faulty.json'), FAULTY);
		const { code, err } = await signpost(['record', 'put', 'example.org', 'faulty.json']);
		expect([code, err]).toEqual([1, 'example.org is left as it is: nothing was stored.\n']);
	});

	it.each([
		['the store of npm start', [], ['--local', '--persist-to', '.wrangler/state'], 'wrangler.toml'],
		['another store', ['--state', 'elsewhere'], ['--local', '--persist-to', 'elsewhere'], 'wrangler.toml'],
		['the deployed service, with the operator’s settings', ['--remote'], ['--remote'], '.wrangler.merged.json'],
	])('put writes JSON into %s', async (_, options, store, config) => {
		const checkout = await mkdtemp(join(folder, 'checkout-'));
		await mkdir(join(checkout, 'node_modules/wrangler'), { recursive: true });
		await writeFile(join(checkout, 'package.json'), '{}');
		await writeFile(join(checkout, 'wrangler.toml'), 'name = "signpost"\n');
		await writeFile(join(checkout, 'wrangler.local.toml'), '[vars]\nSERVICE_HOST = "signpost.example.net"\n');
		// A stand-in for wrangler records its arguments and the value, instead of changing a real account.
		await writeFile(
			join(checkout, 'node_modules/wrangler/index.js'),
			`const { readFileSync } = require('node:fs');
const words = process.argv.slice(2);
console.log(JSON.stringify({ words, value: JSON.parse(readFileSync(words[words.indexOf('--path') + 1], 'utf8')) }));`,
		);
		await writeFile(join(checkout, 'record.yaml'), GOOD);
		const { code, out } = await runSignpost(['record', 'put', '*.Example.org', 'record.yaml', ...options], checkout);
		expect(code).toBe(0);
		const calls = out
			.split('\n')
			.filter((line) => line.startsWith('{'))
			.map((line): { words: string[]; value: unknown } => JSON.parse(line));
		// Of a wildcard, the service is also told that its list of them is out of date.
		expect(calls.map(({ words }) => words.slice(0, 4))).toEqual([
			['kv', 'key', 'put', 'record:*.example.org'],
			['kv', 'key', 'put', 'store:wildcards'],
		]);
		expect(calls.map(({ value }) => value)).toEqual([expect.objectContaining({ kind: 'domain', provider: { name: 'Example Mail' } }), {}]);
		for (const { words } of calls) expect(words.slice(6)).toEqual(['--binding', 'RECORDS', ...store, '--config', join(checkout, config)]);
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

describe('check of a list with faults, and over time', () => {
	it('names a bad line and looks at the others; what was not looked at is not fine', async () => {
		await writeFile(join(folder, 'mixed.txt'), 'example.com\n\n# a comment\nnot a domain\nalice@\n');
		const { code, out, err } = await signpost(['check', '--from', 'mixed.txt', '--only', 'dns', ...EVERYTHING, ...world.toolArguments]);
		expect([code, out.startsWith('A  postmaster@example.com')]).toEqual([2, true]);
		expect(err).toContain('mixed.txt:4: "not a domain" is neither an e-mail address nor a domain; passed over\nmixed.txt:5: "alice@" is');
	});

	it.each([
		['nowhere.txt', /there is no file or folder nowhere.txt/],
		['.', /is a folder, and a file is needed/],
		['bad.txt', /bad.txt names no address that could be looked at/],
	])('says what is wrong with --from %s', async (from, message) => {
		await writeFile(join(folder, 'bad.txt'), '???\n');
		const { code, out, err } = await signpost(['check', '--from', from, ...EVERYTHING, ...world.toolArguments]);
		expect([code, out]).toEqual([2, '']);
		expect(err).toMatch(message);
	});

	it('--watch --json is a line of JSON for the first round, and one for each change', async () => {
		const args = ['check', 'example.com', '--only', 'dns', '--watch', '1', '--json', ...EVERYTHING, ...world.toolArguments];
		const child = spawn(process.execPath, [join(import.meta.dirname, '../../../src/cli/main.ts'), ...args], { cwd: folder });
		const lines: unknown[] = [];
		for await (const line of createInterface(child.stdout)) {
			lines.push(JSON.parse(line));
			world.nameServer.zone = lines.length === 1 ? zone.filter(({ name }) => name !== '_imaps._tcp.example.com') : zone;
			if (lines.length === 3) child.kill();
		}
		const missing = { address: 'postmaster@example.com', code: 'dns-missing', place: '_imaps._tcp.example.com SRV' };
		expect(lines).toMatchObject([{ reports: [{ overall: 'A' }] }, { new: [missing], gone: [] }, { new: [], gone: [missing] }]);
	});
});

describe('trace', () => {
	it.each([['--all'], ['--client=outlook'], ['--json']])(
		'%s says that DNS does not answer, and names no client as without servers',
		async (option) => {
			const { code, out, err } = await signpost(['trace', 'alice@example.com', option, '--resolver', '127.0.0.1:1', '--timeout', '1']);
			expect([code, out]).toEqual([2, '']);
			expect(err).toMatch(/does not answer/);
		},
	);

	it('is a table for all', async () => {
		const { code, out } = await signpost(['trace', 'alice@example.com', '--all', ...world.toolArguments]);
		expect(out).toMatch(
			/^Thunderbird 153 +imap imap\.example\.com:993 TLS +smtp smtp\.example\.com:465 TLS +https:\/\/autoconfig\.example\.com\/mail\/config-v1\.1\.xml +run: [\d.]+, \d{4}-\d\d-\d\d$/m,
		);
		// PACC cannot express this record.
		expect(out).toMatch(/^a client that follows PACC +none +none +read, not run: draft-ietf-mailmaint-pacc-\d+, \d{4}-\d\d-\d\d$/m);
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

	it.each([
		[
			'587 is silent',
			587,
			'silent',
			{},
			/smtp\.example\.com:587 is offered to clients, but not known here: it fell silent or hung up during the greeting\. signpost check tells whether it works\.\n/,
		],
		[
			'465 is silent',
			465,
			'silent',
			{ implicit: null },
			/smtp\.example\.com:465 is not offered to clients, because it is not known here: .* If the server has it, edit the record\.\n/,
		],
		['587 is closed', 587, 'closed', { starttls: null }, null],
		['465 is closed', 465, 'closed', { implicit: null }, null],
	] as const)('does not take a port of which it knows nothing for one that is closed: %s', async (_, port, state, ports, said) => {
		// As behind a filter: the connection is there, and nothing comes.
		const silent = createServer((socket) => socket.on('error', () => {}).resume());
		await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
		const { port: silentPort } = silent.address() as AddressInfo;
		const detour = `smtp.example.com:${port}::${state === 'silent' ? silentPort : 1}`;
		const network = world.toolArguments.map((value, at) => (world.toolArguments[at - 1] === '--connect-to' ? `${detour},${value}` : value));
		const { code, out, err } = await signpost(['init', 'example.com', '--json', '--yes', ...network, '--timeout', '1']);
		await new Promise((resolve) => silent.close(resolve));
		expect(code).toBe(0);
		const { found, record, unknownPorts } = JSON.parse(out);
		expect(record.services.submission).toEqual({ host: 'smtp.example.com', ...ports });
		if (said === null) expect([err, unknownPorts]).toEqual([expect.not.stringContaining('not known'), []]);
		else {
			expect(err).toMatch(said);
			expect(unknownPorts).toMatchObject([{ service: 'submission', host: 'smtp.example.com', port }]);
			expect(found).toContainEqual({
				about: 'Submission (SMTP)',
				text: expect.stringMatching(`^smtp\\.example\\.com:${port} not known: `),
			});
		}
	});

	it('says so where DNS does not answer, and does not call it none', async () => {
		const { code, out, err } = await signpost([
			...['init', 'example.com', '--json', '--imap', 'imap.example.com', '--submission', 'smtp.example.com'],
			...['--resolver', '127.0.0.1:1', '--timeout', '1'],
		]);
		expect(code).toBe(0);
		const { found, record, unknownPorts } = JSON.parse(out);
		expect(found).toContainEqual({ about: 'MX', text: expect.stringMatching('^not known: ') });
		expect(found).toContainEqual({ about: '_submissions._tcp', text: expect.stringMatching('^not known: ') });
		expect(JSON.stringify(found)).not.toContain('"none"');
		expect(record.services).toEqual({ imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } });
		expect(unknownPorts).toContainEqual(expect.objectContaining({ host: 'smtp.example.com', port: 587 }));
		for (const port of ['imap.example.com:993', 'smtp.example.com:465', 'smtp.example.com:587'])
			expect(err).toContain(
				`${port} is offered to clients, but not known here: DNS did not answer for its address. signpost check tells whether it works.\n`,
			);
		expect(err).not.toContain('imap.example.com:143');
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
