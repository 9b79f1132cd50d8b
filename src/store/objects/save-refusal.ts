/** Decides whether a change may be saved onto what is there. */
import { type DomainClaim, holdsDomain } from '../ports/claims.ts';
import type { RecordEdit, RecordHead, SaveResult } from '../ports/record-history.ts';

/** @returns why the change is refused; null where it may be saved */
export function findSaveRefusal(
	{ precondition, resolvesExternalEdit, claim: generation }: RecordEdit,
	{ latest, externalEdit }: RecordHead,
	claim: DomainClaim | null,
): Exclude<SaveResult['outcome'], 'saved' | 'unchanged'> | null {
	// First, so that a former holder learns nothing about the record.
	if (generation !== null && !holdsDomain(claim, generation)) return 'claim-ended';
	if (typeof precondition === 'number' && precondition !== (latest?.revision ?? 0)) return 'stale';
	if (externalEdit?.text !== resolvesExternalEdit?.text) return 'outside';
	return precondition === 'absent' && (latest?.record ?? null) !== null ? 'exists' : null;
}
