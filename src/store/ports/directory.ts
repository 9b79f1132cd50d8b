/** The port to the directory: which records there are, and who has done what. Plain data only, because calls may go over RPC. */
import type { RecordAct, TokenAct } from '../../contract/acts.ts';
import type { RevisionSummary } from './record-history.ts';

/** `live`: it is served. `deleted`: only its history is left. `outside`: it was put into KV by hand, and never saved through the admin. */
export type DirectoryEntryState = 'live' | 'deleted' | 'outside';

export interface DirectoryEntry {
	readonly domain: string;
	readonly revision: number;
	readonly state: DirectoryEntryState;
	readonly tags: readonly string[];
	/** Unix time in milliseconds of the latest revision. */
	readonly at: number;
}

/** What a record's keeper sends after a change: the record's state, and the revisions that the directory does not have yet. */
export interface DirectoryUpdate {
	readonly name: string;
	readonly revision: number;
	readonly state: DirectoryEntryState;
	readonly tags: readonly string[];
	readonly at: number;
	readonly revisions: readonly RevisionSummary[];
}

export interface DirectoryQuery {
	/** The beginning of the names to list; empty for all. */
	readonly prefix: string;
	readonly tag: string | null;
	readonly state: DirectoryEntryState | null;
	/** Only names after this one, in alphabetical order; empty for the first page. */
	readonly after: string;
	readonly limit: number;
	/** Only these names, which are those that the caller may see; null for all. */
	readonly visibleDomains: readonly string[] | null;
}

export interface DirectoryPage {
	readonly entries: readonly DirectoryEntry[];
	/** The `after` of the next page; null on the last page. */
	readonly next: string | null;
}

/** One line of the audit trail: who has done what, when, and with which token. */
export interface AuditEntry {
	readonly id: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly who: string;
	readonly token: string | null;
	readonly act: RecordAct | TokenAct;
	/** The record's name; null for an act that concerns several records. */
	readonly domain: string | null;
	readonly detail: string;
}

/** A line as it is sent. A line that is sent twice is kept once: `source` and `seq` identify it. */
export interface AuditMessage extends Omit<AuditEntry, 'id'> {
	readonly source: string;
	readonly seq: number;
}

export interface AuditQuery {
	/** Only lines about these names; null for all lines. */
	readonly domains: readonly string[] | null;
	/** Only lines before this id; null for the newest. */
	readonly before: number | null;
	readonly limit: number;
}

export interface AuditPage {
	readonly entries: readonly AuditEntry[];
	readonly next: number | null;
}

/** A page of the audit trail as it was sent, oldest first. */
export interface AuditExport {
	readonly lines: readonly AuditMessage[];
	/** The `after` of the next page; null on the last page. */
	readonly next: number | null;
}

export interface Directory {
	updateEntry(update: DirectoryUpdate): Promise<void>;
	/** Takes a name out that is `outside` and of which nothing is left; one that was ever saved stays. */
	forgetEntry(name: string): Promise<void>;
	listEntries(query: DirectoryQuery): Promise<DirectoryPage>;
	appendAudit(lines: readonly AuditMessage[]): Promise<void>;
	readAudit(query: AuditQuery): Promise<AuditPage>;
	/** @param after the id of the last line of the page before; 0 for the first page */
	exportAudit(after: number, limit: number): Promise<AuditExport>;
	/** When the mark was written that says that the store of the copies is not empty, Unix time in milliseconds; null: never. */
	storeMarkedAt(): Promise<number | null>;
	setStoreMarked(): Promise<void>;
}
