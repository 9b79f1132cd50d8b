/** The problems that tell a caller why a record, or what belongs to it, was not saved. */
import type { ApiProblem } from '../contract/api-problems.ts';
import { ACCESS_TAG_PREFIX } from '../contract/tokens/access-tags.ts';
import type { AuthorRefusal, SaveRefusal } from '../store/ports/record-history.ts';

/** @param current the record as it is now, for a client that repeats its change on top of it */
export function saveRefusalProblem(refusal: SaveRefusal, name: string, current: object, revision: number): ApiProblem {
	switch (refusal) {
		case 'stale':
		case 'exists':
			return { code: refusal, current, revision };
		case 'outside':
			return { code: 'edited-outside', current, revision };
		case 'claim-ended':
		case 'not-tagged':
			return authorRefusalProblem(refusal, name);
		case 'access-tags':
			return { code: 'forbidden', needed: `operator, to add or remove a tag such as ${ACCESS_TAG_PREFIX}sales` };
		case 'claimed':
			return {
				code: 'invalid',
				errors: [
					{ path: 'tags', reason: `must not begin with ${ACCESS_TAG_PREFIX}: the owner has claimed this domain, and hands out its tokens` },
				],
			};
	}
}

export function authorRefusalProblem(refusal: AuthorRefusal, name: string): ApiProblem {
	return refusal === 'claim-ended' ? { code: 'unauthenticated' } : { code: 'forbidden', needed: `write ${name}` };
}
