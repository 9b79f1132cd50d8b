/**
 * Finds the parts of lines in syslog's two usual forms by their position: "Nov 24 10:00:00 mx postfix/smtpd[7]: …", and the same behind an RFC 3339 timestamp. Nearly every line
 * of a large log has one of them, and most are of programs that take no submissions: those are skipped here without a regular expression. A line in any other form is left to
 * log-timestamp.ts and log-line.ts, which find the same day, host, program and message.
 */

import { isQueueManager } from '../servers/postfix-names.ts';
import type { ProgramRole } from '../servers/program-role.ts';
import { FACILITY, type Header, type LogLine } from './log-line.ts';

/** What stands before the process id ("mx postfix/smtpd"). */
export interface UsualHeader extends Header {
	readonly text: string;
	readonly role: ProgramRole;
	readonly isQueueManager: boolean;
	/** The beginning of its last line that was read: of a program that takes no submissions, one line a day is enough. */
	seen: string;
	/** The process id in that line. */
	pid: string;
}

/** Where the parts of a line are in the text that holds it. */
export interface UsualLine {
	text: string;
	header: UsualHeader;
	at: number;
	end: number;
	/** RFC 3339, and not "Nov 24 10:00:00". */
	isFull: boolean;
	timeAt: number;
	/** The day that the timestamp stands for, once somebody has looked: YYYY-MM-DD. */
	day: string;
	/** Both 0 for a line without a process id. */
	pidFrom: number;
	pidTo: number;
	messageAt: number;
}

const USUAL_HEADER = /^([\w.-]{1,255}) ([\w./@+-]{1,255})$/;
const MAX_HEADER_LENGTH = 200;
const MAX_PID_DIGITS = 10;

/** How many headers are remembered, in a power of two: there are dozens of hosts and programs in millions of lines. */
const TABLE_SIZE = 1 << 12;

const LINE_FEED = '\n';
const [SPACE, PLUS, COMMA, HYPHEN, DOT, COLON, T, Z, OPEN, CLOSE] = Array.from(' +,-.:TZ[]', (sign) => sign.charCodeAt(0));

/** @param roleOf what the lines of a program are good for */
export function createUsualLines(
	roleOf: (program: string) => ProgramRole,
): (bytes: Uint8Array, text: string, at: number, end: number) => UsualLine | null {
	const table: (UsualHeader | null | undefined)[] = new Array(TABLE_SIZE);
	const none: UsualHeader = { text: '', host: '', program: '', role: 'unknown', isQueueManager: false, seen: LINE_FEED, pid: '' };
	// One object for all lines: there are millions of them.
	const found: UsualLine = { text: '', header: none, at: 0, end: 0, isFull: false, timeAt: 0, day: '', pidFrom: 0, pidTo: 0, messageAt: 0 };

	function headerOf(text: string, from: number, to: number, hash: number): UsualHeader | null {
		const slot = hash & (TABLE_SIZE - 1);
		const known = table[slot];
		if (known !== undefined && known !== null && known.text.length === to - from && text.startsWith(known.text, from)) return known;
		const made = parseHeader(text.slice(from, to), roleOf);
		if (made !== null) table[slot] = made;
		return made;
	}

	return (bytes, text, at, end) => {
		const from = behindTimestamp(bytes, at);
		if (from < 0) return null;
		const limit = Math.min(end, from + MAX_HEADER_LENGTH);
		let hash = 0;
		let to = from;
		for (; to < limit; to++) {
			const code = bytes[to] ?? 0;
			if (code === OPEN || code === COLON) break;
			hash = (Math.imul(hash, 31) + code) | 0;
		}
		if (to >= limit) return null;
		let colon = to;
		found.pidFrom = 0;
		found.pidTo = 0;
		if (bytes[to] === OPEN) {
			found.pidFrom = to + 1;
			colon = to + 1;
			while (isDigit(bytes[colon])) colon += 1;
			found.pidTo = colon;
			if (colon === to + 1 || colon > to + 1 + MAX_PID_DIGITS || bytes[colon] !== CLOSE) return null;
			colon += 1;
		}
		if (bytes[colon] !== COLON || bytes[colon + 1] !== SPACE || colon + 2 > end) return null;
		const header = headerOf(text, from, to, hash);
		// Solaris has a message id before the message.
		if (header === null || text.startsWith('[ID ', colon + 2)) return null;
		found.text = text;
		found.header = header;
		found.at = at;
		found.end = end;
		found.isFull = isDigit(bytes[at]);
		found.timeAt = at + dayLength(found.isFull);
		found.messageAt = colon + 2;
		return found;
	};
}

