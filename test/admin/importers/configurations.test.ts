/** The configuration of other programs: what fits becomes records, and what does not is named with its place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAutodiscoverAnswer } from '../../../src/admin/importers/autodiscover-importer.ts';
import { CONFIGURATION_PARSERS } from '../../../src/admin/importers/configuration-parsers.ts';
import { importSource } from '../../../src/admin/importers/imported-record.ts';
import type { Domain } from '../../../src/model/names.ts';
import { parseRecord } from '../../../src/model/record.ts';
import { domain } from '../../support/valid-names.ts';

type Format = keyof typeof CONFIGURATION_PARSERS;

const FOLDER = join(import.meta.dirname, '../../fixtures/configurations');
const readFixture = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

interface Imported {
	readonly domains: readonly Domain[];
	/** The record, or the code of a refusal. */
	readonly result: unknown;
	readonly lost: readonly string[];
}

async function importFiles(format: Format, files: readonly string[], wanted: Domain | null = null): Promise<readonly Imported[] | string> {
	const parsed = CONFIGURATION_PARSERS[format](files, wanted);
	if (!parsed.ok) return parsed.error.code;
	const { groups, notes } = parsed.value;
	return Promise.all(
		groups.map(async ({ domains, source }) => {
			const imported = await importSource(source, domains[0], 0);
			return imported.ok
				? { domains, result: imported.value.record, lost: [...imported.value.lost, ...notes] }
				: { domains, result: imported.error.code, lost: notes };
		}),
	);
}

const OAUTH = {
	issuer: 'https://id.example.net',
	authUrl: 'https://id.example.net/authorize',
	tokenUrl: 'https://id.example.net/token',
	scope: 'openid offline_access mail',
};
const WEEK = 604_800;

interface Case {
	readonly format: Format;
	readonly files: readonly string[];
	readonly wanted?: Domain;
	readonly records: readonly { readonly domains: readonly string[]; readonly record: object | string }[];
	/** Each is part of a sentence. */
	readonly said: readonly string[];
}

