/** Decides whether a change may be saved onto what is there, and whether it changes anything. */
import { haveSameAccessTags, isAccessTag, withAccessTagsOf } from '../../contract/tokens/access-tags.ts';
import { type DomainClaim, holdsDomain } from '../ports/claims.ts';
import type { AuthorRefusal, RecordEdit, RecordHead, SaveRefusal, SaveResult } from '../ports/record-history.ts';

/** What a save does to what is there. @returns also whether there is something to write */
export function planSave(edit: RecordEdit, head: RecordHead, claim: DomainClaim | null): SaveResult & { readonly isToSave: boolean } {
	const { record = null, tags = [] } = head.latest ?? {};
	const isSame = edit.record === record && JSON.stringify(tagsAfter(edit, tags, claim)) === JSON.stringify(tags);
	const refusal = findSaveRefusal(edit, head, claim);
	// An import that is sent again because its answer was lost does not conflict with itself.
	const isRepeated = isSame && (refusal === 'stale' || refusal === 'exists') && edit.resolvesExternalEdit === null && edit.act === 'import';
	if (refusal !== null && !isRepeated) return { outcome: refusal, head, previousRecord: null, isToSave: false };
	if (isSame && edit.resolvesExternalEdit === null) return { outcome: 'unchanged', head, previousRecord: null, isToSave: false };
	return { outcome: 'saved', head, previousRecord: record, isToSave: edit.dryRun !== true };
}

/** @returns why the change is refused; null where it may be saved */
function findSaveRefusal(edit: RecordEdit, { latest, externalEdit }: RecordHead, claim: DomainClaim | null): SaveRefusal | null {
	const { precondition, resolvesExternalEdit, maySetAccessTags } = edit;
	const currentTags = latest?.tags ?? [];
	// First, so that somebody who has nothing to do with the record, or no longer has, learns nothing about it.
	const refusal = findAuthorRefusal(edit, currentTags, claim);
	if (refusal !== null) return refusal;
	if (typeof precondition === 'number' && precondition !== (latest?.revision ?? 0)) return 'stale';
	if (externalEdit?.text !== resolvesExternalEdit?.text) return 'outside';
	if (precondition === 'absent' && (latest?.record ?? null) !== null) return 'exists';
	const tags = tagsAfter(edit, currentTags, claim);
	if (!maySetAccessTags && !haveSameAccessTags(tags, currentTags)) return 'access-tags';
	// The owner of a claimed domain sees every token for it, and so no token reaches it by a tag.
	return claim?.state === 'held' && tags.some(isAccessTag) ? 'claimed' : null;
}

/** Why the author may not write anything that belongs to the record; null where they may. @param tags that the record has */
export function findAuthorRefusal(
	{ claim: generation, requiredTag }: Pick<RecordEdit, 'claim' | 'requiredTag'>,
	tags: readonly string[],
	claim: DomainClaim | null,
): AuthorRefusal | null {
	if (generation !== null && !holdsDomain(claim, generation)) return 'claim-ended';
	return requiredTag !== null && !tags.includes(requiredTag) ? 'not-tagged' : null;
}

/** The tags that the record has after the change. A revision is restored with its tags, but brings no access back. */
export function tagsAfter(
	{ tags, act, maySetAccessTags }: Pick<RecordEdit, 'tags' | 'act' | 'maySetAccessTags'>,
	current: readonly string[],
	claim: DomainClaim | null,
): readonly string[] {
	if (tags === null) return current;
	const keepsAccess = act === 'restore' && (!maySetAccessTags || claim?.state === 'held');
	return keepsAccess ? withAccessTagsOf(tags, current) : tags;
}
