/**
 * A folder of records, with one file for each domain, and a file with the state of the service at the last pull or push, against which a push
 * compares.
 */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord, type ServiceRecord } from '../../model/record.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import { createProgress } from '../progress.ts';
import { type Failure, sanitizeText } from '../terminal.ts';
import { catchFileFailure, pathExists, readShortTextFile, writeTextFile } from '../text-files.ts';
import { kindFault, listRecordFiles } from './record-file-names.ts';
import { MAX_RECORD_FILE_BYTES, parseJsonOrYaml, renderRecordFile, validateRecord } from './record-files.ts';

const SYNC_STATE_FILE = '.signpost.json';
const SYNC_STATE_HINT = 'Restore it from git, either side of a merge; or delete it, and signpost pull --force writes all files anew.';

/** Room for some 500,000 records. */
const MAX_SYNC_STATE_BYTES = 67_108_864;

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
	/** By domain, or the name of a wildcard. */
	readonly files: ReadonlyMap<string, RecordFile>;
	readonly syncState: SyncState;
}

/** As `readRecordFolder`, for commands that write files: the folder is made if it is not there. */
export async function openRecordFolder(path: string): Promise<Result<RecordFolder, Failure>> {
	const made = await catchFileFailure(mkdir(path, { recursive: true }), path, undefined);
	return made.ok ? readRecordFolder(path) : made;
}

/**
 * Reads the files of a folder that is there. A file with a fault fails all of them, each fault named.
 * @param isWanted which records to read; without it, all
 */
export async function readRecordFolder(path: string, isWanted?: (name: RecordName) => boolean): Promise<Result<RecordFolder, Failure>> {
	const listed = await listRecordFiles(path);
	if (!listed.ok) return listed;
	const files = new Map<string, RecordFile>();
	const faults = [...listed.value.faults];
	const progress = createProgress(listed.value.files.size);
	for (const [name, file] of listed.value.files) {
		if (isWanted?.(name) === false) continue;
		progress.step(file);
		const record = await readRecordFile(file);
		if (record.ok) files.set(name, { file, record: record.value, digest: jsonDigest(record.value) });
		else faults.push(record.error.message);
	}
	progress.done();
	if (faults.length > 0) return err({ message: faults.join('\n       '), hint: 'Nothing was sent or written: put these right first.' });
	const syncState = await readSyncState(path);
	return syncState.ok ? ok({ path, files, syncState: syncState.value }) : syncState;
}

async function readRecordFile(file: string): Promise<Result<ServiceRecord, Failure>> {
	const text = await readShortTextFile(file, MAX_RECORD_FILE_BYTES);
	const input = text.ok ? parseJsonOrYaml(file, text.value) : text;
	return input.ok ? validateRecord(file, input.value) : input;
}

async function readSyncState(folder: string): Promise<Result<SyncState, Failure>> {
	const file = join(folder, SYNC_STATE_FILE);
	// Before the first pull there is none.
	if (!(await pathExists(file))) return ok(new Map());
	const fault = await kindFault(file, null);
	if (fault !== null) return err({ message: `${file} ${fault}`, hint: SYNC_STATE_HINT });
	const text = await readShortTextFile(file, MAX_SYNC_STATE_BYTES);
	if (!text.ok) return text;
	const input = parseJsonOrYaml(file, text.value);
	// The marks that git leaves where it could not merge are the likeliest reason.
	if (!input.ok) return err({ ...input.error, hint: SYNC_STATE_HINT });
	const parsed = v.safeParse(SyncStateFile, input.value);
	const names = parsed.success ? Object.entries(parsed.output).map(([name, state]) => [parseRecordName(name), state] as const) : [];
	if (!parsed.success || names.some(([name]) => name === null)) {
		const place = parsed.success ? null : v.getDotPath(parsed.issues[0]);
		return err({ message: `${file} is not what pull and push write: ${place ?? 'the whole of it'}`, hint: SYNC_STATE_HINT });
	}
	return ok(new Map(names.flatMap(([name, state]) => (name === null ? [] : [[name, state]]))));
}

/** The beginning of names as a person types it, in the form that names have: lower case, and A-labels where it is a whole domain. */
export function normalisePrefix(text: string): string {
	return parseRecordName(text) ?? text.toLowerCase();
}

/** @param record as the service or a file has it */
export function recordDigest(record: unknown): string {
	const parsed = parseRecord(record);
	return jsonDigest(parsed.ok ? parsed.value : record);
}

/** @param record as the schema reads it, or as the service has saved it */
export function jsonDigest(record: unknown): string {
	return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}

/** What somebody can do about a record that the service has deleted and this folder still has a file of. */
export function adviseOnDeleted(domain: string, file: string): string {
	return `signpost push --revive ${domain} stores it again, signpost pull --prune removes ${file}`;
}

/** Writes a record into its domain's file, JSON or YAML as it was; a new one is JSON. */
export async function writeRecordFile({ path, files }: RecordFolder, domain: string, record: unknown): Promise<Result<null, Failure>> {
	// The name comes from the service and becomes a path: only a domain name may.
	if (parseRecordName(domain) === null)
		return err({ message: `the service has a record "${sanitizeText(domain)}", which is no domain name` });
	const file = files.get(parseRecordName(domain) ?? domain)?.file ?? join(path, `${domain}.json`);
	return writeTextFile(file, renderRecordFile(file, record));
}

export async function removeRecordFile({ files }: RecordFolder, domain: string): Promise<Result<null, Failure>> {
	const file = files.get(domain)?.file;
	if (file === undefined) return ok(null);
	const removed = await catchFileFailure(rm(file), file, undefined);
	return removed.ok ? ok(null) : removed;
}

/** Writes a temporary file and renames it, so that an interrupted push leaves either the old state or the new one. */
export async function writeSyncState({ path, syncState }: RecordFolder): Promise<Result<null, Failure>> {
	const sorted = Object.fromEntries([...syncState].sort(([a], [b]) => (a < b ? -1 : 1)));
	const file = join(path, SYNC_STATE_FILE);
	const written = await writeTextFile(`${file}.new`, `${JSON.stringify(sorted, null, '\t')}\n`);
	if (!written.ok) return written;
	const renamed = await catchFileFailure(rename(`${file}.new`, file), file, undefined);
	return renamed.ok ? ok(null) : renamed;
}
