/** Reads logs line by line: plain or gzip, from files or standard input, in memory that does not grow with them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parseEvent } from './event.ts';
import { parseStamp } from './stamp.ts';
import type { Tallier } from './tally.ts';

/** Characters of a line that are looked at. What matters stands in the first few hundred; the rest of a longer one is passed over. */
const LINE_LIMIT = 16_384;

const CHUNK = 1 << 20;

/** Feeds a stream's lines to the tallier. `seen` is told the bytes read so far, for progress. */
export async function readLog(input: Readable, tally: Tallier, today: string, seen: (bytes: number) => void): Promise<void> {
	let rest = '';
	let bytes = 0;
	const decoder = new TextDecoder();
	for await (const chunk of await unpacked(input)) {
		bytes += chunk.length;
		seen(bytes);
		const text = rest + decoder.decode(chunk, { stream: true });
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			take(text.slice(from, end), tally, today);
			from = end + 1;
		}
		// A line without an end does not grow: its beginning is all that is looked at.
		rest = text.slice(from, from + LINE_LIMIT);
	}
	take(rest, tally, today);
}

function take(line: string, tally: Tallier, today: string): void {
	const stamped = parseStamp(line, today);
	if (stamped !== null) tally.add(stamped.day, parseEvent(stamped.text));
}

/** The stream's bytes, gunzipped where they begin as gzip does (RFC 1952 §2.3.1). */
async function unpacked(input: Readable): Promise<AsyncIterable<Uint8Array>> {
	const chunks = input[Symbol.asyncIterator]();
	const first = await chunks.next();
	const head: Uint8Array = first.done === true ? new Uint8Array() : Buffer.from(first.value);
	async function* all(): AsyncGenerator<Uint8Array> {
		yield head;
		for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield Buffer.from(next.value);
	}
	if (head[0] !== 0x1f || head[1] !== 0x8b) return all();
	const gunzip = createGunzip({ chunkSize: CHUNK });
	void feed(all(), gunzip);
	return gunzip;
}

/** Writes everything, as fast as it is read; a failure to read becomes the reader's failure. */
async function feed(chunks: AsyncIterable<Uint8Array>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
	try {
		for await (const chunk of chunks) if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve));
		gunzip.end();
	} catch (error) {
		gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
	}
}

/** Opens a log file, `-` for standard input. @returns the stream and its size in bytes, null where that is not known */
export async function openLog(file: string): Promise<{ readonly stream: Readable; readonly size: number | null }> {
	if (file === '-') return { stream: process.stdin, size: null };
	const { size } = await stat(file);
	return { stream: createReadStream(file, { highWaterMark: CHUNK }), size };
}
