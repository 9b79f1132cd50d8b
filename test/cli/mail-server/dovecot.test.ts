/** Dovecot's files as Dovecot reads them, and what is found in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { checkDovecot } from '../../../src/cli/mail-server/dovecot/check-dovecot.ts';
import { listenersOf } from '../../../src/cli/mail-server/dovecot/dovecot-listeners.ts';
import { parseDovecot } from '../../../src/cli/mail-server/dovecot/parse-dovecot.ts';
import { readDovecotConfig } from '../../../src/cli/mail-server/dovecot/read-dovecot.ts';
import { type DovecotVersion, renderDovecot } from '../../../src/cli/mail-server/dovecot/render-dovecot.ts';
import { isSocketOffer, resolveConfig, type SocketOffer } from '../../../src/model/config.ts';
import type { Domain } from '../../../src/model/names.ts';
import { parseRecord } from '../../../src/model/record.ts';

const DOMAIN = 'example.com' as Domain;

function offersOf(services: object, more: object = {}): readonly SocketOffer[] {
	const parsed = parseRecord({ kind: 'domain', provider: { name: 'X' }, services, ...more });
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error('no record');
	const config = resolveConfig(parsed.value, DOMAIN, { kind: 'domain', domain: DOMAIN }, 0);
	if (!config.ok) throw new Error(config.error.path);
	return config.value.offers.filter(isSocketOffer);
}

const host = 'mail.example.com';
const OFFERS = offersOf({ imap: { host, starttls: 143 }, pop3: { host }, submission: { host }, sieve: { host } });
const renderFor = (version: DovecotVersion, offers = OFFERS) => renderDovecot({ domain: DOMAIN, offers, starttlsEndsOn: null }, version);

function findingsOf(text: string, offers = OFFERS): readonly string[] {
	return checkDovecot(parseDovecot(text), offers).map(({ code, place }) => `${code} ${place}`);
}

describe('the file', () => {
	it.each([
		['a = b', 'b', 'plain'],
		['a = "b c"', 'b c', 'quoted'],
		['a = b # c', 'b', 'a comment behind'],
		['a = "b # c"', 'b # c', 'no comment within quotes'],
		['a = b\na = c', 'c', 'the later wins'],
		['a = x\na = $a y', 'x y', 'added to'],
		['a = b \\\n  c', 'b  c', 'a line that goes on'],
		['a = </etc/ssl/x.pem', '</etc/ssl/x.pem', 'from a file'],
	])('%j: %j, %s', (text, value) => {
		expect(parseDovecot(text).settings.get('a')?.replace(/ +/g, ' ')).toBe(value.replace(/ +/g, ' '));
	});

	it('has blocks within blocks, on one line or many', () => {
		const config = parseDovecot(
			'protocols = imap\nservice imap-login {\n  inet_listener imap { port = 0 }\n  inet_listener imaps {\n    port = 1993\n  }\n}\n',
		);
		expect(listenersOf(config)).toEqual([{ kind: 'imap', name: 'imaps', port: 1993, ssl: true }]);
	});

	it('has the ports that nobody writes down', () => {
		expect(listenersOf(parseDovecot('protocols = imap pop3 sieve')).map(({ port, ssl }) => [port, ssl])).toEqual([
			[143, false],
			[993, true],
			[110, false],
			[995, true],
			[4190, false],
		]);
	});

	it('names protocols as 2.4 does, too', () => {
		expect(listenersOf(parseDovecot('protocols {\n  imap = yes\n}\nprotocols =\n')).map(({ port }) => port)).toEqual([143, 993]);
	});
});

describe('files that include others', () => {
	const folder = mkdtempSync(join(tmpdir(), 'signpost-dovecot-'));
	afterAll(() => rmSync(folder, { recursive: true }));

	it('are read in order, and not round and round', () => {
		mkdirSync(join(folder, 'conf.d'));
		writeFileSync(join(folder, 'dovecot.conf'), 'ssl = no\n!include conf.d/*.conf\n!include_try nowhere.conf\n');
		writeFileSync(join(folder, 'conf.d/10.conf'), 'ssl = yes\n!include ../dovecot.conf\n');
		writeFileSync(join(folder, 'conf.d/99.conf'), 'ssl = required\n');
		expect(readDovecotConfig(join(folder, 'dovecot.conf')).settings.get('ssl')).toBe('required');
	});
});

describe('what is found', () => {
	it.each(['2.3', '2.4'] as const)('nothing, in what is printed for %s', (version) => {
		expect(findingsOf(renderFor(version))).toEqual([]);
	});

	const text = renderFor('2.3');
	it.each<[name: string, text: string, wanted: readonly string[]]>([
		['TLS optional', text.replace('ssl = required', 'ssl = yes'), ['dovecot-tls-optional ssl']],
		['TLS off', text.replace('ssl = required', 'ssl = no'), ['dovecot-tls-off ssl']],
		[
			'passwords in the clear',
			text.replace('ssl = required', 'ssl = yes').replace('disable_plaintext_auth = yes', 'disable_plaintext_auth = no'),
			['dovecot-tls-optional ssl', 'dovecot-auth-before-tls disable_plaintext_auth'],
		],
		[
			'the same in 2.4',
			renderFor('2.4').replace('ssl = required', 'ssl = yes').replace('auth_allow_cleartext = no', 'auth_allow_cleartext = yes'),
			['dovecot-tls-optional ssl', 'dovecot-auth-before-tls auth_allow_cleartext'],
		],
		['old TLS', text.replace('TLSv1.2', 'TLSv1'), ['dovecot-tls-old ssl_min_protocol']],
		['no certificate', text.replace(/^ssl_cert = .*$/m, ''), ['dovecot-no-certificate ssl_cert']],
		[
			'993 in the clear',
			text.replace('port = 993\n    ssl = yes', 'port = 993\n    ssl = no'),
			['dovecot-not-implicit inet_listener imaps (port 993)'],
		],
		[
			'143 wrapped in TLS',
			text.replace('port = 143\n    ssl = no', 'port = 143\n    ssl = yes'),
			['dovecot-implicit inet_listener imap (port 143)'],
		],
		['no POP3', text.replace('imap pop3 sieve', 'imap sieve'), ['dovecot-port-absent pop3, port 995']],
		[
			'a port more',
			text.replace('inet_listener pop3 {\n    port = 0', 'inet_listener pop3 {\n    port = 110'),
			['dovecot-port-unlisted inet_listener pop3 (port 110)'],
		],
		['no way to log in', text.replace('plain login', 'cram-md5'), ['dovecot-mechanism-missing auth_mechanisms']],
	])('%s', (_, edited, wanted) => {
		expect(findingsOf(edited)).toEqual(wanted);
	});

	it('OAuth is asked for where the record has it', () => {
		const oauth = { issuer: 'https://a.example/', authUrl: 'https://a.example/a', tokenUrl: 'https://a.example/t', scope: 'mail' };
		const offers = offersOf({ imap: { host } }, { oauth });
		expect(renderFor('2.4', offers)).toContain('auth_mechanisms = plain login xoauth2 oauthbearer');
		expect(findingsOf(renderFor('2.4', offers).replace(' xoauth2 oauthbearer', ''), offers)).toEqual([
			'dovecot-mechanism-missing auth_mechanisms',
		]);
	});

	it('a record with submission alone has only the log-in socket', () => {
		const printed = renderFor('2.3', offersOf({ submission: { host } }));
		expect(printed).toContain('unix_listener /var/spool/postfix/private/auth');
		expect(printed).not.toContain('ssl_cert');
	});
});

it('whatever stands in the file, it comes to an end without a throw', () => {
	const words = fc.constantFrom(
		'service imap-login {',
		'inet_listener imap {',
		'}',
		'port = x',
		'a {b {c {',
		'!include x',
		'"',
		'\\',
		'#',
		'\0',
		'ssl =',
	);
	const file = fc.array(fc.oneof(words, fc.string()), { maxLength: 60 }).map((parts) => parts.join('\n'));
	fc.assert(fc.property(file, (text) => Array.isArray(findingsOf(text))));
});
