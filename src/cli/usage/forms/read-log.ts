/** Reads logs line by line, from files or standard input, in memory that does not grow with them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { LogCounter } from '../evidence/log-counter.ts';
import type { EvidenceSink } from '../evidence/submission.ts';
import { SERVER_READERS } from '../servers/servers.ts';
import { openLogBytes } from './compressed.ts';
import { type LineBatch, replayBatch } from './line-batch.ts';
import { createLineReader, type LineReader, type LineSink, MAX_LINE_LENGTH } from './line-reader.ts';
import type { LogLine } from './log-line.ts';
import type { LogDates } from './log-timestamp.ts';

const CHUNK_BYTES = 1 << 18;
const PIECE_BYTES = 1 << 16;
const LINE_END = 0x0a;

/** How many lines of servers are all compared with each other; beyond, those of each minute's first second, be it whichever log's. */
const MAX_COMPARED = 500_000;

/** Reads one log after another; a session may continue from one into the next. */
export interface LogReader {
	/** Feeds the lines of a stream to the counter. Throws where the stream fails, or is in a form that cannot be read. */
	read(input: AsyncIterable<Uint8Array>, dates: LogDates): Promise<void>;
	/** Feeds the counter with the lines of a log that another thread reads. Throws where that thread fails. */
	readBatches(batches: AsyncIterable<LineBatch>): Promise<void>;
	/** Called after the last log. */
	end(): void;
}

export function createLogReader(counter: LogCounter): LogReader {
	let current: LogLine | null = null;
	/** Whether the current line is new; null while nobody has asked. */
	let isCurrentNew: boolean | null = null;
	let compared = 0;

	function isNew(line: LogLine): boolean {
		if (line !== current) return counter.isNew(line);
		isCurrentNew ??= counter.isNew(line);
		return isCurrentNew;
	}

	const sink: EvidenceSink = { ...counter, isNew };
	const comparing: EvidenceSink = {
		...sink,
		submission(found) {
			if (current === null || isNew(current)) counter.submission(found);
		},
	};
	const servers = SERVER_READERS.map((reader) => ({ reader, log: reader.start(reader.joinsSessions ? sink : comparing) }));

	/** Whether a line is compared with all others only to find out whether its log is a copy. */
	function isSample({ time }: LogLine): boolean {
		compared += 1;
		return compared <= MAX_COMPARED || time.endsWith('00');
	}

	const lineSink: LineSink = {
		...counter,
		serverLine(nth, line, raw) {
			const server = servers[nth];
			if (server === undefined) return;
			current = line;
			isCurrentNew = isSample(line) ? counter.isNew(line) : null;
			counter.beginServer(server.reader.name);
			server.log.line(line, raw);
			counter.endLine(line, isCurrentNew);
		},
	};

	return {
		async read(input, dates) {
			counter.beginLog();
			for await (const _ of readLines(input, createLineReader(dates, lineSink)));
		},
		async readBatches(batches) {
			counter.beginLog();
			for await (const batch of batches) replayBatch(batch, lineSink);
		},
		end() {
			// Sessions that are reported now belong to no current line; their lines were new when they were read.
			current = null;
			for (const { reader, log } of servers) {
				counter.beginServer(reader.name);
				log.end();
			}
		},
	};
}

/** Feeds the lines of a stream to a reader. Yields after each chunk that has some. */
export async function* readLines(input: AsyncIterable<Uint8Array>, lines: LineReader): AsyncGenerator<void> {
	let rest: Uint8Array = new Uint8Array();
	for await (const chunk of await openLogBytes(input)) {
		const bytes = asBuffer(chunk);
		const [first, end] = [bytes.indexOf(LINE_END) + 1, bytes.lastIndexOf(LINE_END) + 1];
		if (end === 0) {
			// Only the beginning of an endless line is kept.
			rest = Buffer.concat([rest, bytes]).subarray(0, MAX_LINE_LENGTH);
			continue;
		}
		const from = rest.length === 0 ? 0 : first;
		if (from > 0) takeLines(lines, Buffer.concat([rest, bytes.subarray(0, from)]));
		takeLines(lines, bytes.subarray(from, end));
		rest = bytes.subarray(end, end + MAX_LINE_LENGTH);
		yield;
	}
	if (rest.length > 0) takeLines(lines, Buffer.concat([rest, Buffer.from([LINE_END])]));
	lines.end();
}

/** Hands whole lines on, decoded piece by piece: V8 keeps a string of more than 128 KB in pages of its own, which are costly to get and to give back. */
function takeLines(lines: LineReader, bytes: Buffer): void {
	for (let from = 0; from < bytes.length; ) {
		const end = bytes.length - from <= PIECE_BYTES ? bytes.length : endOfLines(bytes, from);
		lines.takeAll(bytes.subarray(from, end));
		from = end;
	}
}

/** Where the last line ends that fits into a piece, or the first if that is longer. */
function endOfLines(bytes: Buffer, from: number): number {
	const last = bytes.lastIndexOf(LINE_END, from + PIECE_BYTES) + 1;
	return last > from ? last : bytes.indexOf(LINE_END, from) + 1;
}

function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A log that can be read. */
export interface LogFile {
	readonly file: string;
	/** The size on disk in bytes; null where it is not known. */
	readonly size: number | null;
	/** When it was last written to, in milliseconds since 1970; null where that is not known. */
	readonly modifiedAt: number | null;
	open(): Readable;
}

export function openLogFile(file: string): Readable {
	return createReadStream(file, { highWaterMark: CHUNK_BYTES });
}

/** Finds a log file; `-` stands for standard input. Throws the system's error where there is none. */
export async function findLogFile(file: string): Promise<LogFile> {
	if (file === '-') return { file, size: null, modifiedAt: null, open: () => process.stdin };
	const found = await stat(file);
	if (found.isDirectory()) throw new Error('it is a folder');
	const open = () => openLogFile(file);
	// A FIFO, such as the shell's <(zcat …), has neither a size nor a useful time.
	return found.isFile() ? { file, size: found.size, modifiedAt: found.mtimeMs, open } : { file, size: null, modifiedAt: null, open };
}
