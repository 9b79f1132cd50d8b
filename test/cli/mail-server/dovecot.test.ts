/** Parses Dovecot's files as Dovecot does, and checks the findings about them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { checkDovecot } from '../../../src/cli/mail-server/dovecot/check-dovecot.ts';
import { authMechanisms } from '../../../src/cli/mail-server/dovecot/check-dovecot-login.ts';
import { type DovecotVersion, enabledProtocols, listenersOf } from '../../../src/cli/mail-server/dovecot/dovecot-listeners.ts';
import { parseDovecot } from '../../../src/cli/mail-server/dovecot/parse-dovecot.ts';
import { readDovecotConfig } from '../../../src/cli/mail-server/dovecot/read-dovecot.ts';
import { renderDovecot } from '../../../src/cli/mail-server/dovecot/render-dovecot.ts';
import { judgeReview } from '../../../src/cli/mail-server/server-review.ts';
import { DOMAIN, offersOf } from './record-offers.ts';

const host = 'mail.example.com';
const OFFERS = offersOf({ imap: { host, starttls: 143 }, pop3: { host }, submission: { host }, sieve: { host } });
const renderFor = (version: DovecotVersion, offers = OFFERS) => renderDovecot({ domain: DOMAIN, offers, starttlsEndsOn: null }, version);

/** The configuration of a host before the printed part is included. */
const HOST = {
	'2.3': 'protocols = imap lmtp\nssl_cert = </etc/ssl/mail.pem\nssl_key = </etc/ssl/mail.key\n',
	'2.4':
		'dovecot_config_version = 2.4.0\nprotocols {\n  imap = yes\n  lmtp = yes\n}\nssl_server {\n  cert_file = /etc/ssl/mail.pem\n  key_file = /etc/ssl/mail.key\n}\n',
} as const satisfies Record<DovecotVersion, string>;
const wholeFor = (version: DovecotVersion, offers = OFFERS) => HOST[version] + renderFor(version, offers);

const review = (text: string, offers = OFFERS) => judgeReview(checkDovecot(parseDovecot(text), offers));
const findingsOf = (text: string, offers = OFFERS) => review(text, offers).findings.map(({ code, place }) => `${code} ${place}`);
/** Without the advice on ports that the record does not offer. */
const faultsOf = (text: string, offers = OFFERS) => findingsOf(text, offers).filter((each) => !each.startsWith('dovecot-port-unlisted'));

