/** Recognises lines in which a logging daemon says that lines are missing, or that equal lines were merged into one. */
import type { LogLine } from './log-line.ts';

/** `lost`: nobody knows what they said. `repeated`: they said what `line` says, so often. */
export type MissingLines = { readonly kind: 'lost' } | { readonly kind: 'repeated'; readonly line: LogLine; readonly count: number };

// journald: "Suppressed 1200 messages from postfix.service"; rsyslog: "imuxsock lost 200 messages from pid 812 due to rate-limiting",
// "imjournal: begin to drop messages due to rate-limiting", "… 1200 messages lost due to rate-limiting (100 allowed within 600 seconds)";
// syslog-ng: "… dropped".
const LOST =
	/^(?:Suppressed \d+ messages? from (\S+)|(?:[\w-]+: )?\d+ messages (?:from \S+ )?(?:were )?(?:lost|dropped|suppressed)|(?:[\w-]+(?:\[[^\]]{0,40}\])?: |[\w-]+ (?:\[[^\]]{0,40}\] ?)?)?(?:begin to drop messages|lost \d+ messages|from <[^>]{0,100}>: (?:begin|end) to drop))/;
/**
 * What else logging daemons say of lines that they left out: journald's "Forwarding to syslog missed 3 messages.", OpenBSD's "dropped 12
 * messages to …", rsyslog's "… discarded".
 */
const LOGGING_DAEMON = /^(?:rsyslogd|syslogd|syslog-ng|systemd-journald|journal|imjournal|imuxsock|metalog|busybox|journald)(?:$|-)/;
const LEFT_OUT = /\b(?:lost|dropp(?:ed|ing)|drop|missed|suppress(?:ed|ing)|discard(?:ed|ing)?|rate.?limit\w*)\b/i;
const REPEATED = /^message repeated (\d{1,6}) times: \[ ?(.*?)\]?$/;
const LAST_REPEATED = /^last message (?:repeated (\d{1,6}) times?|buffered \d+ times?)/;

/** Units that are not mail servers, whose lost lines do not matter. */
const OTHER_UNIT =
	/^(?:sshd?|cron|nginx|apache2|httpd|php[\w.-]*|mysqld?|mariadb|redis[\w-]*|named|bind9|ufw|kernel|NetworkManager|systemd-[\w-]+|user@\d+)(?:\.(?:service|scope|slice))?$/;

/**
 * @param last the line before, where it was one of a mail server's
 * @returns null for a line that says no such thing
 */
export function readMissingLines(line: LogLine, last: LogLine | null): MissingLines | null {
	const { message, program } = line;
	// Every such line contains this word, and hardly any other does.
	if (!message.includes('message')) return null;
	const repeated = message.startsWith('message repeated ') ? REPEATED.exec(message) : null;
	if (repeated !== null) return { kind: 'repeated', count: Number(repeated[1]), line: { ...line, message: repeated[2] ?? '' } };
	const text = program === '' ? message.replace(/^\S+ (?=last message )/, '') : message;
	const again = LAST_REPEATED.exec(text);
	if (again !== null)
		return last === null ? null : { kind: 'repeated', count: Number(again[1] ?? 1), line: { ...last, day: line.day, time: line.time } };
	const lost = LOST.exec(message);
	if (lost === null) return LOGGING_DAEMON.test(program) && LEFT_OUT.test(message) ? { kind: 'lost' } : null;
	return OTHER_UNIT.test(lost[1] ?? '') ? null : { kind: 'lost' };
}
