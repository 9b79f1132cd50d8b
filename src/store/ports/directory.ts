/** The port to the directory: which records there are, and what was done by whom. Plain data: it goes over RPC. */
import type { RecordAct, TokenAct } from '../../contract/acts.ts';
import type { RevisionSummary } from './record-history.ts';

/** `outside`: only KV has it, put there by hand. */
export type DirectoryEntryState = 'live' | 'deleted' | 'outside';

export interface DirectoryEntry {
	readonly domain: string;
	readonly revision: number;
	readonly state: DirectoryEntryState;
	readonly tags: readonly string[];
	/** Unix time in milliseconds of the latest revision. */
	readonly at: number;
}

/** What a keeper tells: where its record stands, and the revisions that the directory has not heard of. */
export interface DirectoryUpdate {
	readonly name: string;
	readonly revision: number;
	readonly state: DirectoryEntryState;
	readonly tags: readonly string[];
	readonly at: number;
	readonly revisions: readonly RevisionSummary[];
}

export interface DirectoryQuery {
	/** Beginning of the name; empty for all. */
	readonly prefix: string;
	readonly tag: string | null;
	readonly state: DirectoryEntryState | null;
	/** Those after this name, in order. */
	readonly after: string;
	readonly limit: number;
	/** The names that the caller may see; null for all. */
	readonly visibleDomains: readonly string[] | null;
}

export interface DirectoryPage {
	readonly entries: readonly DirectoryEntry[];
	/** Where to go on; null at the end. */
	readonly next: string | null;
}

/** One line of the audit trail: who, when, with which token, what. */
export interface AuditEntry {
	readonly id: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly who: string;
	readonly token: string | null;
	readonly act: RecordAct | TokenAct;
	/** The record's name; null for an act on several. */
	readonly domain: string | null;
	readonly detail: string;
}

/** A line as it is told; `source` and `seq` make sure that one told twice is kept once. */
export interface AuditMessage extends Omit<AuditEntry, 'id'> {
	readonly source: string;
	readonly seq: number;
}

export interface AuditQuery {
	/** Lines about these names only; null for all. */
	readonly domains: readonly string[] | null;
	/** Those before this id; null from the newest. */
	readonly before: number | null;
	readonly limit: number;
}

export interface AuditPage {
	readonly entries: readonly AuditEntry[];
	readonly next: number | null;
}

export interface Directory {
	updateEntry(notice: DirectoryUpdate): Promise<void>;
	listEntries(listing: DirectoryQuery): Promise<DirectoryPage>;
	appendAudit(lines: readonly AuditMessage[]): Promise<void>;
	readAudit(query: AuditQuery): Promise<AuditPage>;
}