const CASES: readonly Case[] = [
	{
		format: 'automx3',
		files: ['automx3.conf'],
		records: [
			{
				domains: ['example.org', 'example.net'],
				record: {
					kind: 'domain',
					provider: { name: 'Example Mail', shortName: 'Example', help: 'https://help.example.net/mail' },
					services: {
						imap: { host: 'imap.example.net', auth: ['oauth2', 'password'] },
						pop3: { host: 'pop.example.net', auth: ['password'] },
						submission: { host: 'smtp.example.net', implicit: null, auth: ['oauth2', 'password'] },
						sieve: { host: 'sieve.example.net', auth: ['password'] },
						jmap: { url: 'https://jmap.example.net/session', auth: ['oauth2'] },
						caldav: { url: 'https://dav.example.net/calendars/', auth: ['oauth2'] },
						activesync: { url: 'https://mail.example.net/Microsoft-Server-ActiveSync' },
					},
					oauth: OAUTH,
				},
			},
			{
				domains: ['beratung.example'],
				record: {
					kind: 'domain',
					provider: { name: 'Example Mail', shortName: 'Example' },
					services: { submission: { host: 'smtp.example.net', starttls: null, login: '%EMAILLOCALPART%' } },
				},
			},
		],
		said: [
			'[global] smtp_default: a record has no field for it (yes)',

			'[beratung.example] imap (IMAP on imap.beratung.example:143, no encryption) is not carried over: it is without encryption',
			'[global-smtp] backend = ldap',
		],
	},
	{
		format: 'environment',
		files: ['environment.env'],
		records: [
			{
				domains: ['example.org'],
				record: {
					kind: 'domain',
					provider: { name: 'Example Mail', help: 'https://help.example.org/' },
					services: {
						imap: { host: 'imap.example.org' },
						submission: { host: 'smtp.example.org', implicit: null },
						activesync: { url: 'https://sync.example.org/' },
					},
				},
			},
		],
		said: ['MOBILESYNC_NAME: ', 'LDAP_HOST: ', 'PROFILE_UUID: '],
	},
	{
		format: 'environment',
		files: ['environment.compose.yml'],
		wanted: domain('other.example'),
		records: [
			{
				domains: ['other.example', 'example.org'],
				record: {
					kind: 'domain',
					provider: { name: 'Example Mail' },
					services: { imap: { host: 'imap.example.org' }, submission: { host: 'smtp.example.org', starttls: null } },
				},
			},
		],
		said: ['do not name other.example'],
	},
	{
		format: 'environment',
		files: ['environment.wrangler.toml'],
		records: [{ domains: ['example.org'], record: 'source-cleartext' }],
		said: [],
	},
	{
		format: 'mailcow',
		files: ['mailcow-domains.json', 'mailcow.conf', 'mailcow-alias-domains.json'],
		records: [
			{
				domains: ['example.org', 'example.net', 'xn--mnchen-3ya.example'],
				record: {
					kind: 'domain',
					provider: { name: 'A mailcow mail server', shortName: 'mail server' },
					services: {
						imap: { host: 'mail.example.net' },
						pop3: { host: 'mail.example.net', starttls: 110 },
						submission: { host: 'mail.example.net' },
						sieve: { host: 'mail.example.net' },
						caldav: { url: 'https://mail.example.net/SOGo/dav/' },
						carddav: { url: 'https://mail.example.net/SOGo/dav/' },
						activesync: { url: 'https://mail.example.net/Microsoft-Server-ActiveSync' },
					},
				},
			},
		],
		said: ['gone.example is switched off', 'IMAP_PORT (127.0.0.1:143)', 'vars.local.inc.php is not looked at'],
	},
	{
		format: 'mail-in-a-box',
		files: ['mailinabox.conf', 'mailinabox-domains.txt'],
		records: [
			{
				domains: ['box.example.org', 'example.org', 'example.net'],
				record: {
					kind: 'domain',
					provider: { name: 'box.example.org (Mail-in-a-Box)', shortName: 'box.example.org', help: 'https://box.example.org/' },
					services: {
						imap: { host: 'box.example.org' },
						pop3: { host: 'box.example.org' },
						submission: { host: 'box.example.org', starttls: null },
						caldav: { url: 'https://box.example.org/.well-known/caldav' },
						carddav: { url: 'https://box.example.org/.well-known/carddav' },
					},
					mtaSts: { mode: 'testing', mx: ['box.example.org'], maxAge: WEEK },
				},
			},
		],
		said: ['documentation (its texts)', '<webMail>'],
	},
	{
		format: 'stalwart',
		files: ['stalwart-0.15.toml', 'stalwart-0.15-principals.json'],
		records: [
			{
				domains: ['example.org', 'example.net'],
				record: {
					kind: 'domain',
					provider: { name: 'example.org' },
					services: { imap: { host: 'mail.example.org' }, submission: { host: 'mail.example.org' }, sieve: { host: 'mail.example.org' } },
				},
			},
		],
		said: ['server.listener.https', 'database are not looked at'],
	},
	{
		format: 'stalwart',
		files: ['stalwart-0.16.ndjson'],
		records: [
			{
				domains: ['example.org', 'example.net'],
				record: {
					kind: 'domain',
					provider: { name: 'Example Mail', help: 'https://help.example.org/' },
					services: {
						imap: { host: 'mail.example.org' },
						submission: { host: 'smtp.example.org' },
						sieve: { host: 'mail.example.org' },
						jmap: { url: 'https://mail.example.org/jmap/session' },
						caldav: { url: 'https://mail.example.org/dav/cal' },
					},
				},
			},
		],
		said: ['The order of outgoing servers', 'gone.example is switched off', 'NetworkListener'],
	},
	{
		format: 'mox',
		files: ['mox.conf', 'mox-domains.conf'],
		wanted: domain('b.example'),
		records: [
			{
				domains: ['b.example', 'a.example'],
				record: {
					kind: 'domain',
					provider: { name: 'b.example' },
					services: {
						imap: { host: 'mail.example.org' },
						submission: {
							host: 'mail.example.org',
							starttls: null,
							alternatives: [{ host: 'mail.example.org', implicit: 443, starttls: null }],
						},
					},
				},
			},
			{
				domains: ['example.org'],
				record: {
					kind: 'domain',
					provider: { name: 'example.org' },
					services: {
						imap: { host: 'mail.example.org' },
						submission: {
							host: 'mail.example.org',
							starttls: null,
							alternatives: [{ host: 'mail.example.org', implicit: 443, starttls: null }],
						},
					},
					mtaSts: { mode: 'enforce', mx: ['mail.example.org'], maxAge: WEEK },
					tlsRpt: { rua: ['mailto:tls-reports@example.org'] },
				},
			},
			{
				domains: ['xn--mnchen-3ya.example'],
				record: {
					kind: 'domain',
					provider: { name: 'xn--mnchen-3ya.example' },
					services: {
						imap: { host: 'mail.xn--mnchen-3ya.example' },
						submission: {
							host: 'mail.xn--mnchen-3ya.example',
							starttls: null,
							alternatives: [{ host: 'mail.xn--mnchen-3ya.example', implicit: 443, starttls: null }],
						},
					},
				},
			},
		],
		said: ['password-encrypted', 'Listeners.public.Submission (587)', 'Domains.gone.example: is disabled'],
	},
];

