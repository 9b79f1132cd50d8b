/**
 * Tags that give access: a token can be for all records that carry one. Only the operator adds or removes such a tag, so that nobody gains a
 * record by tagging it, and nobody gives a record to others. They are told from other tags by how they begin, and not by what tokens there
 * are: so there is nothing to look up when a record is saved, and nothing to lose.
 */
export const ACCESS_TAG_PREFIX = 'access:';

/** What a tag of a record looks like. */
export const TAG_PATTERN = /^[a-z0-9][a-z0-9._:-]{0,31}$/;

export function isAccessTag(tag: string): boolean {
	return tag.startsWith(ACCESS_TAG_PREFIX) && tag.length > ACCESS_TAG_PREFIX.length;
}

/** Whether two lists of tags give access alike. */
export function haveSameAccessTags(some: readonly string[], others: readonly string[]): boolean {
	const accessTags = (tags: readonly string[]) => JSON.stringify([...new Set(tags.filter(isAccessTag))].toSorted());
	return accessTags(some) === accessTags(others);
}

/** The tags of one list, with the access tags of another in place of its own. */
export function withAccessTagsOf(tags: readonly string[], current: readonly string[]): readonly string[] {
	return haveSameAccessTags(tags, current) ? tags : [...tags.filter((tag) => !isAccessTag(tag)), ...current.filter(isAccessTag)];
}
