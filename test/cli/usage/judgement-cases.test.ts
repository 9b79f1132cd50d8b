/**
 * Logs of which "safe to end it" was said while 587 was used every day, and servers whose logs were not understood: each is one that
 * somebody has.
 */
import { describe, expect, it } from 'vitest';
import type { LogCounts } from '../../../src/cli/usage/evidence/log-counts.ts';
import { judgeUsage } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { queueManagerLine, session } from './random-logs.ts';
import { countLog, countLogs, lastDays, TODAY } from './sample-logs.ts';

const DAYS = lastDays(46);

/** Days of a server on which 465 is used and other servers' mail arrives, with the lines of `more` added. */
function log(more: (day: string, at: number) => string): string {
	return DAYS.map((day, at) =>
		[
			session({ day, tag: 'postfix/smtpd', pid: 25, client: '198.51.100.9', account: null, tls: 'starttls', time: '08:00:00' }),
			queueManagerLine(day),
			session({ day, tag: 'postfix/submissions/smtpd', pid: 500, account: 'alice@example.org', tls: 'implicit', time: '09:00:00' }),
			more(day, at),
		].join(''),
	).join('');
}

const bob = (day: string, tag: string, more: object = {}) =>
	session({ day, tag, pid: 600, client: '192.0.2.8', account: 'bob@example.org', tls: 'starttls', ...more });

async function answerTo(text: string): Promise<{ readonly answer: string; readonly counts: LogCounts }> {
	const counts = await countLog([text]);
	return { answer: judgeUsage(counts, 30, TODAY).answer, counts };
}

it('mail of other servers over port 25 is no submission, and no doubt', async () => {
	const { answer, counts } = await answerTo(log((day, at) => (at < 8 ? bob(day, 'postfix/submission/smtpd') : '')));
	expect([answer, counts.submission]).toEqual(['yes', { implicit: 46, starttls: 8, unknown: 0 }]);
});

