/** The meaning of each server's lines: forms that real servers write, and similar lines without a meaning. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogCounter } from '../../../src/cli/usage/evidence/log-counter.ts';
import type { Submission } from '../../../src/cli/usage/evidence/submission.ts';
import { createLogReader } from '../../../src/cli/usage/forms/read-log.ts';
import { TODAY } from './sample-logs.ts';

const STAMP = `${TODAY}T12:00:00.123456+00:00`;

interface Read {
	readonly submissions: readonly Submission[];
	readonly unread: number;
	readonly notRead: readonly string[];
	readonly mailboxes: readonly string[];
}

/** The reports for lines, each with a timestamp in front unless it has one. */
async function read(...lines: readonly string[]): Promise<Read> {
	const submissions: Submission[] = [];
	const [notRead, mailboxes]: [string[], string[]] = [[], []];
	let unread = 0;
	const counter = createLogCounter();
	const reader = createLogReader({
		...counter,
		submission: (found) => void submissions.push(found),
		unread: () => {
			unread += 1;
		},
		notRead: (name) => void notRead.push(name),
		mailboxLogin: (service, mode) => void mailboxes.push(`${service} ${mode}`),
	});
	async function* bytes(): AsyncGenerator<Uint8Array> {
		for (const line of lines) yield Buffer.from(`${/^\d{4}[-/]/.test(line) ? line : `${STAMP} ${line}`}\n`);
	}
	await reader.read(bytes(), { today: TODAY, lastWritten: TODAY });
	reader.end();
	return { submissions, unread, notRead, mailboxes };
}

const LOGIN = 'client=c.example.net[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.org';

