/** Takes the lines of one log, picks those that matter, parses them and hands them to the servers' readers. */
import { isAscii } from 'node:buffer';
import { stripVTControlCharacters } from 'node:util';
import type { LogCounter } from '../evidence/log-counter.ts';
import { isOtherPostfixDaemon, isQueueManager } from '../servers/postfix-names.ts';
import { isDovecotLogin, isOtherDovecotProcess, programRole } from '../servers/program-role.ts';
import { CANDIDATE, isSuspicious, readerOf, UNREAD_SERVERS } from '../servers/servers.ts';
import { createJournalBlocks } from './journal-blocks.ts';
import { createHeaderSplitter, type LogLine } from './log-line.ts';
import { type LogDates, type TimestampedLine, timestampParser } from './log-timestamp.ts';
import { readMissingLines } from './missing-lines.ts';
import { createUsualLines, dayLength, type UsualLine, usualLogLine } from './usual-lines.ts';
import { createWitnessLines, ESCAPE } from './witness-lines.ts';

/** How many characters of a line are read. What matters is in the first few hundred; the rest of a longer line is ignored. */
export const MAX_LINE_LENGTH = 16_384;

const BEYOND_ASCII = /[\u0080-\u00ff]/;
const CARRIAGE_RETURN = '\r';
const ZERO = String.fromCharCode(0);
// The first characters of an entry of several lines (journalctl -o json-pretty and -o export), and of JSON.
const [BRACE, UNDERSCORE] = ['{'.charCodeAt(0), '_'.charCodeAt(0)];

/** How many doubtful lines are kept until a timestamp tells to which day they belong. */
const MAX_WAITING = 100;

/** How many lines that were passed over are kept, for the day of a line without a timestamp. */
const PASSED_KEPT = 8;

/** The length of the beginning of a line by which a new day is noticed, as long as "2026-11-24". */
const HEAD_LENGTH = 10;

export interface LineReader {
	/** Takes whole lines, each with its end. */
	takeAll(bytes: Buffer): void;
	/** Called at the end of the log. */
	end(): void;
}

/** Takes in what is found in the lines of a log, in their order. */
export interface LineSink
	extends Pick<
		LogCounter,
		'countLines' | 'dovecotOthers' | 'notRead' | 'postfixWhole' | 'queueManager' | 'suppressed' | 'unread' | 'yearGuessed'
	> {
	/**
	 * A line of a server whose log is read.
	 * @param reader its place in SERVER_READERS
	 * @param raw the line as it stood in the file
	 * @param place where its parts are, for a line in a usual form; only until the next line is read
	 */
	serverLine(reader: number, line: LogLine, raw: string, place: UsualLine | null): void;
}

/**
 * Finds what matters in the lines of one log, whatever its form. It knows nothing of the other logs, and nothing comes back from the sink, so that
 * another thread may do it.
 */
