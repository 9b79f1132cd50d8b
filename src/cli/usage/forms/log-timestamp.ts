/** Reads the timestamp of a log line, in all forms that logs have, and returns the rest of the line. */
import { addDays } from '../../../lib/time.ts';
import { isCalendarDay, utcDayOf } from './calendar.ts';
import { type JsonLine, parseJsonLine } from './json-lines.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The day of a line as YYYY-MM-DD, its time as HH:MM:SS (in the time zone of the log), and the text after the timestamp. */
export interface TimestampedLine {
	readonly day: string;
	readonly time: string;
	readonly text: string;
	/** Whether no timestamp of the line has a year. */
	readonly isYearGuessed?: boolean;
}

/** What is known about the dates of a log before its lines are read; both are YYYY-MM-DD. */
export interface LogDates {
	readonly today: string;
	/** The day on which the file was last written to; today where that is not known. */
	readonly lastWritten: string;
}

// RFC 3339; with a blank for the T and without a zone as Dovecot's log_timestamp is often set, and journalctl's "+0000" (-o short-iso).
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,]\d{1,9})?(?: ?Z|[+-]\d{2}:?\d{2}| [+-]\d{4}| UTC)? /;
// RFC 5424 §6: priority and version, then the stamp, host, program, process and message id, structured data, and the message (with its mark
// of UTF-8); "-" for what is not known. RFC 5424 §6.3.3: in a value, only "]", the quotation mark and the backslash are escaped.
const SYSLOG_PRIORITY = /^<\d{1,3}>(?:1 )?/;
const SYSLOG_HEADER = /^(\S+) (\S+) (\S+) \S+ (?:-|(?:\[[^\]"\s]+(?: [^=\]"\s]+="(?:[^"\\]|\\.)*")*\])+) \ufeff?/;
// RFC 3164 §4.1.2: "Nov  4 03:19:52"; with fractions as journalctl -o short-precise has it; with a year before it (syslog-ng, rsyslog's
// date-year).
const BSD_TIMESTAMP = /^(?:(\d{4}) )?([A-Z][a-z]{2} [ 0-3]\d)(?: (\d{4}))? (\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?: [A-Z]{3,4})? /;
/** "Nov 24 10:00:00 ". */
const BSD_TIMESTAMP_LENGTH = 16;
// journalctl -o short-full and with-unit: "Tue 2026-11-24 10:00:00 UTC mx …".
const JOURNAL_FULL = /^[A-Z][a-z]{2} (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?: (?:[A-Z]{2,5}|[+-]\d{2,4}))? /;
// OpenWrt's logread and asctime(3): "Tue Nov 24 10:00:00 2026 mail.info postfix/smtpd[7]: …".
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ 0-3]\d) (\d{2}:\d{2}:\d{2}) (\d{4}) /;
// journalctl -o short-unix: seconds since 1970.
const UNIX_SECONDS = /^(\d{9,10})\.\d{1,9} /;
// nginx: "2026/11/24 10:00:00 [info] 17#17: …", which has no host and no program.
const NGINX_TIMESTAMP = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}:\d{2}:\d{2}) (\[\w+\]) (\d+)#\d+: /;
// Containers: "postfix-mailcow_1  | …" (docker compose logs), "[pod/mail-0/postfix] …" (kubectl logs --prefix), and the form of Kubernetes'
// files (CRI: "2026-11-24T10:00:00.1Z stdout F …").
const COMPOSE_PREFIX = /^([\w][\w.-]{0,80}) +\| ?/;
const POD_PREFIX = /^\[pod\/([\w./-]{1,200})\] /;
const CRI_STREAM = /^(?:stdout|stderr) [FP](?::\S+)? /;

// A clock that was never set writes 1970. Such days, like days in the future, would falsify the period that the log covers.
const EARLIEST_DAY = '2000-01-01';

/** How many years are tried for a day without a year: the last 29 February can be eight years ago. */
const MAX_YEARS_BACK = 9;

