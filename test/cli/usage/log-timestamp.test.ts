/** The day of a line: the kinds of stamp, years that are not written, and days that no log can have. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCalendarDay } from '../../../src/cli/usage/forms/calendar.ts';
import { timestampParser } from '../../../src/cli/usage/forms/log-timestamp.ts';
import { addDays, daysBetween } from '../../../src/lib/time.ts';

function dayOfLine(line: string, today = '2026-11-24', until = today): string | null {
	return timestampParser({ today, lastWritten: until })(line)?.day ?? null;
}

const JOURNAL_ENTRY = { __REALTIME_TIMESTAMP: '1795489192123456', MESSAGE: 'connect', SYSLOG_IDENTIFIER: 'postfix/smtpd', SYSLOG_PID: '7' };

describe('RFC 3339', () => {
	it.each<[why: string, line: string, day: string]>([
		['in UTC', '2026-11-23T23:59:59Z mx x', '2026-11-23'],
		['with fractions, as rsyslog writes it', '2026-11-23T23:59:59.123456+01:00 mx x', '2026-11-23'],
		['its own zone’s day, not UTC’s', '2026-11-24T00:30:00+05:30 mx x', '2026-11-24'],
		['an hour that summer time leaves out', '2026-03-29T02:30:00+02:00 mx x', '2026-03-29'],
		['journalctl -o short-iso', '2026-11-23T23:59:59+0000 mx x', '2026-11-23'],
		['Dovecot with a blank', '2026-11-23 23:59:59 imap-login: x', '2026-11-23'],
		['the last day of a leap year’s February', '2024-02-29T00:00:00Z mx x', '2024-02-29'],
		['a server that is a zone ahead', '2026-11-25T01:00:00+13:00 mx x', '2026-11-25'],
	])('%s', (_, line, wanted) => expect(dayOfLine(line)).toBe(wanted));

	it.each<[why: string, line: string]>([
		['to come', '2026-11-26T00:00:00Z mx x'],
		['a clock that was never set', '1970-01-01T00:00:07Z mx x'],
		['no such month', '2026-13-01T00:00:00Z mx x'],
		['no such day', '2026-04-31T00:00:00Z mx x'],
		['29 February of no leap year', '2025-02-29T00:00:00Z mx x'],
		['no time', '2026-11-23 mx x'],
		['cut short', '2026-11-23T23:59:59'],
	])('not: %s', (_, line) => expect(dayOfLine(line)).toBeNull());

	it('leaves the text behind the stamp', () => {
		const text = (line: string) => timestampParser({ today: '2026-11-24', lastWritten: '2026-11-24' })(line)?.text;
		expect(text('2026-11-23T23:59:59.123456+01:00 mx a: b')).toBe('mx a: b');
		expect(text('Nov 23 23:59:59 mx a: b')).toBe('mx a: b');
		expect(text(JSON.stringify(JOURNAL_ENTRY))).toBe('postfix/smtpd[7]: connect');
	});
});

describe('RFC 5424, as rsyslog’s RSYSLOG_SyslogProtocol23Format and syslog-ng’s syslog() write it', () => {
	const text = (line: string) => timestampParser({ today: '2026-11-24', lastWritten: '2026-11-24' })(line)?.text;
	const STAMP = '<22>1 2026-11-23T23:59:59.123456+01:00 mx postfix/submission/smtpd 812 -';
	it.each<[why: string, line: string, text: string]>([
		['no structured data', `${STAMP} - 4F2A9: client=x`, 'mx postfix/submission/smtpd[812]: 4F2A9: client=x'],
		['some', `${STAMP} [timeQuality tzKnown="1" isSynced="1"] a`, 'mx postfix/submission/smtpd[812]: a'],
		['two, with what is escaped', `${STAMP} [a@1 b=" \\"\\] "][c] a`, 'mx postfix/submission/smtpd[812]: a'],
		['the mark of UTF-8', `${STAMP} - \ufeffa`, 'mx postfix/submission/smtpd[812]: a'],
		['the older form with its priority', '<22>Nov 23 23:59:59 mx postfix/smtpd[7]: a', 'mx postfix/smtpd[7]: a'],
	])('%s', (_, line, wanted) => {
		expect(dayOfLine(line)).toBe('2026-11-23');
		expect(text(line)).toBe(wanted);
	});
	it('a header cut short is left as it is: nothing in it is taken for an event', () => {
		expect(text(`${STAMP} [a b="`)).toBe('mx postfix/submission/smtpd 812 - [a b="');
	});
});

describe('syslog, which has no year', () => {
	it.each<[why: string, line: string, today: string, until: string, day: string]>([
		['this year', 'Nov 23 03:00:00 mx x', '2026-11-24', '2026-11-24', '2026-11-23'],
		['a day of one digit', 'Nov  4 03:00:00 mx x', '2026-11-24', '2026-11-24', '2026-11-04'],
		['before New Year, read after it', 'Dec 31 23:59:59 mx x', '2027-01-02', '2027-01-02', '2026-12-31'],
		['after New Year, in the same file', 'Jan  1 00:00:01 mx x', '2027-01-02', '2027-01-02', '2027-01-01'],
		['New Year on a server that is a zone ahead', 'Jan  1 00:30:00 mx x', '2026-12-31', '2026-12-31', '2027-01-01'],
		['a year ago, all but a day', 'Nov 26 03:00:00 mx x', '2026-11-24', '2026-11-24', '2025-11-26'],
		['a file of long ago', 'Nov 23 03:00:00 mx x', '2026-11-24', '2024-12-01', '2024-11-23'],
		['before New Year, in a file of long ago', 'Dec 30 03:00:00 mx x', '2026-11-24', '2025-01-02', '2024-12-30'],
		['29 February: the last leap year', 'Feb 29 03:00:00 mx x', '2026-11-24', '2026-11-24', '2024-02-29'],
	])('%s', (_, line, today, until, wanted) => expect(dayOfLine(line, today, until)).toBe(wanted));

	it.each([
		'Foo 23 03:00:00 mx x',
		'Nov 31 03:00:00 mx x',
		'Nov 00 03:00:00 mx x',
		'Nov 23 mx x',
		'nov 23 03:00:00 mx x',
		'Nov 23 03:00:0',
		'',
	])('not: %s', (line) => expect(dayOfLine(line)).toBeNull());
});

describe('the journal', () => {
	it('a message in bytes, which journald writes where it is no UTF-8', () =>
		expect(
			timestampParser({ today: '2026-11-24', lastWritten: '2026-11-24' })(JSON.stringify({ ...JOURNAL_ENTRY, MESSAGE: [99, 97] }))?.text,
		).toBe('postfix/smtpd[7]: ca'));

	it('has microseconds: the day in UTC', () => expect(dayOfLine(JSON.stringify(JOURNAL_ENTRY))).toBe('2026-11-24'));

	it.each<[why: string, line: string]>([
		['cut short', JSON.stringify(JOURNAL_ENTRY).slice(0, 60)],
		['no time', JSON.stringify({ ...JOURNAL_ENTRY, __REALTIME_TIMESTAMP: undefined })],
		['no calendar’s time', JSON.stringify({ ...JOURNAL_ENTRY, __REALTIME_TIMESTAMP: '9e30' })],
		['nobody’s', JSON.stringify({ ...JOURNAL_ENTRY, SYSLOG_IDENTIFIER: undefined })],
		['no object', '{}'],
	])('not: %s', (_, line) => expect(dayOfLine(line)).toBeNull());
});

it('takes any line whatever', () => {
	const number = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, '0'));
	const near = fc
		.tuple(fc.constantFrom('Nov', 'Feb', 'Dec', '2026-', '{"'), number, number)
		.map(([a, b, c]) => `${a} ${b} ${c}:00:00 mx x`);
	fc.assert(
		fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (line) => {
			const found = dayOfLine(line);
			expect(found === null || (isCalendarDay(found) && found <= '2026-11-25')).toBe(true);
		}),
	);
});

it('counts days across leap years and summer time', () => {
	expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
	expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
	expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
	expect(daysBetween('2023-12-31', '2024-12-31')).toBe(366);
});
