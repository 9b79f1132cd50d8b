/** Saves of many records whose results the directory is told at once. */
import { writeLog } from '../lib/log.ts';
import type { RecordName } from '../model/record-name.ts';
import type { DirectoryUpdate } from '../store/ports/directory.ts';
import type { AdminDependencies } from './admin-dependencies.ts';

/**
 * Tells the directory beforehand which names are saved, so that it asks their keepers what became of them where this breaks off.
 * @param save adds to `updates` what the directory is to be told
 * @throws what `save` throws, and where the directory does not answer before it
 */
export async function saveBatch<T>(
	names: readonly RecordName[],
	{ directory, newId }: Pick<AdminDependencies, 'directory' | 'newId'>,
	save: (updates: DirectoryUpdate[]) => Promise<T>,
): Promise<T> {
	const id = newId();
	await directory.beginBatch(id, names);
	const updates: DirectoryUpdate[] = [];
	const result = await save(updates);
	try {
		await directory.endBatch(id, updates);
	} catch (failure) {
		// The directory ends the batch by itself, some minutes later.
		writeLog('copy-owed', { failures: 1, error: String(failure) });
	}
	return result;
}
