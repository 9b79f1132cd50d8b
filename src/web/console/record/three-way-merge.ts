/** Merges a record that two people changed at once: a three-way merge, key by key. No I/O. */
import { unionOfKeys } from '../../../lib/json/json-diff.ts';
import { getAtPath, isDeepEqual, isJsonObject, type JsonPath, setAtPath } from '../../../lib/json/json-path.ts';

/** A path at which both sides made different changes. `undefined` means that the path has no value. */
export interface MergeConflict {
	readonly path: JsonPath;
	readonly base: unknown;
	readonly mine: unknown;
	readonly theirs: unknown;
}

export interface MergeResult {
	/** The changes of both sides; where they conflict, the value of `mine`. */
	readonly merged: unknown;
	readonly conflicts: readonly MergeConflict[];
}

/** Merges two versions. @param base the version that both were started from; null where there was none */
export function mergeRecords(base: unknown, mine: unknown, theirs: unknown): MergeResult {
	return mergeAtPath([], base ?? undefined, mine ?? undefined, theirs ?? undefined);
}

function mergeAtPath(path: JsonPath, base: unknown, mine: unknown, theirs: unknown): MergeResult {
	if (isDeepEqual(mine, theirs) || isDeepEqual(theirs, base)) return { merged: mine, conflicts: [] };
	if (isDeepEqual(mine, base)) return { merged: theirs, conflicts: [] };
	if (!isJsonObject(mine) || !isJsonObject(theirs) || differInKind(mine, theirs))
		return { merged: mine, conflicts: [{ path, base, mine, theirs }] };
	let merged: unknown = {};
	const conflicts: MergeConflict[] = [];
	for (const key of unionOfKeys(theirs, mine)) {
		const [was, my, their] = [base, mine, theirs].map((side) => getAtPath(side, [key]));
		const inner = mergeAtPath([...path, key], was, my, their);
		merged = setAtPath(merged, [key], inner.merged);
		conflicts.push(...inner.conflicts);
	}
	return { merged, conflicts };
}

/** A domain's record has services and an alias names another record, so a merge of the two would be valid as neither. */
function differInKind(mine: object, theirs: object): boolean {
	return !isDeepEqual(getAtPath(mine, ['kind']), getAtPath(theirs, ['kind']));
}

/** Applies one choice per conflict, in the order of `conflicts`. */
export function resolveConflicts({ merged, conflicts }: MergeResult, sides: readonly ('mine' | 'theirs')[]): unknown {
	return conflicts.reduce<unknown>(
		(record, { path, mine, theirs }, at) => setAtPath(record, path, sides[at] === 'theirs' ? theirs : mine),
		merged,
	);
}
