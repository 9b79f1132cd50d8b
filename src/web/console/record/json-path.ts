/** Records while they are edited: JSON that need not be a record yet, read and changed by path. */

/** A path into JSON: keys of objects, one after another. */
export type JsonPath = readonly string[];

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path; undefined where nothing does. */
export function getAtPath(value: unknown, path: JsonPath): unknown {
	let found = value;
	for (const key of path) found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
	return found;
}

/** The same with another value at a path; undefined takes it out. What is on the way and is no object becomes one. */
export function setAtPath(value: unknown, path: JsonPath, next: unknown): unknown {
	const [key, ...rest] = path;
	if (key === undefined) return next;
	const old = isJsonObject(value) ? value : {};
	const inner = setAtPath(Object.hasOwn(old, key) ? old[key] : undefined, rest, next);
	if (inner !== undefined) return { ...old, [key]: inner };
	const { [key]: _, ...others } = old;
	return others;
}

/** Whether two values say the same, in whatever order their keys stand. */
export function isDeepEqual(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other))
		return one.length === other.length && one.every((item, at) => isDeepEqual(item, other[at]));
	if (!isJsonObject(one) || !isJsonObject(other)) return one === other;
	const keys = Object.keys(one);
	return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isDeepEqual(one[key], other[key]));
}

export function renderJson(value: unknown): string {
	return value === null || value === undefined ? '' : `${JSON.stringify(value, null, 2)}\n`;
}
