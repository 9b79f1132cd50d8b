/** The port to saves of many records whose results the directory is told at once. Plain data only, because calls may go over RPC. */
import type { RecordName } from '../../model/record-name.ts';
import type { DirectoryUpdate } from './directory.ts';
import type { RecordEdit, SaveResult } from './record-history.ts';

/**
 * The directory's side. A batch that was begun and not ended, because its sender crashed, is ended by the directory: it asks the keepers of
 * all its names to announce and to publish what they have.
 */
export interface SaveBatches {
	/** To be called before the first save. @param id unique */
	beginBatch(id: string, names: readonly RecordName[]): Promise<void>;
	/** To be called when every save has been answered. */
	endBatch(id: string, updates: readonly DirectoryUpdate[]): Promise<void>;
}

/** The side of a record's keeper. */
export interface BatchedSaves {
	/**
	 * Saves a change of a batch. Its sender has told the directory which names it is going to save, and tells it the results: so the record's
	 * keeper needs no alarm and no call to the directory.
	 * @param copy the text of the copy, read a moment ago; null where there is none
	 * @param awaitsCopy whether it answers when the copy is written: not before another change of the same record in the batch, which one
	 * write publishes together, as copies take one write a second
	 */
	saveBatched(edit: RecordEdit, copy: string | null, awaitsCopy: boolean): Promise<BatchedSaveResult>;
}

/** The result of a save whose sender tells the directory about it. */
export interface BatchedSaveResult extends SaveResult {
	/** What the directory is to be told; null where nothing was saved. */
	readonly update: DirectoryUpdate | null;
}
