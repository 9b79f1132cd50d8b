/** Postfix's files as Postfix reads them, and what is found in them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPostfix, oldestAllowedTlsVersion } from '../../../src/cli/mail-server/postfix/check-postfix.ts';
import { effectiveSetting, listeningPort, parseMainCf, parseMasterCf } from '../../../src/cli/mail-server/postfix/parse-postfix.ts';
import { postfixConfig, renderPostfix } from '../../../src/cli/mail-server/postfix/render-postfix.ts';
import { isSocketOffer, resolveConfig, type SocketOffer } from '../../../src/model/config.ts';
import type { Domain } from '../../../src/model/names.ts';
import { parseRecord } from '../../../src/model/record.ts';

const DOMAIN = 'example.com' as Domain;

function offersOf(submission: object): readonly SocketOffer[] {
	const parsed = parseRecord({
		kind: 'domain',
		provider: { name: 'X' },
		services: { submission: { host: 'smtp.example.com', ...submission } },
	});
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error('no record');
	const config = resolveConfig(parsed.value, DOMAIN, { kind: 'domain', domain: DOMAIN }, 0);
	if (!config.ok) throw new Error(config.error.path);
	return config.value.offers.filter(isSocketOffer);
}

const OFFERS = offersOf({});
const PRINTED = renderPostfix(postfixConfig({ domain: DOMAIN, offers: OFFERS, starttlsEndsOn: null }));
const [MAIN = '', MASTER = ''] = PRINTED.split('# ---- master.cf ----\n');

function findingsOf(main: string, master: string, offers = OFFERS): readonly string[] {
	return checkPostfix(parseMainCf(main), parseMasterCf(master), offers)
		.map(({ code, place }) => `${code} ${place.replace('master.cf: ', '')}`)
		.sort();
}

describe('main.cf', () => {
	it.each([
		['a = b', 'b', 'plain'],
		['a=b', 'b', 'no blanks'],
		['a = b\n  c', 'b c', 'a line that goes on'],
		['a = b\n# a comment\n  c', 'b c', 'a comment within (postconf(5))'],
		['a = b\n\n  c', 'b c', 'an empty line within'],
		['a = b\na = c', 'c', 'the later wins'],
		['a =', '', 'empty'],
		['a = b # no comment', 'b # no comment', '# begins a comment at a line’s start alone'],
		['a = b\r\n', 'b', 'CRLF'],
	])('%j: %j, %s', (text, value) => {
		expect(parseMainCf(text).get('a')).toBe(value);
	});
});

describe('master.cf', () => {
	it('reads services and what they override', () => {
		const [service] = parseMasterCf('submission inet n - y - - smtpd\n  -o a=b\n# x\n  -o { c = d e } -v -o f=\n');
		expect(service).toMatchObject({ name: 'submission', type: 'inet', command: 'smtpd' });
		expect([...(service?.overrides ?? [])]).toEqual([
			['a', 'b'],
			['c', 'd e'],
			['f', ''],
		]);
	});

	it.each([
		['submissions inet', 465],
		['smtps inet', 465],
		['submission inet', 587],
		['10587 inet', 10587],
		['192.0.2.1:587 inet', 587],
		['[2001:db8::1]:smtps inet', 465],
		['mystery inet', null],
		['submission unix', null],
	])('%s listens on %s', (head, port) => {
		const [service] = parseMasterCf(`${head} n - n - - smtpd`);
		expect(service === undefined ? undefined : listeningPort(service)).toBe(port);
	});

	it('fills in what a setting names, its own override first, and does not run in a ring', () => {
		const main = parseMainCf('level = may\nsmtpd_tls_security_level = $(level)\nring = $ring x');
		const [service] = parseMasterCf('587 inet n - n - - smtpd -o level=encrypt');
		if (service === undefined) throw new Error('no service');
		expect(effectiveSetting(main, service, 'smtpd_tls_security_level')).toBe('encrypt');
		expect(effectiveSetting(main, service, 'ring')).toContain('x');
	});
});

describe('protocol lists', () => {
	it.each([
		['>=TLSv1.2', null],
		['>=TLSv1.3', null],
		['!SSLv2, !SSLv3, !TLSv1, !TLSv1.1', null],
		['!SSLv2:!SSLv3:!TLSv1:!TLSv1.1', null],
		['TLSv1.2 TLSv1.3', null],
		['>=TLSv1', 'TLSv1'],
		['>=tlsv1.1', 'TLSv1.1'],
		['!SSLv2, !SSLv3', 'TLSv1'],
		['!SSLv2, !SSLv3, !TLSv1', 'TLSv1.1'],
		['TLSv1', 'TLSv1'],
		['', 'SSLv2'],
	])('%j allows %s', (list, oldest) => {
		expect(oldestAllowedTlsVersion(list)).toBe(oldest);
	});
});

describe('what is found', () => {
	it('nothing, in what is printed', () => {
		expect(findingsOf(MAIN, MASTER)).toEqual([]);
	});

	it.each<[name: string, edit: (main: string, master: string) => readonly [string, string], wanted: readonly string[]]>([
		['no 465', (main, master) => [main, master.replace(/submissions inet[\s\S]*?(?=submission )/, '')], ['postfix-port-absent 465']],
		[
			'no wrapper mode',
			(main, master) => [main, master.replace('wrappermode=yes', 'wrappermode=no')],
			['postfix-not-wrapped submissions inet'],
		],
		['wrapper mode on 587', (main, master) => [main, `${master}  -o smtpd_tls_wrappermode=yes\n`], ['postfix-wrapped submission inet']],
		['TLS optional', (main, master) => [main, master.replace('level=encrypt', 'level=may')], ['postfix-tls-optional submission inet']],
		[
			'the old name of encrypt',
			(main, master) => [
				main.replace(/smtpd_tls_security_level.*/, ''),
				master.replace('smtpd_tls_security_level=encrypt', 'smtpd_enforce_tls=yes'),
			],
			[],
		],
		[
			'AUTH in the clear',
			(main, master) => [main.replace('smtpd_tls_auth_only = yes', ''), master.replace('level=encrypt', 'level=may')],
			['postfix-auth-before-tls submission inet', 'postfix-tls-optional submission inet'],
		],
		[
			'AUTH in the clear on 25',
			(main, master) => [
				main.replace('auth_only = yes', 'auth_only = no'),
				`${master}smtp inet n - n - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n`,
			],
			['postfix-auth-before-tls smtp inet'],
		],
		[
			'no AUTH',
			(main, master) => [main, master.replaceAll('smtpd_sasl_auth_enable=yes', 'smtpd_sasl_auth_enable=no')],
			['postfix-no-auth submission inet', 'postfix-no-auth submissions inet'],
		],
		[
			'old TLS',
			(main, master) => [main.replace('mandatory_protocols = >=TLSv1.2', 'mandatory_protocols = !SSLv3'), master],
			['postfix-tls-old submission inet, smtpd_tls_mandatory_protocols', 'postfix-tls-old submissions inet, smtpd_tls_mandatory_protocols'],
		],
		['no certificate', (main, master) => [main.replace(/smtpd_tls_chain_files.*/, ''), master], ['postfix-no-certificate main.cf']],
		[
			'Debian’s own certificate',
			(main, master) => [main.replace(/smtpd_tls_chain_files.*/, 'smtpd_tls_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem'), master],
			['postfix-snakeoil main.cf'],
		],
		[
			'one name in the log',
			(main, master) => [main, master.replaceAll(/ -o syslog_name=.*/g, '')],
			['postfix-log-names submissions inet, master.cf: submission inet'],
		],
	])('%s', (_, edit, wanted) => {
		expect(findingsOf(...edit(MAIN, MASTER))).toEqual(wanted);
	});

	it('a service for a port that the record does not offer', () => {
		expect(findingsOf(MAIN, MASTER, offersOf({ starttls: null }))).toEqual(['postfix-port-unlisted submission inet']);
	});

	it('a record that has 587 alone is taken at its word', () => {
		const offers = offersOf({ implicit: null });
		const printed = renderPostfix(postfixConfig({ domain: DOMAIN, offers, starttlsEndsOn: '2027-01-01' }));
		expect(printed).toContain('# The record ends STARTTLS on 2027-01-01');
		const [main = '', master = ''] = printed.split('# ---- master.cf ----\n');
		expect(findingsOf(main, master, offers)).toEqual([]);
		expect(master).not.toContain('wrappermode');
	});

	it('other ports go by their numbers', () => {
		const offers = offersOf({ implicit: 10465, starttls: 10587 });
		const [main = '', master = ''] = renderPostfix(postfixConfig({ domain: DOMAIN, offers, starttlsEndsOn: null })).split(
			'# ---- master.cf ----\n',
		);
		expect(master).toMatch(/^10465 {7}inet/m);
		expect(findingsOf(main, master, offers)).toEqual([]);
	});
});

it('whatever stands in the files, it comes to an end without a throw', () => {
	const words = fc.constantFrom(
		'submission inet n - n - - smtpd',
		'  -o ',
		'a = $a',
		'$(b)',
		'{ x = y',
		'\r\n',
		'=',
		'#',
		'\0',
		'smtpd_tls_wrappermode = yes',
	);
	const text = fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }).map((parts) => parts.join('\n'));
	fc.assert(fc.property(text, text, (main, master) => Array.isArray(checkPostfix(parseMainCf(main), parseMasterCf(master), OFFERS))));
});
