/** The port to the directory: which records there are, and who has done what. Plain data only, because calls may go over RPC. */
import type { CheckAct, RecordAct, TokenAct, WebhookAct, ZoneAct } from '../../contract/acts.ts';
import type { WorsenedArea } from '../../contract/checks/check-results.ts';
import type { RecordAttention } from '../../model/record-attention.ts';
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
	/**
	 * SHA-256 of the record's text, so that whoever has a record need not open its keeper to see that it is the same. Null where there is no
	 * record, and where the keeper has not said: an earlier release saved it last.
	 */
	readonly digest: string | null;
}

/** What a record's keeper sends after a change: the record's state, and the revisions that the directory does not have yet. */
export interface DirectoryUpdate {
	readonly name: string;
	readonly revision: number;
	readonly state: DirectoryEntryState;
	readonly tags: readonly string[];
	readonly at: number;
	/** Null where there is no record. */
	readonly attention: RecordAttention | null;
	/** The domain that the record is an alias of; null where it is none. */
	readonly aliasOf: string | null;
	/** SHA-256 of the record's text; null where there is no record. */
	readonly digest: string | null;
	readonly revisions: readonly RevisionSummary[];
}

/** Which records the caller may see: those with one of the names that also carry the tag. */
export interface VisibleRecords {
	/** Null for all names. */
	readonly names: readonly string[] | null;
	/** Null: whatever tags they have. */
	readonly tag: string | null;
}

export interface DirectoryQuery {
	/** The beginning of the names to list; empty for all. */
	readonly prefix: string;
	readonly tag: string | null;
	readonly state: DirectoryEntryState | null;
	/** Only names after this one, in alphabetical order; empty for the first page. */
	readonly after: string;
	readonly limit: number;
	readonly visible: VisibleRecords;
}

/** What people look for: unlike a query, which pages through names, it looks at every entry. */
export interface DirectorySearch {
	/** Words that must each be a part of the name or of a tag, in lower case; empty for all. */
	readonly text: string;
	readonly tag: string | null;
	readonly state: DirectoryEntryState | null;
	/** `name`: alphabetically. `problems`: what needs somebody first. `saved`: what was saved last first. */
	readonly order: 'name' | 'problems' | 'saved';
	/** The `next` of the page before; empty for the first. */
	readonly after: string;
	readonly limit: number;
	readonly withTotal: boolean;
	readonly visible: VisibleRecords;
}

/** Without a digest: a search is for people, who do not compare records by it. */
export interface FoundEntry extends Omit<DirectoryEntry, 'digest'> {
	/** Null where it is not known: the entry was made by a release that did not keep it. */
	readonly warnings: number | null;
	/** UTC day on which a fallback ends. */
	readonly fallbackEnds: string | null;
}

export interface DirectorySearchPage {
	readonly entries: readonly FoundEntry[];
	readonly next: string | null;
	/** How many there are on all pages; null where it was not asked for. */
	readonly total: number | null;
}

/** A revision that a bulk edit has made. */
export interface BulkEditRevision {
	readonly domain: string;
	readonly revision: number;
}

export interface DirectoryPage {
	readonly entries: readonly DirectoryEntry[];
	/** The `after` of the next page; null on the last page. */
	readonly next: string | null;
}

/** What the directory knows of the names that an import is going to save. */
export interface KnownNames {
	/** Those of which the directory has an entry. */
	readonly known: readonly string[];
	/**
	 * When the store was marked as published (Unix time in milliseconds), where this directory was told of everything that was published;
	 * null where it was not, so that a name without an entry may have a record all the same.
	 */
	readonly completeSince: number | null;
}

export interface AliasQuery {
	/** Only aliases after this name, in alphabetical order; empty for the first page. */
	readonly after: string;
	readonly limit: number;
	readonly visible: VisibleRecords;
}

/** The records that are aliases of a domain. */
export interface AliasPage {
	readonly aliases: readonly string[];
	/** Aliases that the caller may not see. */
	readonly hidden: number;
	/** Records of which the directory does not know whether they are aliases: they were saved by an earlier release and not announced since. */
	readonly unknown: number;
	readonly next: string | null;
}

