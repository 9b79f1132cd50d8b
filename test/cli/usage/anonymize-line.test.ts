/** Lines that are shown to others: no account, no address, no host; and still readable. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anonymizeLine } from '../../../src/cli/usage/anonymize-line.ts';

it.each<[line: string, plain: string]>([
	[
		'2026-11-24T10:00:00.12+00:00 mx postfix/submission/smtpd[9]: 4F2A9911: client=c.example.net[192.0.2.8], sasl_method=PLAIN, sasl_username=bob@example.org',
		'2026-11-24T10:00:00.12+00:00 HOST postfix/submission/smtpd[9]: 4F2A9911: client=HOST[ADDRESS], sasl_method=PLAIN, sasl_username=ACCOUNT',
	],
	[
		'Nov 24 10:00:00 mx postfix/smtpd[7]: connect from mypc[2001:db8::1]',
		'Nov 24 10:00:00 HOST postfix/smtpd[7]: connect from HOST[ADDRESS]',
	],
	[
		'Nov 24 10:00:00 mx postfix/smtpd[7]: disconnect from unknown[fe80::1%eth0]:51234 ehlo=2 starttls=1 auth=1 commands=8',
		'Nov 24 10:00:00 HOST postfix/smtpd[7]: disconnect from HOST[ADDRESS]:51234 ehlo=2 starttls=1 auth=1 commands=8',
	],
	[
		'2026-11-24 10:00:00 1tF4Xy-0000000abc1-2EfG <= alice@example.org H=(laptop) [192.0.2.7]:52110 I=[192.0.2.25]:587 P=esmtpsa X=TLS1.3:TLS_AES:256 CV=no A=plain_login:alice S=600',
		'2026-11-24 10:00:00 1tF4Xy-0000000abc1-2EfG <= ACCOUNT H=(HOST) [ADDRESS]:52110 I=[ADDRESS]:587 P=esmtpsa X=TLS1.3:TLS_AES:256 CV=no A=plain_login:ACCOUNT S=600',
	],
	[
		'2026-11-24T10:00:00Z mx dovecot: submission-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, mpid=7, TLS, session=<qw+e>, lport=587',
		'2026-11-24T10:00:00Z HOST dovecot: submission-login: Login: user=<ACCOUNT>, method=PLAIN, rip=ADDRESS, lip=ADDRESS, mpid=7, TLS, session=<qw+e>, lport=587',
	],
	[
		'2026/11/24 10:00:00 [info] 17#17: *7 client logged in, client: 192.0.2.7, server: 0.0.0.0:587, login: "alice", upstream: 10.0.0.2:10025',
		'2026/11/24 10:00:00 [info] 17#17: *7 client logged in, client: ADDRESS, server: ADDRESS:587, login: "ACCOUNT", upstream: ADDRESS:10025',
	],
	[
		'{"__REALTIME_TIMESTAMP":"1795514400000000","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":"postfix/smtpd","MESSAGE":"4F2A: client=c[192.0.2.7], sasl_username=bob"}',
		'{"__REALTIME_TIMESTAMP":"1795514400000000","_HOSTNAME":"HOST","SYSLOG_IDENTIFIER":"postfix/smtpd","MESSAGE":"4F2A: client=HOST[ADDRESS], sasl_username=ACCOUNT"}',
	],
	[
		'Nov 24 10:00:00 mx sm-mta[812]: AUTH=server, relay=c.example.net [IPv6:2001:db8::7], authid=alice, mech=PLAIN, bits=256',
		'Nov 24 10:00:00 HOST sm-mta[812]: AUTH=server, relay=HOST [ADDRESS], authid=ACCOUNT, mech=PLAIN, bits=256',
	],
	[
		'Nov 24 10:00:00 mx smtpd[7]: 57e30c6ad1add90a smtp authentication user=bob address=192.0.2.8 host=c.example.net result=ok',
		'Nov 24 10:00:00 HOST smtpd[7]: 57e30c6ad1add90a smtp authentication user=ACCOUNT address=ADDRESS host=HOST result=ok',
	],
	[
		'2026-11-24T10:00:00Z INFO x listenerId = "submission", localPort = 587, remoteIp = 192.0.2.7, accountName = "alice"',
		'2026-11-24T10:00:00Z HOST x listenerId = "submission", localPort = 587, remoteIp = ADDRESS, accountName = "ACCOUNT"',
	],
])('%s', (line, plain) => expect(anonymizeLine(line)).toBe(plain));

it('no address of mail and no IP address is left of any text', () => {
	const name = fc.constantFrom('alice@example.org', '192.0.2.7', '2001:db8::7', 'mail.example.org');
	const word = fc.constantFrom(' ', ', ', '<', '>', '[', ']', '(', '"', 'client=', 'from ', ': ', '= ', 'postfix/smtpd[7]: ');
	fc.assert(
		fc.property(fc.array(fc.tuple(word, name), { minLength: 1, maxLength: 8 }), (parts) => {
			const line = parts.map(([before, what]) => `${before}${what} `).join('');
			expect(anonymizeLine(line)).not.toMatch(/alice|192\.0|db8|example/);
		}),
	);
});
