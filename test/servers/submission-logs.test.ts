/** Logs that a real Postfix writes of real submissions, in every form that people have them in: what is counted is what was sent. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeUsage } from '../../src/cli/usage/evidence/usage-verdict.ts';
import { FORM_NAMES, inForm } from '../cli/usage/log-forms.ts';
import { countLog } from '../cli/usage/sample-logs.ts';
import { freePort } from '../support/free-port.ts';
import { createTestAuthority } from '../support/test-authority.ts';
import { type EximLab, makeEximFolder, startExim, unpackExim } from './exim-lab.ts';
import { ADDRESS, type ConfigEdits, createMailServerLab, HOST, type MailServerLab, PASSWORD, skipReason, USER } from './mail-server-lab.ts';
import { multiplied, OVER_465, OVER_587, withFullTimestamps } from './submission-corpus.ts';

const skipped = skipReason();
const TODAY = new Date().toISOString().slice(0, 10);

const rename = (to: string) => (text: string) => text.replace(/^ {2}-o syslog_name=.*$/gm, to);
const logTls = (text: string) => `${text}smtpd_tls_loglevel = 1\n`;

describe.skipIf(skipped !== null)('a real Postfix', () => {
	let lab: MailServerLab;
	beforeAll(async () => {
		lab = await createMailServerLab(await (await createTestAuthority()).leaf({ names: [HOST] }));
	}, 120_000);
	afterAll(() => lab.stop());

	function send(port: number, tls: string, login: boolean): void {
		const who = ['--from', USER, '--to', USER, ...(login ? ['--auth', 'PLAIN', '--auth-user', USER, '--auth-password', PASSWORD] : [])];
		const { status, stdout } = spawnSync(
			'swaks',
			['--server', ADDRESS, '--port', String(port), '--helo', 'client.example.com', tls, ...who],
			{
				encoding: 'utf8',
			},
		);
		if (status !== 0) throw new Error(stdout);
	}

	async function submissions(edits: ConfigEdits, login: boolean): Promise<string> {
		await lab.start(edits);
		writeFileSync(lab.files.log, '');
		for (let times = 0; times < 3; times += 1) send(lab.ports[465], '--tls-on-connect', login);
		for (let times = 0; times < 2; times += 1) send(lab.ports[587], '--tls', login);
		await sleep(1000);
		return withFullTimestamps(readFileSync(lab.files.log, 'utf8'), TODAY);
	}

	it.each<[why: string, edits: ConfigEdits, login: boolean, wanted: readonly [implicit: number, starttls: number, unknown: number]]>([
		['with names', {}, true, [3, 2, 0]],
		['without names, TLS logged', { master: rename(''), main: logTls }, true, [3, 2, 0]],
		['without names, TLS not logged', { master: rename('') }, true, [0, 2, 3]],
		['one name for both, TLS logged', { master: rename('  -o syslog_name=postfix/submission'), main: logTls }, true, [3, 2, 0]],
		[
			'mail of its own network, without a login',
			{
				main: (text) => `${text.replace('mynetworks =', 'mynetworks = 127.0.0.0/8')}smtpd_relay_restrictions = permit_mynetworks, reject\n`,
				master: (text) =>
					text.replace(/^ {2}-o smtpd_(client|relay|recipient)_restrictions=.*$/gm, '  -o smtpd_$1_restrictions=permit_mynetworks,reject'),
			},
			false,
			[3, 2, 0],
		],
	])('%s', async (_, edits, login, [implicit, starttls, unknown]) => {
		const log = await submissions(edits, login);
		const { submission, accounts, clients } = await countLog([log], TODAY);
		expect(submission, log).toEqual({ implicit, starttls, unknown });
		expect([...accounts, ...clients].every(({ count }) => count === 2)).toBe(true);
		for (const form of FORM_NAMES) expect([form, (await countLog([inForm(form, log)], TODAY)).submission]).toEqual([form, submission]);
	});
});

/**
 * How a site runs Postfix. `told`: whether its log says of each session which port it came over; else a login over 465 is in doubt, and
 * rightly.
 */
interface Way {
	readonly why: string;
	readonly edits: ConfigEdits;
	readonly login: boolean;
	readonly told: boolean;
	/** Further arguments of swaks. */
	readonly more: (port: 465 | 587) => readonly string[];
	/** The port of mail from other servers, which comes in beside the submissions; null where there is none. */
	readonly mxPort: number | null;
}