describe('the configuration of another program', () => {
	it.each(CASES)('$format, $files', async ({ format, files, wanted = null, records, said }) => {
		const imported = await importFiles(format, files.map(readFixture), wanted);
		if (typeof imported === 'string') throw new Error(imported);
		expect(imported.map(({ domains, result }) => ({ domains, record: result }))).toEqual(records);
		const lost = imported.flatMap((each) => each.lost).join('\n');
		for (const part of said) expect(lost).toContain(part);
		expect(`${lost}${JSON.stringify(imported)}`).not.toContain('SECRET');
	});

	it.each<[Format, string]>([
		['automx3', 'no sections'],
		['automx3', '[other]\nx = 1\n'],
		['environment', 'FOO=1'],
		['mailcow', '[{"domain_name": "example.org"}]'],
		['mail-in-a-box', 'example.org\n'],
		['stalwart', 'not = [toml'],
		['stalwart', '{"@type":"update","object":"SystemSettings","value":{}}'],
		['mox', 'Domains:\n\texample.org:\n'],
		['mox', 'Hostname: x\n  Listeners:\n'],
		['mox', ''],
	])('%s: what it is not is said (%j)', async (format, text) => {
		expect(await importFiles(format, [text], domain('example.org'))).toBe('source-empty');
	});

	it.each<[Format, readonly string[]]>([
		['mailcow', ['mailcow.conf']],
		['mail-in-a-box', ['mailinabox.conf']],
		['stalwart', ['stalwart-0.15.toml']],
	])('%s needs a domain where its files name none', async (format, files) => {
		expect(await importFiles(format, files.map(readFixture))).toBe('invalid');
		expect(await importFiles(format, files.map(readFixture), domain('example.org'))).toMatchObject([{ domains: ['example.org'] }]);
	});

	it('without TLS is refused as cleartext, whichever the program', async () => {
		const plain: readonly (readonly [Format, string])[] = [
			[
				'mox',
				readFixture('mox.conf')
					.replace(/\t\tTLS:\n(\t\t\t.*\n)+/, '')
					.replace(/\t\tSubmissions:\n.*\n.*\n\t\tIMAPS:/, '\t\tIMAP:'),
			],
			[
				'stalwart',
				readFixture('stalwart-0.15.toml')
					.replaceAll('tls.implicit = true', 'tls.enable = false')
					.replace('"managesieve"', '"managesieve"\ntls.enable = false')
					.replace('[::]:587"\nprotocol = "smtp"', '[::]:587"\nprotocol = "smtp"\ntls.enable = false'),
			],
			[
				'automx3',
				readFixture('automx3.conf')
					.replaceAll(/_encryption = (ssl|starttls)/g, '_encryption = none')
					.replaceAll(/^(jmap|caldav|activesync) = yes/gm, '$1 = no'),
			],
		];
		for (const [format, text] of plain) {
			const imported = await importFiles(format, [text], domain('example.org'));
			expect([format, typeof imported === 'string' ? imported : imported[0]?.result]).toEqual([format, 'source-cleartext']);
		}
	});
});

