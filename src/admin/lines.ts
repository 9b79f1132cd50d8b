/** Lines in and lines out, as they come: an import's memory does not grow with its length. */

/** One line of a stream, counted from 1, without its end. `text` is null for one that is longer than allowed. */
export interface Line {
	readonly at: number;
	readonly text: string | null;
}

export async function* readLines(body: ReadableStream<Uint8Array> | null, longest: number): AsyncGenerator<Line> {
	if (body === null) return;
	let rest = '';
	let tooLong = false;
	let at = 0;
	for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
		const pieces = (rest + chunk).split('\n');
		rest = pieces.pop() ?? '';
		for (const text of pieces) {
			at += 1;
			yield { at, text: tooLong || text.length > longest ? null : text.replace(/\r$/, '') };
			tooLong = false;
		}
		// What is longer than a line may be is not kept, only its being too long.
		if (rest.length <= longest) continue;
		rest = '';
		tooLong = true;
	}
	if (rest !== '' || tooLong) yield { at: at + 1, text: tooLong ? null : rest };
}

/** A stream of JSON objects, one a line, made as fast as they are read. A failure in the middle breaks the stream off. */
export function writeLines(objects: AsyncGenerator<object>): ReadableStream<Uint8Array> {
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
