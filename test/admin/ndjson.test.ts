import { describe, expect, it } from 'vitest';
import { readNdjsonLines } from '../../src/admin/ndjson.ts';
import { NOT_UTF8 } from '../../src/admin/request-input.ts';

const TOO_LARGE = { code: 'too-large', limit: 8 };

/** Reads a body that arrives in these pieces, with limits of 8 bytes for a line and 40 bytes in all. */
async function readPieces(...pieces: readonly (string | Uint8Array)[]): Promise<readonly unknown[]> {
	const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
	const writer = writable.getWriter();
	const write = async () => {
		for (const piece of pieces) await writer.write(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
		await writer.close();
	};
	// A reader that stops early cancels the stream; then writing fails.
	const written = write().catch((reason: unknown) => reason);
	const lines = readNdjsonLines(readable, 8, 40);
	const found: unknown[] = [];
	for (;;) {
		const { done, value } = await lines.next();
		if (done !== true) found.push(value.text ?? value.problem);
		else {
			if (value === null) expect(await written).toBeUndefined();
			return value === null ? found : [...found, `cut at ${value}`];
		}
	}
}

describe('lines', () => {
	it.each<readonly [string, readonly (string | Uint8Array)[], readonly unknown[]]>([
		['are split wherever the pieces end', ['on', 'e\ntw', 'o\n'], ['one', 'two']],
		['may end in CRLF, and the last one in nothing', ['one\r\ntwo'], ['one', 'two']],
		['may be empty', ['\n\none'], ['', '', 'one']],
		['may be none', [''], []],
		['have their characters put together again', [Uint8Array.of(0xc3), Uint8Array.of(0xa9, 0x0a)], ['é']],
		['that are too long are told so, and the next is read', ['123456789\nok'], [TOO_LARGE, 'ok']],
		['that are too long at the end too', ['ok\n1234567', '89'], ['ok', TOO_LARGE]],
		['are measured in bytes', ['éééé\nééééé\n'], ['éééé', TOO_LARGE]],
		['that never end are not kept', ['1'.repeat(20), '1'.repeat(10), '\nok'], [TOO_LARGE, 'ok']],
		['may be as long as allowed before a CRLF', ['12345678\r\n12345678\r', '\n'], ['12345678', '12345678']],
		['that are not UTF-8 are told so, and the next is read', ['a', Uint8Array.of(0xfc, 0x0a), 'ok'], [NOT_UTF8, 'ok']],
		['that end in half a character are told so', ['ok\n', Uint8Array.of(0xc3)], ['ok', NOT_UTF8]],
		['may have the replacement character', ['\uFFFD\n'], ['\uFFFD']],
		['beyond what a body may have are not read', ['12345678\n12345678\n1', `${'2'.repeat(30)}\n`], ['12345678', '12345678', 'cut at 3']],
	])('%s', async (_, pieces, lines) => {
		expect(await readPieces(...pieces)).toEqual(lines);
	});

	it('of no body are none', async () => {
		expect(await readNdjsonLines(null, 8, 40).next()).toEqual({ done: true, value: null });
	});
});