describe('Postfix: the service, the account and the client', () => {
	it.each<[why: string, line: string, kind: string, account?: string | null, client?: string]>([
		['Debian’s names', `mx postfix/submission/smtpd[812]: 4F2A91: ${LOGIN}`, '587'],
		['465 since 3.6', `mx postfix/submissions/smtpd[812]: 4F2A91: ${LOGIN}`, '465'],
		['465 before', `mx postfix/smtps/smtpd[812]: 4F2A91: ${LOGIN}`, '465'],
		['named by the port', `mx postfix/465/smtpd[812]: 4F2A91: ${LOGIN}`, '465'],
		['with a hyphen', `mx postfix-submission/smtpd[812]: 4F2A91: ${LOGIN}`, '587'],
		['an instance of its own', `mx postfix-out/smtps/smtpd[812]: 4F2A91: ${LOGIN}`, '465'],
		['an instance, and no name', `mx postfix-out/smtpd[812]: 4F2A91: ${LOGIN}`, 'unnamed'],
		['an instance that is called smtp', `mx postfix-smtp/submission/smtpd[812]: 4F2A91: ${LOGIN}`, '587'],
		['no name', `mx postfix/smtpd[812]: 4F2A91: ${LOGIN}`, 'unnamed'],
		['syslog_name alone', `mx submission/smtpd[812]: 4F2A91: ${LOGIN}`, '587'],
		['port 25 by syslog_name = postfix/$service_name', `mx postfix/smtp/smtpd[812]: 4F2A91: ${LOGIN}`, '25'],
		['a name that stands for no port', `mx postfix/msa/smtpd[812]: 4F2A91: ${LOGIN}`, 'other'],
		['mailcow’s webmail', `mx postfix/sogo/smtpd[812]: 4F2A91: ${LOGIN}`, 'internal'],
		['a long queue id', `mx postfix/smtps/smtpd[812]: 4bF7Q12xyzz1bcd: ${LOGIN}`, '465'],
		['a proxy filter', `mx postfix/submission/smtpd[8]: NOQUEUE: ${LOGIN}`, '587'],
		['FreeBSD’s syslogd -v', `<mail.info> mx postfix/submission/smtpd[812]: 4F2A91: ${LOGIN}`, '587'],
		['no process id', `mx postfix/submission/smtpd: 4F2A91: ${LOGIN}`, '587'],
		['Solaris', `mx postfix/submission/smtpd[812]: [ID 197553 mail.info] 4F2A91: ${LOGIN}`, '587'],
		[
			'IPv6 with a zone',
			'mx postfix/submission/smtpd[1]: 4F2A91: client=unknown[fe80::1%eth0], sasl_method=LOGIN, sasl_username=bob',
			'587',
			'bob',
			'fe80::1%eth0',
		],
		[
			'a port, and a sender of its own',
			'mx postfix/submission/smtpd[1]: 4F2A91: client=c[192.0.2.7]:51234, sasl_method=PLAIN, sasl_username=bob b, sasl_sender=x@example.org',
			'587',
			'bob b',
		],
		[
			'forwarded by another server',
			'mx postfix/submission/smtpd[1]: 4F2A91: client=c[192.0.2.7], sasl_method=PLAIN, sasl_username=bob, orig_client=d[192.0.2.9]',
			'587',
			'bob',
		],
		['beyond ASCII', `mx postfix/submission/smtpd[1]: 4F2A91: ${LOGIN.replace('alice', 'jürgen')}`, '587', 'jürgen@example.org'],
		['no login', 'mx postfix/submission/smtpd[1]: 4F2A91: client=c.example.net[192.0.2.7]', '587', null],
	])('%s', async (_, line, kind, account = 'alice@example.org', client = '192.0.2.7') => {
		const { submissions, unread } = await read(line);
		expect([unread, submissions.map((found) => [found.kind, found.account, found.client])]).toEqual([0, [[kind, account, client]]]);
	});

	it.each<[why: string, lines: readonly string[], shape: string]>([
		['STARTTLS', ['disconnect from c.example.net[192.0.2.7] ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8'], 'starttls'],
		['none', ['disconnect from c.example.net[192.0.2.7] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6'], 'no-starttls'],
		['STARTTLS that failed', ['disconnect from c.example.net[192.0.2.7] ehlo=1 starttls=0/1 auth=1 commands=4/5'], 'no-starttls'],
		['2.11', ['disconnect from c.example.net[192.0.2.7]'], 'untold'],
		['no end', [], 'unended'],
		[
			'another session of the same process',
			['connect from d.example.net[192.0.2.9]', 'disconnect from d.example.net[192.0.2.9] ehlo=2 starttls=1 commands=3'],
			'unended',
		],
	])('the end of the session: %s', async (_, lines, shape) => {
		const { submissions } = await read(
			...['connect from c.example.net[192.0.2.7]', `4F2A91: ${LOGIN}`, ...lines].map((text) => `mx postfix/smtpd[8]: ${text}`),
		);
		expect(submissions.map((found) => found.shape)).toEqual([shape]);
	});

	it('TLS from the first byte', async () => {
		const lines = [
			'connect from c.example.net[192.0.2.7]',
			'Anonymous TLS connection established from c.example.net[192.0.2.7]: TLSv1.3 with cipher X',
			`4F2A91: ${LOGIN}`,
			'disconnect from c.example.net[192.0.2.7] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6',
		].map((text) => `mx postfix/smtpd[8]: ${text}`);
		expect((await read(...lines)).submissions.map((found) => found.shape)).toEqual(['implicit']);
	});

	it.each<[why: string, text: string]>([
		[
			'a login that failed',
			'postfix/submission/smtpd[8]: warning: c[192.0.2.7]: SASL PLAIN authentication failed: , sasl_username=alice@example.org',
		],
		[
			'a HELO name that would be a submission',
			`postfix/smtpd[8]: NOQUEUE: reject: RCPT from c[192.0.2.9]: 554 5.7.1; helo=<postfix/submission/smtpd[1]: 4F2A91: ${LOGIN}>`,
		],
		['what would end one', `postfix/smtpd[8]: warning: x: 4F2A91: ${LOGIN}`],
		['delivery', 'postfix/smtp[812]: 4F2A91: to=<a@example.net>, relay=mx[192.0.2.1]:25, status=sent'],
		['another program that quotes the line', `fail2ban[1]: postfix/submission/smtpd[812]: 4F2A91: ${LOGIN}`],
		['a subject', `postfix/cleanup[3]: 4F2A91: info: header Subject: postfix/submission/smtpd[1]: 4F2A91: ${LOGIN}`],
		['a login attempt and nothing else', 'postfix/submission/smtpd[8]: disconnect from c[192.0.2.7] ehlo=1 auth=0/1 quit=1 commands=2/3'],
	])('%s says nothing', async (_, text) => expect(await read(`mx ${text}`)).toMatchObject({ submissions: [], unread: 0 }));

	it.each(['sasl_user', 'sasl_username='])('a line that is cut at %s is in doubt', async (end) => {
		expect((await read(`mx postfix/smtpd[8]: 4F2A91: client=c[192.0.2.7], sasl_method=PLAIN, ${end}`)).unread).toBe(1);
	});

	it('a client cannot make a line cost more than its length', async () => {
		const line = `mx postfix/submission/smtpd[1]: 4F2A91: ${LOGIN}${' '.repeat(80_000)}x`;
		const { submissions } = await read(...Array.from({ length: 200 }, () => line));
		expect(submissions.length).toBeGreaterThan(0);
	});
});

