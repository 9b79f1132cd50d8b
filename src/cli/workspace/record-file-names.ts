/** Which files of a folder are records, and of which domain: the domain is the key, however the file's name is spelt. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import { type Failure, sanitizeText } from '../terminal.ts';
import { catchFileFailure } from '../text-files.ts';
import { RECORD_FILE_SUFFIX } from './record-files.ts';

/** The record files of a folder by name, and what is wrong with other files that look like one. */
export interface RecordFileNames {
	readonly files: ReadonlyMap<RecordName, string>;
	/** A sentence for each. */
	readonly faults: readonly string[];
}

/** Lists a folder. Files with a leading dot are not looked at. */
export async function listRecordFiles(folder: string): Promise<Result<RecordFileNames, Failure>> {
	const isFolder = await catchFileFailure(
		stat(folder),
		folder,
		'Check the path; signpost pull --dir makes a folder and writes records into it.',
	);
	if (!isFolder.ok) return isFolder;
	if (!isFolder.value.isDirectory()) return err({ message: `${folder} is a file, and a folder is needed` });
	const entries = await catchFileFailure(readdir(folder, { withFileTypes: true }), folder, undefined);
	if (!entries.ok) return entries;
	const files = new Map<RecordName, string>();
	const faults: string[] = [];
	const named = entries.value.filter(({ name }) => RECORD_FILE_SUFFIX.test(name) && !name.startsWith('.'));
	for (const entry of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const file = join(folder, entry.name);
		const name = parseRecordName(entry.name.replace(RECORD_FILE_SUFFIX, ''));
		const fault =
			name === null ? 'is not named after a domain: rename it to DOMAIN.json, or move it elsewhere' : await kindFault(file, entry);
		const other = name === null ? undefined : files.get(name);
		if (fault !== null) faults.push(`${sanitizeText(file, 200)} ${fault}`);
		else if (other !== undefined) faults.push(`${other} and ${file} are both the record of ${name}: remove one of them`);
		else if (name !== null) files.set(name, file);
	}
	return ok({ files, faults });
}

/**
 * What stands in the way of reading a file; null where it is a plain one. Reading a pipe would wait for ever.
 * @param entry of the folder's list, where there is one
 */
export async function kindFault(file: string, entry: Dirent | null): Promise<string | null> {
	// Most entries are plain files, and the folder's list says so.
	if (entry?.isFile() === true) return null;
	const found = await catchFileFailure(stat(file), file, undefined);
	if (!found.ok) return 'is a link that leads nowhere, or may not be looked at: remove it, or restore what it leads to';
	if (found.value.isDirectory()) return 'is a folder, and a file is needed: rename it';
	return found.value.isFile() ? null : 'is no plain file';
}
