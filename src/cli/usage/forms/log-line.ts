/** A log line taken apart: when, which host, which program, and what it says. */
import type { TimestampedLine } from './log-timestamp.ts';

export interface LogLine {
	/** YYYY-MM-DD. */
	readonly day: string;
	/** HH:MM:SS. */
	readonly time: string;
	/** The host that wrote it; empty where the line does not tell. */
	readonly host: string;
	/** The program with whatever it calls itself ("postfix/submission/smtpd"), without its process id; empty for a line that has none, as Exim's own log. */
	readonly program: string;
	/** Its process id; empty where there is none. */
	readonly pid: string;
	readonly message: string;
}

/** The longest header that is looked for: stamp aside, a host name and a tag. */
const MAX_HEADER_LENGTH = 400;

// Solaris puts a message id and the priority behind the program: "[ID 197553 mail.info] ".
const SOLARIS_ID = /^\[ID \d+ [\w.]+\] /;
// A facility and level, as some syslogd and logread write them: "<mail.info>", "mail.info", "(mail.info)".
const FACILITY = /^[<(]?(?:mail|daemon|user|local\d|auth|syslog|\d+)\.\w+[>)]?$/;
const TAG = /^(.*?)(?:\[(\d*)\])?$/;

// What nearly every line has: "mx postfix/smtpd[812]: ".
const USUAL_HEADER = /^([\w.-]+) ([\w./@+-]+)\[(\d+)\]: /;

/**
 * Splits what stands behind the stamp. The header ends with the first ": ", and no word of it ends in a colon: nothing that a client has sent (a HELO name, an address) can
 * stand at the place of the program.
 */
export function splitHeader({ day, time, text }: TimestampedLine): LogLine {
	const usual = USUAL_HEADER.exec(text);
	if (usual !== null && !FACILITY.test(usual[1] ?? '')) {
		const rest = text.slice(usual[0].length);
		return {
			day,
			time,
			host: usual[1] ?? '',
			program: usual[2] ?? '',
			pid: usual[3] ?? '',
			message: rest.startsWith('[ID ') ? rest.replace(SOLARIS_ID, '') : rest,
		};
	}
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
