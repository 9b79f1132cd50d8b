/** What the pages for people claim and a machine can check: links, names of files and commands, examples, lengths. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../src/model/record.ts';
import { CHECKOUT, type DocPage, proseOf, readDocPages } from './support/doc-pages.ts';
import { KV_READ_COSTS } from './support/kv-read-costs.ts';

const PAGES = readDocPages();
/** The threat table: every row of it ends with the tests that prove it. */
const THREATS = (PAGES.find(({ file }) => file === 'docs/security.md')?.text ?? '')
	.split('\n')
	.filter((line) => line.startsWith('| ') && line.split('|').length === 7)
	.slice(2)
	.map((line) => line.split('|').map((cell) => cell.trim()));

const README = PAGES.find(({ file }) => file === 'README.md');

/** Folders and files at the top of the checkout, as a path in a page begins. */
const PATH = /^(?:src|test|docs|public|\.github|\.ci)\/[\w./{},*-]*$|^(?:wrangler\.toml|package\.json|vitest\.config\.ts|biome\.json)$/;

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
	readFileSync(join(CHECKOUT, 'package.json'), 'utf8'),
);

/** GitHub's anchor of a heading: lower case, punctuation gone, blanks as hyphens. */
function anchorOf(heading: string): string {
	return heading
		.replace(/`/g, '')
		.toLowerCase()
		.replace(/[^\p{L}\p{N} _-]/gu, '')
		.replaceAll(' ', '-');
}

function anchorsOf(page: DocPage): readonly string[] {
	return [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''));
}

/** Links to other pages or files that lead nowhere. */
function deadLinks(page: DocPage): readonly string[] {
	return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
		const link = match[1] ?? '';
		if (/^[a-z]+:/.test(link)) return [];
		const [path = '', anchor] = link.split('#', 2);
		const file = path === '' ? page.file : posix.normalize(posix.join(dirname(page.file), path));
		if (!existsSync(join(CHECKOUT, file))) return [link];
		const target = PAGES.find((other) => other.file === file);
		return anchor === undefined || (target !== undefined && anchorsOf(target).includes(anchor)) ? [] : [link];
	});
}

/** Code spans that name a file or folder which there is not. `{a,b}` stands for each, `*` for any name. */
function missingPaths(page: DocPage): readonly string[] {
	return [...proseOf(page).matchAll(/`([^`\n]+)`/g)]
		.map((match) => match[1] ?? '')
		.filter((span) => PATH.test(span) && !span.startsWith('public/assets'))
		.flatMap(expandBraces)
		.map((path) => (path.includes('*') ? dirname(path.slice(0, path.indexOf('*') + 1)) : path))
		.filter((path) => !existsSync(join(CHECKOUT, path)));
}

function expandBraces(path: string): readonly string[] {
	const [, before = '', list = '', after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(path) ?? [];
	return list === '' ? [path] : list.split(',').flatMap((each) => expandBraces(before + each.trim() + after));
}

describe.each(PAGES.map((page) => [page.file, page] as const))('%s', (_, page) => {
	it('has no dead link', () => {
		expect(deadLinks(page)).toEqual([]);
	});

	it('names files and folders that there are', () => {
		expect(missingPaths(page)).toEqual([]);
	});

	it('names npm scripts that there are', () => {
		const named = [...page.text.matchAll(/\bnpm run (?:--silent )?([a-z][a-z:-]*)/g)].map((match) => match[1] ?? '');
		expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
	});

	it('says of every shell command whether a test runs it', () => {
		const unmarked = page.blocks.filter(({ language, words }) => language === 'sh' && words[0] !== 'run' && words[0] !== 'by-hand');
		expect(unmarked.map(({ line }) => line)).toEqual([]);
	});

	it('has no example of a record that is refused', () => {
		const examples = page.blocks.filter(({ language, words }) => language === 'json' && words[0] === 'record');
		expect(examples.flatMap(({ text, line }) => (parseRecord(JSON.parse(text)).ok ? [] : [line]))).toEqual([]);
	});
});

describe('README.md', () => {
	it('is 200 lines at most, of 120 characters at most', () => {
		const lines = README?.text.trimEnd().split('\n') ?? [];
		expect(lines.length).toBeGreaterThan(100);
		expect(lines.length).toBeLessThanOrEqual(200);
		expect(lines.filter((line) => line.length > 120)).toEqual([]);
	});

	it('leads to every page', () => {
		const linked = [...(README?.text ?? '').matchAll(/\]\(([^)#\s]+)/g)].map((match) => match[1] ?? '');
		const pages = PAGES.map(({ file }) => file).filter((file) => /^(docs|\.github)\//.test(file));
		expect(pages.filter((file) => !linked.includes(file))).toEqual([]);
	});
});

function pageText(file: string): string {
	return PAGES.find((page) => page.file === file)?.text ?? '';
}

describe('docs/operate.md', () => {
	it('says of every code of /health what to do', () => {
		const sources = ['src/worker/settings.ts', 'src/worker/worker-settings.ts', 'src/http/health-handler.ts', 'src/http/signing-health.ts'];
		const text = sources.map((file) => readFileSync(join(CHECKOUT, file), 'utf8')).join('\n');
		const settings = [...text.matchAll(/'((?:setting|access|analytics|admin|service|check)(?:-[a-z]+)+)'/g)].map((match) => match[1]);
		const signing = [...text.matchAll(/^\t'?([a-z0-9-]+)'?: '/gm)].map((match) => `signing-${match[1]}`);
		const codes = [...new Set([...settings, ...signing])];
		expect(codes.length).toBeGreaterThan(12);
		expect(codes.filter((code) => !pageText('docs/operate.md').includes(`\`${code}\``))).toEqual([]);
	});

	it.each(Object.values(KV_READ_COSTS))('says how many keys of KV are read for $title', ({ title, withList, withoutList }) => {
		expect(pageText('docs/operate.md')).toContain(`| ${title} | ${withList} | ${withoutList} |`);
	});
});

describe('docs/security.md', () => {
	/** Quoted names behind a file are those of its tests. */
	const proofs = THREATS.flatMap((cells) =>
		[...(cells[5] ?? '').matchAll(/`(test\/[\w./-]+)`(?: "([^"]+)")?/g)].map(([, file = '', name]) => ({ file, name: name ?? null })),
	);

	it('has a proof for every threat', () => {
		expect(THREATS.length).toBeGreaterThan(10);
		for (const cells of THREATS) expect(cells[5], cells[1]).toMatch(/`test\//);
	});

	it.each(proofs)('names a test that exists: $file $name', ({ file, name }) => {
		const path = join(CHECKOUT, file);
		expect(existsSync(path)).toBe(true);
		if (file.endsWith('/')) expect(readdirSync(path).some((each) => each.endsWith('.test.ts'))).toBe(true);
		else expect(readFileSync(path, 'utf8')).toMatch(/\bit(?:\.each|\.for)?[(<]/);
		if (name !== null) expect(readFileSync(path, 'utf8')).toContain(`'${name}`);
	});
});

describe('docs/architecture.md', () => {
	it('names every table and column', () => {
		const folder = join(CHECKOUT, 'src/store/objects');
		const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
		const sources = files.map((name) => readFileSync(join(folder, name), 'utf8'));
		const storage = pageText('docs/architecture.md').split('## Storage')[1] ?? '';
		const tables = sources.flatMap((source) => [...source.matchAll(/CREATE TABLE IF NOT EXISTS (\w+) \(([^`']*)/g)]);
		expect(tables.length).toBeGreaterThan(5);
		const names = tables.flatMap(([, table = '', body = '']) => [
			table,
			...[...body.matchAll(/(?:^|,)\s*([a-z]\w*) (?:TEXT|INTEGER)/g)].map((match) => match[1] ?? ''),
		]);
		expect(names.filter((name) => !storage.includes(`\`${name}\``))).toEqual([]);
	});
});

describe('the check of the pages', () => {
	const page = (text: string): DocPage => ({ file: 'docs/x.md', text, blocks: [] });
	it.each(['[x](nowhere.md)', '[x](#nowhere)', '[x](records.md#nowhere)'])('sees the dead link %s', (text) => {
		expect(deadLinks(page(text))).toHaveLength(1);
	});
	it.each(['`src/nowhere.ts`', '`src/{lib,nowhere}/`', '`test/nowhere/*.ts`'])('sees the missing path %s', (text) => {
		expect(missingPaths(page(text))).toHaveLength(1);
	});
});
