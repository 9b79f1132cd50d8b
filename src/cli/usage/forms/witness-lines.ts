/**
 * Chooses, in logs of any form, the lines that show nothing of submissions but that the log is whole, for which one line a day is enough:
 * those of Postfix's and Dovecot's other programs, and of Exim and Sendmail about deliveries. Of Postfix's queue manager each process is looked at.
 */
import { stripVTControlCharacters } from 'node:util';
import { findOtherPostfixDaemon, isQueueManager } from '../servers/postfix-names.ts';
import { utcDayOf } from './calendar.ts';

/** Begins the colours of a pager. */
export const ESCAPE = String.fromCharCode(27);

/** The other programs: Dovecot's, Exim and Sendmail by their names, and Exim by what it says of a delivery. */
const OTHER_WITNESS =
	/\bdovecot[[:"]|\b(?:imap|pop3|submission|lmtp|lda|managesieve)\(|\bexim\d?[[:"]|\bsendmail[[:"]|[\dA-Za-z]-[\dA-Za-z]{2,6} (?:=>|->|=\\u003e|-\\u003e|==|\*\*|Completed)(?![\w=])/;
/** What OTHER_WITNESS finds in a line of Exim about a delivery. */
const DELIVERY = ' ';

/** The process id where it is in another field than the name. */
const PROCESS_ID = /"(?:_PID|SYSLOG_PID|pid|procid)" ?: ?"?(\d{1,10})/;
const JOURNAL_TIME = /"__REALTIME_TIMESTAMP" ?: ?"(\d{1,20})"/;
/** The day in any timestamp: "2026-11-24", "Nov 24", and what journalctl -o short-unix has for it. */
const ANY_DAY = /\d{4}[-/]\d{2}[-/]\d{2}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]\d|^\d{9,10}\./;

/** The host where it is in a field of its own: in the journal's JSON, and in what shippers of logs make of a line. */
const HOST_FIELD = /"(?:_HOSTNAME|SYSLOG_HOSTNAME|hostname|host)" ?: ?"([^"]{1,255})"/;
/** The host in RFC 5424's header, whose program need not stand directly before what was found. */
const HOST_IN_HEADER = /<\d{1,3}>1 \S{1,40} (\S{1,255}) /;

/** A time, a zone or a process id, which stand before the program in the servers' own files. */
const NO_HOST = /^[\d:.,+\-TZ[\]]{1,40}$/;

/** Beyond so many days, hosts and programs they are looked at again. */
const MAX_KEPT = 10_000;

/** Tells of a line whether it shows anything that no line before has shown. */
export function createWitnessLines(): (line: string) => boolean {
	let seen = new Set<string>();
	let queueManager = '';
	return (raw) => {
		const line = raw.includes(ESCAPE) ? stripVTControlCharacters(raw) : raw;
		const found = findWitness(line);
		if (found === null) return false;
		const { text, index } = found;
		const [name = ''] = text.includes(DELIVERY) ? ['exim'] : text.split(/[[(]/);
		if (isQueueManager(name)) {
			const process = text === name ? `${name} ${PROCESS_ID.exec(line)?.[1] ?? ''}` : text;
			if (process !== queueManager) {
				queueManager = process;
				return true;
			}
		}
		// Each host has to show by lines of its own that its log is whole.
		const key = `${dayIn(line)} ${hostIn(line, index)} ${name}`;
		if (seen.has(key)) return false;
		if (seen.size >= MAX_KEPT) seen = new Set();
		seen.add(key);
		return true;
	};
}

interface Witness {
	/** What shows which program a line is of. */
	readonly text: string;
	/** Where it begins in the line. */
	readonly index: number;
}

/** The first text in a line that shows which program it is of; null where no program is found. */
function findWitness(line: string): Witness | null {
	const postfix = findOtherPostfixDaemon(line);
	const other = OTHER_WITNESS.exec(line);
	if (other === null || (postfix !== null && postfix.index <= other.index)) return postfix;
	return { text: other[0], index: other.index };
}

/** What tells the hosts of a log apart: a field or a header with the host, or the word before the program, which is the host in all other forms. */
function hostIn(line: string, programAt: number): string {
	const inHeader = HOST_IN_HEADER.exec(line)?.[1];
	if (inHeader !== undefined) return inHeader;
	const end = line.lastIndexOf(' ', programAt);
	const word = end < 1 ? '' : line.slice(line.lastIndexOf(' ', end - 1) + 1, end);
	return `${HOST_FIELD.exec(line)?.[1] ?? ''} ${NO_HOST.test(word) ? '' : word}`;
}

function dayIn(line: string): string {
	const micros = JOURNAL_TIME.exec(line)?.[1];
	if (micros !== undefined) return utcDayOf(Number(micros) / 1000) ?? '';
	const found = ANY_DAY.exec(line)?.[0] ?? '';
	return found.endsWith('.') ? (utcDayOf(Number.parseInt(found, 10) * 1000) ?? '') : found;
}
