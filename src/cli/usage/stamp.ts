/** When a log line was written: its day. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line's day as YYYY-MM-DD, and what stands behind the stamp. */
export interface Stamped {
	readonly day: string;
	readonly text: string;
}

/**
 * Reads the three kinds of stamp: RFC 3339 (its own day, in its own zone), BSD syslog (RFC 3164 §4.1.2, which has neither year nor zone: the
 * day as written, in the latest year that does not lie ahead of `today`), and the journal's JSON (microseconds since 1970: the day in UTC).
 * @param today YYYY-MM-DD
 * @returns null for a line without a stamp
 */
export function parseStamp(line: string, today: string): Stamped | null {
	if (line.startsWith('{')) return fromJournal(line);
	if (/^\d{4}-\d{2}-\d{2}[T ]/.test(line)) return { day: line.slice(0, 10), text: line.slice(20) };
	const month = MONTHS.indexOf(line.slice(0, 3));
	const written = Number(line.slice(4, 6));
	if (month < 0 || !(written >= 1 && written <= 31) || line[6] !== ' ') return null;
	const monthDay = `${two(month + 1)}-${two(written)}`;
	const year = Number(today.slice(0, 4));
	// A day of slack: the server may be a zone ahead of this machine.
	const ahead = `${year}-${monthDay}` > nextDay(today);
	return { day: `${ahead ? year - 1 : year}-${monthDay}`, text: line.slice(16) };
}

function fromJournal(line: string): Stamped | null {
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
	if (!Number.isFinite(micros) || micros <= 0 || typeof message !== 'string') return null;
	const day = dayOf(micros / 1000);
	return day === null ? null : { day, text: `${String(name)}[${String(pid)}]: ${message}` };
}

/** The UTC day of a time in milliseconds; null for one that no calendar has. */
function dayOf(time: number): string | null {
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10);
}

function two(number: number): string {
	return String(number).padStart(2, '0');
}

const DAY_MS = 86_400_000;

export function nextDay(day: string): string {
	return addDays(day, 1);
}

/** The day that lies `count` days after another (before it, where negative). */
export function addDays(day: string, count: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one to another. */
export function daysBetween(from: string, to: string): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}
