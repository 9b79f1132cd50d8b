import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from '../../src/lib/base64.ts';

it('writes and reads bytes as Node does', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
			const [base64, base64url] = [Buffer.from(bytes).toString('base64'), Buffer.from(bytes).toString('base64url')];
			expect([encodeBase64(bytes), encodeBase64url(bytes)]).toEqual([base64, base64url]);
			expect([decodeBase64(base64), decodeBase64url(base64url)]).toEqual([bytes, bytes]);
		}),
	);
});

it('writes more bytes than a function takes arguments', () => {
	const bytes = new Uint8Array(1_000_000).fill(255);
	expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});

it.each(['a', 'ab=', 'a+b/', 'ä', ' YQ'])('%s is no base64url', (text) => {
	expect(decodeBase64url(text)).toBeNull();
});
