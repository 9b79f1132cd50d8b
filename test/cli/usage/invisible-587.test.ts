/**
 * Logs in which 587 is used but not visible: filtered by service, with meaningless names, or in an unknown form. The verdict is never "safe
 * to end it".
 */
import { describe, expect, it } from 'vitest';
import { judgeUsage, type UsageVerdict } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { queueManagerLine, session } from './random-logs.ts';
import { countLog, inOrder, lastDays, TODAY } from './sample-logs.ts';

const DAYS = lastDays(46);

async function verdictOn(log: string): Promise<UsageVerdict> {
	return judgeUsage(await countLog([log]), 30, TODAY);
}

const over465 = (day: string, more: object = {}) =>
	session({ day, tag: 'postfix/submissions/smtpd', pid: 500, account: 'alice@example.org', tls: 'implicit', time: '09:00:00', ...more });
const bob = (day: string, tag: string, more: object = {}) =>
	session({ day, tag, pid: 600, client: '192.0.2.8', account: 'bob@example.org', tls: 'starttls', ...more });
const scannerOn25 = (day: string, host = 'mx') =>
	`${day}T07:00:00+00:00 ${host} postfix/smtpd[25]: connect from unknown[203.0.113.9]\n${day}T07:00:01+00:00 ${host} postfix/smtpd[25]: disconnect from unknown[203.0.113.9] ehlo=1 quit=1 commands=2\n`;

/** A host with a complete log, with 465 in use. */
const wholeLog = (more: (day: string) => string) =>
	DAYS.map((day) => [scannerOn25(day), queueManagerLine(day), over465(day), more(day)].join('')).join('');

/** The lines that `journalctl -t …` leaves. */
function only(log: string, ...tags: readonly string[]): string {
	return log
		.split('\n')
		.filter((line) => tags.some((tag) => line.includes(` ${tag}[`)))
		.map((line) => `${line}\n`)
		.join('');
}

it('the same hosts with whole logs and nobody on 587: yes, and what it does not cover', async () => {
	const verdict = await verdictOn(wholeLog(() => ''));
	expect(verdict).toMatchObject({
		answer: 'yes',
		notLookedAt: expect.arrayContaining([expect.stringMatching(/^Other hosts: .*mx alone/)]),
	});
});

it('mail that 587 refused to somebody who had logged in, where no line tells the end of the session: no', async () => {
	const refused = (day: string) =>
		`${day}T10:00:00+00:00 mx postfix/submission/smtpd[600]: NOQUEUE: reject: RCPT from pc.example.net[192.0.2.8]: 554 5.7.1 <x@example.com>: Relay access denied; from=<bob@example.org> to=<x@example.com> proto=ESMTP helo=<pc> sasl_username=<bob@example.org>\n`;
	const lines = `${wholeLog(refused)}`.split('\n').filter((line) => line.includes(' sasl_username='));
	const log = lines.map((line) => `${line}\n`).join('');
	expect(await verdictOn(log)).toMatchObject({ answer: 'no' });
	expect(await verdictOn(wholeLog(refused))).toMatchObject({ answer: 'no' });
	// In a log of nothing else 465 may have the same name.
	expect(await verdictOn(DAYS.map(refused).join(''))).toMatchObject({ answer: 'cannot-tell', reason: 'port' });
});

