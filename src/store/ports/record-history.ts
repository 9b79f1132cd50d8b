/** The port to a record's keeper: what can be asked of it, and what it says. Everything in here goes over RPC: plain data, records as text. */
import type { RecordAct } from '../../contract/acts.ts';
import type { RecordName } from '../../model/record-name.ts';

/** One state of a record, and who made it so. */
export interface Revision {
	readonly revision: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly author: string;
	/** Id of the token it was done with; null for the operator and for people. */
	readonly token: string | null;
	readonly act: RecordAct;
	readonly note: string;
	readonly tags: readonly string[];
	/** The checked record as JSON; null where it was deleted. */
	readonly record: string | null;
}

/** A revision without its record: a line of the history. */
export type RevisionSummary = Omit<Revision, 'record'>;

/** A copy in KV that the keeper did not put there. */
export interface ExternalEdit {
	/** What stands in KV; null where somebody removed it. */
	readonly text: string | null;
}

/** Where a record stands now. */
export interface RecordHead {
	readonly name: string;
	/** Null as long as nobody has saved anything. */
	readonly latest: Revision | null;
	/** The revision that KV has; less than the latest while it is propagating. */
	readonly published: number;
	readonly externalEdit: ExternalEdit | null;
}

/** A change, and what it expects to find. */
export interface RecordEdit {
	readonly name: RecordName;
	/** The revision it was made from (0: none yet); `absent`: there must be no record; `any`: whatever is there. */
	readonly precondition: number | 'absent' | 'any';
	/** The checked record as JSON; null deletes. */
	readonly record: string | null;
	/** Null leaves them as they are. */
	readonly tags: readonly string[] | null;
	readonly act: RecordAct;
	readonly author: string;
	readonly token: string | null;
	readonly note: string;
	/** The copy edited outside that this change deals with; null: there must be none. */
	readonly resolvesExternalEdit: ExternalEdit | null;
	/** Compares, and says what would come of it; saves nothing. */
	readonly dryRun?: boolean;
}

/** `unchanged`: the same record and tags were there. The rest are refusals; the head says why. */
export interface SaveResult {
	readonly outcome: 'saved' | 'unchanged' | 'stale' | 'exists' | 'outside';
	readonly head: RecordHead;
	/** The record before; only where it was saved. */
	readonly previousRecord: string | null;
}

export interface HistoryPage {
	/** Newest first. */
	readonly revisions: readonly RevisionSummary[];
	/** Ask again for those before this one; null at the end. */
	readonly next: number | null;
}

/** The keeper of one record. Every method throws only for bugs and outages. */
export interface RecordHistory {
	readHead(name: RecordName): Promise<RecordHead>;
	save(edit: RecordEdit): Promise<SaveResult>;
	listRevisions(before: number | null, limit: number): Promise<HistoryPage>;
	readRevision(revision: number): Promise<Revision | null>;
	/** Tells the directory again what it should know; whether there was anything to tell. */
	announce(name: RecordName): Promise<boolean>;
}

export type RecordHistories = (name: RecordName) => RecordHistory;
