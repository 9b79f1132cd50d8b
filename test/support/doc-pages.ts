/** README.md and the pages of docs/ as the tests read them: their fenced blocks, links and headings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CHECKOUT = join(import.meta.dirname, '../..');

export interface FencedBlock {
	/** The text behind the fence: the language, then words that tell the tests what to do with the block, such as `run`. */
	readonly language: string;
	readonly words: readonly string[];
	readonly text: string;
	/** The line of the fence in the page, counted from 1. */
	readonly line: number;
}

export interface DocPage {
	/** The path, relative to the checkout, such as `docs/dns.md`. */
	readonly file: string;
	readonly text: string;
	readonly blocks: readonly FencedBlock[];
}

/** Every page that people read: README.md, CHANGELOG.md, docs/ and the two in .github/. */
export function readDocPages(): readonly DocPage[] {
	const names = ['docs', '.github'].flatMap((folder) =>
		readdirSync(join(CHECKOUT, folder))
			.filter((name) => name.endsWith('.md'))
			.map((name) => `${folder}/${name}`),
	);
	return ['README.md', 'CHANGELOG.md', 'test/conformance/README.md', ...names].map((file) => {
		const text = readFileSync(join(CHECKOUT, file), 'utf8');
		return { file, text, blocks: fencedBlocks(text) };
	});
}

function fencedBlocks(text: string): readonly FencedBlock[] {
	const blocks: FencedBlock[] = [];
	let open: { readonly words: readonly string[]; readonly line: number; readonly lines: string[] } | null = null;
	for (const [index, line] of text.split('\n').entries()) {
		const fence = /^\s*```(.*)$/.exec(line);
		if (fence === null) open?.lines.push(line);
		else if (open === null) open = { words: (fence[1] ?? '').trim().split(/\s+/), line: index + 1, lines: [] };
		else {
			const [language = '', ...words] = open.words;
			blocks.push({ language, words, text: `${open.lines.join('\n')}\n`, line: open.line });
			open = null;
		}
	}
	return blocks;
}

/** The text of a page without its fenced blocks. */
export function proseOf({ text }: DocPage): string {
	return text.replace(/^\s*```[\s\S]*?^\s*```$/gm, '');
}
