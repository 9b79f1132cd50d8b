/**
 * Chooses, in logs of any form, the lines that show nothing of submissions but that the log is whole, for which one line a day is enough:
 * those of Postfix's and Dovecot's other programs, and of Exim and Sendmail about deliveries. Of Postfix's queue manager each process is looked at.
 */
import { findOtherPostfixDaemon, isQueueManager } from '../servers/postfix-names.ts';
import { utcDayOf } from './calendar.ts';

/** The other programs: Dovecot's, Exim and Sendmail by their names, and Exim by what it says of a delivery. */
const OTHER_WITNESS =
	/\bdovecot[[:"]|\b(?:imap|pop3|submission|lmtp|lda|managesieve)\(|\bexim\d?[[:"]|\bsendmail[[:"]|[\dA-Za-z]-[\dA-Za-z]{2,6} (?:=>|->|=\\u003e|-\\u003e|==|\*\*|Completed)(?![\w=])/;
/** What OTHER_WITNESS finds in a line of Exim about a delivery. */
const DELIVERY = ' ';

/** The process id where it is in another field than the name. */
const PROCESS_ID = /"(?:_PID|SYSLOG_PID|pid|procid)" ?: ?"?(\d{1,10})/;
const JOURNAL_TIME = /"__REALTIME_TIMESTAMP" ?: ?"(\d{1,20})"/;
/** The day in any timestamp: "2026-11-24", "Nov 24", and what journalctl -o short-unix has for it. */
const ANY_DAY = /\d{4}[-/]\d{2}[-/]\d{2}|[A-Z][a-z]{2} [ 0-3]\d|^\d{9,10}\./;

/** Beyond so many days and programs they are looked at again. */
const MAX_KEPT = 10_000;

/** Tells of a line whether it shows anything that no line before has shown. */
export function createWitnessLines(): (line: string) => boolean {
	let seen = new Set<string>();
	let queueManager = '';
	return (line) => {
		const found = findWitness(line);
		if (found === null) return false;
		const [name = ''] = found.includes(DELIVERY) ? ['exim'] : found.split(/[[(]/);
		if (isQueueManager(name)) {
			const process = found === name ? `${name} ${PROCESS_ID.exec(line)?.[1] ?? ''}` : found;
			if (process !== queueManager) {
				queueManager = process;
				return true;
			}
		}
		const key = `${dayIn(line)} ${name}`;
		if (seen.has(key)) return false;
		if (seen.size >= MAX_KEPT) seen = new Set();
		seen.add(key);
		return true;
	};
}

/** The text that shows which program a line is of: whichever stands first in it. Null where no program is found. */
function findWitness(line: string): string | null {
	const postfix = findOtherPostfixDaemon(line);
	const other = OTHER_WITNESS.exec(line);
	if (postfix === null || other === null) return postfix?.text ?? other?.[0] ?? null;
	return postfix.index <= other.index ? postfix.text : other[0];
}

function dayIn(line: string): string {
	const micros = JOURNAL_TIME.exec(line)?.[1];
	if (micros !== undefined) return utcDayOf(Number(micros) / 1000) ?? '';
	const found = ANY_DAY.exec(line)?.[0] ?? '';
	return found.endsWith('.') ? (utcDayOf(Number.parseInt(found, 10) * 1000) ?? '') : found;
}
