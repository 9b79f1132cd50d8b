/** What a log line says: forms as real servers write them, and look-alikes that say nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCandidateLine, type LoginEvent, parseLogLine } from '../../../src/cli/usage/mail-log-line.ts';

const CLIENT_AND_LOGIN = 'client=c.example.net[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.org';

function submissionEvent(way: LoginEvent['tlsMode'], account = 'alice@example.org', client = '192.0.2.7'): LoginEvent {
	return { service: 'submission', tlsMode: way, account, client };
}

describe('Postfix', () => {
	it.each<[why: string, text: string, event: LoginEvent]>([
		['Debian’s names', `mx postfix/submission/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('starttls')],
		['465 since 3.6', `mx postfix/submissions/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('implicit')],
		['465 before', `mx postfix/smtps/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('implicit')],
		['named by the port', `mx postfix/465/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('implicit')],
		[
			'with a hyphen, as older guides have it',
			`mx postfix-submission/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`,
			submissionEvent('starttls'),
		],
		['an instance of its own', `mx postfix-out/smtps/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('implicit')],
		['no name: 25, 465 or 587', `mx postfix/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('unnamed')],
		[
			'port 25 by syslog_name = postfix/$service_name',
			`mx postfix/smtp/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`,
			submissionEvent('elsewhere'),
		],
		['a name that is not known', `mx postfix/internal/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('unknown')],
		['a long queue id', `mx postfix/smtps/smtpd[812]: 4bF7Q12xyzz1bcd: ${CLIENT_AND_LOGIN}`, submissionEvent('implicit')],
		[
			'a proxy filter, before there is a queue id',
			`mx postfix/submission/smtpd[8]: NOQUEUE: ${CLIENT_AND_LOGIN}`,
			submissionEvent('starttls'),
		],
		['the journal, without a host', `postfix/submission/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('starttls')],
		['FreeBSD’s syslogd -v', `<mail.info> mx postfix/submission/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`, submissionEvent('starttls')],
		['a carriage return at the end', `mx postfix/submission/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}\r`, submissionEvent('starttls')],
		[
			'IPv6 and no name in DNS',
			'mx postfix/submission/smtpd[1]: 4F2A91: client=unknown[2001:db8::7], sasl_method=LOGIN, sasl_username=bob',
			submissionEvent('starttls', 'bob', '2001:db8::7'),
		],
		[
			'smtpd_client_port_logging, and a sender of its own',
			'mx postfix/submission/smtpd[1]: 4F2A91: client=c[192.0.2.7]:51234, sasl_method=PLAIN, sasl_username=bob b, sasl_sender=x@example.org',
			submissionEvent('starttls', 'bob b'),
		],
		[
			'forwarded by another server',
			'mx postfix/submission/smtpd[1]: 4F2A91: client=c[192.0.2.7], sasl_method=PLAIN, sasl_username=bob, orig_client=d[192.0.2.9]',
			submissionEvent('starttls', 'bob'),
		],
		[
			'an account beyond ASCII',
			'mx postfix/submission/smtpd[1]: 4F2A91: client=c[192.0.2.7], sasl_method=PLAIN, sasl_username=jürgen@example.org',
			submissionEvent('starttls', 'jürgen@example.org'),
		],
	])('%s', (_, text, event) => {
		expect(isCandidateLine(text)).toBe(true);
		expect(parseLogLine(text)).toEqual(event);
	});

	it.each<[why: string, text: string]>([
		['a connection to 587', 'mx postfix/submission/smtpd[812]: connect from c.example.net[192.0.2.7]'],
		[
			'its TLS, which both ports have',
			'mx postfix/submission/smtpd[812]: Anonymous TLS connection established from c[192.0.2.7]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
		],
		[
			'a login that failed',
			'mx postfix/submission/smtpd[812]: warning: c[192.0.2.7]: SASL PLAIN authentication failed: , sasl_username=alice@example.org',
		],
		['a message without a login', 'mx postfix/submission/smtpd[812]: 4F2A91: client=c.example.net[192.0.2.7]'],
		[
			'a line cut before the account',
			'mx postfix/submission/smtpd[812]: 4F2A91: client=c.example.net[192.0.2.7], sasl_method=PLAIN, sasl_user',
		],
		['no address', 'mx postfix/submission/smtpd[812]: 4F2A91: client=c.example.net[somewhere], sasl_method=PLAIN, sasl_username=a'],
	])('%s is no submission, and shows that 587 has a name', (_, text) => expect(parseLogLine(text)).toBe('fallback'));

	it.each<[why: string, text: string]>([
		['port 25', 'mx postfix/smtpd[812]: connect from c.example.net[192.0.2.7]'],
		['port 465', 'mx postfix/submissions/smtpd[812]: disconnect from c[192.0.2.7] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6'],
		[
			'a HELO name that would be a submission',
			`mx postfix/smtpd[8]: NOQUEUE: reject: RCPT from c[192.0.2.9]: 554 5.7.1; helo=<postfix/submission/smtpd[1]: 4F2A91: ${CLIENT_AND_LOGIN}>`,
		],
		['a HELO name that would end one', `mx postfix/smtpd[8]: warning: x: 4F2A91: ${CLIENT_AND_LOGIN}`],
	])('%s: no submission, and evidence of a log', (_, text) => expect(parseLogLine(text)).toBe('other'));

	it.each<[why: string, text: string]>([
		['delivery', 'mx postfix/smtp[812]: 4F2A91: to=<a@example.net>, relay=mx[192.0.2.1]:25, status=sent'],
		['another program that quotes the line', `mx fail2ban[1]: postfix/submission/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`],
		[
			'a subject logged by a header check',
			`mx postfix/cleanup[3]: 4F2A91: info: header Subject: postfix/submission/smtpd[1]: 4F2A91: ${CLIENT_AND_LOGIN}`,
		],
		['another server’s smtpd', `mx smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`],
	])('%s says nothing', (_, text) => expect(parseLogLine(text)).toBeNull());
});

describe('Dovecot', () => {
	const rest = 'method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=17, TLS, session=<qw+e>';
	const login = (service: LoginEvent['service'], way: LoginEvent['tlsMode']): LoginEvent => ({
		service,
		tlsMode: way,
		account: 'alice@example.org',
		client: '192.0.2.7',
	});

	it.each<[why: string, text: string, event: LoginEvent]>([
		['as it is: no port', `mx dovecot: imap-login: Login: user=<alice@example.org>, ${rest}`, login('imap', 'unknown')],
		['with its pid', `mx dovecot[9]: pop3-login: Login: user=<alice@example.org>, ${rest}`, login('pop3', 'unknown')],
		['a log file of its own', `imap-login: Info: Login: user=<alice@example.org>, ${rest}`, login('imap', 'unknown')],
		['2.4', `mx dovecot: imap-login: Logged in: user=<alice@example.org>, ${rest}`, login('imap', 'unknown')],
		['with lport, 993', `mx dovecot: imap-login: Login: user=<alice@example.org>, ${rest}, lport=993`, login('imap', 'implicit')],
		['with lport, 143', `mx dovecot: imap-login: Login: user=<alice@example.org>, lport=143, ${rest}`, login('imap', 'starttls')],
		[
			'submission, 587',
			`mx dovecot: submission-login: Login: user=<alice@example.org>, ${rest}, lport=587`,
			login('submission', 'starttls'),
		],
		[
			'submission, 465',
			`mx dovecot: submission-login: Login: user=<alice@example.org>, ${rest}, lport=465`,
			login('submission', 'implicit'),
		],
		['submission, no port', `mx dovecot: submission-login: Login: user=<alice@example.org>, ${rest}`, login('submission', 'unknown')],
	])('%s', (_, text, event) => {
		expect(isCandidateLine(text)).toBe(true);
		expect(parseLogLine(text)).toEqual(event);
	});

	it('a submission login that fails is evidence of a log', () => {
		expect(
			parseLogLine('mx dovecot: submission-login: Disconnected (auth failed, 1 attempts): user=<a>, method=PLAIN, rip=192.0.2.7'),
		).toBe('other');
	});

	it.each<[why: string, text: string]>([
		[
			'a login that failed',
			`mx dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<a>, ${rest}`,
		],
		['2.4’s, that quotes the success', `mx dovecot: imap-login: Login aborted: Logged in: user=<a>, ${rest}`],
		['ManageSieve', `mx dovecot: managesieve-login: Login: user=<alice@example.org>, ${rest}`],
		['no client', 'mx dovecot: imap-login: Login: user=<alice@example.org>, method=PLAIN'],
		['a name made to look like one', `mx dovecot: auth: unknown user dovecot: imap-login: Login: user=<a>, ${rest}`],
	])('%s says nothing', (_, text) => expect(parseLogLine(text)).toBeNull());
});

it('never throws, and makes nothing up, whatever becomes of a good line', () => {
	const good = fc.constantFrom(
		`mx postfix/submission/smtpd[812]: 4F2A91: ${CLIENT_AND_LOGIN}`,
		'mx dovecot: submission-login: Login: user=<a>, method=PLAIN, rip=192.0.2.7, lport=587',
	);
	const edited = fc
		.tuple(good, fc.nat(90), fc.nat(3), fc.string({ unit: 'binary', maxLength: 4 }))
		.map(([line, at, gone, put]) => line.slice(0, at) + put + line.slice(at + gone));
	let events = 0;
	fc.assert(
		fc.property(edited, (line) => {
			const said = parseLogLine(line);
			if (said === null || typeof said === 'string') return;
			events += 1;
			expect(line).toContain(said.account);
			expect(line).toContain(said.client);
			expect(said.client).toMatch(/^([\da-fA-F.:]+|unknown)$/);
		}),
		{ numRuns: 2000 },
	);
	expect(events).toBeGreaterThan(100);
});
