/** JSON Merge Patch (RFC 7396): a document that says what to change in another. */

/**
 * A copy of `target` with the patch applied: members of an object are merged, null removes a member, everything else takes the place of
 * what was there. Neither argument is changed.
 */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
	if (!isObject(patch)) return patch;
	const merged = new Map(Object.entries(isObject(target) ? target : {}));
	for (const [name, value] of Object.entries(patch)) {
		if (value === null) merged.delete(name);
		else merged.set(name, applyMergePatch(merged.get(name), value));
	}
	// Object.fromEntries defines members: a member called __proto__ is one like any other.
	return Object.fromEntries(merged);
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
