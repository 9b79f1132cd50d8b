/** Hostile mail servers: none keeps the tool beyond its deadline, and none makes it use more memory. */
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { starttlsDialogue } from '../../../src/cli/probe/dialogues.ts';
import { imap, pop3, sieve, smtp } from '../../../src/cli/probe/mail-protocols.ts';
import { runDialogue } from '../../../src/cli/probe/run-dialogue.ts';
import { CLIENT_OFFER } from '../../../src/cli/probe/tls-offer.ts';
import { type FakeMailServer, startFakeMailServer } from '../../support/fake-mail-server.ts';
import { createTestAuthority, type KeyPair } from '../../support/test-authority.ts';

const TIMEOUT_MS = 1000;

let pair: KeyPair;
const stubs: FakeMailServer[] = [];
beforeAll(async () => {
	pair = await (await createTestAuthority()).leaf({ names: ['mail.example.com'] });
});
afterAll(async () => {
	for (const stub of stubs) await stub.close();
});

function targetOf({ port }: FakeMailServer) {
	return { host: 'mail.example.com', address: '127.0.0.1', port, ca: null, timeoutMs: TIMEOUT_MS, tlsOffer: CLIENT_OFFER };
}

/** Writes without end, as fast as it is read. */
function flood(piece: string) {
	return (socket: Socket) => {
		const chunk = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
		const pour = () => {
			while (!socket.destroyed && socket.write(chunk));
		};
		socket.on('drain', pour);
		pour();
	};
}

/** Writes a piece every 50 ms: a slow server, at a speed that fits into a test. */
function drip(piece: string) {
	return (socket: Socket) => {
		const timer = setInterval(() => socket.write(piece), 50);
		socket.on('close', () => clearInterval(timer));
	};
}

const HOSTILE: readonly [string, (socket: Socket) => void, string][] = [
	['says nothing', () => undefined, 'deadline'],
	['a byte at a time', drip('2'), 'deadline'],
	['an endless banner, slowly', drip('220-more\r\n'), 'deadline'],
	['an endless banner, fast', flood('220-more\r\n'), 'too-much'],
	['a line without an end', flood('2'), 'too-much'],
	['zeros without an end', flood('\0'), 'too-much'],
	['closes at once', (socket) => socket.end(), 'closed'],
];

describe.each(HOSTILE)('%s', (_, hostile, why) => {
	it('ends in time, and says why', async () => {
		const stub = await startFakeMailServer('smtp', false, pair, { hostile });
		stubs.push(stub);
		const target = targetOf(stub);
		const visit = await runDialogue(target, starttlsDialogue(smtp));
		expect(visit).toMatchObject({ ok: true, value: { interruption: { ended: why } } });
	});
});

it('a reset ends it, whether it comes before the first byte is waited for or after', async () => {
	const stub = await startFakeMailServer('smtp', false, pair, { hostile: (socket) => socket.resetAndDestroy() });
	stubs.push(stub);
	const target = targetOf(stub);
	const visit = await runDialogue(target, starttlsDialogue(smtp));
	expect(visit.ok ? visit.value.interruption?.ended : visit.failure).toMatch(/^(closed|unreachable)$/);
});

it('a flood costs no memory', async () => {
	const stub = await startFakeMailServer('smtp', false, pair, { hostile: flood('220-more\r\n') });
	stubs.push(stub);
	const target = targetOf(stub);
	const before = process.memoryUsage.rss();
	for (let visit = 0; visit < 50; visit++) await runDialogue(target, starttlsDialogue(smtp));
	// The stub runs in the same process, so its queues count towards the memory too.
	expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
});

describe.each([imap, pop3, smtp, sieve])('$kind', (speech) => {
	it('takes any bytes for what they are: garbage', async () => {
		const garbage = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919 + (at >> 3)) % 256));
		const stub = await startFakeMailServer(speech.kind, false, pair, { hostile: (socket) => socket.end(garbage) });
		stubs.push(stub);
		const target = targetOf(stub);
		const visit = await runDialogue(target, starttlsDialogue(speech));
		expect(visit.ok && (visit.value.unexpectedGreeting || visit.value.interruption !== null)).toBe(true);
	});
});
