/** Reads one field of a line that has its fields as "name=value" or 'name = "value"'. */

/** Longer values are cut: RFC 5321 §4.5.3.1.3 has no longer address. */
const MAX_VALUE_LENGTH = 254;

/**
 * @param mark what stands before the value, such as " user="
 * @param ends the characters that end a value
 */
export function fieldValue(text: string, mark: string, ends: string): string | null {
	const at = text.indexOf(mark);
	if (at < 0) return null;
	const from = at + mark.length + (text[at + mark.length] === '"' ? 1 : 0);
	let to = from;
	while (to < text.length && to - from < MAX_VALUE_LENGTH && !ends.includes(text.charAt(to))) to += 1;
	return to === from ? null : text.slice(from, to);
}