/** "2026-11-24T" or "Nov 24 ". */
export function dayLength(isFull: boolean): number {
	return isFull ? 11 : 7;
}

const TIME_LENGTH = 8;

export type UsualPlaces = Pick<UsualLine, 'text' | 'day' | 'end' | 'timeAt' | 'pidFrom' | 'pidTo' | 'messageAt'>;

export function usualLogLine({ text, day, end, timeAt, pidFrom, pidTo, messageAt }: UsualPlaces, { host, program }: Header): LogLine {
	return {
		day,
		time: text.slice(timeAt, timeAt + TIME_LENGTH),
		host,
		program,
		pid: text.slice(pidFrom, pidTo),
		message: text.slice(messageAt, end),
	};
}

function parseHeader(text: string, roleOf: (program: string) => ProgramRole): UsualHeader | null {
	const [, host = '', program = ''] = USUAL_HEADER.exec(text) ?? [];
	if (program === '' || FACILITY.test(host)) return null;
	// Copies, because slices would keep the whole piece of the log in memory that they were cut from.
	const [ownText, ownHost, ownProgram] = [text, host, program].map((each) => Buffer.from(each).toString());
	if (ownText === undefined || ownHost === undefined || ownProgram === undefined) return null;
	const isManager = isQueueManager(ownProgram);
	return {
		text: ownText,
		host: ownHost,
		program: ownProgram,
		role: roleOf(ownProgram),
		isQueueManager: isManager,
		seen: LINE_FEED,
		pid: '',
	};
}

/** Where the text behind a timestamp begins; -1 for a timestamp in any other form. */
function behindTimestamp(bytes: Uint8Array, at: number): number {
	if (!isDigit(bytes[at])) {
		const isBsd = bytes[at + 3] === SPACE && bytes[at + 6] === SPACE && isTime(bytes, at + 7);
		return isBsd && bytes[at + 15] === SPACE ? at + 16 : -1;
	}
	if (bytes[at + 4] !== HYPHEN || bytes[at + 10] !== T || !isTime(bytes, at + 11)) return -1;
	let next = at + 19;
	const mark = bytes[next];
	if (mark === DOT || mark === COMMA) {
		next += 1;
		while (isDigit(bytes[next])) next += 1;
		if (next === at + 20 || next > at + 29) return -1;
	}
	const zone = bytes[next];
	if (zone === Z) next += 1;
	else if (zone === PLUS || zone === HYPHEN) {
		if (!isTwoDigits(bytes, next + 1) || bytes[next + 3] !== COLON || !isTwoDigits(bytes, next + 4)) return -1;
		next += 6;
	}
	return bytes[next] === SPACE ? next + 1 : -1;
}

function isTime(bytes: Uint8Array, at: number): boolean {
	return (
		isTwoDigits(bytes, at) && bytes[at + 2] === COLON && isTwoDigits(bytes, at + 3) && bytes[at + 5] === COLON && isTwoDigits(bytes, at + 6)
	);
}

function isTwoDigits(bytes: Uint8Array, at: number): boolean {
	return isDigit(bytes[at]) && isDigit(bytes[at + 1]);
}

function isDigit(code: number | undefined): boolean {
	return code !== undefined && code >= 0x30 && code <= 0x39;
}
