/** The quick reader of syslog's two usual forms finds what the general reader finds, however a line is spoilt. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LogCounts } from '../../../src/cli/usage/evidence/log-counts.ts';
import { judgeUsage } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { queueManagerLine, session } from './random-logs.ts';
import { bsdTimestamp, countLog, lastDays, TODAY } from './sample-logs.ts';

const DAYS = lastDays(4);

/** In CI 400 each time, other ones each time; USUAL_LINES_RUNS tries more. */
const RUNS = Number(process.env.USUAL_LINES_RUNS ?? '400');

const line = fc
	.tuple(
		fc.constantFrom(...DAYS),
		fc.constantFrom(
			(day: string) => session({ day, tag: 'postfix/submissions/smtpd', pid: 500, account: 'alice@example.org', tls: 'implicit' }),
			(day: string) => session({ day, tag: 'postfix/submission/smtpd', pid: 600, account: 'bob@example.org', tls: 'starttls' }),
			(day: string) => session({ day, tag: 'postfix/smtpd', pid: 25, account: null, tls: 'starttls', tlsLogged: true }),
			(day: string) => queueManagerLine(day),
			(day: string) => `${day}T10:00:00Z mx dovecot: submission-login: Login: user=<eve>, method=PLAIN, rip=192.0.2.9, lport=587, TLS\n`,
			(day: string) =>
				`${day}T10:00:00Z mx dovecot[7]: [ID 197553 mail.info] submission-login: Login: user=<dan>, method=PLAIN, rip=192.0.2.9, lport=587, TLS\n`,
			(day: string) => `${day}T10:00:00Z mx dovecot: imap(eve)<7><x>: Disconnected: Logged out in=1 out=2\n`,
			(day: string) => `${day}T10:00:00,5+00:00 mx opendkim[7]: 4F2A: sasl_username=nobody rejected listenerId = "submission"\n`,
			(day: string) => `${day}T10:00:00+00:00 mx postfix/master[9]: reload -- version 3.7.11\n`,
			(day: string) => `${day}T10:00:00+00:00 mx systemd-journald[1]: Suppressed 12 messages from postfix.service\n`,
			(day: string) => `${day}T11:00:00+00:00 mx postfix-out/master[9]: reload -- version 3.7.11\n`,
			(day: string) => `${day}T11:00:00+00:00 mx postfix/qmgr[6]: 4F2A: removed\n`,
			(day: string) => `${day}T09:00:00+00:00 mx postfix/cleanup[7]: 4F2A: message-id=<x@y>\n`,
			(day: string) => `${day}T10:00:01+00:00 mx last message repeated 2 times\n`,
			(day: string) => `${day}T10:00:00+00:00 mx kernel: martian source\n`,
			(day: string) => `${day}T10:00:00+00:00 mx imapd[3]: user bob logged in\n`,
			(day: string) => `${day}T10:00:00+00:00 mx exim[3]: 1tF4Xy-0000000abc1-2EfG Completed\n`,
			(day: string) =>
				`${day}T10:00:00+00:00 mx exim[3]: 1tF4Xy-0000000abc1-2EfG <= a@example.org H=(x) [192.0.2.7] I=[192.0.2.25]:465 P=esmtpsa A=plain:a S=6\n`,
		),
		fc.boolean(),
	)
	.map(([day, write, isBare]) => {
		const text = write(day);
		return isBare ? text.replace(/^\S+/gm, `${bsdTimestamp(day).slice(0, 7)}10:00:00`) : text;
	});

/** A change of one character: replaced, removed or added. */
const edit = fc.record({
	at: fc.nat(90),
	kind: fc.constantFrom('replace', 'remove', 'add'),
	character: fc.constantFrom(...'0 9T:-+.[]/Zx\tü\u001b{'),
});

/** What is counted; the samples have the line as it stood in the log, with the priority that only one of them has. */
function withoutSamples({ doubts, ...counts }: LogCounts): unknown {
	return { ...counts, doubts: Object.entries(doubts).map(([reason, { count, setting }]) => [reason, count, setting]) };
}

it('a spoilt line is read as the general reader reads it', { timeout: 600_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), fc.array(edit, { maxLength: 3 }), async (lines, edits) => {
			const all = lines.join('').trimEnd().split('\n');
			for (const [nth, { at, kind, character }] of edits.entries()) {
				const which = (at * 7 + nth) % all.length;
				const text = all[which] ?? '';
				// Not the first character: it decides which form the line has, and here the prefix below stands there.
				const place = Math.min(at + 1, text.length);
				all[which] = text.slice(0, place) + (kind === 'remove' ? '' : character) + text.slice(kind === 'add' ? place : place + 1);
			}
			const quick = await countLog([`${all.join('\n')}\n`]);
			// A priority before the timestamp is in no usual form.
			const general = await countLog([`${all.map((each) => `<22>${each}`).join('\n')}\n`]);
			expect(withoutSamples(quick)).toEqual(withoutSamples(general));
			expect(judgeUsage(quick, 2, TODAY).answer).toBe(judgeUsage(general, 2, TODAY).answer);
		}),
		{ numRuns: RUNS },
	);
});