describe('the file', () => {
	it.each([
		['a = b', 'b', 'plain'],
		['a = "b c"', 'b c', 'quoted'],
		['a = b # c', 'b', 'a comment behind'],
		['a = b# c', 'b', 'a comment without a blank, of which Dovecot warns'],
		['a = "b # c"', 'b # c', 'no comment within quotes'],
		['a = "b" # "c"', 'b', 'a comment behind quotes'],
		["a = 'b # c'", 'b # c', 'single quotes'],
		['a = b\na = c', 'c', 'the later wins'],
		['a = x\na = $a y', 'x y', 'added to'],
		['a = $a y', 'y', 'added to nothing'],
		['a = x\nb {\n}\na = $SET:a y', 'x y', 'as 2.4 writes it'],
		['a = b \\\n  c', 'b c', 'a line that goes on'],
		['a = </etc/ssl/x.pem', '</etc/ssl/x.pem', 'from a file'],
		['a=b', 'b', 'no blanks'],
	])('%j: %j, %s', (text, value) => {
		expect(parseDovecot(text).settings.get('a')?.replace(/ +/g, ' ')).toBe(value);
	});

	it.each([
		['service imap-login { inet_listener imap { port = 0 } }', 'two blocks on one line'],
		['service imap-login {\n  inet_listener imap { port = 0 }\n}', 'a block on one line'],
		['service imap-login {\n  inet_listener imap {\n    port = 0 }\n}', 'a closing brace behind a setting'],
		['}', 'a brace that closes nothing'],
		['service imap-login {', 'a block that is not closed'],
		['nonsense', 'a word'],
	])('%j is a line that Dovecot does not start with: %s', (text) => {
		expect(findingsOf(text).filter((each) => each.startsWith('dovecot-syntax'))).toHaveLength(1);
	});

	it('a brace behind a setting is read as it is meant', () => {
		const config = parseDovecot('protocols = imap\nservice imap-login {\n  inet_listener imap {\n    port = 0 }\n  }\nssl = required\n');
		expect(config.settings.get('ssl')).toBe('required');
		expect(listenersOf(config).map(({ port }) => port)).toEqual([993]);
	});

	it('has the ports that nobody writes down', () => {
		expect(listenersOf(parseDovecot('protocols = imap pop3 sieve submission')).map(({ port, ssl }) => [port, ssl])).toEqual([
			[143, false],
			[993, true],
			[110, false],
			[995, true],
			[587, false],
			[4190, false],
		]);
		const config = parseDovecot('dovecot_config_version = 2.4.0\nprotocols = submission');
		expect(listenersOf(config).map(({ port, ssl }) => [port, ssl])).toEqual([
			[587, false],
			[465, true],
		]);
	});

	it('names protocols and mechanisms as 2.4 does, too', () => {
		const config = parseDovecot(
			'protocols = imap lmtp\nprotocols {\n  sieve = yes\n  lmtp = no\n}\nauth_mechanisms {\n  plain = yes\n  login = yes\n}\n',
		);
		expect([...enabledProtocols(config)]).toEqual(['imap', 'sieve']);
		expect(authMechanisms(config)).toEqual(['plain', 'login']);
	});
});

describe('files that include others', () => {
	const folder = mkdtempSync(join(tmpdir(), 'signpost-dovecot-'));
	afterAll(() => rmSync(folder, { recursive: true }));

	it('are read in order, and not round and round', () => {
		mkdirSync(join(folder, 'conf.d'));
		writeFileSync(
			join(folder, 'dovecot.conf'),
			'ssl = no\n!include conf.d/*.conf\n!include_try nowhere.conf\n!include_try conf.d/*.nothing\n',
		);
		writeFileSync(join(folder, 'conf.d/10.conf'), 'ssl = yes\n!include ../dovecot.conf\n');
		writeFileSync(join(folder, 'conf.d/99.conf'), 'ssl = required\n');
		const config = readDovecotConfig(join(folder, 'dovecot.conf'));
		expect(config.settings.get('ssl')).toBe('required');
		expect(config.unreadIncludes).toEqual([]);
	});

	it('one that is not there, or that may not be read, is named', () => {
		mkdirSync(join(folder, 'folder.conf'));
		writeFileSync(join(folder, 'other.conf'), '!include nowhere.conf\n!include_try folder.conf\n');
		chmodSync(join(folder, 'other.conf'), 0o600);
		const config = readDovecotConfig(join(folder, 'other.conf'));
		expect(config.unreadIncludes.map((each) => each.replace(`${folder}/`, ''))).toEqual(['nowhere.conf', 'folder.conf']);
		expect(judgeReview(checkDovecot(config, OFFERS)).notUnderstood.map(({ place }) => place)).toContain('!include nowhere.conf');
	});
});

