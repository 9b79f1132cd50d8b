/** Reads the given logs, and shows the progress. */
import { availableParallelism } from 'node:os';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { errorMessage } from '../../../lib/error-message.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { utcDay } from '../../../lib/time.ts';
import type { Failure } from '../../terminal.ts';
import { createLogCounter } from '../evidence/log-counter.ts';
import type { LogCounts } from '../evidence/log-counts.ts';
import { settingOf } from '../servers/servers.ts';
import { createLogReader, findLogFile, type LogFile } from './read-log.ts';
import { startReadingThread } from './reading-thread.ts';
import { UNREADABLE_FORM } from './unreadable.ts';

export interface ReadLogOptions {
	/** YYYY-MM-DD. */
	readonly today: string;
	/** Whether the operator says that no login is accepted without TLS. */
	readonly tlsOnly: boolean;
}

const ENOUGH_YOUNG_BYTES = 1 << 24;

/** On disk; compressed, it is some ten times as much. */
const MIN_BYTES_FOR_THREAD = 1 << 24;

/**
 * Reads all logs, the oldest first. Fails where one cannot be read, or where nothing in one is recognised, because its content is unknown
 * then.
 */
export async function readLogFiles(files: readonly string[], { today, tlsOnly }: ReadLogOptions): Promise<Result<LogCounts, Failure>> {
	const logs: LogFile[] = [];
	// All files are looked for before any is read, so that a mistyped name is reported at once.
	for (const file of new Set(files)) {
		const log = await findLogFile(file).catch(systemReason);
		if (typeof log === 'string') return err(logFailure(file, log));
		logs.push(log);
	}
	// The oldest first, whatever the order of the arguments (mail.log.10.gz sorts before mail.log.2.gz): where names must be let go, it is
	// the old ones that go.
	logs.sort((a, b) => (a.modifiedAt ?? Number.POSITIVE_INFINITY) - (b.modifiedAt ?? Number.POSITIVE_INFINITY));
	const counter = createLogCounter();
	const reader = createLogReader(counter);
	const shown = createReadProgress(logs);
	let isLimited = false;
	const thread = isWorthAThread(logs) ? startReadingThread() : null;
	try {
		for (const log of logs) {
			const before = counter.recognised();
			let bytes = 0;
			const update = (read: number) => {
				bytes = read;
				if (!isLimited) isLimited = limitYoungGeneration();
				shown.update(log, read);
			};
			const dates = { today, lastWritten: lastWritten(log, today) };
			const done =
				thread === null ? reader.read(withProgress(log, update), dates) : reader.readBatches(thread.read(log.file, dates, update));
			const failed = await done.then(() => null, systemReason);
			shown.done(log);
			if (failed !== null) return err(logFailure(log.file, failed));
			// An empty log is no fault: it may have been rotated a moment ago.
			if (counter.recognised() === before && (bytes > 0 || logs.length === 1))
				return err(notRecognised(log.file, bytes, counter.knownServers()));
		}
	} finally {
		await thread?.stop();
	}
	reader.end();
	return ok(counter.result({ tlsOnly, settingOf }));
}

/**
 * Ends the growth of the heap's young generation once that is large enough. What is read of a log is garbage after a moment, yet V8 doubles the
 * space for it again and again, up to 134 MB (Node 24), which makes nothing faster.
 * @returns whether it is large enough
 */
function limitYoungGeneration(): boolean {
	const size = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
	if (size < ENOUGH_YOUNG_BYTES) return false;
	setFlagsFromString('--semi-space-growth-factor=1');
	return true;
}

/** Logs on disk of which the reading takes longer than the start of a thread for it. */
function isWorthAThread(logs: readonly LogFile[]): boolean {
	const bytes = logs.reduce((sum, { size }) => sum + (size ?? Number.NaN), 0);
	return availableParallelism() > 1 && bytes >= MIN_BYTES_FOR_THREAD;
}

