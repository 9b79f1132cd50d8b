/**
 * Every regular expression that strangers' text may meet takes time in proportion to the text, and no more: a request of 100 KB must not
 * hold up everybody else. Those that meet lines of logs and mail servers' settings are in test/cli/linear-patterns.slow.test.ts, as their proofs take minutes.
 */
import { describe, expect, it } from 'vitest';
import { complexityOf, patternsOf, slowPatterns, sourceFiles } from './support/pattern-checker.ts';

/** Run on the operator's machine over the operator's own files, such as this checkout. */
const OWN_INPUT = /^(?:tools|cli\/(?:usage|mail-server|signing|workspace|commands|terminal))(?:\/|\.)/;

/** Patterns that are put together when the program runs: from texts of the program itself, each looked at by hand. */
const COMPOSED_PATTERNS = ['contract/console-routes.ts'];

const parsed = sourceFiles((file) => !OWN_INPUT.test(file)).map((file) => ({ file, ...patternsOf(file) }));

describe('regular expressions', () => {
	it('are found by the test, and judged by the checker', () => {
		expect(parsed.flatMap(({ literals }) => literals).length).toBeGreaterThan(60);
		expect(complexityOf({ source: 'Thunderbird.*Android|K-9', flags: 'i', file: '' })).toContain('polynomial');
		expect(complexityOf({ source: '^(a+)+$', flags: '', file: '' })).toContain('exponential');
	});

	it('are all linear', { timeout: 600_000 }, () => {
		expect(slowPatterns(parsed.flatMap(({ literals }) => literals))).toEqual([]);
	});

	it('are written as literals, which the checker can read', () => {
		expect(parsed.filter(({ isComposing }) => isComposing).map(({ file }) => file)).toEqual(COMPOSED_PATTERNS);
	});
});
