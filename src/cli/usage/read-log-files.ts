/** Reads every log that is named, and says how far it is. */

import { errorMessage } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { utcDay } from '../../lib/time.ts';
import type { Failure } from '../terminal.ts';
import { createLogCounter, type LogCounts } from './log-counts.ts';
import { findLogFile, type LogFile, readLog } from './read-log.ts';

/** @param today YYYY-MM-DD */
export async function readLogFiles(files: readonly string[], today: string): Promise<Result<LogCounts, Failure>> {
	const logs: LogFile[] = [];
	// All are looked for before any is read: a mistyped name is told now, not after ten gigabytes.
	for (const file of new Set(files)) {
		const log = await findLogFile(file).catch(systemReason);
		if (typeof log === 'string') return err(logFailure(file, log));
		logs.push(log);
	}
	// The oldest first, whatever the order of the arguments (mail.log.10.gz sorts before mail.log.2.gz): where names must be let go, it is
	// the old ones that go.
	logs.sort((a, b) => (a.modifiedAt ?? Number.POSITIVE_INFINITY) - (b.modifiedAt ?? Number.POSITIVE_INFINITY));
	const tally = createLogCounter();
	const shown = createReadProgress(logs);
	for (const log of logs) {
		// A time before 2000 is no time of a file: it was lost in a copy.
		const until = log.modifiedAt === null || log.modifiedAt < Date.UTC(2000) ? today : earlierDay(utcDay(log.modifiedAt), today);
		const failed = await readLog(withProgress(log, shown), tally, { today, lastWritten: until }).then(() => null, systemReason);
		shown.done(log);
		if (failed !== null) return err(logFailure(log.file, failed));
	}
	return ok(tally.result());
}

async function* withProgress(log: LogFile, shown: ReadProgress): AsyncGenerator<Uint8Array> {
	let read = 0;
	for await (const chunk of log.open()) {
		read += chunk.length;
		shown.update(log, read);
		yield chunk;
	}
}

function earlierDay(a: string, b: string): string {
	return a < b ? a : b;
}

/** What the system says of a file that is not there or may not be read ("ENOENT: no such file or directory, stat '…'"), and zlib of one that is broken. */
function systemReason(error: unknown): string {
	return errorMessage(error)
		.replace(/^E[A-Z]+: /, '')
		.replace(/, \w+( '.*')?$/, '');
}

function logFailure(file: string, reason: string): Failure {
	if (/unexpected end of file|incorrect|invalid/.test(reason))
		return { message: `${file} is broken gzip: ${reason}`, hint: 'Part of a log is no proof: get it whole, or leave it out.' };
	return { message: `${file}: ${reason}`, hint: 'Check the path, and whether you may read it.' };
}

interface ReadProgress {
	/** So many bytes of this log are read. */
	update(log: LogFile, read: number): void;
	done(log: LogFile): void;
}

const PROGRESS_DELAY_MS = 1000;
const PROGRESS_LINE_INTERVAL_MS = 10_000;

/** Bytes as they lie on the disk, packed or not: what is read of what there is. Redrawn on a terminal, a line every ten seconds elsewhere. */
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