function lastWritten({ modifiedAt }: LogFile, today: string): string {
	// A modification time before 2000 is not real; it was lost when the file was copied.
	if (modifiedAt === null || modifiedAt < Date.UTC(2000)) return today;
	const day = utcDay(modifiedAt);
	return day < today ? day : today;
}

async function* withProgress(log: LogFile, update: (read: number) => void): AsyncGenerator<Uint8Array> {
	let read = 0;
	for await (const chunk of log.open()) {
		read += chunk.length;
		update(read);
		yield chunk;
	}
}

/** The reason in an error of the system ("ENOENT: no such file or directory, stat '…'") or of zlib, for messages. */
function systemReason(error: unknown): string {
	if (error instanceof Error && error.name === UNREADABLE_FORM) return error.message;
	const message = errorMessage(error).replace(/^E[A-Z]+: /, '');
	// What was asked of the system stands at the end (", stat '/var/log/mail.log'"), by the name that the error has for it.
	const asked = error instanceof Error && 'syscall' in error ? message.lastIndexOf(`, ${String(error.syscall)}`) : -1;
	return asked < 0 ? message : message.slice(0, asked);
}

function logFailure(file: string, reason: string): Failure {
	if (reason.startsWith('is broken ') || /unexpected end of file|incorrect|invalid/.test(reason))
		return {
			message: reason.startsWith('is ') ? `${file} ${reason}` : `${file} is broken gzip: ${reason}`,
			hint: 'Part of a log is no proof: get it whole, or leave it out.',
		};
	if (reason.startsWith('is ')) {
		const [what = '', instead] = reason.split(/: (.*)/s);
		return { message: `${file} ${what}`, hint: instead === undefined ? undefined : `Unpack it: ${instead}` };
	}
	return { message: `${file}: ${reason}`, hint: 'Check the path, and whether you may read it.' };
}

function notRecognised(file: string, bytes: number, servers: readonly string[]): Failure {
	const name = file === '-' ? 'standard input' : file;
	if (bytes === 0)
		return { message: `${name} is empty: there is nothing to judge by`, hint: 'Give the mail server’s log, such as /var/log/mail.log*.' };
	if (servers.length > 0)
		return {
			message: `${name} is a log of ${servers.join(' and ')}, which is recognised and not read`,
			hint: 'Count new connections to port 587 in the firewall instead, or ask us to read it.',
		};
	return {
		message: `nothing in ${name} is recognised as a line of a mail server that takes submissions`,
		hint: 'Postfix, Dovecot, Exim, OpenSMTPD, Sendmail, Haraka, Stalwart and nginx are read: signpost usage --help. Is it the right file?',
	};
}

interface ReadProgress {
	/** Reports how many bytes of this log have been read. */
	update(log: LogFile, read: number): void;
	done(log: LogFile): void;
}

const PROGRESS_DELAY_MS = 1000;
const PROGRESS_LINE_INTERVAL_MS = 10_000;

/** Shows the bytes read of the bytes on disk: redrawn on a terminal, as a line every ten seconds elsewhere. */
function createReadProgress(logs: readonly LogFile[]): ReadProgress {
	const live = process.stderr.isTTY === true;
	const total = logs.reduce<number | null>((sum, { size }) => (sum === null || size === null ? null : sum + size), 0);
	let before = 0;
	let told = Date.now();
	let drawn = false;
	return {
		update({ file }: LogFile, read: number): void {
			if (Date.now() - told < (live ? PROGRESS_DELAY_MS : PROGRESS_LINE_INTERVAL_MS)) return;
			told = Date.now();
			drawn = live;
			const share = total === null || total === 0 ? '' : ` (${Math.floor((100 * (before + read)) / total)} %)`;
			const line = `${Math.round((before + read) / 1e6)} MB read${share}, now ${file === '-' ? 'standard input' : file}`;
			process.stderr.write(live ? `\r\u001b[K${line}` : `${line}\n`);
		},
		done({ size }: LogFile): void {
			before += size ?? 0;
			if (drawn) process.stderr.write('\r\u001b[K');
			drawn = false;
		},
	};
}