/** One line of the audit trail: who has done what, when, and with which token. */
export interface AuditEntry {
	readonly id: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly who: string;
	readonly token: string | null;
	readonly act: RecordAct | TokenAct | WebhookAct | ZoneAct | CheckAct;
	/** The record's name; null for an act that concerns several records. */
	readonly domain: string | null;
	readonly detail: string;
	/** The revision of the record that the act made; null for all other acts. */
	readonly revision: number | null;
}

/** A line as it is sent. A line that is sent twice is kept once: `source` and `seq` identify it. */
export interface AuditMessage extends Omit<AuditEntry, 'id' | 'revision'> {
	readonly source: string;
	readonly seq: number;
}

export interface AuditQuery {
	/** Only lines about these records. Lines about no record are for those alone who may see all records. */
	readonly visible: VisibleRecords;
	/** Only lines from this time on (Unix time in milliseconds); 0 for all. */
	readonly since: number;
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

/** A revision of a record that the trail has, with what the directory knows of the record now. */
export interface RecordEvent {
	readonly name: string;
	readonly revision: number;
	readonly act: RecordAct;
	readonly at: number;
	readonly who: string;
	readonly token: string | null;
	/** The tags that the record has now. */
	readonly tags: readonly string[];
	/** What the revision has made of the record; null where there is a newer one, so that this is not known. */
	readonly state: DirectoryEntryState | null;
}

/** A check that got worse, as the trail has it, with what the directory knows of the record now. */
export interface CheckEvent {
	/** Identifies the line, in every trail that it is in. */
	readonly line: string;
	readonly name: string;
	readonly areas: readonly WorsenedArea[];
	readonly at: number;
	readonly who: string;
	readonly token: string | null;
	/** The tags that the record has now. */
	readonly tags: readonly string[];
}

/** Revisions and checks in the order in which the trail got them. Each comes into a trail once, however often its record's keeper tells of it. */
export interface RecordEventPage {
	readonly events: readonly RecordEvent[];
	readonly checks: readonly CheckEvent[];
	/** The `after` of the next page. */
	readonly lastId: number;
	readonly hasMore: boolean;
	/** Whether the records were watched before. Where not, this is another trail than the one that was watched: that one was lost. */
	readonly wasWatched: boolean;
}

export interface Directory {
	updateEntry(update: DirectoryUpdate): Promise<void>;
	/** Takes a name out that is `outside` and of which nothing is left; one that was ever saved stays. */
	forgetEntry(name: string): Promise<void>;
	/** Which of these names have an entry, and whether that is a proof that the others have no record. */
	readKnownNames(names: readonly string[]): Promise<KnownNames>;
	listEntries(query: DirectoryQuery): Promise<DirectoryPage>;
	searchEntries(search: DirectorySearch): Promise<DirectorySearchPage>;
	/** The revisions of a bulk edit, by name. @param after the last name of the page before; empty for the first */
	listBulkEdit(id: string, after: string, limit: number): Promise<readonly BulkEditRevision[]>;
	/** The live records that are aliases of a domain. */
	listAliases(domain: string, query: AliasQuery): Promise<AliasPage>;
	appendAudit(lines: readonly AuditMessage[]): Promise<void>;
	readAudit(query: AuditQuery): Promise<AuditPage>;
	/** @param after the id of the last line of the page before; 0 for the first page */
	exportAudit(after: number, limit: number): Promise<AuditExport>;
	/** When the mark was written that says that the store of the copies is not empty, Unix time in milliseconds; null: never. */
	storeMarkedAt(): Promise<number | null>;
	/** @param isComplete whether this directory was told of everything that was ever published, as long as the mark was not there before */
	setStoreMarked(isComplete: boolean): Promise<void>;
	/** Whether this directory was told of everything that was published; false too where nothing was. */
	isComplete(): Promise<boolean>;
	/** Everything that KV knows of has told this directory; counts only while KV has its mark. */
	setComplete(): Promise<void>;
	/** From now on the webhooks are told when the trail has something for them. Returns the last id of the trail. */
	watchRecords(): Promise<number>;
	unwatchRecords(): Promise<void>;
	/** Watches the records, too. @param after `lastId` of the page before */
	readRecordEvents(after: number, limit: number): Promise<RecordEventPage>;
}
