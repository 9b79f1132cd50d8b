/** What becomes of a record that two people changed at once: a three-way merge, key by key. Pure. */
import { getAtPath, isDeepEqual, isJsonObject, type JsonPath, setAtPath } from './json-path.ts';

/** A place that both changed, each in another way. `undefined` stands for nothing there. */
export interface MergeConflict {
	readonly path: JsonPath;
	readonly base: unknown;
	readonly mine: unknown;
	readonly theirs: unknown;
}

export interface MergeResult {
	/** What does not collide, from both sides; where it does, mine. */
	readonly merged: unknown;
	readonly conflicts: readonly MergeConflict[];
}

/** One place where a record differs from an older one. */
export interface FieldChange {
	readonly path: JsonPath;
	readonly before: unknown;
	readonly after: unknown;
}

/** @param base what both began with; null where there was nothing */
export function mergeRecords(base: unknown, mine: unknown, theirs: unknown): MergeResult {
	return mergeAtPath([], base ?? undefined, mine ?? undefined, theirs ?? undefined);
}

function mergeAtPath(path: JsonPath, base: unknown, mine: unknown, theirs: unknown): MergeResult {
	if (isDeepEqual(mine, theirs) || isDeepEqual(theirs, base)) return { merged: mine, conflicts: [] };
	if (isDeepEqual(mine, base)) return { merged: theirs, conflicts: [] };
	if (!isJsonObject(mine) || !isJsonObject(theirs) || differInKind(mine, theirs))
		return { merged: mine, conflicts: [{ path, base, mine, theirs }] };
	let merged: unknown = {};
	const collisions: MergeConflict[] = [];
	for (const key of unionOfKeys(theirs, mine)) {
		const [was, my, their] = [base, mine, theirs].map((side) => getAtPath(side, [key]));
		const inner = mergeAtPath([...path, key], was, my, their);
		merged = setAtPath(merged, [key], inner.merged);
		collisions.push(...inner.conflicts);
	}
	return { merged, conflicts: collisions };
}

/** Half a domain's record and half an alias would be neither. */
function differInKind(mine: object, theirs: object): boolean {
	return !isDeepEqual(getAtPath(mine, ['kind']), getAtPath(theirs, ['kind']));
}

function unionOfKeys(...objects: readonly object[]): readonly string[] {
	return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

/** Takes one side at every collision. */
export function resolveConflicts({ merged, conflicts }: MergeResult, sides: readonly ('mine' | 'theirs')[]): unknown {
	return conflicts.reduce<unknown>(
		(record, { path, mine, theirs }, at) => setAtPath(record, path, sides[at] === 'theirs' ? theirs : mine),
		merged,
	);
}

/** Every place in which `after` is not `before`, as far down as both have objects. */
export function diffRecords(before: unknown, after: unknown, path: JsonPath = []): readonly FieldChange[] {
	if (isDeepEqual(before, after)) return [];
	if (!isJsonObject(before) || !isJsonObject(after)) return [{ path, before, after }];
	return unionOfKeys(before, after).flatMap((key) => diffRecords(getAtPath(before, [key]), getAtPath(after, [key]), [...path, key]));
}
