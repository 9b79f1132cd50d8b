/** Parses Postfix's files as Postfix does, and checks the findings about them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPostfix } from '../../../src/cli/mail-server/postfix/check-postfix.ts';
import { createSettingReader, expandSetting } from '../../../src/cli/mail-server/postfix/expand-setting.ts';
import { listeningPort, parsePostfix } from '../../../src/cli/mail-server/postfix/parse-postfix.ts';
import { postfixConfig, renderPostfix } from '../../../src/cli/mail-server/postfix/render-postfix.ts';
import { parseTlsProtocols } from '../../../src/cli/mail-server/postfix/tls-protocols.ts';
import { judgeReview } from '../../../src/cli/mail-server/server-review.ts';
import type { SocketOffer } from '../../../src/model/config.ts';
import { DOMAIN, offersOf } from './record-offers.ts';

const submissionOffers = (submission: object) => offersOf({ submission: { host: 'smtp.example.com', ...submission } });
const OFFERS = submissionOffers({});
const printFor = (offers: readonly SocketOffer[]) => renderPostfix(postfixConfig({ domain: DOMAIN, offers, starttlsEndsOn: null }));
const MASTER = printFor(OFFERS);
/** Debian's main.cf, with a certificate. */
const MAIN = `compatibility_level = 3.6
smtpd_tls_cert_file = /etc/ssl/mail.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
smtpd_sender_restrictions = reject_sender_login_mismatch
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
`;
const PORT_25 = 'smtp inet n - y - - smtpd\n';

const review = (texts: readonly string[], offers = OFFERS) => judgeReview(checkPostfix(parsePostfix(texts), offers));
function findingsOf(main: string, master: string, offers = OFFERS): readonly string[] {
	return review([main, master], offers)
		.findings.map(({ code, place }) => `${code} ${place.replace('master.cf: ', '')}`)
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
		expect(parsePostfix([text]).main.get('a')).toBe(value);
	});
});

describe('master.cf', () => {
	it('reads services and what they override, in every way of writing it', () => {
		const line = 'submission inet n - y - - smtpd\n  -o a=b\n# x\n  -o { c = d e } -v -o f=\n  -og=h -o{i = j k} -o l={m n}\n';
		const [service] = parsePostfix([line]).services;
		expect(service).toMatchObject({ name: 'submission', type: 'inet', command: 'smtpd', strayArguments: [] });
		expect(Object.fromEntries(service?.overrides ?? [])).toEqual({ a: 'b', c: 'd e', f: '', g: 'h', i: 'j k', l: '{m n}' });
	});

	it('takes what postconf -M and -P print, in one stream', () => {
		const text =
			'a = b\nsubmission inet n - y - - smtpd -o smtpd_tls_security_level=may\nsubmission/inet/smtpd_tls_security_level = encrypt\n';
		const { main, services } = parsePostfix([text]);
		expect(main.get('a')).toBe('b');
		expect(services[0]?.overrides.get('smtpd_tls_security_level')).toBe('encrypt');
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
		const [service] = parsePostfix([`${head} n - n - - smtpd`]).services;
		expect(service === undefined ? undefined : listeningPort(service)).toBe(port);
	});
});

describe('what a setting refers to', () => {
	const values = new Map([
		['a', 'A'],
		['empty', ''],
		['ring', '$ring x'],
		['level', '3.6'],
	]);
	const open = '$' + '{';
	it.each([
		['$a/$(a)/x', 'A/A/x'],
		[`${open}a}`, 'A'],
		[`${open}a?yes}${open}a:no}`, 'yes'],
		[`${open}empty?yes}${open}empty:no}`, 'no'],
		[`${open}a?{yes}:{no}}`, 'yes'],
		[`${open}empty?{yes}:{$a}}`, 'A'],
		[`${open}missing?{yes}:{no}}/$a`, 'no/A'],
		[`${open}{$level} <level {2} ? {old} : {new}}`, 'new'],
		[`${open}{$level} >=level {3.6} ? {new} : {old}}`, 'new'],
		[`${open}{10} < {9} ? {text} : {number}}`, 'number'],
		[`${open}{$a} == {A} ? {same}}`, 'same'],
		['a$$b', 'a$b'],
		[`${open}unclosed`, ''],
	])('%s: %s', (text, value) => {
		expect(expandSetting(text, (name) => values.get(name))).toBe(value);
	});

	it('takes a service’s own override first, knows $service_name, and does not run in a ring', () => {
		const { main, services } = parsePostfix([
			`level = may\nsmtpd_tls_security_level = $(level)\nring = $ring $ring x\n587 inet n - n - - smtpd -o level=encrypt -o syslog_name=${open}multi_instance_name?{$multi_instance_name}:{postfix}}/$service_name`,
		]);
		const [service] = services;
		if (service === undefined) throw new Error('no service');
		const reader = createSettingReader(main, service);
		expect(reader.value('smtpd_tls_security_level')).toBe('encrypt');
		expect(reader.value('syslog_name')).toBe('postfix/587');
		expect(reader.value('ring').length).toBeLessThan(200_000);
	});
});