/** Mail from other servers comes through postscreen, which passes a client on that has waited for its greeting. */
const postscreen = (port: number) => `${ADDRESS}:${port} inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
`;

const NO_MORE = () => [];
const allowing = (how: string) => (text: string) =>
	text.replace(/^ {2}-o smtpd_(client|relay|recipient)_restrictions=.*$/gm, `  -o smtpd_$1_restrictions=${how},reject`);
const forAll = (setting: string) => (text: string) => text.replace(/^(\s+-o smtpd_sasl_auth_enable=yes)$/gm, `$1\n  -o ${setting}`);

describe.skipIf(skipped !== null)('a corpus of real sessions', async () => {
	let lab: MailServerLab;
	const sums = { lines: 0, right: 0, wrong: 0, missed: 0 };
	beforeAll(async () => {
		lab = await createMailServerLab(await (await createTestAuthority()).leaf({ names: [HOST] }));
	}, 120_000);
	afterAll(() => lab.stop());

	function sendAs(account: string, port: number, tls: string, login: boolean, more: readonly string[]): void {
		const who = ['--from', USER, '--to', USER, ...(login ? ['--auth', 'PLAIN', '--auth-user', account, '--auth-password', PASSWORD] : [])];
		const target = ['--server', ADDRESS, '--port', String(port), '--helo', 'client.example.com', tls, ...who, ...more];
		const { status, stdout } = spawnSync('swaks', target, { encoding: 'utf8' });
		if (status !== 0) throw new Error(stdout);
	}

	const throughProxy = (port: 465 | 587) =>
		`--proxy-version 1 --proxy-family TCP4 --proxy-source 127.0.0.1 --proxy-source-port 5000 --proxy-dest ${ADDRESS} --proxy-dest-port ${port}`.split(
			' ',
		);

	const MX_PORT = await freePort(ADDRESS);
	const WAYS: readonly Way[] = [
		{ why: 'with names', edits: {}, login: true, told: true, more: NO_MORE, mxPort: null },
		{ why: 'without names, TLS logged', edits: { master: rename(''), main: logTls }, login: true, told: true, more: NO_MORE, mxPort: null },
		{ why: 'without names, TLS not logged', edits: { master: rename('') }, login: true, told: false, more: NO_MORE, mxPort: null },
		{
			why: 'one name for both, TLS logged',
			edits: { master: rename('  -o syslog_name=postfix/submission'), main: logTls },
			login: true,
			told: true,
			more: NO_MORE,
			mxPort: null,
		},
		{
			why: 'mynetworks',
			edits: { main: (text) => text.replace('mynetworks =', 'mynetworks = 127.0.0.0/8'), master: allowing('permit_mynetworks') },
			login: false,
			told: true,
			more: NO_MORE,
			mxPort: null,
		},
		{
			why: 'client certificates',
			edits: {
				main: (text) => `${text}relay_clientcerts = static:all\n`,
				master: (text) => forAll('smtpd_tls_ask_ccert=yes')(allowing('permit_tls_clientcerts')(text)),
			},
			login: false,
			told: true,
			more: () => ['--tls-cert', `${lab.folder}/cert.pem`, '--tls-key', `${lab.folder}/key.pem`],
			mxPort: null,
		},
		{
			why: 'behind a proxy that tells the client’s address',
			edits: { master: forAll('smtpd_upstream_proxy_protocol=haproxy') },
			login: true,
			told: true,
			more: throughProxy,
			mxPort: null,
		},
		{
			why: 'postscreen before port 25',
			edits: {
				main: (text) => `${text}postscreen_greet_wait = 1s\n`,
				master: (text) => `${postscreen(MX_PORT)}${text}`,
			},
			login: true,
			told: true,
			more: NO_MORE,
			mxPort: MX_PORT,
		},
	];

	it.each(WAYS)('$why: what is counted is what was sent, in every form', async ({ edits, login, told, more, mxPort }) => {
		await lab.start(edits);
		writeFileSync(lab.files.log, '');
		if (mxPort !== null) {
			sendAs('', mxPort, '--tls-optional', false, []);
			// Whoever knocks on 587 shows its name; until then, mail without a login could have come over it.
			sendAs('', lab.ports[587], '--tls', false, ['--quit-after', 'CONNECT']);
		}
		sendAs(OVER_465, lab.ports[465], '--tls-on-connect', login, more(465));
		await sleep(1500);
		const over465 = withFullTimestamps(readFileSync(lab.files.log, 'utf8'), TODAY);
		sendAs(OVER_587, lab.ports[587], '--tls', login, more(587));
		await sleep(1500);
		if (mxPort !== null) expect(over465).toMatch(/ postfix\/postscreen\[\d+\]: PASS NEW /);
		const both = withFullTimestamps(readFileSync(lab.files.log, 'utf8'), TODAY);
		const corpus = multiplied(both, 3, TODAY);
		const wanted = told ? { implicit: 120, starttls: 120, unknown: 0 } : { implicit: 0, starttls: 120, unknown: 120 };
		for (const form of FORM_NAMES) {
			const counts = await countLog([inForm(form, corpus.log)], TODAY);
			expect([form, counts.submission], both).toEqual([form, wanted]);
			expect([form, judgeUsage(counts, 30, TODAY).answer]).toEqual([form, 'no']);
			sums.lines += corpus.lines;
			if (!login) continue;
			const found = counts.accounts.map(({ name }) => name);
			sums.right += found.filter((name) => corpus.holdouts.has(name)).length;
			// Whoever is not known to use 465 alone is named as one who may use 587.
			sums.wrong += told ? found.filter((name) => !corpus.holdouts.has(name)).length : 0;
			sums.missed += [...corpus.holdouts].filter((name) => !found.includes(name)).length;
		}
		// The same days without those who use 587.
		const quiet = judgeUsage(await countLog([multiplied(over465, 3, TODAY).log], TODAY), 30, TODAY);
		if (told && (mxPort !== null || !/ postfix\/smtpd\[/.test(over465))) expect(quiet.answer, over465).toBe('yes');
		expect(told || quiet.answer === 'cannot-tell').toBe(true);
	});

	it('of at least 50,000 lines; precision and recall of those who use 587', () => {
		const [precision, recall] = [sums.right / (sums.right + sums.wrong), sums.right / (sums.right + sums.missed)];
		process.stdout.write(`Postfix: ${JSON.stringify({ ...sums, precision, recall })}\n`);
		expect(sums.lines).toBeGreaterThan(50_000);
		expect(precision).toBeGreaterThanOrEqual(0.98);
		expect(recall).toBeGreaterThanOrEqual(0.98);
	});
});

const eximFolder = makeEximFolder();
const eximMissing = skipped ?? unpackExim(eximFolder);
if (eximMissing !== null) process.stdout.write(`skipped: Exim: ${eximMissing}\n`);
afterAll(() => rmSync(eximFolder, { recursive: true, force: true }));

describe.skipIf(eximMissing !== null)('a real Exim', () => {
	// Its log has the ports as they are: the registered ones, on an address of this test's own.
	const EXIM_ADDRESS = '127.0.0.9';

	it.each<[selector: string, wanted: readonly [implicit: number, starttls: number, unknown: number], answer: string]>([
		['+incoming_interface +incoming_port', [120, 120, 0], 'no'],
		['', [0, 0, 240], 'cannot-tell'],
	])('log_selector = %s', async (logSelector, [implicit, starttls, unknown], answer) => {
		const pair = await (await createTestAuthority()).leaf({ names: [HOST] });
		const exim: EximLab = await startExim(eximFolder, { pair, address: EXIM_ADDRESS, ports: [465, 587], logSelector, password: PASSWORD });
		try {
			for (const [account, port, tls] of [
				[OVER_465, '465', '--tls-on-connect'],
				[OVER_587, '587', '--tls'],
			] as const) {
				const who = ['--from', USER, '--to', USER, '--auth', 'PLAIN', '--auth-user', account, '--auth-password', PASSWORD];
				const sent = spawnSync('swaks', ['--server', EXIM_ADDRESS, '--port', port, '--helo', 'client.example.com', tls, ...who], {
					encoding: 'utf8',
				});
				expect(sent.status, sent.stdout).toBe(0);
			}
			await sleep(1500);
			const { log, holdouts } = multiplied(exim.log(), 3, TODAY);
			const counts = await countLog([log], TODAY);
			expect([counts.submission, judgeUsage(counts, 30, TODAY).answer], exim.log()).toEqual([{ implicit, starttls, unknown }, answer]);
			if (answer === 'no') expect(new Set(counts.accounts.map(({ name }) => name))).toEqual(holdouts);
		} finally {
			await exim.stop();
		}
	});
});
