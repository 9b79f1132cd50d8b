/**
 * Every regular expression that strangers' text may meet takes time in proportion to the text, and no more: a request of 100 KB must not
 * hold up everybody else. `recheck` proves it from the pattern, or finds the text that is an attack.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';

// The checker in JavaScript, not the binary for one platform.
process.env.RECHECK_SYNC_BACKEND = 'pure';
const { checkSync } = await import('recheck');

const SOURCE = join(import.meta.dirname, '../src');

/** Run on the operator's machine over the operator's own files: log lines, settings of mail servers, this checkout. */
const OWN_INPUT = /^(?:tools|cli\/(?:usage|mail-server|signing|workspace|commands|terminal))(?:\/|\.)/;

/** Patterns that are put together when the program runs: from texts of the program itself, each looked at by hand. */
const COMPOSED_PATTERNS = ['contract/console-routes.ts'];

interface Pattern {
	readonly source: string;
	readonly flags: string;
	readonly file: string;
}

function patternsOf(file: string): { readonly literals: readonly Pattern[]; readonly isComposing: boolean } {
	const literals: Pattern[] = [];
	let isComposing = false;
	const visit = (node: unknown): void => {
		if (Array.isArray(node)) for (const each of node) visit(each);
		else if (typeof node === 'object' && node !== null) {
			if ('regex' in node && isRegexParts(node.regex)) literals.push({ source: node.regex.pattern, flags: node.regex.flags, file });
			if ('callee' in node && isNamed(node.callee, 'RegExp')) isComposing = true;
			for (const each of Object.values(node)) visit(each);
		}
	};
	visit(parseAst(readFileSync(join(SOURCE, file), 'utf8'), { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
	return { literals, isComposing };
}

function isNamed(value: unknown, name: string): boolean {
	return typeof value === 'object' && value !== null && 'name' in value && value.name === name;
}

function isRegexParts(value: unknown): value is { readonly pattern: string; readonly flags: string } {
	return typeof value === 'object' && value !== null && 'pattern' in value && 'flags' in value;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
	.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !OWN_INPUT.test(file))
	.sort();
const parsed = files.map((file) => ({ file, ...patternsOf(file) }));

function complexityOf({ source, flags }: Pattern): string {
	const found = checkSync(source, flags, { timeout: 120_000 });
	return found.status === 'vulnerable' ? `${found.complexity.summary}, attacked by ${found.attack.pattern}` : found.status;
}

describe('regular expressions', () => {
	it('are found by the test, and judged by the checker', () => {
		expect(parsed.flatMap(({ literals }) => literals).length).toBeGreaterThan(60);
		expect(complexityOf({ source: 'Thunderbird.*Android|K-9', flags: 'i', file: '' })).toContain('polynomial');
		expect(complexityOf({ source: '^(a+)+$', flags: '', file: '' })).toContain('exponential');
	});

	it('are all linear', { timeout: 600_000 }, () => {
		const distinct = new Map(parsed.flatMap(({ literals }) => literals).map((each) => [`/${each.source}/${each.flags}`, each]));
		const slow = [...distinct]
			.map(([text, each]) => `${each.file}: ${text}: ${complexityOf(each)}`)
			.filter((line) => !line.endsWith(': safe'));
		expect(slow).toEqual([]);
	});

	it('are written as literals, which the checker can read', () => {
		expect(parsed.filter(({ isComposing }) => isComposing).map(({ file }) => file)).toEqual(COMPOSED_PATTERNS);
	});
});
