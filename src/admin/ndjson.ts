/** Reads and writes streams of lines, so that the memory that an import needs does not grow with its length. */

/** One line of a stream, counted from 1, without its end. `text` is null for one that is longer than allowed. */
export interface NdjsonLine {
	readonly lineNumber: number;
	readonly text: string | null;
}

/**
 * @param longest bytes of a line
 * @param most bytes of all: reading ends before the line that goes beyond, with what this returns, its number
 */
export async function* readNdjsonLines(
	body: ReadableStream<Uint8Array> | null,
	longest: number,
	most: number,
): AsyncGenerator<NdjsonLine, number | null> {
	const decoder = new TextDecoder();
	let rest = '';
	let tooLong = false;
	let at = 0;
	let size = 0;
	for await (const chunk of body ?? []) {
		size += chunk.byteLength;
		if (size > most) return at + 1;
		const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
		rest = pieces.pop() ?? '';
		for (const text of pieces) {
			at += 1;
			yield { lineNumber: at, text: tooLong || utf8Length(text) > longest ? null : text.replace(/\r$/, '') };
			tooLong = false;
		}
		// The text of a line that is too long is dropped; only the fact that it is too long is remembered.
		if (rest.length <= longest) continue;
		rest = '';
		tooLong = true;
	}
	rest += decoder.decode();
	if (rest !== '' || tooLong) yield { lineNumber: at + 1, text: tooLong || utf8Length(rest) > longest ? null : rest };
	return null;
}

function utf8Length(text: string): number {
	return new TextEncoder().encode(text).byteLength;
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