describe('what is printed adds to the host', () => {
	it.each(['2.3', '2.4'] as const)('for %s: what was on stays on, and nothing is found', (version) => {
		const more =
			version === '2.3'
				? 'protocols = $protocols submission\nauth_mechanisms = scram-sha-256\n'
				: 'protocols {\n  submission = yes\n}\nauth_mechanisms = scram-sha-256\n';
		const config = parseDovecot(HOST[version] + more + renderFor(version));
		expect([...enabledProtocols(config)].sort()).toEqual(['imap', 'lmtp', 'pop3', 'sieve', 'submission']);
		expect(authMechanisms(config)).toEqual(['scram-sha-256', 'plain', 'login']);
		expect(config.settings.get('ssl_cert') ?? config.blocks.find(({ kind }) => kind === 'ssl_server')?.settings.get('cert_file')).toContain(
			'mail.pem',
		);
		expect(review(wholeFor(version))).toMatchObject({ verdict: 'nothing-found', notUnderstood: [] });
	});

	it.each(['2.3', '2.4'] as const)('for %s: no listener is moved or turned off', (version) => {
		expect(renderFor(version)).not.toMatch(/^\s*port = /m);
		const other = renderFor(version, offersOf({ imap: { host, implicit: 10993 }, submission: { host } }));
		expect(other).toContain('service imap-login {\n  inet_listener imap_10993 {\n    port = 10993\n    ssl = yes\n  }\n}');
	});
});

