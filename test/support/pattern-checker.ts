/** Finds the regular expressions of source files, and proves that they are linear: `recheck` proves it from the pattern, or finds the text that is an attack. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

// The checker in JavaScript, not the binary for one platform.
process.env.RECHECK_SYNC_BACKEND = 'pure';
const { checkSync } = await import('recheck');

const SOURCE = join(import.meta.dirname, '../../src');

export interface Pattern {
	readonly source: string;
	readonly flags: string;
	readonly file: string;
}

export function patternsOf(file: string): { readonly literals: readonly Pattern[]; readonly isComposing: boolean } {
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

/** Source files, by their paths below src. */
export function sourceFiles(isWanted: (file: string) => boolean): readonly string[] {
	return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && isWanted(file))
		.sort();
}

/**
 * The checker takes an attack for one when the match takes a second. On a busy machine a harmless one does, so that only the number of steps
 * that a match takes may decide.
 */
const NO_CLOCK = { seedingTimeout: null, incubationTimeout: null, attackTimeout: null };

/** "safe", or what is wrong with it. */
export function complexityOf({ source, flags }: Pattern): string {
	const found = checkSync(source, flags, { ...NO_CLOCK, timeout: 600_000 });
	return found.status === 'vulnerable' ? `${found.complexity.summary}, attacked by ${found.attack.pattern}` : found.status;
}

/** Patterns that are not linear, as one line each. */
export function slowPatterns(patterns: readonly Pattern[]): readonly string[] {
	const distinct = new Map(patterns.map((each) => [`/${each.source}/${each.flags}`, each]));
	return [...distinct].map(([text, each]) => `${each.file}: ${text}: ${complexityOf(each)}`).filter((line) => !line.endsWith(': safe'));
}