describe('other servers', () => {
	const rest = 'method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=17, TLS, session=<qw+e>';
	const exim = (fields: string) => `${TODAY} 10:00:00 1tF4Xy-0000000abc1-2EfG <= alice@example.org H=(x) [192.0.2.7]:52110 ${fields}`;
	it.each<[why: string, lines: readonly string[], kind: string, account: string | null]>([
		['Dovecot, 587', [`mx dovecot: submission-login: Login: user=<alice>, ${rest}, lport=587`], '587', 'alice'],
		['Dovecot, 465', [`mx dovecot: submission-login: Login: user=<alice>, ${rest}, lport=465`], '465', 'alice'],
		['Dovecot, no port', [`mx dovecot[9]: submission-login: Logged in: user=<alice>, ${rest}`], 'hidden', 'alice'],
		['Dovecot’s own file', [`submission-login: Info: Login: user=<alice>, ${rest}, lport=587`], '587', 'alice'],
		[
			'a proxy, 2.3',
			[`mx dovecot: submission-login: proxy(alice): started proxying to 10.0.0.2:587: user=<alice>, ${rest}, lport=465`],
			'465',
			'alice',
		],
		[
			'a proxy, 2.4',
			[`mx dovecot: submission-login: Started proxying to remote host (0.1 secs): user=<alice>, ${rest}, lport=587`],
			'587',
			'alice',
		],
		[
			'Exim, 465',
			[exim('I=[192.0.2.25]:465 P=esmtpsa X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=plain_login:alice@example.org S=600 id=x@y')],
			'465',
			'alice@example.org',
		],
		['Exim, 587', [exim('I=[192.0.2.25]:587 P=esmtpsa X=TLS1.3 CV=no A=dovecot_login:alice S=600')], '587', 'alice'],
		['Exim, no port', [exim('P=esmtpsa X=TLS1.3 CV=no A=plain_server:alice S=600')], 'hidden', 'alice'],
		['Exim, other servers’ mail', [exim('I=[192.0.2.25]:25 P=esmtps X=TLS1.3 S=600')], '25', null],
		['Exim through syslog', [`mx exim[9]: ${exim('I=[192.0.2.25]:587 P=esmtpsa A=plain:alice S=6')}`], '587', 'alice'],
		['Exim with its process', [exim('I=[192.0.2.25]:587 P=esmtpsa A=plain:alice S=6').replace(' 1tF4', ' [812] 1tF4')], '587', 'alice'],
		[
			'Exim refuses a login’s mail',
			[
				`${TODAY} 10:00:00 H=(x) [192.0.2.7]:52110 I=[192.0.2.25]:587 X=TLS1.3 CV=no A=plain:carol F=<carol@example.org> rejected RCPT <x@example.com>: relay not permitted`,
			],
			'587',
			'carol',
		],
		[
			'OpenSMTPD',
			[
				'mx smtpd[812]: 57e30c6ad1add90a smtp connected address=192.0.2.7 host=c.example.net',
				'mx smtpd[812]: 57e30c6ad1add90a smtp authentication user=alice address=192.0.2.7 host=c.example.net result=ok',
			],
			'hidden',
			'alice',
		],
		[
			'Sendmail',
			[
				'mx sm-mta[812]: AUTH=server, relay=c.example.net [192.0.2.7], authid=alice, mech=PLAIN, bits=256',
				'mx sm-mta[812]: 4AOA00xy000812: from=<alice@example.org>, size=600, class=0, nrcpts=1, msgid=<x@y>, proto=ESMTPSA, daemon=MSA, relay=c.example.net [192.0.2.7]',
			],
			'587',
			'alice',
		],
		[
			'Haraka',
			[
				'mx haraka[1]: [NOTICE] [F9F0D20D-C9DB-41D9-9E48-4EDE6A469612] [core] connect ip=192.0.2.7 port=55885 local_ip=192.0.2.25 local_port=465',
				'mx haraka[1]: [NOTICE] [F9F0D20D-C9DB-41D9-9E48-4EDE6A469612] [core] disconnect ip=192.0.2.7 rdns="x" helo="y" relay=Y early=N esmtp=Y tls=Y pipe=N txns=1 rcpts=1/0/0 msgs=1/0/0 bytes=232 lr="" time=0.83',
			],
			'465',
			'',
		],
		[
			'Stalwart',
			[
				`${TODAY}T10:00:00Z INFO Authentication successful (auth.success) listenerId = "submission", localPort = 587, remoteIp = 192.0.2.7, remotePort = 5, accountName = "alice"`,
			],
			'587',
			'alice',
		],
		[
			'nginx',
			[
				`${TODAY.replaceAll('-', '/')} 10:00:00 [info] 17#17: *7 client logged in, client: 192.0.2.7, server: 0.0.0.0:587, login: "alice", upstream: 10.0.0.2:10025`,
			],
			'587',
			'alice',
		],
	])('%s', async (_, lines, kind, account) => {
		const { submissions, unread } = await read(...lines);
		expect([unread, submissions.map((found) => [found.kind, found.account, found.client])]).toEqual([0, [[kind, account, '192.0.2.7']]]);
	});

	it.each<[line: string, wanted: string]>([
		[`mx dovecot: imap-login: Login: user=<a>, ${rest}`, 'imap unknown'],
		[`mx dovecot[9]: pop3-login: Login: user=<a>, ${rest}, lport=995`, 'pop3 implicit'],
		[`mx dovecot: imap-login: Logged in: user=<a>, lport=143, ${rest}`, 'imap starttls'],
	])('reading mail: %s', async (line, wanted) => expect(await read(line)).toMatchObject({ submissions: [], mailboxes: [wanted] }));

	it.each<[why: string, text: string]>([
		[
			'Dovecot: a login that failed',
			`dovecot: submission-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<a>, ${rest}`,
		],
		['2.4’s, that quotes the success', `dovecot: submission-login: Login aborted: Logged in: user=<a>, ${rest}`],
		['ManageSieve', `dovecot: managesieve-login: Login: user=<alice@example.org>, ${rest}`],
		['a name made to look like one', `dovecot: auth: unknown user dovecot: submission-login: Login: user=<a>, ${rest}`],
		[
			'OpenSMTPD: a login that failed',
			'smtpd[8]: 57e30c6ad1add90a smtp authentication user=alice address=192.0.2.7 host=c result=permfail',
		],
	])('%s says nothing', async (_, text) => expect(await read(`mx ${text}`)).toMatchObject({ submissions: [], unread: 0, mailboxes: [] }));

	it('what submission-login says and is not understood is in doubt', async () => {
		expect((await read(`mx dovecot: submission-login: Somebody came in: user=<a>, ${rest}`)).unread).toBe(1);
	});

	it.each([
		['mox', 'mx mox[7]: l=info m="smtp command" pkg=smtpserver cid=1'],
		['HAProxy', 'mx haproxy[7]: 192.0.2.7:5 [24/Nov/2026:10:00:00.123] smtps~ postfix/mx 1/0/200 1234 --'],
		['Courier', 'mx courieresmtpd: started,ip=[::ffff:192.0.2.7]'],
	])('%s is called by its name', async (name, line) => expect((await read(line)).notRead).toEqual([name]));
});

