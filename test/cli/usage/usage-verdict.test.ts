/** Which verdicts a log allows, and which it does not. */
import { describe, expect, it } from 'vitest';
import { isProvedQuiet, judgeUsage, type UsageVerdict } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { addDays } from '../../../src/lib/time.ts';
import { connectLine, countLog, inOrder, knockOn465, lastDays, rfc3339Timestamp, sampleLog, submissionLine, TODAY } from './sample-logs.ts';

async function verdictOf(log: string, needed = 30): Promise<UsageVerdict> {
	return judgeUsage(await countLog([log]), needed, TODAY);
}

const timestampDaysAgo = (days: number) => rfc3339Timestamp(addDays(TODAY, -days));
const never587 = () => 0;

describe('yes', () => {
	it('nobody for longer than it takes', async () => {
		expect(await verdictOf(sampleLog(60, (_, days) => (days >= 34 ? 1 : 0)))).toMatchObject({
			answer: 'yes',
			quiet: 34,
			lastUsed: addDays(TODAY, -34),
			missing: 0,
			notLookedAt: expect.arrayContaining([expect.stringContaining('this is about mx alone')]),
		});
	});

	it('is a proof, and what looks like one is none', async () => {
		const verdict = await verdictOf(sampleLog(30, never587));
		const copy = { ...verdict, quiet: 3000 };
		// @ts-expect-error no literal is a verdict that says yes
		const forged: UsageVerdict = { answer: 'yes', quiet: 30, lastUsed: null, missing: 0, notLookedAt: [''] };
		expect([verdict, copy as UsageVerdict, forged].map(isProvedQuiet)).toEqual([true, false, false]);
	});

	it('nobody at all', async () => {
		expect(await verdictOf(sampleLog(30, never587))).toMatchObject({ answer: 'yes', quiet: 30, lastUsed: null, missing: 0 });
	});

	it('days without a log are not counted, and said', async () => {
		const log = lastDays(60)
			.filter((_, at) => at % 10 !== 5)
			.map((day) => connectLine(rfc3339Timestamp(day)) + submissionLine(rfc3339Timestamp(day), 'smtps'))
			.join('');
		expect(await verdictOf(log)).toMatchObject({
			answer: 'yes',
			quiet: 54,
			lastUsed: null,
			missing: 6,
			notLookedAt: expect.arrayContaining([expect.stringMatching(/^6 days in between/)]),
		});
	});

	it('what nobody could tell long ago spoils nothing today', async () => {
		const log = Array.from({ length: 9 }, () => submissionLine(timestampDaysAgo(80), '')).join('') + sampleLog(40, never587);
		expect(await verdictOf(log)).toMatchObject({ answer: 'yes', quiet: 40 });
	});

	it('logins over port 25, where 587 has a name before and after', async () => {
		const knocks = lastDays(40).map(
			(day) => `${rfc3339Timestamp(day)} mx postfix/submission/smtpd[9]: connect from unknown[203.0.113.5]\n`,
		);
		const log = inOrder(
			sampleLog(40, (_, days) => (days === 39 ? 1 : 0)),
			knocks.join(''),
			submissionLine(timestampDaysAgo(2), ''),
		);
		expect(await verdictOf(log)).toMatchObject({ answer: 'yes', quiet: 39 });
	});
});

