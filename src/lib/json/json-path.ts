/** Reads and changes JSON by path. A record that is being edited may be incomplete, so it is handled as plain JSON. */

/** A path into JSON: the keys of nested objects, outermost first. */
export type JsonPath = readonly string[];

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where there is none. */
export function getAtPath(value: unknown, path: JsonPath): unknown {
	let found = value;
	for (const key of path) found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
	return found;
}

/** A copy with another value at a path; undefined removes the key. Missing objects on the way are created. */
export function setAtPath(value: unknown, path: JsonPath, next: unknown): unknown {
	const [key, ...rest] = path;
	if (key === undefined) return next;
	const old = isJsonObject(value) ? value : {};
	const inner = setAtPath(Object.hasOwn(old, key) ? old[key] : undefined, rest, next);
	if (inner !== undefined) return { ...old, [key]: inner };
	const { [key]: _, ...others } = old;
	return others;
}

/** Whether two JSON values are equal. The order of keys does not matter, the order of lists does. */
export function isDeepEqual(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other))
		return one.length === other.length && one.every((item, at) => isDeepEqual(item, other[at]));
	if (!isJsonObject(one) || !isJsonObject(other)) return one === other;
	const keys = Object.keys(one);
	return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isDeepEqual(one[key], other[key]));
}

/** JSON laid out for reading; empty for null and undefined. */
export function renderJson(value: unknown): string {
	return value === null || value === undefined ? '' : `${JSON.stringify(value, null, 2)}\n`;
}
