/** Reads logs line by line: plain or gzip, from files or standard input, in memory that does not grow with them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { mayTell, parseEvent } from './event.ts';
import { type Stamped, stampReader, type Written } from './stamp.ts';
import type { Tallier } from './tally.ts';

/** Characters of a line that are looked at. What matters stands in the first few hundred; the rest of a longer one is passed over. */
const LINE_LIMIT = 16_384;

const CHUNK = 1 << 16;

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** Feeds a stream's lines to the tallier. Throws where the stream does, and where it is broken gzip. */
export async function readLog(input: AsyncIterable<Uint8Array>, tally: Tallier, written: Written): Promise<void> {
	const stamp = stampReader(written);
	let rest = '';
	for await (const chunk of await unpacked(input)) {
		// One character a byte, whatever the bytes: several times faster than UTF-8, which only the lines that matter are read as.
		const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			take(text.slice(from, Math.min(end, from + LINE_LIMIT)), tally, stamp);
			from = end + 1;
		}
		// A line without an end does not grow: its beginning is all that is looked at.
		rest = text.slice(from, from + LINE_LIMIT);
	}
	if (rest !== '') take(rest, tally, stamp);
}

function take(line: string, tally: Tallier, stamp: (line: string) => Stamped | null): void {
	tally.line();
	if (!mayTell(line)) return;
	const stamped = stamp(BEYOND_ASCII.test(line) ? Buffer.from(line, 'latin1').toString() : line);
	const said = stamped === null ? null : parseEvent(stamped.text);
	if (stamped !== null && said !== null) tally.add(stamped.day, said);
}

/** The stream's bytes, gunzipped where they begin as gzip does (RFC 1952 §2.3.1), member after member (§2.2). */
async function unpacked(input: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
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
	return pipeline(all(), createGunzip({ chunkSize: CHUNK }), () => {});
}

/** A log that can be read. */
export interface Log {
	readonly file: string;
	/** In bytes, packed or not; null where that is not known. */
	readonly size: number | null;
	/** When it was last written to, in milliseconds since 1970; null where that is not known. */
	readonly changed: number | null;
	open(): Readable;
}

/** Finds a log file, `-` for standard input. Throws the system's own error where there is none. */
export async function findLog(file: string): Promise<Log> {
	if (file === '-') return { file, size: null, changed: null, open: () => process.stdin };
	const found = await stat(file);
	if (found.isDirectory()) throw new Error('is a folder');
	const open = () => createReadStream(file, { highWaterMark: CHUNK });
	// A FIFO, as the shell's <(zcat …) is, has neither.
	return found.isFile() ? { file, size: found.size, changed: found.mtimeMs, open } : { file, size: null, changed: null, open };
}
