/** Reading a stream to a limit: what comes back, and how much is taken from the stream. */
import { describe, expect, it } from 'vitest';
import { readLimited, readTextLimited } from '../../src/lib/read-limited.ts';

/** A stream of chunks of these sizes that knows how many were taken, and whether it was told to stop. */
function countedStream(sizes: readonly number[]) {
	const seen = { taken: 0, cancelled: false };
	async function* chunks(): AsyncGenerator<Uint8Array> {
		try {
			for (const size of sizes) {
				seen.taken += 1;
				yield new Uint8Array(size).fill(65);
			}
		} finally {
			seen.cancelled = seen.taken < sizes.length;
		}
	}
	return { seen, stream: chunks() };
}

describe('a stream', () => {
	it.each([
		['nothing', [], 10, ''],
		['less than the limit', [3, 2], 10, 'AAAAA'],
		['just the limit', [5, 5], 10, 'A'.repeat(10)],
	] as const)('of %s is read whole', async (_, sizes, limit, text) => {
		expect(await readTextLimited(countedStream(sizes).stream, limit)).toEqual({ ok: true, value: text });
	});

	it('that goes beyond the limit is cancelled at the chunk that does', async () => {
		const { seen, stream } = countedStream([4, 4, 4, 4, 4]);
		expect(await readLimited(stream, 10)).toEqual({ ok: false, error: 'too-large' });
		expect(seen).toEqual({ taken: 3, cancelled: true });
	});

	it('of a message without a body is empty', async () => {
		expect(await readLimited(null, 0)).toEqual({ ok: true, value: new Uint8Array() });
	});

	it('is UTF-8, whatever a chunk cuts in two', async () => {
		async function* halves() {
			for (const byte of new TextEncoder().encode('\uFEFFzß水🍎')) yield Uint8Array.of(byte);
		}
		expect(await readTextLimited(halves(), 100)).toEqual({ ok: true, value: 'zß水🍎' });
	});
});
