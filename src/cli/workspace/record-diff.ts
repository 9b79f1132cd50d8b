/** Compares two records, field by field. */
import { paint } from '../terminal.ts';

/** A field whose value is not the same on both sides; a side is left out where it has no such field. Values are JSON. */
export interface FieldDifference {
	readonly path: string;
	readonly there?: string;
	readonly here?: string;
}

/** The fields that differ. Null or undefined stands for no record, which has no fields. */
export function diffFields(there: unknown, here: unknown): readonly FieldDifference[] {
	const [theirs, ours] = [flattenFields(there), flattenFields(here)];
	const paths = [...new Set([...theirs.keys(), ...ours.keys()])].filter((path) => theirs.get(path) !== ours.get(path));
	return paths.map((path) => {
		const [left, right] = [theirs.get(path), ours.get(path)];
		return { path, ...(left === undefined ? {} : { there: left }), ...(right === undefined ? {} : { here: right }) };
	});
}

/** Every value by its path, as in `services.imap.host`. */
function flattenFields(value: unknown, path = ''): ReadonlyMap<string, string> {
	// A null below the record is a value: `implicit: null` is not the same as none.
	if (typeof value !== 'object' || value === null) return new Map(path === '' ? [] : [[path, JSON.stringify(value)]]);
	return new Map(Object.entries(value).flatMap(([key, inner]) => [...flattenFields(inner, path === '' ? key : `${path}.${key}`)]));
}

/** A line for each value: `-` what is there, `+` what is here. */
export function renderFieldDifferences(differences: readonly FieldDifference[]): readonly string[] {
	return differences.flatMap(({ path, there, here }) => [
		...(there === undefined ? [] : [paint('red', `  - ${path}: ${there}`)]),
		...(here === undefined ? [] : [paint('green', `  + ${path}: ${here}`)]),
	]);
}