describe('not yet', () => {
	it('the log is too short', async () => {
		expect(await verdictOf(sampleLog(29, never587))).toEqual({ answer: 'soon', quiet: 29, lastUsed: null, missing: 0, needed: 30 });
	});

	it('a week is quiet for now', async () => {
		expect(await verdictOf(sampleLog(60, (_, days) => (days >= 7 ? 1 : 0)))).toMatchObject({ answer: 'soon', quiet: 7 });
	});

	it('two days, forty apart, are not forty-one', async () => {
		expect(
			await verdictOf([40, 0].map((ago) => connectLine(timestampDaysAgo(ago)) + submissionLine(timestampDaysAgo(ago), 'smtps')).join('')),
		).toMatchObject({
			answer: 'soon',
			quiet: 2,
			missing: 39,
		});
	});

	it('one old line does not stretch the log', async () => {
		const log = submissionLine('2001-01-01T00:00:00Z', 'smtps') + submissionLine('1970-01-01T00:00:00Z', 'smtps') + sampleLog(10, never587);
		expect(await verdictOf(log)).toMatchObject({ answer: 'soon', quiet: 10 });
	});

	it('nor does one from the future', async () => {
		const log = sampleLog(10, (_, days) => (days === 8 ? 1 : 0)) + submissionLine('2027-11-01T00:00:00Z', 'smtps');
		expect(await verdictOf(log)).toMatchObject({ answer: 'soon', quiet: 8 });
	});
});

describe('no', () => {
	it('used today, by a few of many', async () => {
		const log = sampleLog(60, (_, days) => (days === 0 ? 2 : 0));
		const said = await verdictOf(log);
		expect(said).toMatchObject({ answer: 'no', lastUsed: TODAY });
		// The last week has 2 + 3 + 4 submissions over 465, turn by turn, and two over 587.
		expect(said.answer === 'no' && said.share).toBeCloseTo(2 / (3 + 4 + 2 + 3 + 4 + 2 + 3 + 2 + 1), 1);
	});

	it('six days ago is lately', async () => {
		expect(await verdictOf(sampleLog(60, (_, days) => (days === 6 ? 1 : 0)))).toMatchObject({ answer: 'no', lastUsed: addDays(TODAY, -6) });
	});

	it('whatever else nobody can tell', async () => {
		expect(
			await verdictOf(
				knockOn465(timestampDaysAgo(1)) + submissionLine(timestampDaysAgo(1), '') + submissionLine(timestampDaysAgo(0), 'submission'),
			),
		).toMatchObject({
			answer: 'no',
			lastUsed: TODAY,
		});
	});

	it('enough days for whoever asks for few, and one more not', async () => {
		const log = sampleLog(60, (_, days) => (days >= 3 ? 1 : 0));
		expect(await verdictOf(log, 3)).toMatchObject({ answer: 'yes', quiet: 3 });
		expect(await verdictOf(log, 4)).toMatchObject({ answer: 'no' });
	});
});

describe('cannot tell', () => {
	it('Postfix’s services have no names', async () => {
		const log = lastDays(60)
			.map((day) => submissionLine(rfc3339Timestamp(day), ''))
			.join('');
		expect(await verdictOf(log)).toMatchObject({ answer: 'cannot-tell', unknown: 60, last: TODAY, reason: 'port', host: 'mx' });
	});

	it('one of them, yesterday, spoils it', async () => {
		expect(await verdictOf(sampleLog(60, never587) + submissionLine(timestampDaysAgo(1), ''))).toMatchObject({
			answer: 'cannot-tell',
			unknown: 1,
			last: addDays(TODAY, -1),
		});
	});

	it('IMAP alone', async () => {
		const log = `${timestampDaysAgo(0)} mx dovecot: imap-login: Login: user=<a>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, lport=143\n`;
		expect(await verdictOf(log)).toEqual({ answer: 'no-evidence' });
	});

	it('connections, and nobody who submits', async () => {
		expect(await verdictOf(connectLine(timestampDaysAgo(3)) + connectLine(timestampDaysAgo(0)))).toEqual({ answer: 'no-evidence' });
	});

	it('an empty log', async () => {
		expect(await verdictOf('')).toEqual({ answer: 'no-evidence' });
	});

	it('a log that ended eight days ago, whatever it says', async () => {
		const old = addDays(TODAY, -8);
		const log = lastDays(60, old)
			.map((day) => submissionLine(rfc3339Timestamp(day), 'smtps'))
			.join('');
		expect(await verdictOf(log)).toEqual({ answer: 'stale', last: old, ago: 8 });
	});
});