describe('what is found', () => {
	const text = wholeFor('2.3');
	const newer = wholeFor('2.4');
	const submission = 'protocols = imap lmtp pop3 sieve submission\n';
	it.each<[name: string, text: string, wanted: readonly string[]]>([
		['TLS optional', text.replace('ssl = required', 'ssl = yes'), ['dovecot-tls-optional ssl']],
		['TLS off', text.replace('ssl = required', 'ssl = no'), ['dovecot-tls-off ssl']],
		[
			'passwords in the clear',
			`${text.replace('ssl = required', 'ssl = yes')}disable_plaintext_auth = no\n`,
			['dovecot-tls-optional ssl', 'dovecot-auth-before-tls disable_plaintext_auth'],
		],
		[
			'the same in 2.4',
			`${newer.replace('ssl = required', 'ssl = yes')}auth_allow_cleartext = yes\n`,
			['dovecot-tls-optional ssl', 'dovecot-auth-before-tls auth_allow_cleartext'],
		],
		['TLS off for IMAP', `${text}protocol imap {\n  ssl = no\n}\n`, ['dovecot-tls-off protocol imap { ssl }']],
		['TLS off for all but LMTP', `${text}protocol !lmtp {\n  ssl = no\n}\n`, ['dovecot-tls-off protocol !lmtp { ssl }']],
		['TLS off for LMTP alone', `${text}protocol lmtp {\n  ssl = no\n}\n`, []],
		['TLS off on an address', `${text}local 192.0.2.1 {\n  ssl = no\n}\n`, ['dovecot-tls-off local 192.0.2.1 { ssl }']],
		['TLS off for some', `${text}remote 198.51.100.0/24 {\n  ssl = no\n}\n`, ['dovecot-tls-off remote 198.51.100.0/24 { ssl }']],
		[
			'TLS off in a block within a block',
			`${text}local 192.0.2.1 {\n  protocol pop3 {\n    ssl = no\n  }\n}\n`,
			['dovecot-tls-off local 192.0.2.1, protocol pop3 { ssl }'],
		],
		['TLS off for this machine', `${text}remote 127.0.0.1 {\n  ssl = no\n}\n`, []],
		[
			'passwords in the clear for some',
			`${text}remote 198.51.100.0/24 {\n  ssl = yes\n  disable_plaintext_auth = no\n}\n`,
			['dovecot-tls-optional remote 198.51.100.0/24 { ssl }', 'dovecot-auth-before-tls remote 198.51.100.0/24 { disable_plaintext_auth }'],
		],
		['a large public network trusted', `${text}login_trusted_networks = 8.0.0.0/8\n`, ['dovecot-trusts-all login_trusted_networks']],
		['any password lets anybody in', `${text}passdb {\n  driver = static\n  args = nopassword=y\n}\n`, ['dovecot-no-password passdb']],
		[
			'a proxy, behind which the password is looked at',
			`${text}passdb {\n  driver = static\n  args = proxy=y host=10.0.0.2 nopassword=y\n}\n`,
			[],
		],
		[
			'a certificate of the system for one name',
			`${text}local_name mail.example.net {\n  ssl_cert = </etc/ssl/certs/ssl-cert-snakeoil.pem\n}\n`,
			['dovecot-snakeoil local_name mail.example.net { ssl_cert }'],
		],
		['everybody trusted', `${text}login_trusted_networks = 0.0.0.0/0\n`, ['dovecot-trusts-all login_trusted_networks']],
		['everybody trusted, of IPv6', `${text}login_trusted_networks = 10.0.0.0/8 ::/0\n`, ['dovecot-trusts-all login_trusted_networks']],
		[
			'loopback alone',
			`${text}listen = 127.0.0.1, ::1\n`,
			[
				'dovecot-loopback service imap-login, inet_listener imaps (port 993)',
				'dovecot-loopback service imap-login, inet_listener imap (port 143)',
				'dovecot-loopback service pop3-login, inet_listener pop3s (port 995)',
				'dovecot-loopback service managesieve-login, inet_listener sieve (port 4190)',
			],
		],
		[
			'a listener on loopback',
			`${text}service imap-login {\n  inet_listener imaps {\n    address = 127.0.0.1\n  }\n}\n`,
			['dovecot-loopback service imap-login, inet_listener imaps (port 993)'],
		],
		[
			'the same in 2.4',
			`${newer}service imap-login {\n  inet_listener imaps {\n    listen = 127.0.0.1\n  }\n}\n`,
			['dovecot-loopback service imap-login, inet_listener imaps (port 993)'],
		],
		['old TLS', `${text}ssl_min_protocol = TLSv1\n`, ['dovecot-tls-old ssl_min_protocol']],
		['old TLS, as 2.2 has it', `${text}ssl_protocols = !SSLv2 !SSLv3\n`, ['dovecot-tls-old ssl_protocols']],
		['weak ciphers', `${text}ssl_cipher_list = ALL:eNULL\n`, ['dovecot-ciphers-weak ssl_cipher_list']],
		['no certificate', text.replace(/^ssl_cert = .*$/m, ''), ['dovecot-no-certificate ssl_cert']],
		['no certificate in 2.4', newer.replace(/cert_file = \/etc\/ssl.*$/m, ''), ['dovecot-no-certificate ssl_cert']],
		[
			'the system’s own certificate',
			text.replace(/^ssl_cert = .*$/m, 'ssl_cert = </etc/ssl/certs/ssl-cert-snakeoil.pem'),
			['dovecot-snakeoil ssl_cert'],
		],
		[
			'993 in the clear',
			`${text}service imap-login {\n  inet_listener imaps {\n    ssl = no\n  }\n}\n`,
			['dovecot-not-implicit service imap-login, inet_listener imaps (port 993)'],
		],
		[
			'143 wrapped in TLS',
			`${text}service imap-login {\n  inet_listener imap {\n    ssl = yes\n  }\n}\n`,
			['dovecot-implicit service imap-login, inet_listener imap (port 143)'],
		],
		['no POP3', text.replace('imap pop3 sieve', 'imap sieve'), ['dovecot-port-absent pop3, port 995']],
		['no way to log in', text.replace('$auth_mechanisms plain login', 'cram-md5'), ['dovecot-mechanism-missing auth_mechanisms']],
		[
			'no way to log in in 2.4',
			newer.replace('plain = yes', 'plain = no').replace('login = yes', 'gssapi = yes'),
			['dovecot-mechanism-missing auth_mechanisms'],
		],
		['ANONYMOUS', `${text}auth_mechanisms = $auth_mechanisms anonymous\n`, ['dovecot-anonymous auth_mechanisms']],
		['ANONYMOUS in 2.4', newer.replace('login = yes', 'login = yes\n  ANONYMOUS = yes'), ['dovecot-anonymous auth_mechanisms']],
		['client certificates', `${text}auth_ssl_require_client_cert = yes\n`, ['dovecot-client-certificate auth_ssl_require_client_cert']],
		[
			'its own submission: 587 in TLS, 465 not there',
			`${text}${submission}service submission-login {\n  inet_listener submission {\n    ssl = yes\n  }\n}\n`,
			['dovecot-submission-absent submission, port 465', 'dovecot-implicit service submission-login, inet_listener submission (port 587)'],
		],
		[
			'its own submission, 2.4: 465 off',
			`${newer}protocols {\n  submission = yes\n}\nservice submission-login {\n  inet_listener submissions {\n    port = 0\n  }\n}\n`,
			['dovecot-submission-absent submission, port 465'],
		],
	])('%s', (_, edited, wanted) => {
		expect(faultsOf(edited)).toEqual(wanted);
	});

	it('a port that the record does not offer is advice alone', () => {
		expect(findingsOf(text)).toEqual(['dovecot-port-unlisted service pop3-login, inet_listener pop3 (port 110)']);
	});

	it('OAuth is asked for where the record has it', () => {
		const oauth = { issuer: 'https://a.example/', authUrl: 'https://a.example/a', tokenUrl: 'https://a.example/t', scope: 'mail' };
		const offers = offersOf({ imap: { host } }, { oauth });
		expect(renderFor('2.3', offers)).toContain('auth_mechanisms = $auth_mechanisms plain login xoauth2 oauthbearer');
		expect(faultsOf(wholeFor('2.3', offers).replace(' xoauth2 oauthbearer', ''), offers)).toEqual([
			'dovecot-mechanism-missing auth_mechanisms',
		]);
	});

	it('a record with submission alone has only the log-in socket', () => {
		const printed = renderFor('2.3', offersOf({ submission: { host } }));
		expect(printed).toContain('unix_listener /var/spool/postfix/private/auth');
		expect(printed).not.toContain('ssl_cert');
	});
});

