/** The judgements of `check` and of testssl.sh side by side, as docs/tls-matrix.md has them. */
import type { LabServer } from './lab-server.ts';
import type { Comparison } from './testssl.ts';

export interface MatrixRow {
	readonly server: LabServer;
	/** What costs the grade, by `check`. */
	readonly costly: readonly string[];
	/** What testssl.sh finds of medium weight and above. */
	readonly compared: readonly Comparison[];
}

/** What testssl.sh found, by what `check` makes of it. */
export function countComparisons(rows: readonly MatrixRow[]) {
	const all = rows.flatMap(({ compared }) => compared);
	const found = all.filter(({ ours }) => ours === 'found').length;
	const missed = all.filter(({ ours }) => ours === 'missed').length;
	return { found, missed, uncovered: all.length - found - missed, recall: found / (found + missed) };
}

/** @param version of testssl.sh */
export function renderMatrix(rows: readonly MatrixRow[], version: string): string {
	const { found, missed, uncovered, recall } = countComparisons(rows);
	const broken = rows.filter(({ server }) => server.codes.length > 0).length;
	const cell = (words: readonly string[]) => (words.length === 0 ? '–' : words.join(', '));
	const lines = rows.map(({ server, costly, compared }) => {
		const of = (what: (ours: Comparison['ours']) => boolean) =>
			cell([...new Set(compared.filter(({ ours }) => what(ours)).map(({ id, severity }) => `${id} (${severity})`))]);
		const unseen = of((ours) => ours !== 'found' && ours !== 'missed');
		return `| ${server.name} | ${cell(costly.map((code) => `\`${code}\``))} | ${of((ours) => ours === 'found')} | ${unseen} | ${of((ours) => ours === 'missed')} |\n`;
	});
	return `# What \`check\` finds, and what testssl.sh finds

Written by the test \`test/servers/tls/broken-tls.test.ts\` (\`npm run test:testssl\`), with testssl.sh ${version}. testssl.sh was asked for
versions, ciphers, forward secrecy, certificates, renegotiation, fall-back, common DH groups and BEAST; its findings of medium weight and
above count.

${broken} servers with a fault, ${rows.length - broken} good ones. testssl.sh finds ${found + missed + uncovered} things; of the ${found + missed} that
Node’s TLS can see, \`check\` finds ${found}: recall ${recall.toFixed(3)}. ${uncovered} stand in every report of \`check\` as not covered. On the good
servers \`check\` finds nothing that costs the grade.

| server | \`check\`: what costs the grade | testssl.sh, found by \`check\` too | testssl.sh, named as not covered | testssl.sh, missed |
| --- | --- | --- | --- | --- |
${lines.join('')}`;
}