/** How many nested wrappers are opened: a container's line in the journal in a JSON file has three. */
const MAX_DEPTH = 4;

/**
 * A reader of the kinds of stamp: RFC 3339, as syslog's later form (RFC 5424) has it too (its own day, in its own zone), BSD syslog (which
 * has neither year nor zone: the day as written, in the latest year that does not lie ahead of the file's last change), every output of
 * journalctl, containers' logs, and JSON. It returns null for a line without a stamp, or with a day that no log can have.
 */
export function timestampParser({ today, lastWritten }: LogDates): (line: string) => TimestampedLine | null {
	// One day of tolerance, because the server may be in a time zone ahead of this machine's.
	const [latest, latestBare] = [addDays(today, 1), addDays(lastWritten, 1)];
	// There are millions of lines but only dozens of days, so each day is checked against the calendar once.
	let good = '';
	const years = new Map<string, string | null>();
	// Several lines have the same second, so the last timestamp is kept with the day that it meant.
	let lastStamp = '';
	let lastTime: Omit<TimestampedLine, 'text'> = { day: '', time: '' };

	function full(day: string, time: string, text: string): TimestampedLine | null {
		if (day !== good && !isPlausibleDay(day, latest)) return null;
		good = day;
		return { day, time, text };
	}

	function bare(monthDay: string, time: string, text: string): TimestampedLine | null {
		const day = years.get(monthDay) ?? latestYear(monthDay, latestBare);
		years.set(monthDay, day);
		return day === null ? null : { day, time, text, isYearGuessed: true };
	}

	/** The text after a container's timestamp may have a timestamp of its own, followed by host and program. */
	function inner(outer: TimestampedLine | null, depth: number): TimestampedLine | null {
		if (outer === null) return null;
		const text = outer.text.replace(CRI_STREAM, '');
		const within = depth < MAX_DEPTH ? stamped(text, depth + 1) : null;
		// The outer timestamp has a year, which the inner one may lack.
		return within === null ? { ...outer, text } : { ...within, day: outer.day, isYearGuessed: outer.isYearGuessed === true };
	}

	function fromJson(line: JsonLine, depth: number): TimestampedLine | null {
		const day = line.time === null ? null : utcDayOf(line.time);
		if (day === null || line.time === null) return depth < MAX_DEPTH ? stamped(line.text, depth + 1) : null;
		const outer = full(day, new Date(line.time).toISOString().slice(11, 19), line.text);
		return line.nested ? inner(outer, depth) : outer;
	}

	function behindPriority(whole: string): TimestampedLine | null {
		const priority = SYSLOG_PRIORITY.exec(whole)?.[0] ?? '';
		const found = priority === '' ? null : stamped(whole.slice(priority.length), MAX_DEPTH);
		return found !== null && priority.endsWith(' ') ? { ...found, text: found.text.replace(SYSLOG_HEADER, '$1 $2[$3]: ') } : found;
	}

	function fromLetter(line: string, depth: number): TimestampedLine | null {
		if (lastStamp !== '' && line.startsWith(lastStamp)) return { ...lastTime, text: line.slice(lastStamp.length) };
		const bsd = BSD_TIMESTAMP.exec(line);
		if (bsd !== null) return remembered(bsd[0], fromBsd(bsd, line));
		const journal = JOURNAL_FULL.exec(line);
		if (journal !== null) return full(journal[1] ?? '', journal[2] ?? '', line.slice(journal[0].length));
		const asctime = ASCTIME.exec(line);
		if (asctime !== null)
			return full(dayOf(asctime[4] ?? '', asctime[1] ?? '', asctime[2] ?? ''), asctime[3] ?? '', line.slice(asctime[0].length));
		return fromContainer(line, depth);
	}

	function remembered(stamp: string, found: TimestampedLine | null): TimestampedLine | null {
		// With fractions of a second every line has a different timestamp, so keeping the last one would not help.
		if (found !== null && stamp.length === BSD_TIMESTAMP_LENGTH) {
			lastStamp = Buffer.from(stamp).toString();
			lastTime = { day: found.day, time: found.time, isYearGuessed: found.isYearGuessed === true };
		}
		return found;
	}

	function fromContainer(line: string, depth: number): TimestampedLine | null {
		const container = COMPOSE_PREFIX.exec(line) ?? POD_PREFIX.exec(line);
		return container === null || depth >= MAX_DEPTH ? null : stamped(line.slice(container[0].length), depth + 1);
	}

	function fromBsd(bsd: RegExpExecArray, line: string): TimestampedLine | null {
		const [whole, before, monthDay = '', behind, time = ''] = bsd;
		const year = before ?? behind;
		const text = line.slice(whole.length);
		return year === undefined ? bare(monthDay, time, text) : full(dayOf(year, monthDay.slice(0, 3), monthDay.slice(4)), time, text);
	}

	function fromDigit(line: string, depth: number): TimestampedLine | null {
		const rfc3339 = RFC_3339.exec(line);
		if (rfc3339 !== null) {
			const outer = full(rfc3339[1] ?? '', rfc3339[2] ?? '', line.slice(rfc3339[0].length));
			return outer !== null && HAS_INNER_STAMP.test(outer.text) ? inner(outer, depth) : outer;
		}
		const nginx = NGINX_TIMESTAMP.exec(line);
		if (nginx !== null) {
			const [whole, year, month, date, time = '', level, pid] = nginx;
			return full(`${year}-${month}-${date}`, time, `nginx[${pid}]: ${level} ${line.slice(whole.length)}`);
		}
		const unix = UNIX_SECONDS.exec(line);
		if (unix !== null) {
			const date = new Date(Number(unix[1]) * 1000).toISOString();
			return full(date.slice(0, 10), date.slice(11, 19), line.slice(unix[0].length));
		}
		const bsd = BSD_TIMESTAMP.exec(line);
		return bsd === null ? fromContainer(line, depth) : fromBsd(bsd, line);
	}

	function stamped(line: string, depth: number): TimestampedLine | null {
		const first = line.charCodeAt(0);
		if (first === 0x7b || first === 0x1e || line.startsWith('data: {')) {
			const json = parseJsonLine(line);
			return json === null ? null : fromJson(json, depth);
		}
		if (first === 0x3c) return behindPriority(line);
		if (first === 0x5b) return fromContainer(line, depth);
		return first >= 0x30 && first <= 0x39 ? fromDigit(line, depth) : fromLetter(line, depth);
	}

	return (line) => stamped(line, 0);
}