describe('587 is used daily', () => {
	it.each<[why: string, answer: string, more: (day: string, at: number) => string]>([
		['a printer in mynetworks', 'no', (day) => bob(day, 'postfix/submission/smtpd', { account: null })],
		['a printer in mynetworks, in the clear', 'no', (day) => bob(day, 'postfix/submission/smtpd', { account: null, tls: 'clear' })],
		['a login in the clear', 'no', (day) => bob(day, 'postfix/submission/smtpd', { tls: 'clear' })],
		['one scanner on mx1’s 587, and mx2 without names', 'cannot-tell', (day) => bob(day, 'postfix/smtpd', { host: 'mx2', counts: false })],
		[
			'the name was lost 40 days ago',
			'cannot-tell',
			(day, at) => bob(day, at < 6 ? 'postfix/submission/smtpd' : 'postfix/smtpd', { counts: false }),
		],
		['the same, where sessions are counted', 'no', (day, at) => bob(day, at < 6 ? 'postfix/submission/smtpd' : 'postfix/smtpd')],
		['no name at all, where sessions are counted', 'no', (day) => bob(day, 'postfix/smtpd')],
		['no name at all, in 2.11', 'cannot-tell', (day) => bob(day, 'postfix/smtpd', { counts: false })],
		['syslog_name=submission', 'no', (day) => bob(day, 'submission/smtpd')],
		['syslog_name=mx-submission', 'no', (day) => bob(day, 'mx-submission/smtpd')],
		['three parts', 'no', (day) => bob(day, 'postfix/x/submission/smtpd')],
		['a name that says nothing', 'no', (day) => bob(day, 'postfix/msa/smtpd')],
		['a name that says nothing, in 2.11', 'cannot-tell', (day) => bob(day, 'postfix/msa/smtpd', { counts: false })],
		['465’s own name, by mistake', 'no', (day) => bob(day, 'postfix/submissions/smtpd')],
		[
			'Dovecot as a proxy',
			'no',
			(day) =>
				`${day}T10:00:00+00:00 mx dovecot: submission-login: Started proxying to remote host (0.02 secs): user=<bob@example.org>, method=PLAIN, rip=192.0.2.8, lip=192.0.2.25, lport=587, TLS, session=<x>\n`,
		],
		[
			'Dovecot as a proxy, without its port',
			'cannot-tell',
			(day) =>
				`${day}T10:00:00+00:00 mx dovecot: submission-login: proxy(bob@example.org): started proxying to 10.0.0.2:587: user=<bob@example.org>, method=PLAIN, rip=192.0.2.8, lip=192.0.2.25, TLS, session=<x>\n`,
		],
		['mail of a login is refused', 'no', (day) => bob(day, 'postfix/submission/smtpd', { refused: true })],
		[
			'lines are cut short',
			'cannot-tell',
			(day) =>
				`${day}T10:00:00+00:00 mx postfix/submission/smtpd[9]: 4F2A9911: client=c.example.net[192.0.2.8], sasl_method=PLAIN, sasl_user\n`,
		],
		[
			'messages are suppressed',
			'cannot-tell',
			(day) => `${day}T10:00:00+00:00 mx systemd-journald[1]: Suppressed 90 messages from postfix.service\n`,
		],
	])('%s', async (_, wanted, more) => {
		const { answer, counts } = await answerTo(log(more));
		expect(answer).toBe(wanted);
		if (wanted === 'no') expect([...counts.accounts, ...counts.clients].map(({ name }) => name)).not.toContain('alice@example.org');
	});

	it('the account of refused mail is named', async () => {
		const { counts } = await answerTo(log((day) => bob(day, 'postfix/submission/smtpd', { refused: true })));
		expect(counts.accounts).toEqual([{ name: 'bob@example.org', count: 46, last: TODAY }]);
	});

	it('journalctl -t of 465’s name and of one that 587 does not have', async () => {
		const whole = log((day) => bob(day, 'postfix/msa/smtpd'));
		const filtered = whole.split('\n').filter((line) => line.includes('postfix/submissions/smtpd'));
		const verdict = judgeUsage(await countLog([`${filtered.join('\n')}\n`]), 30, TODAY);
		expect(verdict).toMatchObject({ answer: 'cannot-tell', reason: 'filtered', setting: expect.stringContaining('journalctl -t') });
	});

	it('the log of the other host ends weeks ago', async () => {
		const old = DAYS.slice(0, 20).map((day) => bob(day, 'postfix/submission/smtpd', { host: 'mx2' }));
		const counts = await countLogs([[log(() => '')], [old.join('')]]);
		expect(judgeUsage(counts, 20, TODAY)).toMatchObject({ answer: 'stale', host: 'mx2', last: DAYS[19] });
	});

	it('the log of the other host has scanners alone, and ends weeks ago', async () => {
		const old = DAYS.slice(0, 20).map(
			(day) => `${day}T07:00:00+00:00 mx2 postfix/submission/smtpd[6]: connect from unknown[203.0.113.9]\n`,
		);
		const counts = await countLogs([
			[log((day) => `${day}T07:00:00+00:00 mx postfix/submission/smtpd[6]: connect from unknown[203.0.113.9]\n`)],
			[old.join('')],
		]);
		expect(judgeUsage(counts, 20, TODAY)).toMatchObject({ answer: 'stale', host: 'mx2', last: DAYS[19] });
	});

	it('unnamed services, and a machine of the server’s own network that sends without a login', async () => {
		const text = DAYS.map(
			(day) =>
				session({ day, tag: 'postfix/smtpd', pid: 500, account: 'alice@example.org', tls: 'implicit', tlsLogged: true }) +
				session({ day, tag: 'postfix/smtpd', pid: 600, client: '192.168.1.9', account: null, tls: 'starttls', tlsLogged: true }),
		).join('');
		expect((await answerTo(text)).answer).toBe('cannot-tell');
	});
});

describe('a machine without a login, from an address that nobody knows', () => {
	const machine = (day: string, tag: string, more: object = {}) => bob(day, tag, { account: null, client: '203.0.113.60', ...more });
	const knock = (day: string) =>
		`${day}T07:00:00+00:00 mx postfix/submission/smtpd[601]: disconnect from unknown[203.0.113.9] ehlo=2 starttls=1 quit=1 commands=4\n`;
	const reload = (day: string) => `${day}T06:00:00+00:00 mx postfix/master[9]: reload -- version 3.7.11, configuration /etc/postfix\n`;

	it.each<[why: string, answer: string, more: (day: string, at: number) => string]>([
		['587 never has a name', 'cannot-tell', (day) => machine(day, 'postfix/smtpd')],
		['587 has a name', 'yes', (day) => knock(day) + machine(day, 'postfix/smtpd')],
		['587 has a name, and nobody comes for weeks', 'yes', (day, at) => (at % 20 === 0 ? knock(day) : '') + machine(day, 'postfix/smtpd')],
		['a reload, with the same name before and behind it', 'yes', (day, at) => (at === 30 ? reload(day) : '') + knock(day)],
		['a reload, and the name is not seen again', 'cannot-tell', (day, at) => (at < 30 ? knock(day) : at === 30 ? reload(day) : '')],
		['a name that stands for no port', 'cannot-tell', (day) => machine(day, 'postfix/msa/smtpd')],
		['a second host without names', 'cannot-tell', (day) => knock(day) + machine(day, 'postfix/smtpd', { host: 'mx2' })],
	])('%s', async (_, wanted, more) => {
		expect((await answerTo(log(more))).answer).toBe(wanted);
	});

	it('465 is called submission, and 587 nothing', async () => {
		const text = DAYS.map(
			(day) =>
				queueManagerLine(day) +
				session({ day, tag: 'postfix/submission/smtpd', pid: 500, account: 'alice@example.org', tls: 'implicit', tlsLogged: true }) +
				machine(day, 'postfix/smtpd'),
		).join('');
		expect(judgeUsage(await countLog([text]), 30, TODAY)).toMatchObject({
			answer: 'cannot-tell',
			setting: expect.stringContaining('-o syslog_name=postfix/submission'),
		});
	});
});

