/** Where a name that is longer than its line continues on the next one. */

/**
 * The parts of a host name, a URL or a text with them, between which a line may break: before a dot that something follows, and after a
 * slash, though never within `://`. Joined, they are the text.
 */
export function splitBreakableName(text: string): readonly string[] {
	return text.split(/(?<=[^/]\/)(?!\/)|(?=\.[^\s.])/);
}