describe('whatever the files hold', () => {
	const formats = Object.keys(CONFIGURATION_PARSERS) as Format[];
	const fixtures = CASES.flatMap(({ format, files }) => files.map((file) => ({ format, lines: readFixture(file).split('\n') })));
	const spoilt = fc
		.record({
			fixture: fc.constantFrom(...fixtures),
			cuts: fc.array(fc.nat(), { maxLength: 4 }),
			inserted: fc.array(fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 30 })), { maxLength: 4 }),
			replaced: fc.option(
				fc.tuple(fc.constantFrom('example', '=', ':', '"', 'yes', 'true', '.', '\t', '993'), fc.string({ maxLength: 5 })),
				{ nil: null },
			),
		})
		.map(({ fixture: { format, lines }, cuts, inserted, replaced }) => {
			const left = [...lines];
			for (const at of cuts) left.splice(at % left.length, 1);
			for (const [at, text] of inserted) left.splice(at % (left.length + 1), 0, text);
			const text = left.join('\n');
			return { format, text: replaced === null ? text : text.replaceAll(replaced[0], replaced[1]) };
		});
	const anything = fc.record({ format: fc.constantFrom(...formats), text: fc.string({ unit: 'binary', maxLength: 300 }) });

	it('a parser answers, its records are valid, and OAuth is in none of them that did not have it', async () => {
		let records = 0;
		await fc.assert(
			fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: spoilt }, anything), async ({ format, text }) => {
				const imported = await importFiles(format, [text], domain('example.org'));
				if (typeof imported === 'string') return;
				for (const { result, lost } of imported) {
					expect(`${lost.join('\n')}${JSON.stringify(result)}`).not.toContain('SECRET');
					if (typeof result !== 'object') continue;
					records += 1;
					expect(parseRecord(result).ok).toBe(true);
					if (!/oauth/i.test(text)) expect(JSON.stringify(result)).not.toMatch(/oauth/i);
				}
			}),
			{ numRuns: 500 },
		);
		expect(records).toBeGreaterThan(40);
	});
});

describe('an answer of Autodiscover', () => {
	const answer = readFixture('autodiscover.xml');
	const read = async (text: string) => {
		const source = parseAutodiscoverAnswer(new TextEncoder().encode(text), '', null);
		if (!source.ok) return source.error;
		const imported = await importSource(source.value, domain('example.org'), 0);
		return imported.ok ? imported.value : imported.error;
	};

	it('becomes a record, with placeholders in the place of the user', async () => {
		const imported = await read(answer);
		expect(imported).toMatchObject({
			record: {
				provider: { name: 'example.org' },
				services: {
					imap: { host: 'imap.example.org' },
					submission: { host: 'smtp.example.org', implicit: null },
					caldav: { url: 'https://dav.example.org/%EMAILADDRESS%/' },
				},
			},
		});
		const lost = 'lost' in imported ? imported.lost.join('\n') : '';
		for (const part of ['POP3 on pop.example.org:110, no encryption', 'exch', 'Alice Example']) expect(lost).toContain(part);
	});

	/** Encryption and SSL of a server on a port, and what Outlook makes of them. */
	it.each([
		['993', '<SSL>on</SSL><Encryption>SSL</Encryption>', 'implicit'],
		['993', '<SSL>on</SSL>', 'implicit'],
		['993', '', 'implicit'],
		['993', '<SSL>on</SSL><Encryption>TLS</Encryption>', 'implicit'],
		['143', '<SSL>on</SSL><Encryption>TLS</Encryption>', 'starttls'],
		['143', '<SSL>off</SSL><Encryption>TLS</Encryption>', 'starttls'],
		['143', '<Encryption>Auto</Encryption>', 'starttls'],
		['143', '<SSL>on</SSL>', 'starttls'],
		['993', '<SSL>off</SSL>', 'plain'],
		['993', '<SSL>on</SSL><Encryption>None</Encryption>', 'plain'],
		['993', '<Encryption>Quantum</Encryption>', 'unknown'],
	])('port %s with %s is %s', async (port, elements, meaning) => {
		const imported = await read(
			answer
				.replace(/<Port>993<\/Port>/, `<Port>${port}</Port>`)
				.replace('<SSL>on</SSL><Encryption>TLS</Encryption><AuthRequired>', `${elements}<AuthRequired>`),
		);
		const services = 'record' in imported ? imported.record.services : {};
		const expected = {
			implicit: { host: 'imap.example.org' },
			starttls: { host: 'imap.example.org', implicit: null, starttls: 143 },
			plain: undefined,
			unknown: undefined,
		}[meaning];
		expect(services.imap).toEqual(expected);
	});

	it.each([
		['<Error><ErrorCode>601</ErrorCode><Message>Provider is not available</Message></Error>', /601 Provider is not available/],
		[
			'<Account><Action>redirectAddr</Action><RedirectAddr>alice@other.example</RedirectAddr></Account>',
			/redirects to alice@other\.example/,
		],
		[
			'<Account><Action>redirectUrl</Action><RedirectUrl>https://other.example/autodiscover.xml</RedirectUrl></Account>',
			/redirects to https:\/\/other\.example/,
		],
		['', /has no <Account>/],
	])('%s is named', async (content, reason) => {
		const refused = await read(`<Autodiscover><Response>${content}</Response></Autodiscover>`);
		expect(refused).toMatchObject({ code: 'bad-xml', errors: [{ reason: expect.stringMatching(reason) }] });
	});
});
