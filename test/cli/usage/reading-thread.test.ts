/** A thread of its own finds in logs what the main thread finds, whatever is in them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogCounter } from '../../../src/cli/usage/evidence/log-counter.ts';
import type { LogCounts } from '../../../src/cli/usage/evidence/log-counts.ts';
import { judgeUsage } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { createBatchWriter, type LineBatch, memoryOf } from '../../../src/cli/usage/forms/line-batch.ts';
import { createLineReader } from '../../../src/cli/usage/forms/line-reader.ts';
import { createLogReader, findLogFile, type LogReader, readLines } from '../../../src/cli/usage/forms/read-log.ts';
import { type ReadingThread, startReadingThread } from '../../../src/cli/usage/forms/reading-thread.ts';
import { runSignpost } from '../../support/run-signpost.ts';
import { FORM_NAMES, inForm } from './log-forms.ts';
import { labelledLogs } from './random-mixtures.ts';
import { bsdTimestamp, countLogs, lastDays, resultOf, rfc3339Timestamp, sampleLog, TODAY } from './sample-logs.ts';

/** In CI 200 each time, other ones each time; READING_RUNS tries more. */
const RUNS = Number(process.env.READING_RUNS ?? '200');

const DATES = { today: TODAY, lastWritten: TODAY };
const SAMPLE_LOG = sampleLog(40, (_, ago) => (ago > 30 ? 2 : 0));

async function countWith(logs: number, read: (reader: LogReader, nth: number) => Promise<void>): Promise<LogCounts> {
	const counter = createLogCounter();
	const reader = createLogReader(counter);
	for (let nth = 0; nth < logs; nth++) await read(reader, nth);
	reader.end();
	return resultOf(counter);
}

/** Counts as two threads do it, in one: what goes from one to the other is cloned in the same way, in a batch for each piece. */
function countInBatches(logs: readonly (readonly Uint8Array[])[]): Promise<LogCounts> {
	async function* batches(pieces: readonly Uint8Array[]): AsyncGenerator<LineBatch> {
		const { sink, take } = createBatchWriter();
		const handOver = () => {
			const batch = take();
			return structuredClone(batch, { transfer: [...memoryOf(batch)] });
		};
		async function* stream(): AsyncGenerator<Uint8Array> {
			yield* pieces;
		}
		for await (const _ of readLines(stream(), createLineReader(DATES, sink))) yield handOver();
		yield handOver();
	}
	return countWith(logs.length, (reader, nth) => reader.readBatches(batches(logs[nth] ?? [])));
}

/** Cuts bytes into pieces at any places. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
	const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
	return at.slice(1).map((end, nth) => bytes.subarray(at[nth], end));
}

/** What may stand between two lines, or in the middle of one. */
const junk = fc.oneof(
	fc.uint8Array({ maxLength: 60 }),
	fc
		.constantFrom(
			...['\n', '\r\n', '\r', '\0', '\u001b[1m', 'jürgen@', '東京', '{', '}\n', '__CURSOR=s=1\n', 'last message repeated 2 times\n'],
			...['sasl_username=eve', ' message repeated 3 times: [ connect from x[192.0.2.1]]\n', 'x'.repeat(70_000), `${'y'.repeat(20_000)}\n`],
			...lastDays(2).flatMap((day) => [
				`${rfc3339Timestamp(day)} mx last message repeated 2 times\n`,
				`${bsdTimestamp(day)} mx systemd-journald[1]: Suppressed 12 messages from postfix.service\n`,
				`${bsdTimestamp(day)} mx postfix/smtpd[7]: message repeated 3 times: [ connect from c.example.net[192.0.2.7]]\n`,
				`${bsdTimestamp(day)} mx haproxy[7]: client connected to 192.0.2.1\n`,
			]),
		)
		.map((text) => new TextEncoder().encode(text)),
);

const spoiltLogs = fc
	.tuple(
		labelledLogs,
		fc.array(fc.tuple(fc.nat(), fc.boolean(), junk), { maxLength: 6 }),
		fc.constantFrom<(text: string) => Uint8Array>(
			(text) => Buffer.from(text),
			(text) => Buffer.from(text.replaceAll('\n', '\r\n')),
			(text) => Buffer.from(text.trimEnd()),
			(text) => Buffer.from(text.replaceAll('example', 'exämple')),
			(text) => Buffer.from(text.replaceAll('example', 'exämple'), 'latin1'),
			(text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
			(text) => gzipSync(text),
		),
		fc.array(fc.nat(), { maxLength: 8 }),
	)
	.map(([{ files }, additions, encode, places]) =>
		files.map((file) => {
			let bytes = Buffer.from(encode(file));
			for (const [at, between, more] of additions) {
				const place = at % (bytes.length + 1);
				const from = between ? bytes.indexOf('\n', place) + 1 : place;
				bytes = encode === gzipSync ? bytes : Buffer.concat([bytes.subarray(0, from), more, bytes.subarray(from)]);
			}
			return cut(bytes, places);
		}),
	);

/** The counts, or how reading failed: junk may look like a compressed log. */
function outcome(counts: Promise<LogCounts>): Promise<unknown> {
	return counts.then(
		(all) => ({ ...all, verdict: judgeUsage(all, 30, TODAY).answer }),
		(error: Error) => `${error.name}: ${error.message}`,
	);
}

it(`in ${RUNS} mixtures of logs that were cut and spoilt at any place`, { timeout: 600_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(spoiltLogs, async (logs) => {
			expect(await outcome(countInBatches(logs))).toEqual(await outcome(countLogs(logs)));
		}),
		{ numRuns: RUNS },
	);
});