describe('what was not understood', () => {
	const text = wholeFor('2.3');
	it.each([
		['an unknown setting of TLS', `${text}ssl_frobnicate = yes\n`, 'ssl_frobnicate'],
		['the same in a block', `${text}protocol imap {\n  ssl_frobnicate = yes\n}\n`, 'protocol imap { ssl_frobnicate }'],
		['a policy server', `${text}auth_policy_server_url = http://localhost/\n`, 'auth_policy_server_url'],
		['a reference', `${text}ssl_min_protocol = $ENV:LEAST\n`, 'ssl_min_protocol'],
		['a version of TLS', `${text}ssl_min_protocol = TLSv9\n`, 'ssl_min_protocol'],
		['a value of ssl', `${text}ssl = perhaps\n`, 'ssl'],
		['a trusted name', `${text}login_trusted_networks = proxy.example.com\n`, 'login_trusted_networks'],
		['nothing at all', '', 'dovecot.conf'],
	])('%s: never "nothing to find fault with"', (_, edited, place) => {
		const verdict = review(edited);
		expect(verdict.notUnderstood.map((each) => each.place)).toContain(place);
		expect(verdict.verdict).not.toBe('nothing-found');
	});

	it('says that submission is Postfix’s, where it is', () => {
		expect(review(text).notLookedAt.map(({ place }) => place)).toEqual(['certificates', 'submission']);
	});
});

it('whatever stands in the file, it comes to an end without a throw', () => {
	const words = fc.constantFrom(
		'service imap-login {',
		'inet_listener imap {',
		'}',
		'port = x',
		'port = 993 }',
		'a {b {c {',
		'!include x',
		'"',
		'\\',
		'#',
		'\0',
		'ssl =',
		'ssl_server { cert_file = x }',
	);
	const file = fc.array(fc.oneof(words, fc.string()), { maxLength: 60 }).map((parts) => parts.join('\n'));
	fc.assert(fc.property(file, (text) => review(text).verdict !== 'nothing-found'));
});
