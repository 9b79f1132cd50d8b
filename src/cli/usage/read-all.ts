/** Reads every log that is named, and says how far it is. */
import { err, ok, type Result } from '../../lib/result.ts';
import { utcDay } from '../../model/config.ts';
import type { Trouble } from '../terminal.ts';
import { findLog, type Log, readLog } from './read.ts';
import { type Tally, tallier } from './tally.ts';

/** @param today YYYY-MM-DD */
export async function readAll(files: readonly string[], today: string): Promise<Result<Tally, Trouble>> {
	const logs: Log[] = [];
	// All are looked for before any is read: a mistyped name is told now, not after ten gigabytes.
	for (const file of new Set(files)) {
		const log = await findLog(file).catch(reasonOf);
		if (typeof log === 'string') return err(trouble(file, log));
		logs.push(log);
	}
	// The oldest first, whatever the order of the arguments (mail.log.10.gz sorts before mail.log.2.gz): where names must be let go, it is
	// the old ones that go.
	logs.sort((a, b) => (a.changed ?? Number.POSITIVE_INFINITY) - (b.changed ?? Number.POSITIVE_INFINITY));
	const tally = tallier();
	const shown = progress(logs);
	for (const log of logs) {
		// A time before 2000 is no time of a file: it was lost in a copy.
		const until = log.changed === null || log.changed < Date.UTC(2000) ? today : earlier(utcDay(log.changed), today);
		const failed = await readLog(counted(log, shown), tally, { today, until }).then(() => null, reasonOf);
		shown.done(log);
		if (failed !== null) return err(trouble(log.file, failed));
	}
	return ok(tally.result());
}

async function* counted(log: Log, shown: Shown): AsyncGenerator<Uint8Array> {
	let read = 0;
	for await (const chunk of log.open()) {
		read += chunk.length;
		shown.at(log, read);
		yield chunk;
	}
}

function earlier(a: string, b: string): string {
	return a < b ? a : b;
}

/** What the system says of a file that is not there or may not be read ("ENOENT: no such file or directory, stat '…'"), and zlib of one that is broken. */
function reasonOf(error: unknown): string {
	return (error instanceof Error ? error.message : String(error)).replace(/^E[A-Z]+: /, '').replace(/, \w+( '.*')?$/, '');
}

function trouble(file: string, reason: string): Trouble {
	if (/unexpected end of file|incorrect|invalid/.test(reason))
		return { what: `${file} is broken gzip: ${reason}`, todo: 'Part of a log is no proof: get it whole, or leave it out.' };
	return { what: `${file}: ${reason}`, todo: 'Check the path, and whether you may read it.' };
}

interface Shown {
	/** So many bytes of this log are read. */
	at(log: Log, read: number): void;
	done(log: Log): void;
}

const QUIET_MS = 1000;
const LINE_EVERY_MS = 10_000;

/** Bytes as they lie on the disk, packed or not: what is read of what there is. Redrawn on a terminal, a line every ten seconds elsewhere. */
function progress(logs: readonly Log[]): Shown {
	const live = process.stderr.isTTY === true;
	const total = logs.reduce<number | null>((sum, { size }) => (sum === null || size === null ? null : sum + size), 0);
	let before = 0;
	let told = Date.now();
	let drawn = false;
	return {
		at({ file }: Log, read: number): void {
			if (Date.now() - told < (live ? QUIET_MS : LINE_EVERY_MS)) return;
			told = Date.now();
			drawn = live;
			const share = total === null || total === 0 ? '' : ` (${Math.floor((100 * (before + read)) / total)} %)`;
			const line = `${Math.round((before + read) / 1e6)} MB read${share}, now ${file === '-' ? 'standard input' : file}`;
			process.stderr.write(live ? `\r\u001b[K${line}` : `${line}\n`);
		},
		done({ size }: Log): void {
			before += size ?? 0;
			if (drawn) process.stderr.write('\r\u001b[K');
			drawn = false;
		},
	};
}
