/** Whether a text contains each word of a search, in any order and letter case. An empty search matches everything. */
export function matchesWords(text: string, search: string): boolean {
	const content = text.toLowerCase();
	return search
		.toLowerCase()
		.split(/\s+/)
		.every((word) => content.includes(word));
}
