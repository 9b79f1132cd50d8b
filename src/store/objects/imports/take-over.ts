/** A record's keeper takes over what an import has saved, before it is used for the first time. */
import type { ImportedRecord, ImportedRecords } from '../../ports/imported-records.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import type { RevisionTables } from '../revision-tables.ts';

/** Milliseconds until a copy that the import could not write is written by the record's keeper. */
const FIRST_RETRY_MS = 2000;

export interface TakeOverDependencies {
	readonly tables: RevisionTables;
	readonly imports: Pick<ImportedRecords, 'takeOver' | 'forgetImported'>;
	/** The identifier of the keeper's object. */
	readonly objectId: string;
}

/**
 * @returns to be called, and awaited, before each use of a record's keeper: with `true` before one that may save something. Throws when the
 * keeper of imported records does not answer: then nobody knows whether there is a record.
 */
export function createTakeOver(
	platform: ObjectPlatform,
	{ tables, imports, objectId }: TakeOverDependencies,
): (isToSave: boolean) => Promise<void> {
	/** Whether there is nothing to take over, now and later. */
	let isOwn = false;
	return async (isToSave) => {
		isOwn ||= tables.latest() !== null;
		if (isOwn) return;
		const imported = await imports.takeOver(objectId, isToSave);
		if (imported !== null) {
			saveImported(platform, tables, imported);
			// Where this is not heard, the keeper of imported records asks some minutes later.
			await imports.forgetImported(objectId).catch(() => undefined);
		}
		isOwn ||= imported !== null || isToSave;
	};
}

function saveImported(
	{ sql, clock, alarm }: ObjectPlatform,
	tables: RevisionTables,
	{ name, revision, publishedAt }: ImportedRecord,
): void {
	// Two calls may have asked at the same time.
	if (tables.latest() !== null) return;
	sql.transaction(() => {
		tables.addRestored(name, [revision]);
		tables.markAnnounced(revision.revision);
		if (publishedAt > 0) tables.markPublished(revision.revision, publishedAt);
		else alarm.setAt(clock.now() + FIRST_RETRY_MS);
	});
}
