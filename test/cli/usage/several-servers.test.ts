/** Several servers under one name, and several programs of one server: what the log of one shows says nothing of the others. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { judgeUsage, type UsageVerdict } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { renderVerdictSentence } from '../../../src/cli/usage/verdict-text.ts';
import { FORM_NAMES, inForm } from './log-forms.ts';
import { session } from './random-logs.ts';
import { countLogs, inOrder, lastDays, TODAY } from './sample-logs.ts';

const DAYS = lastDays(46);

async function verdictOn(...files: readonly (string | Uint8Array)[]): Promise<UsageVerdict> {
	return judgeUsage(await countLogs(files.map((file) => [file])), 30, TODAY);
}

interface ServerOptions {
	/** The process id of its queue manager. */
	readonly manager?: number;
	readonly host?: string;
	readonly days?: readonly string[];
	/** Whether bob uses 587; its service has no name. */
	readonly used?: boolean;
	/** The hour at which everything happens. */
	readonly hour?: number;
}

/** The log of a server on which alice uses 465 and whoever knocks is shown 587. */
function serverLog({ manager = 5, host = 'mail', days = DAYS, used = false, hour = 8 }: ServerOptions = {}): string {
	const at = (minutes: number) => `${String(hour).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:00`;
	const pid = manager * 100;
	return days
		.map((day) =>
			[
				`${day}T${at(0)}+00:00 ${host} postfix/qmgr[${manager}]: 4F2A0001: removed\n`,
				session({ day, host, time: at(1), tag: 'postfix/submissions/smtpd', pid, account: 'alice@example.org', tls: 'implicit' }),
				used
					? session({ day, host, time: at(2), tag: 'postfix/smtpd', pid, account: 'bob@example.org', tls: 'starttls', counts: false })
					: `${day}T${at(2)}+00:00 ${host} postfix/submission/smtpd[${pid + 1}]: connect from unknown[203.0.113.${manager}]\n`,
				`${day}T${at(9)}+00:00 ${host} postfix/qmgr[${manager}]: 4F2A0002: removed\n`,
			].join(''),
		)
		.join('');
}

const SHARED = { answer: 'cannot-tell', reason: 'shared', host: 'mail', setting: expect.stringContaining('each server by itself') };
const WEEKS_AGO = DAYS.slice(0, 20);

/** The lines of several logs as a central logging daemon writes them into one: in the order of time. */
function interleaved(...logs: readonly string[]): string {
	return logs
		.flatMap((log) => log.match(/.*\n/g) ?? [])
		.toSorted((one, other) => (one.slice(0, 19) < other.slice(0, 19) ? -1 : 1))
		.join('');
}

describe('two servers under one name', () => {
	it.each<[why: string, files: readonly string[]]>([
		['in two files', [serverLog(), serverLog({ manager: 7, used: true })]],
		['in two files, one of which ends weeks ago', [serverLog(), serverLog({ manager: 7, days: WEEKS_AGO, used: true })]],
		['where nobody uses 587 of the one that ends weeks ago', [serverLog(), serverLog({ manager: 7, days: WEEKS_AGO })]],
		['at other times of the day', [serverLog(), serverLog({ manager: 7, days: WEEKS_AGO, hour: 20 })]],
		['in one stream, one after the other', [serverLog() + serverLog({ manager: 7, days: WEEKS_AGO })]],
		['in one stream, in the order of time', [interleaved(serverLog(), serverLog({ manager: 7, days: WEEKS_AGO }))]],
		['the same, in JSON', [inForm('journalctl -o json', interleaved(serverLog(), serverLog({ manager: 7, days: WEEKS_AGO })))]],
		['the same, in a container’s log', [inForm('docker logs -t', interleaved(serverLog(), serverLog({ manager: 7, days: WEEKS_AGO })))]],
	])('%s', async (_, files) => {
		expect(await verdictOn(...files)).toMatchObject(SHARED);
	});

	it('is said before the end of the log', async () => {
		const counts = await countLogs([[serverLog()], [serverLog({ manager: 7, days: WEEKS_AGO })]]);
		expect(renderVerdictSentence(judgeUsage(counts, 30, TODAY), counts)).toContain('several servers log under one name, mail');
	});

	it('with names of their own: each is judged by itself', async () => {
		expect(await verdictOn(serverLog(), serverLog({ manager: 7, host: 'mail2' }))).toMatchObject({ answer: 'yes', quiet: 46 });
		expect(await verdictOn(serverLog(), serverLog({ host: 'mail2', days: WEEKS_AGO }))).toMatchObject({ answer: 'stale', host: 'mail2' });
	});
});

