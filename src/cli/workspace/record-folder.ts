/** Records as files: one a domain, and beside them what was last known of the service, so that a push knows what it changes. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { firstErrorLine } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord, type ServiceRecord } from '../../model/record.ts';
import { createProgress, type Failure } from '../terminal.ts';

const RECORD_FILE_SUFFIX = /\.(json|ya?ml)$/;
const SYNC_STATE_FILE = '.signpost.json';

export interface RecordFile {
	readonly file: string;
	readonly record: ServiceRecord;
	/** SHA-256 of the record as the schema reads it: neither blanks nor comments nor the order of keys in a file matter. */
	readonly digest: string;
}

/** What the service had when it was last pulled from or pushed to, by domain. */
export type SyncState = Map<string, { readonly revision: number; readonly digest: string }>;

export interface RecordFolder {
	readonly path: string;
	readonly files: ReadonlyMap<string, RecordFile>;
	readonly syncState: SyncState;
}

export async function readRecordFolder(path: string): Promise<Result<RecordFolder, Failure>> {
	await mkdir(path, { recursive: true });
	const files = new Map<string, RecordFile>();
	const faults: string[] = [];
	const names = (await readdir(path)).filter((each) => RECORD_FILE_SUFFIX.test(each) && !each.startsWith('.')).sort();
	const bar = createProgress(names.length);
	for (const name of names) {
		const file = join(path, name);
		bar.step(file);
		const parsed = parseRecordFile(await readFile(file, 'utf8'));
		if (parsed.ok) files.set(name.replace(RECORD_FILE_SUFFIX, ''), { file, record: parsed.value, digest: recordDigest(parsed.value) });
		else faults.push(`${file}: ${parsed.error}`);
	}
	bar.done();
	if (faults.length > 0) return err({ message: faults.join('\n       '), hint: 'Nothing was sent: put these right first.' });
	const state = await readFile(join(path, SYNC_STATE_FILE), 'utf8').catch(() => '{}');
	return ok({ path, files, syncState: new Map(Object.entries(JSON.parse(state))) });
}

function parseRecordFile(text: string): Result<ServiceRecord, string> {
	let input: unknown;
	try {
		input = parse(text);
	} catch (error) {
		// The library's only way to refuse a text.
		return err(firstErrorLine(error));
	}
	const parsed = parseRecord(input);
	return parsed.ok ? parsed : err(parsed.error.map(({ path, reason }) => `${path === '' ? 'the record' : path} ${reason}`).join('; '));
}

export function recordDigest(record: unknown): string {
	const parsed = parseRecord(record);
	return createHash('sha256')
		.update(JSON.stringify(parsed.ok ? parsed.value : record))
		.digest('hex');
}

/** Writes a record where its domain's file is, in that file's own language; a new one is JSON. */
export async function writeRecordFile({ path, files }: RecordFolder, domain: string, record: unknown): Promise<void> {
	const file = files.get(domain)?.file ?? join(path, `${domain}.json`);
	await writeFile(file, /\.ya?ml$/.test(file) ? stringify(record) : `${JSON.stringify(record, null, '\t')}\n`);
}

export async function removeRecordFile({ files }: RecordFolder, domain: string): Promise<void> {
	const file = files.get(domain)?.file;
	if (file !== undefined) await rm(file);
}

/** Whole or not at all: a push that is interrupted finds what it had done. */
export async function writeSyncState({ path, syncState }: RecordFolder): Promise<void> {
	const sorted = Object.fromEntries([...syncState].sort(([a], [b]) => (a < b ? -1 : 1)));
	await writeFile(join(path, `${SYNC_STATE_FILE}.new`), `${JSON.stringify(sorted, null, '\t')}\n`);
	await rename(join(path, `${SYNC_STATE_FILE}.new`), join(path, SYNC_STATE_FILE));
}
