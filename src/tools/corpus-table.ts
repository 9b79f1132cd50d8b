/** The table of docs/imports.md that says what an import makes of a corpus of autoconfig documents, as `npm run corpus` recorded it. */

interface RecordedCorpus {
	/** What the documents are. */
	readonly corpus: string;
	/** YYYY-MM-DD. */
	readonly date: string;
	readonly files: number;
	readonly outcomes: Readonly<Record<string, number>>;
	/** What each outcome means. */
	readonly meanings: Readonly<Record<string, string>>;
	readonly domains: number;
	readonly aliases: number;
}

/** @param text of test/corpus/outcomes.json */
export function renderCorpusTable(text: string): string {
	const { corpus, date, files, outcomes, meanings, domains, aliases }: RecordedCorpus = JSON.parse(text);
	const rows = Object.entries(outcomes).map(([kind, number]) => [kind, String(number), meanings[kind] ?? '']);
	const table = [['outcome', 'documents', 'what it means'], ['---', '---:', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`);
	return `${corpus}, run on ${date}: ${files} documents, which name ${domains} domains; ${aliases} of these come as an alias.\n\n${table.join('\n')}`;
}