describe('protocol lists', () => {
	it.each([
		['>=TLSv1.2', 'TLSv1.2'],
		['>= TLSv1.3', 'TLSv1.3'],
		['>=0303', 'TLSv1.2'],
		['>=0302', 'TLSv1.1'],
		['>=TLSv1.2 <=TLSv1.3', 'TLSv1.2'],
		['!SSLv2, !SSLv3, !TLSv1, !TLSv1.1', 'TLSv1.2'],
		['!SSLv2:!SSLv3:!TLSv1:!TLSv1.1', 'TLSv1.2'],
		['TLSv1.2 TLSv1.3', 'TLSv1.2'],
		['>=TLSv1', 'TLSv1'],
		['>=0', 'SSLv2'],
		['>=tlsv1.1', 'TLSv1.1'],
		['!SSLv2, !SSLv3', 'TLSv1'],
		['!SSLv2, !SSLv3, !TLSv1', 'TLSv1.1'],
		['TLSv1', 'TLSv1'],
		['', 'SSLv2'],
	])('%j begins with %s', (list, oldest) => {
		expect(parseTlsProtocols(list)).toMatchObject({ allowed: expect.arrayContaining([]), unknown: [] });
		expect(parseTlsProtocols(list).allowed[0]).toBe(oldest);
	});

	it('names what it does not know', () => {
		expect(parseTlsProtocols('>=TLSv9 foo').unknown).toEqual(['>=TLSv9', 'foo']);
	});
});

/** The last service that is printed is submission. */
const overriding = (setting: string) => (main: string, master: string) => [main, `${master}  -o ${setting}\n`] as const;
const inMain = (setting: string) => (main: string, master: string) => [`${main}${setting}\n`, master] as const;
type Edit = (main: string, master: string) => readonly [string, string];

