/** The lines of one log: which of them are looked at, and what they say when they are taken apart. */
import type { LogCounter } from '../evidence/log-counter.ts';
import { isOtherPostfixDaemon } from '../servers/postfix-names.ts';
import { CANDIDATE, isSuspicious } from '../servers/servers.ts';
import { createJournalBlocks } from './journal-blocks.ts';
import { createHeaderSplitter, type LogLine } from './log-line.ts';
import { type LogDates, timestampParser } from './log-timestamp.ts';
import { readMissingLines } from './missing-lines.ts';

/** Characters of a line that are looked at. What matters stands in the first few hundred; the rest of a longer one is passed over. */
export const MAX_LINE_LENGTH = 16_384;

const BEYOND_ASCII = /[\u0080-\u00ff]/;
// Colours, as a terminal's paste or a container's log has them (ECMA-48 §5.4). Written with its code: a control character is no part of a text.
const ANSI_SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]{0,20}[A-Za-z]`, 'g');
const ESCAPE = String.fromCharCode(27);
const ZERO = String.fromCharCode(0);
// The beginning of an entry of several lines: journalctl -o json-pretty and -o export.
const BLOCK = /^(?:\{\r?$|__CURSOR=)/m;

/** Lines in doubt that are kept until a stamp says of which day they are. */
const MAX_WAITING = 100;

/** The beginning of a line by which a new day is noticed: as long as "Nov 24 10:0" and "2026-11-24". */
const HEAD_LENGTH = 10;

export interface LineReader {
	/**
	 * Takes whole lines, each with its end.
	 * @param count of lines that end here
	 */
	takeAll(text: string, count: number): void;
	/** The log ends. */
	end(): void;
}

/** @param dispatch hands a line to the server that it is of; whether it is one's */
export function createLineReader(dates: LogDates, counter: LogCounter, dispatch: (line: LogLine, raw: string) => boolean): LineReader {
	const stamp = timestampParser(dates);
	const blocks = createJournalBlocks();
	let blocked = false;
	let seen = '';
	let last: LogLine | null = null;
	/** Whether no line was taken before this one: a file that was cut begins with the end of a line. */
	let first = true;
	const splitHeader = createHeaderSplitter();
	/** Where a line without a stamp belongs: to the day and host of the line before it. */
	let place: { readonly day: string; readonly host: string } | null = null;
	/** Lines in doubt before the first stamp. */
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
		// A crash leaves zeros where lines were not written, before the next line or within one.
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
			// What stood there is not known.
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
		// Each of them is a line of its own.
		else for (let nth = 0; nth < missing.count; nth++) dispatch({ ...missing.line, pid: `${missing.line.pid} ${trimmed} ${nth}` }, trimmed);
	}

	/** A line of no interest is looked at where a day begins, and while nothing shows yet that the log is whole. */
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

	/** Line by line: where one may be a part of an entry of several lines, or zeros stand in between. */
	function takeEach(text: string): void {
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			take(text.slice(from, Math.min(end, from + MAX_LINE_LENGTH)));
			first = false;
			from = end + 1;
		}
	}

	/** Lines of no interest, from one place to another: nearly always all of one hour, of which nothing is wanted. */
	function passOverLines(text: string, from: number, to: number): void {
		const last = text.lastIndexOf('\n', to - 2) + 1;
		for (let at = from; at < to; ) {
			if (text.startsWith(seen, at) && text.startsWith(seen, last) && seen !== '' && !counter.wantsOtherLines()) return;
			const end = text.indexOf('\n', at);
			passOver(text.slice(at, Math.min(end, at + MAX_LINE_LENGTH)));
			at = end + 1;
		}
	}

	/** Searches for lines of interest, which is one search and not one for each line. */
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
