/** Clients choose most of what stands in a mail log, and a configuration may come from anywhere: their patterns are linear, too. */
import { expect, it } from 'vitest';
import { patternsOf, slowPatterns, sourceFiles } from '../support/pattern-checker.ts';

const parsed = sourceFiles((file) => /^cli\/(?:usage|mail-server)\//.test(file)).map((file) => ({ file, ...patternsOf(file) }));

it('every pattern is linear', { timeout: 1_200_000 }, () => {
	const patterns = parsed.flatMap(({ literals }) => literals);
	expect(patterns.length).toBeGreaterThan(60);
	expect(slowPatterns(patterns)).toEqual([]);
});

it('none is put together when the program runs, where the checker could not read it', () => {
	expect(parsed.filter(({ isComposing }) => isComposing).map(({ file }) => file)).toEqual([]);
});