export function createLineReader(dates: LogDates, sink: LineSink): LineReader {
	const stamp = timestampParser(dates);
	const blocks = createJournalBlocks();
	let blocked = false;
	let last: LogLine | null = null;
	/** Whether this is the first line: a file that was cut begins in the middle of one. */
	let first = true;
	/** Whether the year of the line that is looked at is not in it, and whether the sink has been told that there is such a line. */
	let isYearGuessed = false;
	let isGuessTold = false;
	const splitHeader = createHeaderSplitter();
	/** The day and host of the line before, to which a line without a timestamp belongs. */
	let place: { readonly day: string; readonly host: string } | null = null;
	const usualLine = createUsualLines(programRole);
	const isWitness = createWitnessLines();
	/** The day of the last line in a usual form, and how it is written there. */
	let day = '';
	let dayText = '\n';
	/** The last lines that were passed over since, in a ring; the timestamp of one of them may be broken, too. */
	const passed: string[] = new Array(PASSED_KEPT).fill('');
	let passedCount = 0;
	/** Doubtful lines before the first timestamp. */
	const waiting: string[] = [];

	function inDoubt(line: string): void {
		if (first || !isSuspicious('', line)) return;
		const before = lastPassed();
		if (before !== null) placed(splitHeader(before));
		if (place !== null) sink.unread(place.day, place.host, line);
		else if (waiting.length < MAX_WAITING) waiting.push(line);
	}

	function pass(line: string): void {
		passed[passedCount % PASSED_KEPT] = line;
		passedCount += 1;
	}

	/** The last line that was passed over and has a timestamp. */
	function lastPassed(): TimestampedLine | null {
		for (let nth = passedCount - 1; nth >= Math.max(0, passedCount - PASSED_KEPT); nth--) {
			const found = stamp(passed[nth % PASSED_KEPT] ?? '');
			if (found !== null) return found;
		}
		return null;
	}

	function look(raw: string): void {
		const plain = raw.includes(ESCAPE) ? stripVTControlCharacters(raw) : raw;
		const text = BEYOND_ASCII.test(plain) ? Buffer.from(plain, 'latin1').toString() : plain;
		const trimmed = text.endsWith('\r') ? text.slice(0, -1) : text;
		// After a crash, zeros fill the place of lines that were not written, before the next line or within one.
		const hasZeros = trimmed.includes(ZERO);
		const stamped = stamp(hasZeros ? trimmed.replaceAll(ZERO, '') : trimmed);
		if (stamped === null) {
			last = null;
			inDoubt(trimmed);
			return;
		}
		isYearGuessed = stamped.isYearGuessed === true;
		const line = splitHeader(stamped);
		if (hasZeros) {
			placed(line);
			// The lines that the zeros replace are unknown, so they count as missing.
			sink.suppressed(line.day, line.host, trimmed.replaceAll(ZERO, ''));
		} else accept(line, trimmed, null);
	}

	/** Remembers where lines without a timestamp belong that come next, or came before the first. */
	function placed(line: LogLine): void {
		place = line;
		passedCount = 0;
		if (waiting.length > 0) for (const early of waiting.splice(0)) sink.unread(line.day, line.host, early);
	}

	/** Hands a line on if it is of a server, and returns whether it is. */
	function handOn(line: LogLine, raw: string, usual: UsualLine | null): boolean {
		const reader = readerOf(line);
		if (reader >= 0) {
			sink.serverLine(reader, line, raw, usual);
			return true;
		}
		const { day, host, program, message } = line;
		const unread = UNREAD_SERVERS.find(({ claims }) => claims(line));
		if (unread === undefined) {
			if (isSuspicious(program, message)) sink.unread(day, host, raw);
			return false;
		}
		sink.notRead(unread.name);
		if (unread.takesMail) sink.unread(day, host, raw);
		return true;
	}

	function accept(line: LogLine, raw: string, usual: UsualLine | null): void {
		placed(line);
		const isOtherDovecot = isOtherDovecotProcess(line.program, line.message);
		if (isOtherDovecot) sink.dovecotOthers(line.day, line.host);
		if (isOtherDovecot || programRole(line.program) === 'bystander') {
			if (isOtherPostfixDaemon(line.program)) sink.postfixWhole(line.day, line.host);
			if (isQueueManager(line.program)) sink.queueManager(line);
			last = null;
			return;
		}
		const missing = readMissingLines(line, last);
		if (missing === null) {
			if (handOn(line, raw, usual)) {
				last = line;
				if (isYearGuessed && !isGuessTold) sink.yearGuessed();
				isGuessTold ||= isYearGuessed;
			} else if (line.program !== '') last = null;
			return;
		}
		if (missing.kind === 'lost') sink.suppressed(line.day, line.host, raw);
		// Each repetition counts as a line of its own.
		else for (let nth = 0; nth < missing.count; nth++) handOn({ ...missing.line, pid: `${missing.line.pid} ${raw} ${nth}` }, raw, null);
	}

	function consider(line: string): void {
		// A line with a timestamp is needed where others wait for one.
		if (waiting.length > 0 || CANDIDATE.test(line) || isWitness(line) || line.includes(ZERO)) look(line);
		else {
			pass(line);
			last = null;
		}
	}

	/** Takes a line that may be part of an entry of several lines. */
	function takePart(line: string): void {
		const whole = blocks.take(line);
		blocked = whole !== line;
		if (whole !== null) consider(whole);
	}

	/** Takes a line in one of the usual forms. @returns false where it is in none, or its program is unknown */
	function takeUsual(bytes: Buffer, text: string, at: number, end: number, isPlain: boolean): boolean {
		const found = usualLine(bytes, text, at, end);
		if (found === null) return false;
		const { role, seen: head } = found.header;
		if (role === 'unknown') return false;
		if (role === 'server' || (role === 'dovecot' && isDovecotLogin(text, found.messageAt))) {
			readUsual(text, at, end, found, isPlain);
			return true;
		}
		last = null;
		if (text.startsWith(head, at) && !isOtherProcess(text, found)) {
			pass(text.slice(at, end));
			return true;
		}
		found.header.seen = Buffer.from(text.slice(at, at + HEAD_LENGTH)).toString();
		found.header.pid = Buffer.from(text.slice(found.pidFrom, found.pidTo)).toString();
		look(text.slice(at, end));
		return true;
	}

	function readUsual(text: string, at: number, end: number, found: UsualLine, isPlain: boolean): void {
		const raw = text.slice(at, end);
		if ((!isPlain && !isPlainText(raw)) || !isDated(text, at, raw, found)) {
			look(raw);
			return;
		}
		isYearGuessed = !found.isFull;
		found.day = day;
		accept(usualLogLine(found, found.header), raw, found);
	}

	/** Finds out which day a line is of. There are dozens of days in millions of lines, so that the general reader is asked once for each. */
	function isDated(text: string, at: number, raw: string, { isFull }: UsualLine): boolean {
		if (text.startsWith(dayText, at)) return true;
		const stamped = stamp(raw);
		if (stamped === null) return false;
		day = stamped.day;
		dayText = Buffer.from(text.slice(at, at + dayLength(isFull))).toString();
		return true;
	}

	return {
		takeAll(bytes) {
			// Bytes are decoded as Latin-1, several times faster than UTF-8; only the lines that matter are decoded as UTF-8 later.
			const text = bytes.toString('latin1');
			const isPlain = isPlainBytes(bytes);
			const hasZeros = text.includes(ZERO);
			let count = 0;
			let at = 0;
			for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
				const lineEnd = Math.min(end, at + MAX_LINE_LENGTH);
				const code = bytes[at];
				if (blocked || code === BRACE || code === UNDERSCORE) takePart(text.slice(at, lineEnd));
				else if ((hasZeros && text.slice(at, lineEnd).includes(ZERO)) || !takeUsual(bytes, text, at, lineEnd, isPlain))
					consider(text.slice(at, lineEnd));
				first = false;
				count += 1;
				at = end + 1;
			}
			sink.countLines(count);
		},
		end() {
			const whole = blocks.end();
			if (whole !== null) consider(whole);
		},
	};
}

/** Whether a queue manager's line is of another process than its last. */
function isOtherProcess(text: string, { header, pidFrom, pidTo }: UsualLine): boolean {
	return header.isQueueManager && (header.pid.length !== pidTo - pidFrom || !text.startsWith(header.pid, pidFrom));
}

/** Whether there is nothing in it but ASCII, without escape sequences and carriage returns. */
function isPlainBytes(bytes: Buffer): boolean {
	return isAscii(bytes) && !bytes.includes(ESCAPE) && !bytes.includes(CARRIAGE_RETURN);
}

function isPlainText(text: string): boolean {
	return !text.includes(ESCAPE) && !text.endsWith('\r') && !BEYOND_ASCII.test(text);
}
