/** The differences between two JSON values, path by path. */
import { getAtPath, isDeepEqual, isJsonObject, type JsonPath } from './json-path.ts';

/** One path at which a value differs from an older version of it; undefined where there is nothing. */
export interface FieldChange {
	readonly path: JsonPath;
	readonly before: unknown;
	readonly after: unknown;
}

/** Every path at which two values differ. Objects are compared key by key, everything else as a whole. */
export function diffJson(before: unknown, after: unknown, path: JsonPath = []): readonly FieldChange[] {
	if (isDeepEqual(before, after)) return [];
	if (!isJsonObject(before) || !isJsonObject(after)) return [{ path, before, after }];
	return unionOfKeys(before, after).flatMap((key) => diffJson(getAtPath(before, [key]), getAtPath(after, [key]), [...path, key]));
}

export function unionOfKeys(...objects: readonly object[]): readonly string[] {
	return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}
