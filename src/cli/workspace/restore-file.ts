/** Sends a backup to the service: first looked at as a whole, then tried, then asked for, then sent. */
import type { OperationOutput } from '../../contract/client.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { createProgress } from '../progress.ts';
import type { Failure } from '../terminal.ts';
import type { AdminApiClient } from './admin-api-client.ts';
import { BACKUP_VERSION, type BackupHeader, readBackupLines } from './backup-file.ts';

/** Characters and lines of one request; the lines of one record stay together where they fit. */
const BATCH_CHARACTERS = 8_000_000;
const BATCH_LINES = 1000;

export type RestoreKind = 'revision' | 'audit' | 'token' | 'claim' | 'ended-session' | 'signing-key';
export type RestoreLine = Exclude<OperationOutput<'restoreBackup'>, { readonly taken: number }>;

export interface SendBackupOptions {
	readonly dry: boolean;
	readonly replace: boolean;
	/** Only lines of these kinds. */
	readonly kinds: readonly RestoreKind[];
	/** The first line of the file to send. */
	readonly from: number;
}

/** How many records, tokens and keys there were, by what became of them. */
export interface RestoreSummary {
	readonly counts: Readonly<Record<RestoreLine['result'], number>>;
	readonly refused: readonly RestoreLine[];
}

/** Reads the whole file once. A backup that does not fit to its end is not restored at all. */
export async function verifyBackup(path: string): Promise<Result<BackupHeader, Failure>> {
	let header: BackupHeader | null = null;
	let isFinished = false;
	for await (const read of readBackupLines(path)) {
		if (!read.ok) return err({ message: `${path}, line ${read.number}: ${read.reason}`, hint: 'The file was damaged. Nothing was sent.' });
		if (isFinished) return err({ message: `${path} goes on behind its end`, hint: 'The file was changed. Nothing was sent.' });
		if (read.line.kind === 'header') header = read.line;
		isFinished = read.line.kind === 'end';
	}
	if (header === null) return err({ message: `${path} is no backup`, hint: 'signpost backup writes them.' });
	if (header.version > BACKUP_VERSION)
		return err({ message: `${path} has version ${header.version} of the format`, hint: 'Use a newer signpost.' });
	if (!isFinished)
		return err({ message: `${path} is unfinished`, hint: 'signpost backup with the same file finishes it. Nothing was sent.' });
	return ok(header);
}

/** Sends the lines in the order of the file, which is that in which they can be restored. */
export async function sendBackup(api: AdminApiClient, path: string, options: SendBackupOptions): Promise<Result<RestoreSummary, Failure>> {
	const counts = { created: 0, changed: 0, unchanged: 0, refused: 0, ignored: 0 };
	const refused: RestoreLine[] = [];
	const progress = createProgress(null);
	let batch: { readonly number: number; readonly json: string; readonly domain: string | null }[] = [];
	let characters = 0;

	async function sendBatch(): Promise<Result<null, Failure>> {
		const [first] = batch;
		if (first === undefined) return ok(null);
		let isWhole = false;
		const query = { dry: options.dry, newer: options.replace ? 'replace' : 'keep' };
		const sent = await api.callLines('restoreBackup', { query, body: batch.map(({ json }) => `${json}\n`).join('') }, (line) => {
			if ('taken' in line) {
				isWhole = true;
				return;
			}
			if (line.kind === 'audit') return;
			counts[line.result] += 1;
			if (line.result === 'refused') refused.push(line);
			progress.step(`line ${first.number + line.line - 1}: ${line.name ?? ''}`);
		});
		if (sent.ok && isWhole) return ok(null);
		const message = sent.ok ? `${api.origin} broke off` : sent.error.message;
		return err({ message, hint: `Run it again, or go on with --from ${first.number}: what was restored already changes nothing.` });
	}

	try {
		for await (const read of readBackupLines(path)) {
			if (!read.ok) return err({ message: `${path}, line ${read.number}: ${read.reason}` });
			const { line, number, json } = read;
			const isWanted = number >= options.from && options.kinds.some((kind) => kind === line.kind);
			if (!isWanted) continue;
			const domain = line.kind === 'revision' ? line.domain : null;
			const previous = batch.at(-1);
			const isSameRecord = domain !== null && previous?.domain === domain;
			const isFull = characters + json.length > BATCH_CHARACTERS;
			if (isFull || (batch.length >= BATCH_LINES && !isSameRecord)) {
				const sent = await sendBatch();
				if (!sent.ok) return sent;
				// A record in two requests: the second begins with the last revision of the first.
				batch = isSameRecord && previous !== undefined ? [previous] : [];
				characters = batch[0]?.json.length ?? 0;
			}
			batch.push({ number, json, domain });
			characters += json.length;
		}
		const sent = await sendBatch();
		return sent.ok ? ok({ counts, refused }) : sent;
	} finally {
		progress.done();
	}
}
