/** The port to the directory: which records there are, and what was done by whom. Plain data: it goes over RPC. */
import type { Act, RevisionLine } from './keeper.ts';

/** `outside`: only KV has it, put there by hand. */
export type EntryState = 'live' | 'deleted' | 'outside';

export interface Entry {
	readonly domain: string;
	readonly revision: number;
	readonly state: EntryState;
	readonly tags: readonly string[];
	/** Unix time in milliseconds of the latest revision. */
	readonly at: number;
}

/** What a keeper tells: where its record stands, and the revisions that the directory has not heard of. */
export interface Notice {
	readonly name: string;
	readonly revision: number;
	readonly state: EntryState;
	readonly tags: readonly string[];
	readonly at: number;
	readonly lines: readonly RevisionLine[];
}

export interface Listing {
	/** Beginning of the name; empty for all. */
	readonly prefix: string;
	readonly tag: string | null;
	readonly state: EntryState | null;
	/** Those after this name, in order. */
	readonly after: string;
	readonly limit: number;
	/** The names that the caller may see; null for all. */
	readonly within: readonly string[] | null;
}

export interface EntryPage {
	readonly entries: readonly Entry[];
	/** Where to go on; null at the end. */
	readonly next: string | null;
}

/** One line of the audit trail: who, when, with which token, what. */
export interface AuditLine {
	readonly id: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly who: string;
	readonly token: string | null;
	readonly act: Act | AccessAct;
	/** The record's name; null for an act on several. */
	readonly domain: string | null;
	readonly detail: string;
}

export type AccessAct = 'mint' | 'revoke' | 'claim';

/** A line as it is told; `source` and `seq` make sure that one told twice is kept once. */
export interface AuditNotice extends Omit<AuditLine, 'id'> {
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
	readonly lines: readonly AuditLine[];
	readonly next: number | null;
}

export interface Catalogue {
	note(notice: Notice): Promise<void>;
	list(listing: Listing): Promise<EntryPage>;
	record(lines: readonly AuditNotice[]): Promise<void>;
	audit(query: AuditQuery): Promise<AuditPage>;
}
