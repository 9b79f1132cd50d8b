/**
 * Log lines wrapped in JSON: the journal (journalctl -o json, json-seq and json-sse), Docker's json-file, Loki (logcli -o jsonl), Filebeat
 * and whoever else writes an object a line.
 */

export interface JsonLine {
	/** In milliseconds since 1970; null where the object has no time. */
	readonly time: number | null;
	/** The line as syslog writes it ("host program[pid]: message"), or the line that was wrapped in JSON. */
	readonly text: string;
	/** Whether `text` may have a timestamp of its own, because a whole line was wrapped. */
	readonly nested: boolean;
}

// Each object is preceded by a record separator in json-seq (RFC 7464), and by "data: " in json-sse (server-sent events).
const RECORD_SEPARATOR = String.fromCharCode(0x1e);
const EVENT_PREFIX = 'data: ';

/** Converts a line of JSON into the log line that it contains; null for JSON that has none, and for a line that was cut short. */
export function parseJsonLine(line: string): JsonLine | null {
	let entry: unknown;
	try {
		entry = JSON.parse(withoutFrame(line));
	} catch {
		// A line that rotation has cut short does not parse, and is no entry.
		return null;
	}
	return typeof entry === 'object' && entry !== null ? jsonLineOf(entry) : null;
}

function withoutFrame(line: string): string {
	if (line.startsWith(RECORD_SEPARATOR)) return line.slice(1);
	return line.startsWith(EVENT_PREFIX) ? line.slice(EVENT_PREFIX.length) : line;
}

/** Converts an object, which may have been joined from several lines, into the log line that it contains. */
export function jsonLineOf(entry: object): JsonLine | null {
	const micros = field(entry, '__REALTIME_TIMESTAMP');
	if (micros !== undefined) return journalLine(entry, Number(micros));
	const time = timeOf(field(entry, 'time') ?? field(entry, '@timestamp') ?? field(entry, 'timestamp') ?? field(entry, 'ts'));
	const text = field(entry, 'log') ?? field(entry, 'line') ?? field(entry, 'message') ?? field(entry, 'MESSAGE') ?? field(entry, 'msg');
	if (typeof text !== 'string') return null;
	return { time, text: withProgram(entry, withoutLineEnd(text)), nested: true };
}

function withoutLineEnd(text: string): string {
	let end = text.length;
	while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
	return text.slice(0, end);
}

function journalLine(entry: object, micros: number): JsonLine | null {
	const message = messageOf(field(entry, 'MESSAGE'));
	const unit = field(entry, '_SYSTEMD_UNIT');
	const name = field(entry, 'SYSLOG_IDENTIFIER') ?? field(entry, '_COMM') ?? unit;
	const pid = field(entry, '_PID') ?? field(entry, 'SYSLOG_PID') ?? 0;
	const host = field(entry, '_HOSTNAME');
	if (message === null || typeof name !== 'string') return null;
	// The output of a container is logged under the container's name, and its message has a header of its own.
	const container = field(entry, 'CONTAINER_NAME');
	if (typeof container === 'string') return { time: micros / 1000, text: message, nested: true };
	return {
		time: micros / 1000,
		text: `${typeof host === 'string' ? `${host} ` : ''}${name}[${String(pid)}]: ${message}`,
		nested: false,
	};
}

/** The text of a message. The journal writes one that is not UTF-8, or has control characters, as an array of bytes. */
function messageOf(message: unknown): string | null {
	if (typeof message === 'string') return message;
	if (!Array.isArray(message)) return null;
	return Buffer.from(message.map(Number)).toString();
}

/** Adds host and program, which Filebeat's syslog input removes from the message and puts into fields beside it. */
function withProgram(entry: object, text: string): string {
	const program = nested(entry, 'process', 'name') ?? field(entry, 'program') ?? field(entry, 'ident') ?? field(entry, 'appname');
	if (typeof program !== 'string') return text;
	const host = nested(entry, 'host', 'hostname') ?? nested(entry, 'host', 'name') ?? field(entry, 'host');
	const pid = nested(entry, 'process', 'pid') ?? field(entry, 'pid') ?? 0;
	return `${typeof host === 'string' ? `${host} ` : ''}${program}[${String(pid)}]: ${text}`;
}

function timeOf(value: unknown): number | null {
	if (typeof value === 'number') return value > 1e14 ? value / 1e6 : value > 1e11 ? value : value * 1000;
	if (typeof value !== 'string') return null;
	if (/^\d{16,19}$/.test(value)) return Number(value) / 10 ** (value.length - 13);
	const time = Date.parse(value);
	return Number.isNaN(time) ? null : time;
}

function field(entry: object, name: string): unknown {
	return Object.hasOwn(entry, name) ? Reflect.get(entry, name) : undefined;
}

function nested(entry: object, outer: string, inner: string): unknown {
	const value = field(entry, outer);
	return typeof value === 'object' && value !== null ? field(value, inner) : undefined;
}