describe('cut down to chosen services', () => {
	const log = wholeLog((day) => bob(day, 'postfix/msa/smtpd'));
	it.each<[tags: readonly string[]]>([
		[['postfix/submissions/smtpd']],
		[['postfix/smtpd', 'postfix/submissions/smtpd']],
		[['postfix/smtpd', 'postfix/submission/smtpd', 'postfix/submissions/smtpd']],
		[['postfix/smtpd', 'postfix/submissions/smtpd', 'postfix/master']],
		[['postfix/smtpd', 'postfix/submissions/smtpd', 'sshd', 'dovecot']],
	])('%s', async (tags) => {
		const others = DAYS.map(
			(day) =>
				`${day}T06:00:00+00:00 mx sshd[1]: Server listening on 0.0.0.0 port 22.\n${day}T06:00:00+00:00 mx dovecot[2]: imap(alice)<1><x>: Disconnected: Logged out\n${day}T06:00:00+00:00 mx postfix/master[9]: warning: process /usr/lib/postfix/sbin/smtpd pid 7 exit status 1\n`,
		).join('');
		expect(await verdictOn(only(inOrder(log, others), ...tags))).toMatchObject({ answer: 'cannot-tell', reason: 'filtered', host: 'mx' });
	});

	it('a printer on 587, of whose sessions the beginning and the end are left (grep "connect from")', async () => {
		const printer = (day: string) => bob(day, 'postfix/submission/smtpd', { account: null });
		const kept = wholeLog(printer)
			.split('\n')
			.filter((line) => line.includes('connect from'));
		expect(await verdictOn(`${kept.join('\n')}\n`)).toMatchObject({ answer: 'no' });
	});

	it('465 under 587’s name (mail-in-a-box), of which the lines with a login are left: nobody can tell', async () => {
		const both = DAYS.map((day) => over465(day, { tag: 'postfix/submission/smtpd' }) + bob(day, 'postfix/submission/smtpd')).join('');
		const kept = (both + DAYS.map((day) => queueManagerLine(day)).join('')).split('\n').filter((line) => line.includes(' sasl_username='));
		const counts = await countLog([`${kept.join('\n')}\n`]);
		expect(judgeUsage(counts, 30, TODAY)).toMatchObject({ answer: 'cannot-tell', reason: 'port', unknown: 92 });
		expect([counts.submission, counts.accounts]).toEqual([{ implicit: 0, starttls: 0, unknown: 92 }, []]);
	});

	it('of another host, on which port 25 alone is left', async () => {
		const other = DAYS.map((day) => scannerOn25(day, 'mx2')).join('');
		expect(await verdictOn(wholeLog(() => '') + other)).toMatchObject({ answer: 'cannot-tell', reason: 'filtered', host: 'mx2' });
	});

	it('of another host, whose whole log is there: it takes no submissions', async () => {
		const other = DAYS.map((day) => scannerOn25(day, 'mx2') + queueManagerLine(day, 'mx2')).join('');
		expect(await verdictOn(wholeLog(() => '') + other)).toMatchObject({ answer: 'yes' });
	});

	it('on some days: those do not count', async () => {
		const half = DAYS.map((day, at) => scannerOn25(day) + over465(day) + (at % 2 === 0 ? queueManagerLine(day) : '')).join('');
		expect(await verdictOn(half)).toMatchObject({ answer: 'soon', quiet: 23 });
	});

	const exim = (day: string, port: number, id: string) =>
		`${day} 10:00:00 ${id} <= alice@example.org H=(x) [192.0.2.7]:52110 I=[192.0.2.25]:${port} P=esmtpsa X=TLS1.3 CV=no A=plain:alice S=600\n`;
	const nginx = (day: string, port: number) =>
		`${day.replaceAll('-', '/')} 10:00:00 [info] 17#17: *7 client logged in, client: 192.0.2.7, server: 0.0.0.0:${port}, login: "alice", upstream: 10.0.0.2:10025\n`;
	const dovecot = (day: string, port: number) =>
		`${day}T10:00:00+00:00 mx dovecot: submission-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, mpid=7, TLS, session=<${port}>, lport=${port}\n`;
	const loggedOut = (day: string) => `${day}T10:00:00+00:00 mx dovecot: imap(alice)<7><x>: Disconnected: Logged out in=1 out=2\n`;
	it.each<[server: string, lines: (day: string) => string, witness: (day: string) => string]>([
		['Exim', (day) => exim(day, 465, '1tF4Xy-0000000abc1-2EfG'), (day) => `${day} 10:00:01 1tF4Xy-0000000abc1-2EfG Completed\n`],
		['nginx', (day) => nginx(day, 465), (day) => nginx(day, 993)],
		['Dovecot', (day) => dovecot(day, 465), (day) => dovecot(day, 993).replace('submission', 'imap') + loggedOut(day)],
	])('%s: lines of 465 alone, as grep leaves them', async (_, lines, witness) => {
		expect(await verdictOn(DAYS.map(lines).join(''))).toMatchObject({ answer: 'cannot-tell', reason: 'filtered' });
		expect(await verdictOn(DAYS.map((day) => lines(day) + witness(day)).join(''))).toMatchObject({ answer: 'yes' });
	});
});

