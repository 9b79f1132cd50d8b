/**
 * The port to the keeper of imported records. A record that an import or a restore creates is kept there, together with thousands of others, until
 * somebody calls for it: then the record's own keeper takes it over, and keeps it from there on. Plain data only, because calls may go over RPC.
 */
import type { RecordName } from '../../model/record-name.ts';
import type { BatchedSaveResult } from './batched-saves.ts';
import type { DirectoryUpdate, KnownNames } from './directory.ts';
import type { RecordEdit, Revision } from './record-history.ts';

/** A line of an import that may create a record. */
export interface NewRecordLine {
	readonly edit: RecordEdit;
	/** The text of the record's copy, read a moment ago; null where there is none. */
	readonly copy: string | null;
}

/** A record of a backup that has one revision. */
export interface BackedUpRecord {
	readonly name: RecordName;
	readonly revision: Revision;
	/** The text of the record's copy, read a moment ago; null where there is none. */
	readonly copy: string | null;
}

export interface RestoredRecord {
	readonly outcome: 'created' | 'unchanged';
	/** What the directory is to be told; null where nothing was saved. */
	readonly update: DirectoryUpdate | null;
}

/** The first revision of an imported record, which its own keeper takes over. */
export interface ImportedRecord {
	readonly name: RecordName;
	readonly revision: Revision;
	/** Unix time in milliseconds when its copy was written; 0 where that is left to the record's keeper. */
	readonly publishedAt: number;
}

export interface ImportedRecords {
	/**
	 * Saves those of the lines that create a record of which no keeper knows, and writes their copies. Each name is there once.
	 * @returns a result for each line, in their order; null where it is for the record's own keeper to decide, and nothing was done
	 */
	saveNew(lines: readonly NewRecordLine[], names: KnownNames): Promise<readonly (BatchedSaveResult | null)[]>;
	/**
	 * Puts back those records of which no keeper knows, under the numbers of their revisions, and writes their copies. Each name is there once.
	 * @param dryRun whether to say only what it would do
	 * @returns as `saveNew`
	 */
	restoreNew(records: readonly BackedUpRecord[], names: KnownNames, dryRun: boolean): Promise<readonly (RestoredRecord | null)[]>;
	/** The records of these names that no keeper has taken over yet. */
	readImported(names: readonly RecordName[]): Promise<readonly ImportedRecord[]>;
	/**
	 * Called by a record's keeper that has no revision. What it gets is its own from then on, and no import changes it any more.
	 * @param objectId the identifier of the keeper's object
	 * @param isToSave whether the keeper is about to save a revision or a claim, so that no import may create the record from now on
	 * @returns null where nothing was imported
	 */
	takeOver(objectId: string, isToSave: boolean): Promise<ImportedRecord | null>;
	/** Called when the record's keeper has saved what it took over. */
	forgetImported(objectId: string): Promise<void>;
}
