/** Records as files: one a domain, and beside them what was last known of the service, so that a push knows what it changes. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord, type ServiceRecord } from '../../model/record.ts';
import { progress, type Trouble } from '../terminal.ts';

const SUFFIX = /\.(json|ya?ml)$/;
const STATE = '.signpost.json';

export interface FileRecord {
	readonly file: string;
	readonly record: ServiceRecord;
	/** SHA-256 of the record as the schema reads it: neither blanks nor comments nor the order of keys in a file matter. */
	readonly digest: string;
}

/** What the service had when it was last pulled from or pushed to, by domain. */
export type Known = Map<string, { readonly revision: number; readonly digest: string }>;

export interface Folder {
	readonly path: string;
	readonly files: ReadonlyMap<string, FileRecord>;
	readonly known: Known;
}

export async function openFolder(path: string): Promise<Result<Folder, Trouble>> {
	await mkdir(path, { recursive: true });
	const files = new Map<string, FileRecord>();
	const faults: string[] = [];
	const names = (await readdir(path)).filter((each) => SUFFIX.test(each) && !each.startsWith('.')).sort();
	const bar = progress(names.length);
	for (const name of names) {
		const file = join(path, name);
		bar.step(file);
		const parsed = parseFile(await readFile(file, 'utf8'));
		if (parsed.ok) files.set(name.replace(SUFFIX, ''), { file, record: parsed.value, digest: digestOf(parsed.value) });
		else faults.push(`${file}: ${parsed.error}`);
	}
	bar.done();
	if (faults.length > 0) return err({ what: faults.join('\n       '), todo: 'Nothing was sent: put these right first.' });
	const state = await readFile(join(path, STATE), 'utf8').catch(() => '{}');
	return ok({ path, files, known: new Map(Object.entries(JSON.parse(state))) });
}

function parseFile(text: string): Result<ServiceRecord, string> {
	let input: unknown;
	try {
		input = parse(text);
	} catch (error) {
		// The library's only way to refuse a text.
		return err(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
	}
	const parsed = parseRecord(input);
	return parsed.ok ? parsed : err(parsed.error.map(({ path, reason }) => `${path === '' ? 'the record' : path} ${reason}`).join('; '));
}

export function digestOf(record: unknown): string {
	const parsed = parseRecord(record);
	return createHash('sha256')
		.update(JSON.stringify(parsed.ok ? parsed.value : record))
		.digest('hex');
}

/** Writes a record where its domain's file is, in that file's own language; a new one is JSON. */
export async function writeRecord({ path, files }: Folder, domain: string, record: unknown): Promise<void> {
	const file = files.get(domain)?.file ?? join(path, `${domain}.json`);
	await writeFile(file, /\.ya?ml$/.test(file) ? stringify(record) : `${JSON.stringify(record, null, '\t')}\n`);
}

export async function removeRecord({ files }: Folder, domain: string): Promise<void> {
	const file = files.get(domain)?.file;
	if (file !== undefined) await rm(file);
}

/** Whole or not at all: a push that is interrupted finds what it had done. */
export async function saveKnown({ path, known }: Folder): Promise<void> {
	const sorted = Object.fromEntries([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
	await writeFile(join(path, `${STATE}.new`), `${JSON.stringify(sorted, null, '\t')}\n`);
	await rename(join(path, `${STATE}.new`), join(path, STATE));
}