describe('one server', () => {
	const log = serverLog();
	const half = [...log.matchAll(/.*\n/g)].map(([line]) => line);
	const rotated = [half.slice(0, 200).join(''), half.slice(200).join('')] as const;
	const restarted = [serverLog({ days: WEEKS_AGO }), serverLog({ days: DAYS.slice(20), manager: 7 })] as const;
	it.each<[why: string, files: readonly (string | Uint8Array)[]]>([
		['in files that were rotated', rotated],
		['in the other order', [rotated[1], rotated[0]]],
		['in one stream, the newest file first', [rotated[1] + rotated[0]]],
		['the newest line first (journalctl -r)', [half.toReversed().join('')]],
		['and a copy', [log, gzipSync(log)]],
		['and a copy of its end', [log, half.slice(400).join('')]],
		['and a copy in another form', [log, inForm('journalctl -o json', log)]],
		['files that overlap', [half.slice(0, 500).join(''), half.slice(100).join('')]],
		['restarted, with another queue manager since', restarted],
		['the same, the newest file first', [restarted[1], restarted[0]]],
		['the same, in one stream', [restarted[1] + restarted[0]]],
	])('%s', async (_, files) => {
		expect(await verdictOn(...files)).toMatchObject({ answer: 'yes', quiet: 46 });
	});

	it('whose Postfix is restarted every night, in a container that gives out the same process ids', async () => {
		const nights = DAYS.map(
			(day, at) =>
				`${day}T00:00:01+00:00 mail postfix/master[1]: daemon started -- version 3.7.11, configuration /etc/postfix\n${serverLog({ days: [day], manager: 5 + (at % 2) })}`,
		);
		expect(await verdictOn(nights.join(''))).not.toMatchObject({ reason: 'shared' });
	});

	it('its log of more than a year, in timestamps without a year: days of two years would be one', async () => {
		const days = lastDays(370);
		const years = inForm('syslog (RFC 3164)', serverLog({ days: days.slice(0, 60), hour: 9 }) + serverLog({ days: days.slice(60) }));
		expect(await verdictOn(years)).toMatchObject(SHARED);
		const months = inForm('syslog (RFC 3164)', log);
		expect(await verdictOn(months)).toMatchObject({
			answer: 'yes',
			notLookedAt: expect.arrayContaining([expect.stringMatching(/^The year: /)]),
		});
	});

	it('its log twice in two time zones: what is the same cannot be seen', async () => {
		const elsewhere = log.replaceAll('T08:', 'T12:');
		expect(await verdictOn(log, elsewhere)).toMatchObject(SHARED);
	});
});

describe('several programs of one server', () => {
	const dovecot = (day: string, service = 'submission', port = '587') =>
		`${day}T10:00:00+00:00 mail dovecot[9]: ${service}-login: Login: user=<bob>, method=PLAIN, rip=192.0.2.8, lip=192.0.2.25, mpid=7, TLS, session=<x${day}>, lport=${port}\n`;
	/** Postfix has 465, and Dovecot 587. */
	const with465 = serverLog().replaceAll(/.*submission\/smtpd.*\n/g, '');
	const mailbox = (day: string) => `${day}T10:30:00+00:00 mail dovecot[9]: imap(bob)<7><x>: Disconnected: Logged out in=1 out=2\n`;
	const used = DAYS.slice(0, 10).map((day) => dovecot(day));

	it('both have 465: they are two hosts of one name', async () => {
		const submissions = DAYS.map((day) => dovecot(day, 'submission', '465'));
		expect(await verdictOn(serverLog(), submissions.join(''))).toMatchObject(SHARED);
	});

	it('one had 587 weeks ago, and Postfix has a service without a name: it may have 587 since', async () => {
		const machine = (day: string) =>
			session({ day, host: 'mail', tag: 'postfix/smtpd', pid: 9, client: '10.0.0.60', account: null, tls: 'starttls' });
		const log = (day: string, at: number) =>
			serverLog({ days: [day] }).replaceAll(/.*submission\/smtpd.*\n/g, '') +
			machine(day) +
			(at < 10 ? dovecot(day) : dovecot(day, 'imap', '993')) +
			mailbox(day);
		expect(await verdictOn(DAYS.map(log).join(''))).toMatchObject({ answer: 'cannot-tell', reason: 'port' });
		// While the other has it, Postfix has not.
		const knock = (day: string) => dovecot(day).replace(/Login: user=<bob>/, 'Disconnected: Connection closed: user=<>');
		expect(await verdictOn(DAYS.map((day, at) => log(day, at) + knock(day)).join(''))).toMatchObject({ answer: 'yes', quiet: 36 });
	});

	it('the log of one ends weeks ago: its 587 may be in use', async () => {
		const verdict = await verdictOn(with465, used.join(''));
		expect(verdict).toMatchObject({ answer: 'stale', host: 'mail', server: 'Dovecot', last: DAYS[9] });
		const counts = await countLogs([[with465], [used.join('')]]);
		expect(renderVerdictSentence(verdict, counts)).toContain(`the log of Dovecot on mail ends on ${DAYS[9]}`);
	});

	it('days without a line of one prove nothing', async () => {
		const imap = DAYS.filter((_, at) => at >= 20).map((day) => dovecot(day, 'imap', '993') + mailbox(day));
		expect(await verdictOn(with465, used.join('') + imap.join(''))).toMatchObject({ answer: 'soon', quiet: 26 });
	});

	it('one that reads mail and takes no submissions may be silent', async () => {
		expect(await verdictOn(serverLog(), dovecot(DAYS[3] ?? '', 'imap', '993'))).toMatchObject({ answer: 'yes', quiet: 46 });
	});
});