it.each(FORM_NAMES)('%s', async (name) => {
	const pieces = cut(Buffer.from(inForm(name, SAMPLE_LOG)), [100, 5000, 5001]);
	expect(await countInBatches([pieces])).toEqual(await countLogs([pieces]));
});

describe('a thread', () => {
	let folder: string;
	let thread: ReadingThread;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-thread-'));
		thread = startReadingThread();
	});
	afterAll(async () => {
		await thread.stop();
		await rm(folder, { recursive: true });
	});

	/** The outcome with and without the thread, and how many bytes of each file were said to be read. */
	async function compare(...contents: readonly (string | Uint8Array)[]): Promise<{ readonly outcome: unknown; readonly bytes: unknown }> {
		const files = contents.map((_, nth) => join(folder, `${nth}.log`));
		for (const [nth, file] of files.entries()) await writeFile(file, contents[nth] ?? '');
		const bytes: number[] = [];
		const inThread = outcome(
			countWith(files.length, (reader, nth) =>
				reader.readBatches(
					thread.read(files[nth] ?? '', DATES, (read) => {
						bytes[nth] = read;
					}),
				),
			),
		);
		const here = outcome(countWith(files.length, async (reader, nth) => reader.read((await findLogFile(files[nth] ?? '')).open(), DATES)));
		expect(await inThread).toEqual(await here);
		return { outcome: await here, bytes };
	}

	it('reads several logs, one after another', async () => {
		const [half, other] = [SAMPLE_LOG.slice(0, 3000), SAMPLE_LOG.slice(3000)];
		const { outcome: counts, bytes } = await compare(half, '', gzipSync(other), SAMPLE_LOG);
		expect(counts).toMatchObject({ verdict: 'yes' });
		expect(bytes).toEqual([half.length, 0, gzipSync(other).length, SAMPLE_LOG.length]);
	});

	it('reads more than may wait for the main thread', async () => {
		const { outcome: counts } = await compare(sampleLog(40, () => 900));
		expect(counts).toMatchObject({ verdict: 'no' });
	});

	it('fails as the main thread does, and reads on', async () => {
		expect((await compare(gzipSync(SAMPLE_LOG).subarray(0, 300))).outcome).toMatch('unexpected end of file');
		expect((await compare(Buffer.from('LPKSHHRH, and more'))).outcome).toMatch('UnreadableForm: is a journal file of systemd');
		await expect(
			countWith(1, (reader) => reader.readBatches(thread.read(join(folder, 'none'), DATES, () => undefined))),
		).rejects.toMatchObject({
			message: expect.stringMatching('ENOENT'),
			syscall: 'open',
		});
		expect((await compare(SAMPLE_LOG)).outcome).toMatchObject({ verdict: 'yes' });
	});
});

describe('the tool', () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-thread-'));
	});
	afterAll(() => rm(folder, { recursive: true }));

	it('starts a thread for a large log, and says the same as of standard input, which it reads without', async () => {
		const today = new Date().toISOString().slice(0, 10);
		const log = sampleLog(40, () => 4000, rfc3339Timestamp, today);
		expect(log.length).toBeGreaterThan(2 ** 24);
		await writeFile(join(folder, 'mail.log'), log);
		// Says so when a thread is started.
		const script = encodeURIComponent(`process.on('worker', () => console.error('thread'))`);
		const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=data:text/javascript,${script}`;
		const withThread = await runSignpost(['usage', 'mail.log', '--json'], folder, { env: { NODE_OPTIONS } });
		const without = await runSignpost(['usage', '-', '--json'], folder, { env: { NODE_OPTIONS }, input: log });
		expect(withThread.err.replace(/^\d+ MB read.*\n/gm, '')).toBe(availableParallelism() > 1 ? 'thread\n' : '');
		expect(without.err.replace(/^\d+ MB read.*\n/gm, '')).toBe('');
		expect(JSON.parse(withThread.out)).toMatchObject({ verdict: { answer: 'no' }, submission: { starttls: 160_000 } });
		expect(withThread.out).toBe(without.out);
	});
});
