/** When a log line was written: its day. */

import { addDays, utcDay } from '../../lib/time.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line's day as YYYY-MM-DD, and what stands behind the stamp. */
export interface TimestampedLine {
	readonly day: string;
	readonly text: string;
}

/** What is known of a log's time before its lines are read; both YYYY-MM-DD. */
export interface LogDates {
	readonly today: string;
	/** The day on which the file was last written to; today where that is not known. */
	readonly lastWritten: string;
}

// RFC 3339; with a blank for the T and without a zone as Dovecot's log_timestamp is often set, and journalctl's "+0000" (-o short-iso).
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})? /;
// RFC 5424 §6: priority and version, then the stamp, host, program, process and message id, structured data, and the message (with its mark of
// UTF-8); "-" for what is not known. RFC 5424 §6.3.3: in a value, only "]", the quotation mark and the backslash are escaped.
const SYSLOG_PRIORITY = /^<\d{1,3}>(?:1 )?/;
const SYSLOG_HEADER = /^(\S+) (\S+) (\S+) \S+ (?:-|(?:\[[^\]"\s]+(?: [^=\]"\s]+="(?:[^"\\]|\\.)*")*\])+) \ufeff?/;
// RFC 3164 §4.1.2: "Nov  4 03:19:52".
const BSD_TIMESTAMP = /^([A-Z][a-z]{2} [ 0-3]\d) \d{2}:\d{2}:\d{2} /;

// A clock that was never set writes 1970. Such days, and those still to come, would stretch what the log seems to cover.
const EARLIEST_DAY = '2000-01-01';

/** Years that are tried for a day without one: 29 February can be eight years back. */
const MAX_YEARS_BACK = 9;

/**
 * A reader of the kinds of stamp: RFC 3339, as syslog's later form (RFC 5424) has it too (its own day, in its own zone), BSD syslog (which has neither year nor zone: the day as
 * written, in the latest year that does not lie ahead of the file's last change), and the journal's JSON (microseconds since 1970: the day
 * in UTC). It returns null for a line without a stamp, or with a day that no log can have.
 */
export function timestampParser({ today, lastWritten }: LogDates): (line: string) => TimestampedLine | null {
	// A day of slack: the server may be a zone ahead of this machine.
	const [latest, latestBare] = [nextDay(today), nextDay(lastWritten)];
	// Lines come by the million and days by the dozen: the calendar is asked once for each.
	let good = '';
	const years = new Map<string, string | null>();

	function full(day: string, text: string): TimestampedLine | null {
		if (day !== good && !isPlausibleDay(day, latest)) return null;
		good = day;
		return { day, text };
	}

	function bare(monthDay: string, text: string): TimestampedLine | null {
		const day = years.get(monthDay) ?? latestYear(monthDay, latestBare);
		years.set(monthDay, day);
		return day === null ? null : { day, text };
	}

	return (whole) => {
		if (whole.startsWith('{')) {
			const entry = parseJournalEntry(whole);
			return entry === null ? null : full(entry.day, entry.text);
		}
		const priority = whole.startsWith('<') ? (SYSLOG_PRIORITY.exec(whole)?.[0] ?? '') : '';
		const line = whole.slice(priority.length);
		const rfc3339 = RFC_3339.exec(line);
		if (rfc3339 !== null) {
			const text = line.slice(rfc3339[0].length);
			return full(rfc3339[1] ?? '', priority.endsWith(' ') ? text.replace(SYSLOG_HEADER, '$1 $2[$3]: ') : text);
		}
		const bsd = BSD_TIMESTAMP.exec(line);
		return bsd === null ? null : bare(bsd[1] ?? '', line.slice(bsd[0].length));
	};
}

function isPlausibleDay(day: string, latest: string): boolean {
	return day >= EARLIEST_DAY && day <= latest && isCalendarDay(day);
}

/** "Nov  4" as the latest such day up to a day; null where the calendar has none. */
function latestYear(monthDay: string, latest: string): string | null {
	const month = MONTHS.indexOf(monthDay.slice(0, 3)) + 1;
	const last = Number(latest.slice(0, 4));
	for (let year = last; year > last - MAX_YEARS_BACK; year--) {
		const day = `${year}-${twoDigits(month)}-${twoDigits(Number(monthDay.slice(4)))}`;
		if (isPlausibleDay(day, latest)) return day;
	}
	return null;
}

/** Whether a text is a day as the calendar has it: Date rolls 31 April over into May. */
export function isCalendarDay(day: string): boolean {
	return utcDayOf(Date.parse(`${day}T00:00:00Z`)) === day;
}

function parseJournalEntry(line: string): TimestampedLine | null {
	let entry: unknown;
	try {
		entry = JSON.parse(line);
	} catch {
		// A line cut short by rotation is no entry.
		return null;
	}
	if (typeof entry !== 'object' || entry === null) return null;
	const micros = Number(Reflect.get(entry, '__REALTIME_TIMESTAMP'));
	const message: unknown = Reflect.get(entry, 'MESSAGE');
	const name: unknown = Reflect.get(entry, 'SYSLOG_IDENTIFIER');
	const pid: unknown = Reflect.get(entry, '_PID') ?? Reflect.get(entry, 'SYSLOG_PID') ?? 0;
	const day = utcDayOf(micros / 1000);
	if (day === null || typeof message !== 'string' || typeof name !== 'string') return null;
	return { day, text: `${name}[${String(pid)}]: ${message}` };
}

/** The UTC day of a time in milliseconds; null for one that no calendar has. */
function utcDayOf(time: number): string | null {
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? null : utcDay(time);
}

function twoDigits(number: number): string {
	return String(number).padStart(2, '0');
}

export function nextDay(day: string): string {
	return addDays(day, 1);
}
