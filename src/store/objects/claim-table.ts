/** The claim of one domain, in the same database as its record: whoever takes the domain does so in one transaction. */
import type { ClaimProof, DomainClaim, TakeClaimResult } from '../ports/claims.ts';
import type { SqlDatabase, SqlRow } from '../ports/platform.ts';
import type { Revision } from '../ports/record-history.ts';
import { type Migration, statements } from './schema.ts';

/** The table has one row, or none where the domain was never claimed. */
export const CLAIM_TABLE: Migration = statements(
	`CREATE TABLE claim (generation INTEGER NOT NULL, state TEXT NOT NULL, since INTEGER NOT NULL, provedAt INTEGER NOT NULL,
		proof TEXT NOT NULL, revision INTEGER NOT NULL)`,
);

/** @param haveTables whether the record has its tables, of which that of the claim is one */
export function readClaimRow(sql: SqlDatabase, haveTables: boolean): DomainClaim | null {
	const row = haveTables ? sql.execute('SELECT * FROM claim')[0] : undefined;
	return row === undefined ? null : claimFromRow(row);
}

/** Called inside a transaction, when the table is there. */
export function writeClaimRow(sql: SqlDatabase, { generation, state, since, provedAt, proof, revision }: DomainClaim): void {
	sql.execute('DELETE FROM claim');
	sql.execute('INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?)', generation, state, since, provedAt, proof, revision);
}

/** What a proof meets. */
export interface ClaimedDomain {
	readonly claim: DomainClaim | null;
	/** The record's latest revision; null where nothing was ever saved. */
	readonly latest: Revision | null;
	/** Whether a record was put into KV by hand. */
	readonly hasExternalRecord: boolean;
}

/** Why a proof does not take the domain; null where it does. */
export function findClaimRefusal(
	{ openedAt, hasClaimToken }: Pick<ClaimProof, 'openedAt' | 'hasClaimToken'>,
	{ claim, latest, hasExternalRecord }: ClaimedDomain,
): Exclude<TakeClaimResult['outcome'], 'taken'> | null {
	if (claim?.state !== 'held' && !(claim === null && hasClaimToken)) {
		// A record that was saved after a release was saved by the operator.
		const isOperators = latest !== null && latest.record !== null && latest.revision > (claim?.revision ?? 0);
		if (isOperators || hasExternalRecord) return 'registered';
	}
	return claim !== null && openedAt <= claim.since ? 'void' : null;
}

function claimFromRow(row: SqlRow): DomainClaim {
	return {
		generation: Number(row.generation),
		state: row.state === 'held' ? 'held' : 'released',
		since: Number(row.since),
		provedAt: Number(row.provedAt),
		proof: String(row.proof),
		revision: Number(row.revision),
	};
}
