/** What becomes of a record that two people changed at once: a three-way merge, key by key. Pure. */
import { isObject, type Path, same, valueAt, withValue } from './json.ts';

/** A place that both changed, each in another way. `undefined` stands for nothing there. */
export interface Collision {
	readonly path: Path;
	readonly base: unknown;
	readonly mine: unknown;
	readonly theirs: unknown;
}

export interface Merge {
	/** What does not collide, from both sides; where it does, mine. */
	readonly merged: unknown;
	readonly collisions: readonly Collision[];
}

/** One place where a record differs from an older one. */
export interface Change {
	readonly path: Path;
	readonly before: unknown;
	readonly after: unknown;
}

/** @param base what both began with; null where there was nothing */
export function merge(base: unknown, mine: unknown, theirs: unknown): Merge {
	return mergeAt([], base ?? undefined, mine ?? undefined, theirs ?? undefined);
}

function mergeAt(path: Path, base: unknown, mine: unknown, theirs: unknown): Merge {
	if (same(mine, theirs) || same(theirs, base)) return { merged: mine, collisions: [] };
	if (same(mine, base)) return { merged: theirs, collisions: [] };
	if (!isObject(mine) || !isObject(theirs) || ofDifferentKind(mine, theirs))
		return { merged: mine, collisions: [{ path, base, mine, theirs }] };
	let merged: unknown = {};
	const collisions: Collision[] = [];
	for (const key of keysOf(theirs, mine)) {
		const [was, my, their] = [base, mine, theirs].map((side) => valueAt(side, [key]));
		const inner = mergeAt([...path, key], was, my, their);
		merged = withValue(merged, [key], inner.merged);
		collisions.push(...inner.collisions);
	}
	return { merged, collisions };
}

/** Half a domain's record and half an alias would be neither. */
function ofDifferentKind(mine: object, theirs: object): boolean {
	return !same(valueAt(mine, ['kind']), valueAt(theirs, ['kind']));
}

function keysOf(...objects: readonly object[]): readonly string[] {
	return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

/** Takes one side at every collision. */
export function settle({ merged, collisions }: Merge, sides: readonly ('mine' | 'theirs')[]): unknown {
	return collisions.reduce<unknown>(
		(record, { path, mine, theirs }, at) => withValue(record, path, sides[at] === 'theirs' ? theirs : mine),
		merged,
	);
}

/** Every place in which `after` is not `before`, as far down as both have objects. */
export function changesBetween(before: unknown, after: unknown, path: Path = []): readonly Change[] {
	if (same(before, after)) return [];
	if (!isObject(before) || !isObject(after)) return [{ path, before, after }];
	return keysOf(before, after).flatMap((key) => changesBetween(valueAt(before, [key]), valueAt(after, [key]), [...path, key]));
}
