/** Logs that a real Postfix writes of real submissions, in every form that people have them in: what is counted is what was sent. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORM_NAMES, inForm } from '../cli/usage/log-forms.ts';
import { countLog } from '../cli/usage/sample-logs.ts';
import { createTestAuthority } from '../support/test-authority.ts';
import { ADDRESS, type ConfigEdits, createMailServerLab, HOST, type MailServerLab, PASSWORD, skipReason, USER } from './mail-server-lab.ts';

const skipped = skipReason();
const TODAY = new Date().toISOString().slice(0, 10);

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Postfix's own stamp ("Nov 28 02:22:00 mail postfix/smtpd[7]: …") as RFC 3339. */
function withFullStamps(log: string): string {
	return log.replace(/^([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) /gm, (_, month: string, date: string, time: string) => {
		const day = `${TODAY.slice(0, 4)}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${date.replace(' ', '0')}`;
		return `${day}T${time}.000000+00:00 `;
	});
}

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
		return withFullStamps(readFileSync(lab.files.log, 'utf8'));
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