/** A second timestamp after the first: docker logs -t, Kubernetes, and programs that write one themselves. */
const HAS_INNER_STAMP = /^(?:stdout |stderr |[A-Z][a-z]{2} [ 0-3]\d (?:\d{4} )?\d{2}:|\d{4}[-/ ][\dA-Z]|<\d{1,3}>|\{|[\w.-]{1,80} +\| )/;

function isPlausibleDay(day: string, latest: string): boolean {
	return day >= EARLIEST_DAY && day <= latest && isCalendarDay(day);
}

/** "2026", "Nov", " 4" as YYYY-MM-DD; a day that the calendar does not have where the month is none. */
function dayOf(year: string, month: string, date: string): string {
	return `${year}-${twoDigits(MONTHS.indexOf(month) + 1)}-${twoDigits(Number(date))}`;
}

/** "Nov  4" as the latest such day up to a day; null where the calendar has none. */
function latestYear(monthDay: string, latest: string): string | null {
	const last = Number(latest.slice(0, 4));
	for (let year = last; year > last - MAX_YEARS_BACK; year--) {
		const day = dayOf(String(year), monthDay.slice(0, 3), monthDay.slice(4));
		if (isPlausibleDay(day, latest)) return day;
	}
	return null;
}

function twoDigits(number: number): string {
	return String(number).padStart(2, '0');
}
