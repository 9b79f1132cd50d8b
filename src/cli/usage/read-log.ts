/** Reads logs line by line: plain or gzip, from files or standard input, in memory that does not grow with them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LogCounter } from './log-counts.ts';
import { type LogDates, type TimestampedLine, timestampParser } from './log-timestamp.ts';
import { isCandidateLine, parseLogLine } from './mail-log-line.ts';

/** Characters of a line that are looked at. What matters stands in the first few hundred; the rest of a longer one is passed over. */
const MAX_LINE_LENGTH = 16_384;

const CHUNK_BYTES = 1 << 16;

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** Feeds a stream's lines to the tallier. Throws where the stream does, and where it is broken gzip. */
export async function readLog(input: AsyncIterable<Uint8Array>, tally: LogCounter, written: LogDates): Promise<void> {
	const stamp = timestampParser(written);
	let rest = '';
	for await (const chunk of await gunzipped(input)) {
		// One character a byte, whatever the bytes: several times faster than UTF-8, which only the lines that matter are read as.
		const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			countLogLine(text.slice(from, Math.min(end, from + MAX_LINE_LENGTH)), tally, stamp);
			from = end + 1;
		}
		// A line without an end does not grow: its beginning is all that is looked at.
		rest = text.slice(from, from + MAX_LINE_LENGTH);
	}
	if (rest !== '') countLogLine(rest, tally, stamp);
}

function countLogLine(line: string, tally: LogCounter, stamp: (line: string) => TimestampedLine | null): void {
	tally.countLine();
	if (!isCandidateLine(line)) return;
	const stamped = stamp(BEYOND_ASCII.test(line) ? Buffer.from(line, 'latin1').toString() : line);
	const said = stamped === null ? null : parseLogLine(stamped.text);
	if (stamped !== null && said !== null) tally.add(stamped.day, said);
}

/** The stream's bytes, gunzipped where they begin as gzip does (RFC 1952 §2.3.1), member after member (§2.2). */
async function gunzipped(input: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
	const chunks = input[Symbol.asyncIterator]();
	let head = Buffer.alloc(0);
	// A pipe may hand over a single byte.
	while (head.length < 2) {
		const next = await chunks.next();
		if (next.done === true) break;
		head = Buffer.concat([head, next.value]);
	}
	async function* all(): AsyncGenerator<Uint8Array> {
		yield head;
		for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
	}
	if (head[0] !== 0x1f || head[1] !== 0x8b) return all();
	// A failure to read or to unpack destroys the end of the pipeline too, where the reader meets it: nothing is left to do with it here.
	return pipeline(all(), createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
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
	if (found.isDirectory()) throw new Error('is a folder');
	const open = () => createReadStream(file, { highWaterMark: CHUNK_BYTES });
	// A FIFO, as the shell's <(zcat …) is, has neither.
	return found.isFile() ? { file, size: found.size, modifiedAt: found.mtimeMs, open } : { file, size: null, modifiedAt: null, open };
}
