/** What the tool writes to standard output and what to the error channel. */
import { expect, it } from 'vitest';
import { writeDocument } from '../../src/cli/terminal.ts';

it.each([
	['a pipe', false, '<a/>', '<a/>'],
	['a terminal', true, '<a/>', '<a/>\n'],
	['a terminal, a text that ends its last line', true, 'a: b\r\n', 'a: b\r\n'],
	['a terminal, nothing', true, '', ''],
])('a document on %s', (_, isTTY, text, written) => {
	const chunks: string[] = [];
	writeDocument(text, { isTTY, write: (chunk) => chunks.push(chunk) > 0 });
	expect(chunks.join('')).toBe(written);
});
