/** The port to the copies of records that mail clients are answered from: Workers KV, or on a single machine a table beside the keepers'. */
import type { RecordName } from '../../model/record-name.ts';

export interface RecordCopies {
	/** Milliseconds between two writes of one record: KV refuses a second write of a key within a second (429). */
	readonly writeIntervalMs: number;
	/** Milliseconds for which a read may still show an old value. */
	readonly stalenessMs: number;
	/** The copy's text; null where there is none. Throws when the store does not answer. */
	read(name: RecordName): Promise<string | null>;
	/** Replaces the copy; null removes it. Throws when the store does not answer or refuses. */
	write(name: RecordName, text: string | null): Promise<void>;
	/**
	 * Has readers look for every wildcard, also for those that are not in the list of wildcards: one has a copy, and the directory, which keeps
	 * that list, could not be told of it. Throws when the store does not answer or refuses.
	 */
	forgetWildcardList(): Promise<void>;
}
