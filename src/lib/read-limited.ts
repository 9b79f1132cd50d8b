/** Reads a stream up to a limit, whatever length it declares: the sender is a stranger, and its length is the sender's choice. */
import { err, ok, type Result } from './result.ts';

/**
 * The bytes of a whole stream, or `too-large`: reading ends, and the stream is cancelled, with the chunk that goes beyond the limit.
 * @param stream null for a message without a body
 * @param limit bytes
 * @throws what the stream throws
 */
export async function readLimited(
	stream: AsyncIterable<Uint8Array> | null,
	limit: number,
): Promise<Result<Uint8Array<ArrayBuffer>, 'too-large'>> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of stream ?? []) {
		size += chunk.byteLength;
		// Leaving the loop cancels the stream.
		if (size > limit) return err('too-large');
		chunks.push(chunk);
	}
	return ok(joinBytes(chunks));
}

/** The bytes of all pieces, one after the other. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const joined = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0));
	let at = 0;
	for (const piece of pieces) {
		joined.set(piece, at);
		at += piece.byteLength;
	}
	return joined;
}

/** Reads a stream to its end as UTF-8 text. A byte order mark is dropped, and each invalid sequence becomes U+FFFD. */
export async function readTextLimited(stream: AsyncIterable<Uint8Array> | null, limit: number): Promise<Result<string, 'too-large'>> {
	const bytes = await readLimited(stream, limit);
	return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}
