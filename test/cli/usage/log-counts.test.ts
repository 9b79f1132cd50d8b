/** Counts: conclusions from the names of Postfix's services, and memory that does not grow with the log. */
import { describe, expect, it } from 'vitest';
import { createStarttlsUsers } from '../../../src/cli/usage/evidence/starttls-users.ts';
import { addDays } from '../../../src/lib/time.ts';
import { connectLine, countLog, knockOn465, rfc3339Timestamp, sampleLog, submissionLine, TODAY } from './sample-logs.ts';

const DAY = '2026-11-20';

describe('names of services', () => {
	it('a login without a name is in doubt while 587 has none', async () => {
		const { submission: counts, elsewhere } = await countLog([
			submissionLine(rfc3339Timestamp(DAY), ''),
			submissionLine(rfc3339Timestamp(DAY), 'smtps'),
		]);
		expect([counts, elsewhere]).toEqual([{ implicit: 1, starttls: 0, unknown: 1 }, 0]);
	});

	it('where 587 has a name before and after, what has none is port 25', async () => {
		const named = [-1, 0, 1]
			.map(
				(by) =>
					`${rfc3339Timestamp(addDays(DAY, by))} mx postfix/submission/smtpd[1]: disconnect from unknown[198.51.100.9] ehlo=2 starttls=1 quit=1 commands=4\n`,
			)
			.join('');
		const { submission: counts, elsewhere, accounts } = await countLog([named, submissionLine(rfc3339Timestamp(DAY), '')]);
		expect([counts, elsewhere, accounts]).toEqual([{ implicit: 0, starttls: 0, unknown: 0 }, 1, []]);
	});

	it('on the day on which it got the name, it is in doubt still', async () => {
		const { submission: counts } = await countLog([
			submissionLine(rfc3339Timestamp(DAY), ''),
			submissionLine(rfc3339Timestamp(DAY), 'submission'),
			knockOn465(rfc3339Timestamp(DAY)),
		]);
		expect(counts).toEqual({ implicit: 0, starttls: 1, unknown: 1 });
	});

	it('port 25 by its name is no doubt', async () => {
		const { submission: counts, elsewhere } = await countLog([
			submissionLine(rfc3339Timestamp(DAY), 'smtp'),
			submissionLine(rfc3339Timestamp(DAY), 'smtps'),
		]);
		expect([counts, elsewhere]).toEqual([{ implicit: 1, starttls: 0, unknown: 0 }, 1]);
	});

	it('another unknown name stays in doubt', async () => {
		const { submission: counts } = await countLog([
			submissionLine(rfc3339Timestamp(addDays(DAY, -1)), 'submission'),
			submissionLine(rfc3339Timestamp(DAY), 'internal'),
			knockOn465(rfc3339Timestamp(DAY)),
		]);
		expect(counts.unknown).toBe(1);
	});
});

it('one account in two spellings is one', async () => {
	const { accounts } = await countLog([
		submissionLine(rfc3339Timestamp(DAY), 'submission', 'Alice@Example.org'),
		submissionLine(rfc3339Timestamp(addDays(DAY, -3)), 'submission', 'alice@example.org'),
		knockOn465(rfc3339Timestamp(DAY)),
	]);
	expect(accounts).toEqual([{ name: 'alice@example.org', count: 2, last: DAY }]);
});

it('days are those of which there is a log of submissions, be it of none', async () => {
	const imap = `${rfc3339Timestamp('2026-11-22')} mx dovecot: imap-login: Login: user=<a>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1\n`;
	const { days, imap: logins } = await countLog([
		connectLine(rfc3339Timestamp('2026-11-18')),
		submissionLine(rfc3339Timestamp('2026-11-20'), 'smtps'),
		imap,
	]);
	expect(days.map(({ day }) => day)).toEqual(['2026-11-18', '2026-11-20']);
	expect(logins.unknown).toBe(1);
});

describe('too many names', () => {
	it('keeps those that came last, and says that it has cut', () => {
		const list = createStarttlsUsers(10);
		for (let nth = 0; nth < 1000; nth++) list.add(`user${nth}`, TODAY, 1, 1);
		const names = list.list(() => true).map(({ name }) => name);
		expect(list.isTruncated()).toBe(true);
		expect(names.length).toBeLessThanOrEqual(20);
		expect(names).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, at) => `user${990 + at}`)));
	});

	it('keeps the count of whoever comes again and again', () => {
		const list = createStarttlsUsers(10);
		for (let nth = 0; nth < 1000; nth++) {
			list.add(`user${nth}`, TODAY, 1, 1);
			if (nth % 5 === 0) list.add('always', TODAY, 1, 1);
		}
		expect(list.list(() => true)[0]).toEqual({ name: 'always', count: 200, last: TODAY });
	});

	it('cuts nothing that there is room for', () => {
		const list = createStarttlsUsers(10);
		for (let round = 0; round < 5; round++) for (let nth = 0; nth < 10; nth++) list.add(`user${nth}`, addDays(TODAY, round - 5), 1, 1);
		expect([list.isTruncated(), list.list(() => true).length]).toEqual([false, 10]);
		expect(list.list(() => true).every(({ count, last }) => count === 5 && last === addDays(TODAY, -1))).toBe(true);
	});
});

it('days cannot be multiplied by stamps', async () => {
	const stamps = Array.from({ length: 3000 }, (_, year) => `${String(year).padStart(4, '0')}-01-01T00:00:00Z`);
	const { days } = await countLog([stamps.map(connectLine).join(''), sampleLog(2, () => 0)]);
	expect(days.length).toBe(27 + 2);
});