it('never throws, and makes nothing up, whatever becomes of a good line', async () => {
	const good = fc.constantFrom(
		`mx postfix/submission/smtpd[812]: 4F2A91: ${LOGIN}`,
		'mx dovecot: submission-login: Login: user=<a>, method=PLAIN, rip=192.0.2.7, lport=587',
		`${TODAY} 10:00:00 1tF4Xy-000abc-2E <= a@example.org H=(x) [192.0.2.7]:52110 I=[192.0.2.25]:465 P=esmtpsa A=plain:alice S=6`,
	);
	const edited = fc
		.tuple(good, fc.nat(90), fc.nat(3), fc.string({ unit: 'binary', maxLength: 4 }))
		.map(([line, at, gone, put]) => line.slice(0, at) + put + line.slice(at + gone));
	let found = 0;
	await fc.assert(
		fc.asyncProperty(edited, async (line) => {
			for (const { account, client } of (await read(line)).submissions) {
				found += 1;
				expect(Buffer.from(line).toString()).toContain(account ?? '');
				expect(line).toContain(client ?? '');
				expect(client ?? 'unknown').toMatch(/^([\da-fA-F.:]+|unknown)$/);
			}
		}),
		{ numRuns: 1000 },
	);
	expect(found).toBeGreaterThan(100);
});
