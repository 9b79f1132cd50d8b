/**
 * Reads logs in a thread of its own: it unpacks, decodes and takes lines apart, which needs nothing but the log itself, while the main thread
 * joins sessions and counts. This file is what the thread runs, and what the main thread starts it with; in the bundle of the tool, the whole bundle is both.
 */

import { fileURLToPath } from 'node:url';
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { errorMessage } from '../../../lib/error-message.ts';
import { createBatchWriter, type LineBatch, memoryOf } from './line-batch.ts';
import { createLineReader } from './line-reader.ts';
import type { LogDates } from './log-timestamp.ts';
import { openLogFile, readLines } from './read-log.ts';

/** What a thread is started with, by which it knows what it is for. */
const READING = 'signpost reads logs';

/** How many chunks of a log (of 256 KB) are handed over at once. */
const CHUNKS_PER_BATCH = 4;

/**
 * How many batches may wait for the main thread, and after how many it says that it has dealt with them. Saying so wakes the thread where it waits,
 * and Linux tends to wake it on the same core, in the place of the main thread: with an answer for each batch, a sixth of the time was lost.
 */
const MAX_WAITING = 12;
const BATCHES_PER_ANSWER = 6;

/** Room for what has just been read, which is garbage after a moment. */
const MAX_YOUNG_MEGABYTES = 16;

/** To the thread: a log to be read, or how many batches have been dealt with. */
type ToThread = { readonly file: string; readonly dates: LogDates } | { readonly taken: number };

/** From the thread: what has been found, and how many bytes of the file have been read; then the end. */
type FromThread = { readonly batch: LineBatch; readonly bytes: number } | { readonly end: ReadFailure | null };

/** The parts of an error that tell what happened; as it is, an error loses them between threads. */
interface ReadFailure {
	readonly name: string;
	readonly message: string;
	readonly syscall: string | undefined;
}

export interface ReadingThread {
	/**
	 * Reads a log. Throws what reading it in this thread would have thrown.
	 * @param update is told how many bytes of the file have been read
	 */
	read(file: string, dates: LogDates, update: (bytes: number) => void): AsyncIterable<LineBatch>;
	stop(): Promise<void>;
}

export function startReadingThread(): ReadingThread {
	const worker = new Worker(fileURLToPath(import.meta.url), {
		workerData: READING,
		resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_MEGABYTES },
	});
	const arrived: FromThread[] = [];
	let wake: () => void = () => undefined;
	let broken: Error | null = null;
	let taken = 0;
	worker.on('message', (message: FromThread) => {
		arrived.push(message);
		wake();
	});
	worker.on('error', (error: Error) => {
		broken = error;
		wake();
	});
	worker.on('exit', () => {
		broken ??= new Error('the thread that reads it has ended');
		wake();
	});

	async function next(): Promise<FromThread> {
		for (let first = arrived.shift(); ; first = arrived.shift()) {
			if (first !== undefined) return first;
			if (broken !== null) throw broken;
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
	}

	return {
		async *read(file, dates, update) {
			worker.postMessage({ file, dates } satisfies ToThread);
			for (let message = await next(); ; message = await next()) {
				if ('end' in message) {
					if (message.end !== null) throw errorOf(message.end);
					return;
				}
				update(message.bytes);
				yield message.batch;
				taken += 1;
				if (taken < BATCHES_PER_ANSWER) continue;
				worker.postMessage({ taken } satisfies ToThread);
				taken = 0;
			}
		},
		async stop() {
			await worker.terminate();
		},
	};
}

function errorOf({ name, message, syscall }: ReadFailure): Error {
	return Object.assign(new Error(message), { name }, syscall === undefined ? {} : { syscall });
}

function failureOf(error: unknown): ReadFailure {
	const syscall = error instanceof Error && 'syscall' in error ? String(error.syscall) : undefined;
	return { name: error instanceof Error ? error.name : '', message: errorMessage(error), syscall };
}

/** What the thread does: reads one log after another for the main thread. */
function serve(port: MessagePort): void {
	let waiting = 0;
	let goOn: () => void = () => undefined;

	async function read(file: string, dates: LogDates): Promise<void> {
		const { sink, take } = createBatchWriter();
		let bytes = 0;
		async function* counted(): AsyncGenerator<Uint8Array> {
			for await (const chunk of openLogFile(file)) {
				bytes += chunk.length;
				yield chunk;
			}
		}
		async function hand(): Promise<void> {
			const batch = take();
			port.postMessage({ batch, bytes } satisfies FromThread, memoryOf(batch));
			waiting += 1;
			while (waiting >= MAX_WAITING)
				await new Promise<void>((resolve) => {
					goOn = resolve;
				});
		}
		const lines = createLineReader(dates, sink);
		let chunks = 0;
		for await (const _ of readLines(counted(), lines)) {
			chunks += 1;
			if (chunks % CHUNKS_PER_BATCH === 0) await hand();
		}
		await hand();
	}

	port.on('message', (message: ToThread) => {
		if ('taken' in message) {
			waiting -= message.taken;
			goOn();
			return;
		}
		const end = (failure: ReadFailure | null) => port.postMessage({ end: failure } satisfies FromThread);
		read(message.file, message.dates).then(
			() => end(null),
			(error: unknown) => end(failureOf(error)),
		);
	});
}

if (!isMainThread && parentPort !== null && workerData === READING) serve(parentPort);
