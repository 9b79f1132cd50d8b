/** Reads logs line by line, from files or standard input, in memory that does not grow with them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { LogCounter } from '../evidence/log-counter.ts';
import type { EvidenceSink } from '../evidence/submission.ts';
import { isOtherPostfixDaemon } from '../servers/postfix-names.ts';
import { CANDIDATE, isSuspicious, SERVER_READERS, UNREAD_SERVERS } from '../servers/servers.ts';
import { openLogBytes } from './compressed.ts';
import { createJournalBlocks } from './journal-blocks.ts';
import { type LogLine, splitHeader } from './log-line.ts';
import { type LogDates, timestampParser } from './log-timestamp.ts';
import { readMissingLines } from './missing-lines.ts';

/** Characters of a line that are looked at. What matters stands in the first few hundred; the rest of a longer one is passed over. */
const MAX_LINE_LENGTH = 16_384;

const CHUNK_BYTES = 1 << 16;

const BEYOND_ASCII = /[\u0080-\u00ff]/;
// Colours, as a terminal's paste or a container's log has them (ECMA-48 §5.4). Written with its code: a control character is no part of a text.
const ANSI_SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]{0,20}[A-Za-z]`, 'g');
const ESCAPE = String.fromCharCode(27);
const ZERO = String.fromCharCode(0);

/** Lines in doubt that are kept until a stamp says of which day they are. */
const MAX_WAITING = 100;

/** Lines of no interest, of which every so many one is looked at all the same: that other programs log says that the log is whole. */
const LOOK_AT_EVERY = 64;

/** Reads one log after another; sessions go on from one into the next. */
export interface LogReader {
	/** Feeds a stream's lines to the counter. Throws where the stream does, and where what it is cannot be read. */
	read(input: AsyncIterable<Uint8Array>, dates: LogDates): Promise<void>;
	/** There are no more logs. */
	end(): void;
}

export function createLogReader(counter: LogCounter): LogReader {
	let current: LogLine | null = null;
	const comparing: EvidenceSink = {
		...counter,
		submission(found) {
			if (current === null || counter.isNew(current)) counter.submission(found);
		},
	};
	const servers = SERVER_READERS.map((reader) => ({ reader, log: reader.start(reader.joinsSessions ? counter : comparing) }));

	function dispatch(line: LogLine, raw: string): boolean {
		for (const { reader, log } of servers)
			if (reader.claims(line)) {
				current = line;
				log.line(line, raw);
				return true;
			}
		const { day, host, program, message } = line;
		const unread = UNREAD_SERVERS.find(({ claims }) => claims(line));
		if (unread === undefined) {
			if (isSuspicious(program, message)) counter.unread(day, host, raw);
			return false;
		}
		counter.notRead(unread.name);
		if (unread.takesMail) counter.unread(day, host, raw);
		return true;
	}

	return {
		async read(input, dates) {
			const lines = createLineReader(dates, counter, dispatch);
			let rest = '';
			for await (const chunk of await openLogBytes(input)) {
				// One character a byte, whatever the bytes: several times faster than UTF-8, which only the lines that matter are read as.
				const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
				let from = 0;
				for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
					lines.take(text.slice(from, Math.min(end, from + MAX_LINE_LENGTH)));
					from = end + 1;
				}
				// A line without an end does not grow: its beginning is all that is looked at.
				rest = text.slice(from, from + MAX_LINE_LENGTH);
			}
			if (rest !== '') lines.take(rest);
			lines.end();
		},
		end() {
			// What is reported now belongs to no line: its own lines were new when they were read.
			current = null;
			for (const { log } of servers) log.end();
		},
	};
}

function createLineReader(dates: LogDates, counter: LogCounter, dispatch: (line: LogLine, raw: string) => boolean) {
	const stamp = timestampParser(dates);
	const blocks = createJournalBlocks();
	let blocked = false;
	let passed = 0;
	let seen = '';
	let last: LogLine | null = null;
	let lines = 0;
	/** Where a line without a stamp belongs: to the day and host of the line before it. */
	let place: { readonly day: string; readonly host: string } | null = null;
	/** Lines in doubt before the first stamp. */
	const waiting: string[] = [];

	function inDoubt(line: string): void {
		// Where a file was cut, it begins with the end of a line.
		if (lines === 1 || !isSuspicious('', line)) return;
		if (place !== null) counter.unread(place.day, place.host, line);
		else if (waiting.length < MAX_WAITING) waiting.push(line);
	}

	function look(raw: string): void {
		const plain = raw.includes(ESCAPE) ? raw.replace(ANSI_SEQUENCE, '') : raw;
		const text = BEYOND_ASCII.test(plain) ? Buffer.from(plain, 'latin1').toString() : plain;
		const trimmed = text.endsWith('\r') ? text.slice(0, -1) : text;
		const stamped = stamp(trimmed);
		if (stamped === null) {
			inDoubt(trimmed);
			return;
		}
		const line = splitHeader(stamped);
		place = line;
		for (const early of waiting.splice(0)) counter.unread(line.day, line.host, early);
		if (trimmed.includes(ZERO)) {
			// A crash leaves zeros where lines were not written: what stood there is not known.
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

	function consider(line: string): void {
		// Most lines of interest have this word, and a search for a word is the cheaper one.
		if (line.includes('smtpd') || CANDIDATE.test(line)) {
			look(line);
			return;
		}
		// A new day begins, or enough has gone by: whether other programs log is looked at.
		const head = line.slice(0, 10);
		passed += 1;
		if (head === seen && passed < LOOK_AT_EVERY && !counter.wantsOtherLines()) return;
		passed = 0;
		seen = head;
		look(line);
	}

	return {
		take(line: string): void {
			counter.countLine();
			lines += 1;
			const first = line.charCodeAt(0);
			if (!blocked && first !== 0x7b && first !== 0x5f) {
				consider(line);
				return;
			}
			const whole = blocks.take(line.endsWith('\r') ? line.slice(0, -1) : line);
			blocked = whole !== line;
			if (whole !== null) consider(whole);
		},
		end(): void {
			const whole = blocks.end();
			if (whole !== null) consider(whole);
		},
	};
}

/** A log that can be read. */
export interface LogFile {
	readonly file: string;
	/** In bytes, packed or not; null where that is not known. */
	readonly size: number | null;
	/** When it was last written to, in milliseconds since 1970; null where that is not known. */
	readonly modifiedAt: number | null;
	open(): Readable;
}

/** Finds a log file, `-` for standard input. Throws the system's own error where there is none. */
export async function findLogFile(file: string): Promise<LogFile> {
	if (file === '-') return { file, size: null, modifiedAt: null, open: () => process.stdin };
	const found = await stat(file);
	if (found.isDirectory()) throw new Error('it is a folder');
	const open = () => createReadStream(file, { highWaterMark: CHUNK_BYTES });
	// A FIFO, as the shell's <(zcat …) is, has neither.
	return found.isFile() ? { file, size: found.size, modifiedAt: found.mtimeMs, open } : { file, size: null, modifiedAt: null, open };
}
