/**
 * The judgements of `check` and of testssl.sh side by side, as docs/tls-matrix.md has them. The page is what an earlier run has left: a run of
 * some servers replaces their rows, and keeps those of the others.
 */
import type { Comparison } from './testssl.ts';

export interface MatrixRow {
	/** The program, and what is wrong with its TLS. */
	readonly server: string;
	readonly isGood: boolean;
	/** What costs the grade, by `check`. */
	readonly costly: readonly string[];
	/** What testssl.sh finds of medium weight and above, "name (weight)", by what `check` makes of it. */
	readonly found: readonly string[];
	readonly uncovered: readonly string[];
	readonly missed: readonly string[];
}

export function matrixRow(server: string, isGood: boolean, costly: readonly string[], compared: readonly Comparison[]): MatrixRow {
	const named = (isWanted: (ours: Comparison['ours']) => boolean) => [
		...new Set(compared.filter(({ ours }) => isWanted(ours)).map(({ id, severity }) => `${id} (${severity})`)),
	];
	return {
		server,
		isGood,
		costly,
		found: named((ours) => ours === 'found'),
		uncovered: named((ours) => ours !== 'found' && ours !== 'missed'),
		missed: named((ours) => ours === 'missed'),
	};
}

export function countFindings(rows: readonly MatrixRow[]) {
	const sum = (of: (row: MatrixRow) => readonly string[]) => rows.reduce((total, row) => total + of(row).length, 0);
	const [found, uncovered, missed] = [sum((row) => row.found), sum((row) => row.uncovered), sum((row) => row.missed)];
	return { found, uncovered, missed, recall: found + missed === 0 ? 1 : found / (found + missed) };
}

const NONE = '–';
const cell = (words: readonly string[]) => (words.length === 0 ? NONE : words.join(', '));
const words = (text: string) => (text === NONE ? [] : text.split(', '));

/**
 * @param all how many servers the test has: a run of some of them says so
 * @param version of testssl.sh
 */
export function renderMatrix(rows: readonly MatrixRow[], all: number, version: string): string {
	const { found, missed, uncovered, recall } = countFindings(rows);
	const good = rows.filter(({ isGood }) => isGood).length;
	const lines = rows.map(
		(row) =>
			`| ${row.server} | ${row.isGood ? 'good' : 'faulty'} | ${cell(row.costly.map((code) => `\`${code}\``))} | ${cell(row.found)} | ${cell(row.uncovered)} | ${cell(row.missed)} |\n`,
	);
	return `# What \`check\` finds, and what testssl.sh finds

Written by \`npm run test:testssl\` (\`test/servers/tls/broken-tls.test.ts\`), with testssl.sh ${version}, which was asked for versions, ciphers,
forward secrecy, certificates and renegotiation. Its findings of medium weight and above count, each once a server.

${rows.length} of the ${all} servers of the test have been looked at: ${rows.length - good} with a fault, and ${good} good. testssl.sh finds ${found + missed + uncovered} things; of the ${found + missed} that Node’s TLS can
see, \`check\` finds ${found}: recall ${recall.toFixed(3)}. ${uncovered} stand in every report of \`check\` as not covered.

| server | made | \`check\`: what costs the grade | testssl.sh, found by \`check\` too | testssl.sh, named as not covered | testssl.sh, missed |
| --- | --- | --- | --- | --- | --- |
${lines.join('')}`;
}

/** The rows of a page that was rendered before. */
export function parseMatrix(page: string): readonly MatrixRow[] {
	return page.split('\n').flatMap((line) => {
		const [, server = '', made, costly = '', found = '', uncovered = '', missed = ''] = line.split('|').map((text) => text.trim());
		if (made !== 'good' && made !== 'faulty') return [];
		return [
			{
				server,
				isGood: made === 'good',
				costly: words(costly).map((code) => code.replaceAll('`', '')),
				found: words(found),
				uncovered: words(uncovered),
				missed: words(missed),
			},
		];
	});
}