describe('of another server, lines of one kind alone, as grep leaves them, none of which is about a login', () => {
	const stamped = (text: string) => (day: string) => `${day}T10:00:00+00:00 mx2 ${text}\n`;
	const dovecotLogin = (day: string, service: string, port: number) =>
		stamped(
			`dovecot: ${service}-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, mpid=7, TLS, session=<x>, lport=${port}`,
		)(day);
	const OPENSMTPD = 'smtpd[7]: 57e30c6ad1add90a smtp';
	const HARAKA = 'haraka[1]: [NOTICE] [F9F0D20D-C9DB-41D9-9E48-4EDE6A469612] [core]';
	it.each<[kind: string, line: (day: string) => string]>([
		['Postfix: connect', stamped('postfix/submission/smtpd[9]: connect from c.example.net[192.0.2.8]')],
		['Postfix 2.11: disconnect', stamped('postfix/submission/smtpd[9]: disconnect from c.example.net[192.0.2.8]')],
		[
			'Exim: deliveries',
			(day) => `${day} 10:00:00 1tF4Xy-0000000abc1-2EfG => b@example.com R=dnslookup T=remote_smtp H=mx [198.51.100.1]\n`,
		],
		['Exim: deliveries through syslog', stamped('exim[9]: 1tF4Xy-0000000abc1-2EfG => b@example.com R=dnslookup T=remote_smtp H=mx')],
		['OpenSMTPD: connected', stamped(`${OPENSMTPD} connected address=192.0.2.8 host=c`)],
		[
			'OpenSMTPD: connected and disconnected',
			(day) => stamped(`${OPENSMTPD} connected address=192.0.2.8 host=c`)(day) + stamped(`${OPENSMTPD} disconnected reason=quit`)(day),
		],
		['Haraka: connect', stamped(`${HARAKA} connect ip=192.0.2.8 port=55885 local_ip=192.0.2.25 local_port=587`)],
		[
			'Stalwart: connections',
			(day) =>
				`${day}T10:00:00Z INFO SMTP connection started (smtp.connection-start) listenerId = "submission", localPort = 587, remoteIp = 192.0.2.8\n`,
		],
		['nginx: connections', (day) => `${day.replaceAll('-', '/')} 10:00:00 [info] 17#17: *7 client 192.0.2.8:5 connected to 0.0.0.0:587\n`],
		['Sendmail: deliveries', stamped('sm-mta[812]: 4AOA00xy000812: to=<b@example.com>, delay=00:00:01, mailer=esmtp, stat=Sent')],
		['Dovecot: logins of mailboxes, and of 465', (day) => dovecotLogin(day, 'imap', 993) + dovecotLogin(day, 'submission', 465)],
		['Dovecot: ends', stamped('dovecot: submission-login: Disconnected: Connection closed: user=<>, rip=192.0.2.8, lport=465')],
	])('%s', async (_, line) => {
		const log = inOrder(
			wholeLog(() => ''),
			DAYS.map(line).join(''),
		);
		expect(await verdictOn(log)).toMatchObject({ answer: 'cannot-tell', reason: 'filtered' });
	});

	it('on the same host, too: each server’s log must be whole', async () => {
		const exim = stamped('exim[9]: 1tF4Xy-0000000abc1-2EfG => b@example.com R=dnslookup T=remote_smtp H=mx');
		const log = inOrder(
			wholeLog(() => ''),
			DAYS.map(exim).join('').replaceAll(' mx2 ', ' mx '),
		);
		expect(await verdictOn(log)).toMatchObject({ answer: 'cannot-tell', reason: 'filtered' });
	});
});

it('a login at Dovecot whose message the journal has as an array of bytes', async () => {
	const entry = (day: string) =>
		JSON.stringify({
			__REALTIME_TIMESTAMP: String(Date.parse(`${day}T10:00:00Z`) * 1000),
			_HOSTNAME: 'mx',
			SYSLOG_IDENTIFIER: 'dovecot',
			_PID: '7',
			MESSAGE: [
				...Buffer.from(
					'submission-login: Login: user=<zoë>, method=PLAIN, rip=192.0.2.8, lip=192.0.2.25, mpid=7, TLS, session=<x>, lport=587',
				),
			],
		});
	expect(await verdictOn(wholeLog((day) => `${entry(day)}\n`))).toMatchObject({ answer: 'no' });
});

describe('names that may be any port', () => {
	it.each<[tag: string, answer: string, more: object]>([
		['postfix/smtp-auth/smtpd', 'no', {}],
		['postfix/smtp-auth/smtpd', 'cannot-tell', { counts: false }],
		['postfix-smtp/smtpd', 'no', {}],
		['postfix/465-and-587/smtpd', 'no', {}],
		['postfix/587-465/smtpd', 'cannot-tell', { counts: false }],
		['postfix', 'no', {}],
		['mail', 'no', {}],
		['postfix/smtp-auth/smtpd', 'cannot-tell', { account: null }],
		// A service with 465's name has sessions without TLS, although TLS is logged.
		['postfix/smtps/smtpd', 'cannot-tell', { tls: 'clear', tlsLogged: true }],
	])('%s: %s, %o', async (tag, answer, more) => {
		const tlsOf465 = (day: string) => over465(day, { tag: 'postfix/smtps/smtpd', tlsLogged: true });
		expect(await verdictOn(wholeLog((day) => bob(day, tag, more) + tlsOf465(day)))).toMatchObject({ answer });
	});
});