it('a log that was cut down to chosen services of late, and was whole for months before', async () => {
	const days = lastDays(80);
	const late = serverLog({ days: days.slice(60) }).replaceAll(/.*(?:qmgr|submission\/smtpd)\[.*\n/g, '');
	expect(await verdictOn(serverLog({ days: days.slice(0, 60) }) + late)).toMatchObject({ answer: 'cannot-tell', reason: 'filtered' });
});

it.each<[what: string, log: string]>([
	['hosts', Array.from({ length: 600 }, (_, at) => serverLog({ host: `mail${at}`, days: DAYS.slice(44) })).join('')],
	[
		'services',
		Array.from({ length: 250 }, (_, at) => serverLog({ days: DAYS.slice(45) }).replaceAll('/submissions/', `/${at}-submissions/`)).join(''),
	],
])('more %s than there is room for: no yes', async (_, log) => {
	expect((await verdictOn(inOrder(serverLog(), log))).answer).not.toBe('yes');
});

describe('two servers with names of their own in one log', () => {
	/** What alice's mail over 465 leaves in a day's log, with lines that have nothing to do with submissions. */
	const LINES: Readonly<Record<string, (day: string, host: string) => string>> = {
		Postfix: (day, host) =>
			session({
				day,
				host,
				time: '08:01:00',
				tag: 'postfix/submissions/smtpd',
				pid: 500,
				account: 'alice@example.org',
				tls: 'implicit',
			}).concat(`${day}T08:02:00+00:00 ${host} postfix/cleanup[9]: 4F2A0001: message-id=<1@example.org>\n`),
		Dovecot: (day, host) =>
			dovecotLogin(day, host, 'submission', 465).concat(
				dovecotLogin(day, host, 'imap', 993),
				`${day}T10:00:01+00:00 ${host} dovecot[7]: imap(alice)<7><x>: Disconnected: Logged out in=1 out=2\n`,
			),
		Exim: (day, host) =>
			`${day}T10:00:00+00:00 ${host} exim[9]: 1tF4Xy-0000000abc1-2EfG <= alice@example.org H=c [192.0.2.7] I=[192.0.2.25]:465 P=esmtpsa A=plain:alice\n`.concat(
				`${day}T10:00:01+00:00 ${host} exim[9]: 1tF4Xy-0000000abc1-2EfG Completed\n`,
			),
	};
	const dovecotLogin = (day: string, host: string, service: string, port: number) =>
		`${day}T10:00:00+00:00 ${host} dovecot[7]: ${service}-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.25, mpid=7, TLS, session=<${host}${port}>, lport=${port}\n`;
	// OpenWrt's log names no host, and Exim's lines have no port in the form that gives every address a zone.
	const pairs = Object.keys(LINES).flatMap((server) =>
		FORM_NAMES.filter((form) => !form.startsWith('OpenWrt') && !(server === 'Exim' && form === 'IPv6 with a zone')).map((form) => [
			server,
			form,
		]),
	);

	it.each(pairs)('%s: each shows by its own lines that its log is whole: %s', async (server = '', form = '') => {
		const log = (host: string) => DAYS.map((day) => LINES[server]?.(day, host)).join('');
		expect(await verdictOn(inForm(form, interleaved(log('mx1'), log('mx2'))))).toMatchObject({ answer: 'yes', quiet: 46 });
	});
});
