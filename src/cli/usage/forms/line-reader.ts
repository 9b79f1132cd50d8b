/** Takes the lines of one log, picks those that matter, parses them and hands them to the servers' readers. */
import type { LogCounter } from '../evidence/log-counter.ts';
import { isOtherPostfixDaemon } from '../servers/postfix-names.ts';
import { CANDIDATE, isSuspicious } from '../servers/servers.ts';
import { createJournalBlocks } from './journal-blocks.ts';
import { createHeaderSplitter, type LogLine } from './log-line.ts';
import { type LogDates, timestampParser } from './log-timestamp.ts';
import { readMissingLines } from './missing-lines.ts';

/** How many characters of a line are read. What matters is in the first few hundred; the rest of a longer line is ignored. */
export const MAX_LINE_LENGTH = 16_384;

const BEYOND_ASCII = /[\u0080-\u00ff]/;
// Colours, as in text pasted from a terminal or in a container's log (ECMA-48 §5.4). The escape character is written by its code.
const ANSI_SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]{0,20}[A-Za-z]`, 'g');
const ESCAPE = String.fromCharCode(27);
const ZERO = String.fromCharCode(0);
// The beginning of an entry of several lines: journalctl -o json-pretty and -o export.
const BLOCK = /^(?:\{\r?$|__CURSOR=)/m;

/** How many doubtful lines are kept until a timestamp tells to which day they belong. */
const MAX_WAITING = 100;

/** The length of the beginning of a line by which a new day is noticed, as long as "2026-11-24". */
const HEAD_LENGTH = 10;

export interface LineReader {
	/**
	 * Takes whole lines, each with its end.
	 * @param count of lines that end here
	 */
	takeAll(text: string, count: number): void;
	/** Called at the end of the log. */
	end(): void;
}

/** @param dispatch hands a line to the reader of the server that wrote it, and returns whether there is one */
export function createLineReader(dates: LogDates, counter: LogCounter, dispatch: (line: LogLine, raw: string) => boolean): LineReader {
	const stamp = timestampParser(dates);
	const blocks = createJournalBlocks();
	let blocked = false;
	let seen = '';
	let last: LogLine | null = null;
	/** Whether this is the first line: a file that was cut begins in the middle of one. */
	let first = true;
	const splitHeader = createHeaderSplitter();
	/** The day and host of the line before, to which a line without a timestamp belongs. */
	let place: { readonly day: string; readonly host: string } | null = null;
	/** Doubtful lines before the first timestamp. */
	const waiting: string[] = [];

	function inDoubt(line: string): void {
		if (first || !isSuspicious('', line)) return;
		if (place !== null) counter.unread(place.day, place.host, line);
		else if (waiting.length < MAX_WAITING) waiting.push(line);
	}

	function look(raw: string): void {
		const plain = raw.includes(ESCAPE) ? raw.replace(ANSI_SEQUENCE, '') : raw;
		const text = BEYOND_ASCII.test(plain) ? Buffer.from(plain, 'latin1').toString() : plain;
		const trimmed = text.endsWith('\r') ? text.slice(0, -1) : text;
		// After a crash, zeros fill the place of lines that were not written, before the next line or within one.
		const hasZeros = trimmed.includes(ZERO);
		const stamped = stamp(hasZeros ? trimmed.replaceAll(ZERO, '') : trimmed);
		if (stamped === null) {
			inDoubt(trimmed);
			return;
		}
		const line = splitHeader(stamped);
		place = line;
		for (const early of waiting.splice(0)) counter.unread(line.day, line.host, early);
		if (hasZeros) {
			// The lines that the zeros replace are unknown, so they count as missing.
			counter.suppressed(line.day, line.host, trimmed.replaceAll(ZERO, ''));
			return;
		}
		const missing = readMissingLines(line, last);
		if (missing === null) {
			if (dispatch(line, trimmed)) last = line;
			else {
				if (isOtherPostfixDaemon(line.program)) counter.postfixWhole(line.day, line.host);
				if (line.program !== '') last = null;
			}
			return;
		}
		if (missing.kind === 'lost') counter.suppressed(line.day, line.host, trimmed);
		// Each repetition counts as a line of its own.
		else for (let nth = 0; nth < missing.count; nth++) dispatch({ ...missing.line, pid: `${missing.line.pid} ${trimmed} ${nth}` }, trimmed);
	}

	/** Handles a line that no reader wants: it is parsed only at the beginning of a day, and while the log may still have been filtered. */
	function passOver(line: string): void {
		const head = line.slice(0, HEAD_LENGTH);
		if (head === seen && !counter.wantsOtherLines()) return;
		seen = head;
		look(line);
	}

	function consider(line: string): void {
		if (CANDIDATE.test(line) || line.includes(ZERO)) look(line);
		else passOver(line);
	}

	function take(line: string): void {
		if (!blocked && !/^[{_]/.test(line)) {
			consider(line);
			return;
		}
		const whole = blocks.take(line.endsWith('\r') ? line.slice(0, -1) : line);
		blocked = whole !== line;
		if (whole !== null) consider(whole);
	}

	/** Takes lines one by one, where one may be part of an entry of several lines or zeros may stand between them. */
	function takeEach(text: string): void {
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			take(text.slice(from, Math.min(end, from + MAX_LINE_LENGTH)));
			first = false;
			from = end + 1;
		}
	}

	/** Skips a stretch of lines that no reader wants; nearly always they are all of one hour. */
	function passOverLines(text: string, from: number, to: number): void {
		const last = text.lastIndexOf('\n', to - 2) + 1;
		for (let at = from; at < to; ) {
			if (text.startsWith(seen, at) && text.startsWith(seen, last) && seen !== '' && !counter.wantsOtherLines()) return;
			const end = text.indexOf('\n', at);
			passOver(text.slice(at, Math.min(end, at + MAX_LINE_LENGTH)));
			at = end + 1;
		}
	}

	/** Finds the lines that a reader may want with one search over the whole text, which is faster than a search in each line. */
	function takeCandidates(text: string): void {
		const search = new RegExp(CANDIDATE, 'g');
		let from = 0;
		while (from < text.length) {
			search.lastIndex = from;
			const found = search.exec(text)?.index ?? text.length;
			const start = found === text.length ? text.length : text.lastIndexOf('\n', found) + 1;
			if (start > from) passOverLines(text, from, start);
			if (start >= text.length) return;
			first = first && start === 0;
			const end = text.indexOf('\n', found);
			look(text.slice(start, Math.min(end, start + MAX_LINE_LENGTH)));
			first = false;
			from = end + 1;
		}
	}

	return {
		takeAll(text, count) {
			counter.countLines(count);
			if (blocked || text.includes(ZERO) || BLOCK.test(text)) takeEach(text);
			else takeCandidates(text);
			first = false;
		},
		end() {
			const whole = blocks.end();
			if (whole !== null) consider(whole);
		},
	};
}
