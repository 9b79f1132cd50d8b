/**
 * A folder of records, with one file for each domain, and a file with the state of the service at the last pull or push, against which a push
 * compares.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord, type ServiceRecord } from '../../model/record.ts';
import { parseRecordName } from '../../model/record-name.ts';
import { createProgress } from '../progress.ts';
import { type Failure, sanitizeText } from '../terminal.ts';
import { readTextFile, writeTextFile } from '../text-files.ts';
import { parseJsonOrYaml, RECORD_FILE_SUFFIX, renderRecordFile, validateRecord } from './record-files.ts';

const SYNC_STATE_FILE = '.signpost.json';

/** What the service had when it was last pulled from or pushed to, by domain. */
const SyncStateFile = v.record(v.string(), v.object({ revision: v.number(), digest: v.string() }));

export type SyncState = Map<string, { readonly revision: number; readonly digest: string }>;

export interface RecordFile {
	readonly file: string;
	readonly record: ServiceRecord;
	/** SHA-256 of the record as the schema reads it: neither blanks nor comments nor the order of keys in a file matter. */
	readonly digest: string;
}

export interface RecordFolder {
	readonly path: string;
	readonly files: ReadonlyMap<string, RecordFile>;
	readonly syncState: SyncState;
}

/** Reads every file, and makes the folder if it is not there. A file with a fault fails all of them, each fault named. */
export async function readRecordFolder(path: string): Promise<Result<RecordFolder, Failure>> {
	await mkdir(path, { recursive: true });
	const files = new Map<string, RecordFile>();
	const faults: string[] = [];
	const names = (await readdir(path)).filter((each) => RECORD_FILE_SUFFIX.test(each) && !each.startsWith('.')).sort();
	const progress = createProgress(names.length);
	for (const name of names) {
		const file = join(path, name);
		progress.step(file);
		const record = await readRecordFile(file);
		if (record.ok) files.set(name.replace(RECORD_FILE_SUFFIX, ''), { file, record: record.value, digest: recordDigest(record.value) });
		else faults.push(record.error.message);
	}
	progress.done();
	if (faults.length > 0) return err({ message: faults.join('\n       '), hint: 'Nothing was sent: put these right first.' });
	const syncState = await readSyncState(path);
	return syncState.ok ? ok({ path, files, syncState: syncState.value }) : syncState;
}

async function readRecordFile(file: string): Promise<Result<ServiceRecord, Failure>> {
	const text = await readTextFile(file);
	const input = text.ok ? parseJsonOrYaml(file, text.value) : text;
	return input.ok ? validateRecord(file, input.value) : input;
}

async function readSyncState(folder: string): Promise<Result<SyncState, Failure>> {
	// Before the first pull there is none.
	if (!(await readdir(folder)).includes(SYNC_STATE_FILE)) return ok(new Map());
	const file = join(folder, SYNC_STATE_FILE);
	const text = await readTextFile(file);
	const input = text.ok ? parseJsonOrYaml(file, text.value) : text;
	if (!input.ok) return input;
	const parsed = v.safeParse(SyncStateFile, input.value);
	if (parsed.success) return ok(new Map(Object.entries(parsed.output)));
	return err({
		message: `${file} is not what pull and push write: ${v.getDotPath(parsed.issues[0]) ?? 'the whole of it'}`,
		hint: 'Restore it from git; or delete it, and signpost pull --force writes all files anew.',
	});
}

export function recordDigest(record: unknown): string {
	const parsed = parseRecord(record);
	return createHash('sha256')
		.update(JSON.stringify(parsed.ok ? parsed.value : record))
		.digest('hex');
}

/** Writes a record into its domain's file, JSON or YAML as it was; a new one is JSON. */
export async function writeRecordFile({ path, files }: RecordFolder, domain: string, record: unknown): Promise<Result<null, Failure>> {
	// The name comes from the service and becomes a path: only a domain name may.
	if (parseRecordName(domain) === null)
		return err({ message: `the service has a record "${sanitizeText(domain)}", which is no domain name` });
	const file = files.get(domain)?.file ?? join(path, `${domain}.json`);
	return writeTextFile(file, renderRecordFile(file, record));
}

export async function removeRecordFile({ files }: RecordFolder, domain: string): Promise<void> {
	const file = files.get(domain)?.file;
	if (file !== undefined) await rm(file);
}

/** Writes a temporary file and renames it, so that an interrupted push leaves either the old state or the new one. */
export async function writeSyncState({ path, syncState }: RecordFolder): Promise<Result<null, Failure>> {
	const sorted = Object.fromEntries([...syncState].sort(([a], [b]) => (a < b ? -1 : 1)));
	const file = join(path, SYNC_STATE_FILE);
	const written = await writeTextFile(`${file}.new`, `${JSON.stringify(sorted, null, '\t')}\n`);
	if (written.ok) await rename(`${file}.new`, file);
	return written;
}