describe('what is found', () => {
	it('nothing, in what is printed', () => {
		expect(review([MAIN, PORT_25, MASTER])).toMatchObject({ verdict: 'nothing-found', findings: [], notUnderstood: [] });
	});

	it.each<[name: string, edit: Edit, wanted: readonly string[]]>([
		['no 465', (main, master) => [main, master.replace(/submissions inet[\s\S]*?(?=submission )/, '')], ['postfix-port-absent 465']],
		[
			'no wrapper mode',
			(main, master) => [main, master.replace('wrappermode=yes', 'wrappermode=no')],
			['postfix-not-wrapped submissions inet', 'postfix-tls-old submissions inet, smtpd_tls_protocols'],
		],
		['wrapper mode on 587', overriding('smtpd_tls_wrappermode=yes'), ['postfix-wrapped submission inet']],
		[
			'TLS optional',
			(main, master) => [`${main}smtpd_tls_protocols = >=TLSv1.2\n`, master.replace('level=encrypt', 'level=may')],
			['postfix-tls-optional submission inet'],
		],
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
			(main, master) => [
				`${main.replace('smtpd_tls_auth_only = yes', '')}smtpd_tls_protocols = >=TLSv1.2\n`,
				master.replace('level=encrypt', 'level=may'),
			],
			['postfix-auth-before-tls submission inet', 'postfix-tls-optional submission inet'],
		],
		[
			'AUTH in the clear on 25',
			(main, master) => [main.replace('auth_only = yes', 'auth_only = no'), `${PORT_25}  -o smtpd_sasl_auth_enable=yes\n${master}`],
			['postfix-auth-before-tls smtp inet'],
		],
		[
			'AUTH on 25 after TLS',
			(main, master) => [main, `${PORT_25}  -osmtpd_sasl_auth_enable=yes\n${master}`],
			['postfix-auth-on-25 smtp inet'],
		],
		[
			'AUTH in the clear behind postscreen',
			(main, master) => [
				main.replace('auth_only = yes', 'auth_only = no'),
				`smtp inet n - y - 1 postscreen\nsmtpd pass - - y - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n${master}`,
			],
			['postfix-auth-before-tls smtpd pass'],
		],
		[
			'no AUTH',
			(main, master) => [main, master.replaceAll('smtpd_sasl_auth_enable=yes', 'smtpd_sasl_auth_enable=no')],
			['postfix-no-auth submission inet', 'postfix-no-auth submissions inet'],
		],
		['AUTH hidden', overriding('smtpd_discard_ehlo_keywords=auth,dsn'), ['postfix-no-auth submission inet']],
		['AUTH hidden from all', overriding('smtpd_sasl_exceptions_networks=0.0.0.0/0'), ['postfix-no-auth submission inet']],
		['STARTTLS hidden', inMain('smtpd_discard_ehlo_keywords = STARTTLS'), ['postfix-no-starttls submission inet']],
		[
			'old TLS',
			(main, master) => [main, master.replaceAll('mandatory_protocols=>=TLSv1.2', 'mandatory_protocols=!SSLv3')],
			['postfix-tls-old submission inet, smtpd_tls_mandatory_protocols', 'postfix-tls-old submissions inet, smtpd_tls_mandatory_protocols'],
		],
		['no new TLS', overriding('smtpd_tls_mandatory_protocols=TLSv1'), ['postfix-tls-none submission inet, smtpd_tls_mandatory_protocols']],
		[
			'export ciphers',
			overriding('smtpd_tls_mandatory_ciphers=export'),
			['postfix-ciphers-weak submission inet, smtpd_tls_mandatory_ciphers'],
		],
		['null ciphers', overriding('smtpd_tls_mandatory_ciphers=null'), ['postfix-ciphers-weak submission inet, smtpd_tls_mandatory_ciphers']],
		[
			'weak ciphers in the list',
			inMain('tls_medium_cipherlist = HIGH:eNULL:RC4-SHA:+MD5'),
			['postfix-ciphers-weak submission inet, tls_medium_cipherlist', 'postfix-ciphers-weak submissions inet, tls_medium_cipherlist'],
		],
		[
			'no certificate',
			(main, master) => [main.replace(/smtpd_tls_cert_file.*/, ''), master.replace(/ {2}-o smtpd_tls_chain_files.*\n/g, '')],
			['postfix-no-certificate submission inet', 'postfix-no-certificate submissions inet'],
		],
		[
			'Debian’s own certificate, which chain files leave unused',
			overriding('smtpd_tls_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem'),
			[],
		],
		[
			'Debian’s own certificate',
			overriding('smtpd_tls_chain_files=/etc/ssl/private/ssl-cert-snakeoil.key,/etc/ssl/certs/ssl-cert-snakeoil.pem'),
			['postfix-snakeoil submission inet'],
		],
		[
			'one name in the log',
			(main, master) => [main, master.replaceAll(/ -o syslog_name=.*/g, '')],
			['postfix-log-names submissions inet, master.cf: submission inet'],
		],
		[
			'an open relay',
			(main, master) => [
				main,
				master.replaceAll('smtpd_client_restrictions=permit_sasl_authenticated,reject', 'smtpd_relay_restrictions=permit'),
			],
			['postfix-open-relay submission inet', 'postfix-open-relay submissions inet'],
		],
		[
			'an open relay on 25',
			(main, master) => [main.replace('defer_unauth_destination', ''), `${PORT_25}${master}`],
			['postfix-open-relay smtp inet'],
		],
		[
			'a network that is everybody',
			(main, master) => [main.replace('mynetworks = ', 'mynetworks = 0.0.0.0/0 '), `${PORT_25}${master}`],
			['postfix-open-relay smtp inet, mynetworks'],
		],
		[
			'an old level has no relay restrictions',
			(main, master) => [main.replace(/smtpd_relay_restrictions.*\n/, '').replace('3.6', '0'), `${PORT_25}${master}`],
			['postfix-open-relay smtp inet'],
		],
		...['relay_domains = static:all', 'relay_domains = example.net, com', 'virtual_mailbox_domains = static:OK'].map(
			(setting): [string, Edit, readonly string[]] => [
				`every domain is taken for the host’s own: ${setting}`,
				(main, master) => [`${main}${setting}\n`, `${PORT_25}${master}`],
				[`postfix-open-relay smtp inet, ${setting.split(' ')[0]}`],
			],
		),
		[
			'everybody may say who he is',
			overriding('smtpd_authorized_xclient_hosts=0.0.0.0/0'),
			['postfix-open-relay submission inet, smtpd_authorized_xclient_hosts'],
		],
		[
			'a network of the provider’s',
			(main, master) => [`${main.replace(/^mynetworks = .*\n/m, '')}mynetworks_style = class\n`, master],
			['postfix-networks-class main.cf: mynetworks_style'],
		],
		...['reject_rbl_client dnsbl.example', 'reject_unknown_reverse_client_hostname', 'reject_non_fqdn_helo_hostname'].map(
			(word): [string, Edit, readonly string[]] => [
				`home connections refused: ${word}`,
				overriding(`{smtpd_helo_restrictions = ${word}}`),
				['postfix-may-refuse-users submission inet, smtpd_helo_restrictions'],
			],
		),
		[
			'a test of home connections behind the login',
			overriding('{smtpd_helo_restrictions = permit_sasl_authenticated, reject_rbl_client dnsbl.example}'),
			[],
		],
		[
			'lists that are gone through before the login',
			overriding('smtpd_delay_reject=no\n  -o {smtpd_client_restrictions = permit_sasl_authenticated, reject}'),
			['postfix-refuses-users submission inet, smtpd_client_restrictions'],
		],
		['IPv6 alone', inMain('inet_protocols = ipv6'), ['postfix-ipv6-only main.cf: inet_protocols']],
		[
			'a security level that lets everything in',
			inMain('tls_medium_cipherlist = DEFAULT:@SECLEVEL=0'),
			['postfix-ciphers-weak submission inet, tls_medium_cipherlist', 'postfix-ciphers-weak submissions inet, tls_medium_cipherlist'],
		],
		['users refused', overriding('smtpd_sender_restrictions=reject'), ['postfix-refuses-users submission inet, smtpd_sender_restrictions']],
		[
			'anonymous logins',
			overriding('smtpd_sasl_security_options='),
			['postfix-anonymous submission inet, smtpd_sasl_tls_security_options'],
		],
		[
			'no PLAIN inside TLS',
			overriding('smtpd_sasl_tls_security_options=noanonymous,noplaintext'),
			['postfix-no-plain submission inet, smtpd_sasl_tls_security_options'],
		],
		[
			'client certificates',
			inMain('smtpd_tls_req_ccert = yes'),
			['postfix-client-certificate submission inet', 'postfix-client-certificate submissions inet'],
		],
		[
			'bound to loopback',
			(main, master) => [main, master.replace(/^submission /m, '127.0.0.1:submission ')],
			['postfix-loopback 127.0.0.1:submission inet'],
		],
		[
			'loopback alone',
			inMain('inet_interfaces = loopback-only'),
			['postfix-loopback submission inet', 'postfix-loopback submissions inet'],
		],
		[
			'loopback addresses',
			inMain('inet_interfaces = 127.0.0.1, [::1]'),
			['postfix-loopback submission inet', 'postfix-loopback submissions inet'],
		],
		['turned off', inMain('master_service_disable = submission/inet'), ['postfix-port-absent 587']],
		['turned off, as before 2.11', inMain('master_service_disable = submission.inet'), ['postfix-port-absent 587']],
		['all turned off', inMain('master_service_disable = !submissions/inet, inet'), ['postfix-port-absent 587']],
		[
			'a comment behind a value',
			(main, master) => [
				main.replace('smtpd_tls_auth_only = yes', 'smtpd_tls_auth_only = yes # comment'),
				master.replace('level=encrypt', 'level=encrypt # comment'),
			],
			[
				'postfix-argument submission inet',
				'postfix-value submission inet, smtpd_tls_auth_only',
				'postfix-value submissions inet, smtpd_tls_auth_only',
			],
		],
		['a value that is none', overriding('smtpd_tls_ciphers=strong'), ['postfix-value submission inet, smtpd_tls_ciphers']],
	])('%s', (_, edit, wanted) => {
		expect(findingsOf(...edit(MAIN, MASTER))).toEqual(wanted);
	});

	it('a service for a port that the record does not offer', () => {
		expect(findingsOf(MAIN, MASTER, submissionOffers({ starttls: null }))).toEqual(['postfix-port-unlisted submission inet']);
	});

	it('a record that has 587 alone is taken at its word', () => {
		const offers = submissionOffers({ implicit: null });
		const printed = renderPostfix(postfixConfig({ domain: DOMAIN, offers, starttlsEndsOn: '2027-01-01' }));
		expect(printed).toContain('# The record ends STARTTLS on 2027-01-01');
		expect(findingsOf(MAIN, printed, offers)).toEqual([]);
		expect(printed).not.toContain('wrappermode');
	});

	it('other ports go by their numbers', () => {
		const offers = submissionOffers({ implicit: 10465, starttls: 10587 });
		const master = printFor(offers);
		expect(master).toMatch(/^10465 {7}inet/m);
		expect(findingsOf(MAIN, master, offers)).toEqual([]);
	});

	it('advice names the setting and the place where it is set', () => {
		const master = MASTER.replace('-o smtpd_tls_security_level=encrypt', '-o smtpd_tls_security_level=may -o smtpd_tls_auth_only=no');
		const advice = review([MAIN, master]).findings.map(({ code, advice: text }) => `${code}: ${text}`);
		expect(advice).toContainEqual(
			expect.stringContaining('Change -o smtpd_tls_auth_only=no of "submission inet" in master.cf to -o smtpd_tls_auth_only=yes.'),
		);
	});
});

