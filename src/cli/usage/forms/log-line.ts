/** A parsed log line: its time, host, program and message. */
import type { TimestampedLine } from './log-timestamp.ts';

export interface LogLine {
	/** YYYY-MM-DD. */
	readonly day: string;
	/** HH:MM:SS. */
	readonly time: string;
	/** The host that wrote it; empty where the line does not say. */
	readonly host: string;
	/**
	 * The program with whatever it calls itself ("postfix/submission/smtpd"), without its process id; empty for a line that has none, as
	 * Exim's own log.
	 */
	readonly program: string;
	/** Its process id; empty where there is none. */
	readonly pid: string;
	readonly message: string;
}

/** The longest header (host name and tag) that is searched for. */
const MAX_HEADER_LENGTH = 400;

// Solaris puts a message id and the priority behind the program: "[ID 197553 mail.info] ".
const SOLARIS_ID = /^\[ID \d+ [\w.]+\] /;
// A facility and level, as some syslogd and logread write them: "<mail.info>", "mail.info", "(mail.info)".
export const FACILITY = /^[<(]?(?:mail|daemon|user|local\d|auth|syslog|\d+)\.\w+[>)]?$/;
const TAG = /^(.*?)(?:\[(\d*)\])?$/;

// The usual header before the process id, such as "mx postfix/smtpd".
const USUAL_HEADER = /^([\w.-]+) ([\w./@+-]+)$/;
const DIGITS = /^\d{1,10}$/;

export interface Header {
	readonly host: string;
	readonly program: string;
}

/** How many headers are remembered: there are dozens of hosts and programs in millions of lines. */
const MAX_HEADERS = 2000;

/** Creates a function that splits lines. It remembers headers, so that a known one needs no pattern and no new string. */
export function createHeaderSplitter(): (line: TimestampedLine) => LogLine {
	const headers = new Map<string, Header | null>();

	function headerOf(text: string): Header | null {
		const known = headers.get(text);
		if (known !== undefined) return known;
		const [, host, program] = USUAL_HEADER.exec(text) ?? [];
		// The parts are copied, because slices would keep the whole piece of the log in memory that they were cut from.
		const header =
			host === undefined || program === undefined || FACILITY.test(host)
				? null
				: { host: Buffer.from(host).toString(), program: Buffer.from(program).toString() };
		if (headers.size < MAX_HEADERS) headers.set(Buffer.from(text).toString(), header);
		return header;
	}

	return (line) => {
		const { day, time, text } = line;
		const open = text.indexOf('[');
		const close = open < 0 || open > MAX_HEADER_LENGTH ? -1 : text.indexOf(']: ', open);
		if (close < 0 || close > open + 11) return splitHeader(line);
		const pid = text.slice(open + 1, close);
		const header = DIGITS.test(pid) ? headerOf(text.slice(0, open)) : null;
		if (header === null) return splitHeader(line);
		const rest = text.slice(close + 3);
		return {
			day,
			time,
			host: header.host,
			program: header.program,
			pid,
			message: rest.startsWith('[ID ') ? rest.replace(SOLARIS_ID, '') : rest,
		};
	};
}

/**
 * Splits what stands behind the stamp. The header ends with the first ": ", and no word of it ends in a colon: nothing that a client has
 * sent (a HELO name, an address) can stand at the place of the program.
 */
function splitHeader({ day, time, text }: TimestampedLine): LogLine {
	const end = text.indexOf(': ');
	const words =
		end < 0 || end > MAX_HEADER_LENGTH
			? []
			: text
					.slice(0, end)
					.split(' ')
					.filter((word) => word !== '');
	const tag = words.pop();
	const [first, second] = words.filter((word) => !FACILITY.test(word));
	if (tag === undefined || second !== undefined || words.length > 3) return { day, time, host: '', program: '', pid: '', message: text };
	const [, program = '', pid = ''] = TAG.exec(tag) ?? [];
	const message = text.slice(end + 2);
	return { day, time, host: first ?? '', program, pid, message: message.startsWith('[ID ') ? message.replace(SOLARIS_ID, '') : message };
}
