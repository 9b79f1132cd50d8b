/**
 * `npm run corpus -- DIR`: takes every autoconfig document of a folder, such as the ISPDB's, through import, save, serve and read, and prints
 * how many come back as they were. Exit code 1 where a document is told otherwise without a word, or refused wrongly.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeXml } from '../../src/lib/decode-xml.ts';
import { type CorpusOutcome, judgeDocument, OUTCOME_KINDS, type OutcomeKind } from './corpus-outcome.ts';

const USAGE = `Usage: npm run corpus -- [--verbose] [--record NAME] DIR

Every file of DIR, and of the folders in it, that holds a <clientConfig> is imported for the first of its domains. --verbose names each file.
--record NAME writes the counts into test/corpus/outcomes.json, of which docs/imports.md has a table; NAME says what the documents are.
`;

const OUTCOMES_FILE = join(import.meta.dirname, 'outcomes.json');
const FAULTS: readonly OutcomeKind[] = ['silent in texts', 'silent in settings', 'refused wrongly'];

interface Counts {
	readonly files: number;
	readonly outcomes: Readonly<Record<OutcomeKind, number>>;
	readonly domains: number;
	readonly aliases: number;
}

async function main(): Promise<number> {
	const options = readOptions();
	if (options === null) {
		process.stderr.write(USAGE);
		return 2;
	}
	const documents = listFiles(options.folder).flatMap((file) => {
		const text = decodeXml(readFileSync(file), '');
		return text.ok && text.value.text.includes('<clientConfig') ? [{ file, text: text.value.text }] : [];
	});
	if (documents.length === 0) {
		process.stderr.write(`${options.folder} has no autoconfig document.\n`);
		return 2;
	}
	const outcomes: CorpusOutcome[] = [];
	for (const { file, text } of documents) {
		const outcome = await judgeDocument(text, file.split('/').at(-1) ?? file);
		outcomes.push(outcome);
		const isFault = FAULTS.includes(outcome.kind);
		if (options.verbose || isFault) process.stdout.write(`${file}: ${outcome.kind}\n`);
		if (isFault) for (const detail of outcome.details) process.stdout.write(`    ${detail}\n`);
	}
	const counts = count(outcomes);
	process.stdout.write(renderCounts(counts));
	if (options.record !== undefined) {
		const today = new Date().toISOString().slice(0, 10);
		writeFileSync(
			OUTCOMES_FILE,
			`${JSON.stringify({ corpus: options.record, date: today, ...counts, meanings: OUTCOME_KINDS }, null, '\t')}\n`,
		);
	}
	return FAULTS.some((kind) => counts.outcomes[kind] > 0) ? 1 : 0;
}

function readOptions(): { readonly folder: string; readonly verbose: boolean; readonly record: string | undefined } | null {
	try {
		const { values, positionals } = parseArgs({
			allowPositionals: true,
			options: { verbose: { type: 'boolean', default: false }, record: { type: 'string' } },
		});
		const [folder] = positionals;
		const isFolder = folder !== undefined && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
		return folder === undefined || !isFolder || positionals.length > 1 ? null : { folder, verbose: values.verbose, record: values.record };
	} catch {
		// An option that there is not.
		return null;
	}
}

function listFiles(folder: string): readonly string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

function count(outcomes: readonly CorpusOutcome[]): Counts {
	const kinds = Object.keys(OUTCOME_KINDS) as OutcomeKind[];
	const sum = (of: (outcome: CorpusOutcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
	return {
		files: outcomes.length,
		outcomes: Object.fromEntries(
			kinds.map((kind) => [kind, outcomes.filter((outcome) => outcome.kind === kind).length]),
		) as Counts['outcomes'],
		domains: sum(({ domains }) => domains),
		aliases: sum(({ aliases }) => aliases),
	};
}

function renderCounts({ files, outcomes, domains, aliases }: Counts): string {
	const rows = Object.entries(outcomes).map(([kind, number]) => `${String(number).padStart(6)}  ${kind}\n`);
	return `${rows.join('')}${String(files).padStart(6)}  documents; ${domains} domains named, ${aliases} of them as aliases of the first\n`;
}

process.exitCode = await main();
