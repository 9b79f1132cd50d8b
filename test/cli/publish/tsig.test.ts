/** TSIG keys and signatures. That real servers take them and sign in turn is tested in test/servers/dns-apply.test.ts. */
import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTsigKey, signMessage, verifyAnswer } from '../../../src/cli/publish/tsig.ts';
import { encodeUpdate } from '../../../src/cli/publish/update-message.ts';

const SECRET = randomBytes(32);
const NOW = 1_795_000_000;

function key(text = `hmac-sha256:signpost:${SECRET.toString('base64')}`) {
	const parsed = parseTsigKey('the test', text);
	if (!parsed.ok) throw new Error(parsed.error.message);
	return parsed.value;
}

describe('a key', () => {
	it.each([
		`key "Signpost" {\n\talgorithm hmac-sha512;\n\tsecret "${SECRET.toString('base64')}";\n};\n`,
		`key signpost. { algorithm hmac-sha512; secret ${SECRET.toString('base64')}; };`,
		`hmac-sha512:signpost.:${SECRET.toString('base64')}\n`,
	])('is read from %j', (text) => {
		expect(key(text)).toEqual({ name: 'signpost', algorithm: 'hmac-sha512', secret: SECRET });
	});

	it.each(['', 'secret', 'key "a" { algorithm hmac-md5; secret "AA=="; };', 'hmac-sha256:a', 'x'.repeat(20_000)])('is not %j', (text) => {
		const parsed = parseTsigKey('the test', text);
		expect(!parsed.ok && parsed.error.message).toMatch(/no TSIG key|not known here/);
	});
});

describe('an answer', () => {
	const request = signMessage(encodeUpdate(7, 'example.org', [], []), key(), NOW);

	/** Signs an answer as a server does (RFC 8945 §5.3): over the request's MAC, the answer and the variables. */
	function signAnswer(rcode: number, secret = SECRET) {
		const message = encodeUpdate(7, 'example.org', [], []);
		message.writeUInt16BE(0xa800 | rcode, 2);
		const own = { ...key(), secret };
		const unsigned = signMessage(message, own, NOW);
		const length = Buffer.from([0, request.mac.length]);
		const variables = Buffer.concat([
			Buffer.from('\x08signpost\0\x00\xff\0\0\0\0\x0bhmac-sha256\0', 'latin1'),
			Buffer.from(NOW.toString(16).padStart(12, '0'), 'hex'),
			Buffer.from([300 >> 8, 300 & 0xff, 0, 0, 0, 0]),
		]);
		const mac = createHmac('sha256', secret)
			.update(Buffer.concat([length, request.mac, message, variables]))
			.digest();
		const at = unsigned.bytes.indexOf(unsigned.mac);
		return Buffer.concat([unsigned.bytes.subarray(0, at), mac, unsigned.bytes.subarray(at + mac.length)]);
	}

	it('that the key has signed for this request is genuine; any other is not', () => {
		const answer = signAnswer(0);
		expect(verifyAnswer(answer, key(), request.mac, NOW)).toEqual({ kind: 'genuine' });
		expect(verifyAnswer(answer, key(), request.mac, NOW + 301)).toEqual({ kind: 'forged' });
		expect(verifyAnswer(answer, key(), randomBytes(32), NOW)).toEqual({ kind: 'forged' });
		expect(verifyAnswer(signAnswer(0, randomBytes(32)), key(), request.mac, NOW)).toEqual({ kind: 'forged' });
		expect(verifyAnswer(encodeUpdate(7, 'example.org', [], []), key(), request.mac, NOW)).toEqual({ kind: 'unsigned' });
	});

	it('of which one bit is turned, or which is cut off, is not genuine, and breaks nothing', () => {
		const answer = signAnswer(0);
		const bare = encodeUpdate(7, 'example.org', [], []).length;
		fc.assert(
			fc.property(fc.nat(answer.length * 8 - 1), fc.nat(answer.length - 1), (bit, length) => {
				const turned = Buffer.from(answer);
				const at = bit >> 3;
				turned.writeUInt8(turned.readUInt8(at) ^ (1 << (bit & 7)), at);
				// The id stands in the record too, and that one counts. Names of the key and of the algorithm are signed as this side knows them.
				if ((at > 1 && at < bare) || at >= answer.length - 48)
					expect(verifyAnswer(turned, key(), request.mac, NOW).kind).not.toBe('genuine');
				expect(verifyAnswer(answer.subarray(0, length), key(), request.mac, NOW).kind).not.toBe('genuine');
			}),
			{ numRuns: 1000 },
		);
	});
});
