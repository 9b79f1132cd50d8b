/**
 * The port to the results of `signpost check` that were sent for a domain: the last one of each area. They are kept beside the domain's
 * record, and end with it: a deletion forgets them, and so does a claim. Plain data only, because calls may go over RPC.
 */
import type { Grade } from '../../contract/checks/check-grades.ts';
import type { CheckAreaResult, WorsenedArea } from '../../contract/checks/check-results.ts';
import type { AuthorRefusal, RecordEdit } from './record-history.ts';

/** The results of some areas, who has sent them, and what must be there for them to be kept: as for a change of the record. */
export interface SentCheck extends Pick<RecordEdit, 'name' | 'author' | 'token' | 'claim' | 'requiredTag'> {
	/** SHA-256 of the text of the record that was checked. */
	readonly recordDigest: string;
	readonly areas: readonly CheckAreaResult[];
}

/** The last result of one area. */
export interface KeptAreaResult {
	readonly result: CheckAreaResult;
	/** Null where something in the area was not understood or could not be looked at, and where nothing was looked at. */
	readonly grade: Grade | null;
	/** When it came, Unix time in milliseconds. */
	readonly at: number;
	readonly author: string;
	readonly token: string | null;
	/** Whether the record that was checked is the one that is saved now. */
	readonly isCurrentRecord: boolean;
}

/** `no-record`: no record is saved under this name, or it was deleted. */
export type KeepCheckOutcome =
	| { readonly outcome: 'kept'; readonly areas: readonly KeptAreaResult[]; readonly worsened: readonly WorsenedArea[] }
	| { readonly outcome: 'no-record' | AuthorRefusal };

export interface KeptChecks {
	/** In the order of the areas; those of which nothing was sent are left out. */
	readCheck(): Promise<readonly KeptAreaResult[]>;
	/** Replaces the results of the areas that were sent. Where some are worse than before, the audit trail gets a line. */
	keepCheck(sent: SentCheck): Promise<KeepCheckOutcome>;
}
