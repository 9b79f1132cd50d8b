/** Every command of the documentation that can be run on this machine, run as it stands. */
import { describe, expect, it } from 'vitest';
import { readDocPages } from '../support/doc-pages.ts';
import { isRun, runPage } from './run-page.ts';

const PAGES = readDocPages().filter(({ blocks }) => blocks.some(isRun));

describe('the commands of the documentation', () => {
	it.each(PAGES.map((page) => [page.file, page] as const))('%s', async (file, page) => {
		for (const { block, output, expected } of await runPage(page))
			if (expected !== null) expect(missingLine(output, expected), `${file}:${block.line} printed:\n${output}`).toBeNull();
	});
});

/**
 * The first line that a page shows and the command did not print, in that order; null where there is none. `…` stands for any text in a line,
 * and a line of its own for any lines.
 */
function missingLine(output: string, expected: string): string | null {
	let rest = output.split('\n').map((line) => line.trimEnd());
	for (const line of expected.split('\n').map((text) => text.trimEnd())) {
		if (line === '' || line === '…') continue;
		const pattern = new RegExp(`^${line.split('…').map(escapePattern).join('.*')}$`);
		const at = rest.findIndex((printed) => pattern.test(printed));
		if (at < 0) return line;
		rest = rest.slice(at + 1);
	}
	return null;
}

function escapePattern(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