describe('lines that nobody can read', () => {
	const line = (day: string) =>
		`${day}T10:00:00+00:00 mx postfix/submission/smtpd[9]: 4F2A9911: client=c.example.net[192.0.2.8], sasl_method=PLAIN, sasl_username=bob@example.org`;
	it.each<[why: string, lines: (day: string) => string]>([
		['CSV', (day) => `"${day}","mx","${line(day).slice(29)}"\n`],
		['no stamp at all', (day) => `${line(day).slice(26)}\n`],
		['a stamp of another kind', (day) => `24.11.${day.slice(0, 4)} 10:00 ${line(day).slice(26)}\n`],
		['JSON with a comma behind it', (day) => `${JSON.stringify({ time: `${day}T10:00:00Z`, log: line(day) })},\n`],
		['a clock that was never set', (day) => `${line(day).replace(/^\d{4}/, '1970')}\n`],
		['no program', (day) => `${day}T10:00:00+00:00 4F2A9911 client=c[192.0.2.8] sasl_method=PLAIN sasl_username=bob@example.org\n`],
		['Courier, which is not read', (day) => `${day}T10:00:00+00:00 mx courieresmtpd: started,ip=[::ffff:192.0.2.8]\n`],
		['mox, which is not read', (day) => `${day}T10:00:00+00:00 mx mox[7]: l=info m="smtp command" pkg=smtpserver cid=1\n`],
		['OpenSMTPD 5', (day) => `${day}T10:00:00+00:00 mx smtpd[7]: smtp-in: Accepted authentication for user bob on session 57e30c6a\n`],
		[
			'OpenSMTPD before 6.4',
			(day) =>
				`${day}T10:00:00+00:00 mx smtpd[7]: 57e30c6ad1add90a smtp event=authentication user=bob address=192.0.2.8 host=c result=ok\n`,
		],
		[
			'OpenSMTPD, without a login',
			(day) =>
				`${day}T10:00:00+00:00 mx smtpd[7]: 57e30c6ad1add90a smtp connected address=10.0.0.9 host=c\n${day}T10:00:00+00:00 mx smtpd[7]: 57e30c6ad1add90a smtp message msgid=1 size=9 nrcpt=1 proto=ESMTP\n`,
		],
		['journald', (day) => `${day}T10:00:00+00:00 mx systemd-journald[1]: Forwarding to syslog missed 3 messages.\n`],
		['rsyslog', (day) => `${day}T10:00:00+00:00 mx rsyslogd: imuxsock begins to drop messages from pid 7 due to rate-limiting\n`],
		['syslogd of OpenBSD', (day) => `${day}T10:00:00+00:00 mx syslogd[7]: dropped 12 messages to remote loghost\n`],
	])('%s', async (_, lines) => {
		expect(await verdictOn(wholeLog(lines))).toMatchObject({ answer: 'cannot-tell' });
	});

	it.each<[why: string, lines: (day: string) => string]>([
		['another program that quotes one', (day) => `${day}T10:00:00+00:00 mx fail2ban[1]: ${line(day).slice(29)}\n`],
		[
			'a command of an administrator',
			(day) => `${day}T10:00:00+00:00 mx sudo[1]: root : COMMAND=/bin/grep sasl_username= /var/log/mail.log\n`,
		],
		[
			'Exim on cPanel’s second port for relay',
			(day) =>
				`${day} 10:00:00 1tF4Xy-0000000abc1-2EfG <= a@example.org H=(x) [192.0.2.7]:52110 I=[192.0.2.25]:26 P=esmtpsa A=plain:a S=600\n${day} 10:00:01 1tF4Xy-0000000abc1-2EfG Completed\n`,
		],
	])('and it is no doubt: %s', async (_, lines) => {
		// A file that was cut begins with the end of a line.
		const text = wholeLog(lines);
		expect(await verdictOn(`${line(TODAY).slice(40)}\n${text}`)).toMatchObject({ answer: 'yes' });
	});
});
