/** The port to the keeper of one record. Plain data only, with records as text, because calls may go over RPC. */
import type { RecordAct } from '../../contract/acts.ts';
import type { RecordName } from '../../model/record-name.ts';

/** One state of a record, and who has saved it. */
export interface Revision {
	readonly revision: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly author: string;
	/** The id of the token it was saved with; null for the operator and for people who logged in without a token. */
	readonly token: string | null;
	readonly act: RecordAct;
	readonly note: string;
	readonly tags: readonly string[];
	/** The checked record as JSON; null where it was deleted. */
	readonly record: string | null;
}

/** A revision without its record, as the history lists it. */
export type RevisionSummary = Omit<Revision, 'record'>;

/** A copy that the record keeper has not written: KV was edited by hand. */
export interface ExternalEdit {
	/** The text of the copy; null where it was removed. */
	readonly text: string | null;
}

/** The present state of a record. */
export interface RecordHead {
	readonly name: string;
	/** The latest revision; null as long as nothing was ever saved. */
	readonly latest: Revision | null;
	/** The revision of the copy that clients are answered from; less than the latest while a change is propagating, 0 before the first. */
	readonly published: number;
	readonly externalEdit: ExternalEdit | null;
}

/** A change, and what must be there for it to be made. */
export interface RecordEdit {
	readonly name: RecordName;
	/** The revision that it was made from (0: there was none); `absent`: there must be no record; `any`: whatever there is. */
	readonly precondition: number | 'absent' | 'any';
	/** The checked record as JSON; null deletes. */
	readonly record: string | null;
	/** Null leaves the tags as they are. */
	readonly tags: readonly string[] | null;
	readonly act: RecordAct;
	readonly author: string;
	readonly token: string | null;
	/**
	 * The generation of the claim (`DomainClaim`) that the author's token comes from; null where it comes from none. A change is refused where
	 * another generation holds the domain by then, however long ago the token was looked at.
	 */
	readonly claim: number | null;
	/** The access tag that the record must carry for the author's token to reach it; null where the token is for no tag. */
	readonly requiredTag: string | null;
	/** Whether the author may add and remove access tags. Whoever may not leaves them as they are when restoring a revision. */
	readonly maySetAccessTags: boolean;
	readonly note: string;
	/** The copy edited by hand that this change adopts or overwrites; null: there must be no such copy. */
	readonly resolvesExternalEdit: ExternalEdit | null;
	/** Whether to say only what a save would do. */
	readonly dryRun?: boolean;
}

/**
 * `saved`, or for a dry run: would be saved. `unchanged`: the same record and tags were there. The others are refusals, which `head`
 * explains:
 * `stale` (another revision), `exists` (there is a record), `outside` (the copy was edited by hand), `claim-ended` (the author's claim of
 * the domain has ended), `not-tagged` (the record does not carry the tag that the author's token is for), `access-tags` (it adds or removes
 * access tags, which the author may not), `claimed` (it gives access by a tag to a domain that its owner has claimed).
 */
export interface SaveResult {
	readonly outcome: 'saved' | 'unchanged' | SaveRefusal;
	readonly head: RecordHead;
	/** The record before the change; null where nothing was saved, or where there was none. */
	readonly previousRecord: string | null;
}

export type SaveRefusal = 'stale' | 'exists' | 'outside' | AuthorRefusal | 'access-tags' | 'claimed';

/** Why an author may write nothing that belongs to the record, whatever it is. */
export type AuthorRefusal = 'claim-ended' | 'not-tagged';

export interface HistoryPage {
	/** Newest first. */
	readonly revisions: readonly RevisionSummary[];
	/** The `before` of the next page; null on the last page. */
	readonly next: number | null;
}

/** Revisions of a record from a backup, or a part of them. */
export interface RevisionRestore {
	readonly name: RecordName;
	/** Oldest first. A part after the first begins with the last revision of the part before, so that it is seen to continue it. */
	readonly revisions: readonly Revision[];
	/** Whether the backup's latest revision is among them. */
	readonly isLast: boolean;
	/** Whether the backup's state becomes a new revision where the record has gone another way since. */
	readonly replace: boolean;
	readonly author: string;
	readonly token: string | null;
	/** Whether to say only what it would do. */
	readonly dryRun: boolean;
}

/**
 * `created`: nothing was there. `changed`: revisions were added. `newer`: refused, the record has revisions that the backup does not
 * have. `outside`: refused, its copy was edited by hand.
 */
export type RestoreOutcome = 'created' | 'changed' | 'unchanged' | 'newer' | 'outside';

export interface RestoreResult {
	readonly outcome: RestoreOutcome;
	/** The latest revision afterwards; 0 where there is none. */
	readonly revision: number;
}

/** `written`: the copy is what the keeper has. `outside`: it was edited by hand, and left as it is. `nothing`: nothing was ever saved. */
export type RepublishOutcome = 'written' | 'outside' | 'nothing';

/** The keeper of one record. Its methods throw for bugs and outages only. */
export interface RecordHistory {
	readHead(name: RecordName): Promise<RecordHead>;
	/** Whether the record, or one that was deleted, carries this tag. */
	hasTag(tag: string): Promise<boolean>;
	save(edit: RecordEdit): Promise<SaveResult>;
	listRevisions(before: number | null, limit: number): Promise<HistoryPage>;
	readRevision(revision: number): Promise<Revision | null>;
	/** The latest revision alone, without a look at the copy; null where nothing was ever saved. */
	readLatest(): Promise<Revision | null>;
	/** The records of the revisions that are kept, as JSON, each once, newest first, from a revision on; of a very long history the newest. */
	readKeptRecords(from: number): Promise<readonly string[]>;
	/** Tells the directory everything about the record again; false where there is nothing to tell, and the directory forgets the name. */
	announce(name: RecordName): Promise<boolean>;
	/** Writes the copy again, whether or not the keeper believes that it is there. */
	republish(name: RecordName): Promise<RepublishOutcome>;
	/** Revisions after one, oldest first, with their records. */
	exportRevisions(after: number, limit: number): Promise<readonly Revision[]>;
	/** Puts revisions of a backup back. The same revisions again change nothing. */
	restoreRevisions(restore: RevisionRestore): Promise<RestoreResult>;
}