describe('what is printed adds to the host', () => {
	it('no restriction is emptied, and main.cf stays as it is', () => {
		expect(MASTER).not.toMatch(/restrictions=\s*$/m);
		expect(postfixConfig({ domain: DOMAIN, offers: OFFERS, starttlsEndsOn: null }).main).toEqual([]);
		expect(MASTER).not.toMatch(/smtpd_(?:sender|helo|recipient|relay|data)_restrictions=/);
	});
});

describe('what was not understood', () => {
	it.each<[name: string, texts: readonly string[], place: string]>([
		['an unknown setting of TLS', [`${MAIN}smtpd_tls_frobnicate = yes\n`, MASTER], 'main.cf: smtpd_tls_frobnicate'],
		['an OpenSSL configuration of its own', [`${MAIN}tls_config_file = /etc/x.cnf\n`, MASTER], 'main.cf: tls_config_file'],
		['the same in a service', [MAIN, `${MASTER}  -o smtpd_sasl_new=1\n`], 'master.cf: submission inet, -o smtpd_sasl_new'],
		['a restriction', [MAIN, `${MASTER}  -o smtpd_helo_restrictions=permit_whom\n`], 'master.cf: submission inet, smtpd_helo_restrictions'],
		['a reference', [MAIN, `${MASTER}  -o smtpd_tls_ciphers=$site_ciphers\n`], 'master.cf: submission inet, smtpd_tls_ciphers'],
		[
			'a version of TLS',
			[MAIN, `${MASTER}  -o smtpd_tls_mandatory_protocols=>=TLSv2\n`],
			'master.cf: submission inet, smtpd_tls_mandatory_protocols',
		],
		[
			'a list of mechanisms',
			[`${MAIN}smtpd_sasl_mechanism_filter = scram-sha-256\n`, MASTER],
			'master.cf: submission inet, smtpd_sasl_mechanism_filter',
		],
		['a line', [`${MAIN}<<<<<<< HEAD\n`, MASTER], 'line "<<<<<<< HEAD"'],
		['no main.cf', [MASTER], 'main.cf'],
		['no master.cf', [MAIN], 'master.cf'],
		['nothing at all', ['', ''], 'master.cf'],
		['a service twice', [MAIN, MASTER, 'submission inet n - n - - smtpd -o smtpd_tls_security_level=may'], 'master.cf: submission/inet'],
		[
			'a relay that a table decides',
			[MAIN.replace('defer_unauth_destination', 'check_recipient_access hash:/etc/x'), PORT_25, MASTER],
			'master.cf: smtp inet',
		],
	])('%s: never "nothing to find fault with"', (_, texts, place) => {
		const verdict = review(texts);
		expect(verdict.notUnderstood.map((each) => each.place)).toContain(place);
		expect(verdict.verdict).not.toBe('nothing-found');
	});

	it('tables, milters and policy services are named as not looked at', () => {
		const main = `${MAIN}smtpd_milters = inet:localhost:11332\nsmtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10023, check_client_access cidr:/etc/x\n`;
		const { notLookedAt } = review([main, MASTER]);
		const text = notLookedAt.map(({ place, reason }) => `${place}: ${reason}`).join('\n');
		for (const each of [
			'inet:localhost:11332',
			'check_policy_service inet:127.0.0.1:10023',
			'check_client_access cidr:/etc/x',
			'certificate',
		])
			expect(text).toContain(each);
	});
});

it('whatever stands in the files, it comes to an end without a throw', () => {
	const words = fc.constantFrom(
		'submission inet n - n - - smtpd',
		'  -o ',
		'a = $a',
		'smtpd_relay_restrictions = $smtpd_relay_restrictions $(a?{b}:{$c})',
		'$(b)',
		'{ x = y',
		'\r\n',
		'=',
		'#',
		'\0',
		'smtpd_tls_wrappermode = yes',
		'submission/inet/mynetworks = $',
	);
	const text = fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }).map((parts) => parts.join('\n'));
	fc.assert(fc.property(text, text, (main, master) => review([main, master]).verdict !== 'nothing-found'));
});