describe('mail-in-a-box calls 465 as it calls 587', () => {
	const both = (tlsLogged: boolean, used: (at: number) => boolean) =>
		DAYS.map((day, at) =>
			[
				queueManagerLine(day),
				session({ day, tag: 'postfix/submission/smtpd', pid: 500, account: 'alice@example.org', tls: 'implicit', tlsLogged }),
				used(at) ? bob(day, 'postfix/submission/smtpd', { tlsLogged }) : '',
			].join(''),
		).join('');

	it('the sessions tell who uses STARTTLS', async () => {
		const { answer, counts } = await answerTo(both(false, () => true));
		expect(answer).toBe('no');
		expect(counts.accounts.map(({ name }) => name)).toEqual(['bob@example.org']);
	});

	it('with lines about TLS they tell 465 too', async () => {
		const { answer, counts } = await answerTo(both(true, (at) => at < 8));
		expect([answer, counts.submission]).toEqual(['yes', { implicit: 46, starttls: 8, unknown: 0 }]);
	});

	it('without them a login without STARTTLS may be one in the clear, unless the operator says that none is', async () => {
		const text = both(false, (at) => at < 8);
		const verdict = judgeUsage(await countLog([text]), 30, TODAY);
		expect(verdict).toMatchObject({
			answer: 'cannot-tell',
			reason: 'port',
			setting: expect.stringMatching(/smtpd_tls_loglevel = 1.*--tls-only/s),
		});
		const stated = await countLogs([[text]], TODAY, { tlsOnly: true });
		expect([judgeUsage(stated, 30, TODAY).answer, stated.submission]).toEqual(['yes', { implicit: 46, starttls: 8, unknown: 0 }]);
	});
});

describe('by name', () => {
	it('mailcow: its webmail’s service is neither, and those behind a proxy are what they are called', async () => {
		const { answer, counts } = await answerTo(
			log((day) =>
				[
					session({ day, tag: 'postfix/sogo/smtpd', pid: 588, client: '172.22.1.248', account: 'alice@example.org', tls: 'starttls' }),
					session({ day, tag: 'postfix/smtps-haproxy/smtpd', pid: 501, account: 'carol@example.org', tls: 'implicit' }),
				].join(''),
			),
		);
		expect([answer, counts.elsewhere, counts.submission.implicit]).toEqual(['yes', 46, 92]);
		const used = await answerTo(log((day) => bob(day, 'postfix/submission-haproxy/smtpd')));
		expect(used.answer).toBe('no');
	});

	it('Mailu: Postfix cannot tell, and nginx’s log can', async () => {
		const postfix = DAYS.map(
			(day) =>
				`${day}T10:00:00+00:00 mail postfix/smtpd[9]: 4F2A9911: client=front[192.0.2.7], sasl_method=XCLIENT, sasl_username=alice@example.org\n`,
		).join('');
		expect((await answerTo(postfix)).answer).toBe('cannot-tell');
		const nginx = DAYS.map(
			(day) =>
				`${day.replaceAll('-', '/')} 09:00:00 [info] 17#17: *711 client logged in, client: 192.0.2.9, server: 0.0.0.0:993, login: "alice@example.org", upstream: 192.168.203.5:143\n` +
				`${day.replaceAll('-', '/')} 10:00:00 [info] 17#17: *712 client logged in, client: 192.0.2.7, server: 0.0.0.0:465, login: "alice@example.org", upstream: 192.168.203.5:10025, [192.0.2.7:5]-[172.18.0.2:465] <=> [172.18.0.2:6]-[192.168.203.5:10025]\n`,
		).join('');
		const { answer, counts } = await answerTo(nginx);
		expect([answer, counts.submission.implicit, counts.servers.read]).toEqual(['yes', 46, ['nginx (mail proxy)']]);
		const both = DAYS.map((day) => queueManagerLine(day, 'mail')).join('') + postfix + nginx;
		expect((await answerTo(both)).answer).toBe('yes');
		// One session of Postfix is missing from nginx's log, so it did not come through nginx.
		expect((await answerTo(both.replace('[192.0.2.7], sasl', '[192.0.2.66], sasl'))).answer).toBe('yes');
		expect((await answerTo(both.replaceAll('[192.0.2.7], sasl', '[192.0.2.66], sasl'))).answer).toBe('cannot-tell');
	});
});
