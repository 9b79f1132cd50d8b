/** Reads and writes streams of lines, so that the memory that an import needs does not grow with its length. */
import type { ApiProblem } from '../contract/api-problems.ts';
import { joinBytes } from '../lib/read-limited.ts';
import { decodeUtf8 } from '../lib/utf8.ts';
import { NOT_UTF8 } from './request-input.ts';

/** A line without its end; or why it has no text. */
type LineText = { readonly text: string; readonly problem: null } | { readonly text: null; readonly problem: ApiProblem };

/** One line of a stream, counted from 1. */
export type NdjsonLine = { readonly lineNumber: number } & LineText;

const LINE_FEED = 10;

/**
 * @param longest bytes of a line
 * @param most bytes of all: reading ends before the line that goes beyond, with what this returns, its number
 */
export async function* readNdjsonLines(
	body: ReadableStream<Uint8Array> | null,
	longest: number,
	most: number,
): AsyncGenerator<NdjsonLine, number | null> {
	const line = createLineBuffer(longest);
	let lineNumber = 1;
	let size = 0;
	for await (const chunk of body ?? []) {
		size += chunk.byteLength;
		if (size > most) return lineNumber;
		let from = 0;
		for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
			line.add(chunk.subarray(from, end));
			yield { lineNumber, ...line.take() };
			lineNumber += 1;
			from = end + 1;
		}
		line.add(chunk.subarray(from));
	}
	if (!line.isEmpty()) yield { lineNumber, ...line.take() };
	return null;
}

interface LineBuffer {
	add(piece: Uint8Array): void;
	isEmpty(): boolean;
	/** The line; the next one begins. */
	take(): LineText;
}

/**
 * The bytes of a line that arrives in pieces. Those of a line that is too long are dropped; only its length is remembered.
 * @param longest bytes of a line, without a carriage return at its end
 */
function createLineBuffer(longest: number): LineBuffer {
	const tooLarge: LineText = { text: null, problem: { code: 'too-large', limit: longest } };
	let pieces: Uint8Array[] = [];
	let size = 0;
	return {
		add(piece) {
			size += piece.byteLength;
			// One byte more may be the carriage return.
			if (size > longest + 1) pieces = [];
			else pieces.push(piece);
		},
		isEmpty: () => size === 0,
		take() {
			const line = joinBytes(pieces);
			const length = size;
			pieces = [];
			size = 0;
			if (length > longest + 1) return tooLarge;
			const text = decodeUtf8(line);
			if (text === null) return { text: null, problem: NOT_UTF8 };
			if (text.endsWith('\r')) return { text: text.slice(0, -1), problem: null };
			return length > longest ? tooLarge : { text, problem: null };
		},
	};
}

/** Writes JSON objects as lines, each when the client is ready to read it. A failure in the middle ends the stream with an error. */
export function streamNdjson(objects: AsyncGenerator<object>): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	return new ReadableStream({
		async pull(controller) {
			const { done, value } = await objects.next();
			if (done === true) controller.close();
			else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
		},
		async cancel() {
			await objects.return(undefined);
		},
	});
}
