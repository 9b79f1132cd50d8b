/** The rules of docs/architecture.md: which folder of src/ may import which, and what the pure folders must not do. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

const FLOOR: Readonly<Record<string, number>> = {
	lib: 0,
	model: 1,
	protocols: 2,
	contract: 2,
	hostnames: 2,
	store: 3,
	dns: 3,
	http: 4,
	admin: 4,
	cli: 4,
	web: 4,
	// The folders that put everything together, for a platform or for a build, may import every other.
	worker: 5,
	node: 5,
	tools: 5,
};

/** Packages and built-ins that belong to some folders only. */
const RESERVED: readonly { readonly module: RegExp; readonly folders: readonly string[] }[] = [
	{ module: /^hono(\/|$)/, folders: ['http', 'admin', 'tools'] },
	{ module: /^cloudflare:/, folders: ['worker'] },
	{ module: /^node:/, folders: ['cli', 'tools', 'node'] },
	{ module: /^preact(\/|$)/, folders: ['web'] },
	{ module: /^wrangler$/, folders: ['cli', 'tools'] },
];

const PURE = ['lib', 'model', 'protocols', 'contract', 'hostnames', 'dns', 'store/ports', 'store/objects'];

// The clock, random numbers and I/O. `new Date(time)` only computes; `new Date()` reads the clock.
const IMPURE =
	/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b|\bfetch\(|\bsetTimeout\b|\bsetInterval\b|\bconsole\.|\bprocess\.|\bperformance\./;

/** The one file below the shells that writes to the log. */
const LOG_WRITER = 'lib/log.ts';

/** Names that may stand twice, and why. */
const REPEATED_NAMES: ReadonlySet<string> = new Set([
	// A file of a command is named after the command; the file that does the work may have the same name.
	'import',
	'usage',
	'zone',
	'check',
	'trace',
	'signing',
	'dovecot',
	'postfix',
	// A protocol, and the step of a mail client's discovery that uses it.
	'pacc',
	'autoconfig',
	// The command `record`, and the schema of a record.
	'record',
	// The encoder, and the element that shows a code; the tables of a keeper, and the generator of the JSON Schema.
	'qr-code',
	'schema',
]);

interface SourceFile {
	/** Below src/, with slashes. */
	readonly path: string;
	readonly text: string;
}

/** Every breach of the rules in a set of source files. */
function violations(sources: readonly SourceFile[]): readonly string[] {
	return sources.flatMap(({ path, text }) => {
		const folder = path.includes('/') ? (path.split('/')[0] ?? '.') : '.';
		const code = withoutComments(text);
		return [
			...importedModules(code).flatMap((module) => importViolations(path, folder, module)),
			...(PURE.some((pure) => path.startsWith(`${pure}/`)) && path !== LOG_WRITER && IMPURE.test(code)
				? [`${path}: does what a pure floor must not`]
				: []),
			...(/\b(as any|: any|<any>)\b/.test(code) ? [`${path}: any`] : []),
			...(/^\s*(export )?(const )?enum /m.test(code) ? [`${path}: enum`] : []),
			...classViolations(path, folder, code),
			...(KEPT_PROMISE.test(code) && !mayKeepPromises(path, folder) ? [`${path}: keeps a promise`] : []),
			...handMadeFacts(path, code),
			...handMadePorts(path, code),
			...leaningComments(path, text),
			...(text.split('\n').length > 301 ? [`${path}: more than 300 lines`] : []),
			...(/^[a-z0-9]+([.-][a-z0-9]+)*\.(tsx?|d\.ts)$/.test(basename(path)) ? [] : [`${path}: not kebab-case`]),
			...(/(^|\/)(utils?|helpers?|common|types|index)(\/|\.tsx?$)/.test(path) ? [`${path}: a name that says nothing`] : []),
		];
	});
}

/** Keepers are plain classes; Durable Objects must be classes, and only pass calls on. Everything else is functions. */
function classViolations(path: string, folder: string, code: string): readonly string[] {
	if (path.endsWith('.d.ts')) return [];
	const classes = [...code.matchAll(/^\s*(?:export )?(?:abstract )?class \w+( extends \w+)?/gm)].map((match) => match[1] ?? '');
	const allowed = path.startsWith('store/objects/') ? '' : folder === 'worker' ? ' extends DurableObject' : null;
	return classes.filter((parent) => parent !== allowed).map(() => `${path}: class`);
}

/**
 * A variable or a member that holds a promise. Workers drop what a request has begun when its connection ends: a promise that one request
 * keeps for others then never settles for them (panva/jose#355, for which its key set was changed). A finished value may be kept.
 */
const KEPT_PROMISE = /^\s*(let|readonly|#\w+|(private|public) \w+)\b[^=(\n]*:[^=(\n]*\bPromise</m;

/** A Durable Object serves all its requests in one context, and a process of its own has no such rule. */
function mayKeepPromises(path: string, folder: string): boolean {
	return path.startsWith('store/objects/') || ['cli', 'tools', 'web', 'node'].includes(folder);
}

/** Facts that have one place in the house, written again in another. */
const FACTS: readonly { readonly pattern: RegExp; readonly place: string; readonly fault: string }[] = [
	{ pattern: /\b(86_?400(_?000)?|3_?600_?000|864e5)\b/, place: 'lib/time.ts', fault: 'writes the length of a day or an hour by hand' },
	{ pattern: /['"`]&(amp|lt|gt|quot|#39);/, place: '', fault: 'escapes HTML by hand' },
	{ pattern: /signpost\.invalid' as Domain/, place: 'model/dns-record.ts', fault: 'names the unknown DNS target again' },
	{ pattern: /JSON\.stringify\(\{ level:/, place: 'lib/log.ts', fault: 'makes a log line by hand' },
	{ pattern: /(?<!function )\b(?:atob|btoa)\(/, place: 'lib/base64.ts', fault: 'writes or reads base64 by hand' },
	{ pattern: /instanceof Error \? \w+\.message/, place: 'lib/error-message.ts', fault: 'takes the message out of a failure by hand' },
];

/** A port of IMAP, POP3 or submission as a number in the code; texts for people may name ports. */
const MAIL_PORT = /(?<![\w.])(?:110|143|465|587|993|995)(?![\w.%])/;

function handMadePorts(path: string, code: string): readonly string[] {
	// Examples of requests are data, like a fixture.
	if (path === 'model/service-ports.ts' || path === 'tools/api/api-examples.ts' || path.endsWith('.tsx')) return [];
	const withoutTexts = code.replace(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/(?:\\.|[^/\\\n])+\/[a-z]*/g, "''");
	return MAIL_PORT.test(withoutTexts) ? [`${path}: writes a port by hand`] : [];
}

function handMadeFacts(path: string, code: string): readonly string[] {
	return FACTS.flatMap(({ pattern, place, fault }) => (path !== place && pattern.test(code) ? [`${path}: ${fault}`] : []));
}

// A comment that makes no sense without the one before it.
const LEANING_COMMENT =
	/(?:\/\/|\*)\s*(?:(?:As above|As before|The same|Meanwhile|See above|Likewise|Ditto)\.(?:\s|\*|$)|The same(?:,| of| for| from))/im;

function leaningComments(path: string, text: string): readonly string[] {
	return LEANING_COMMENT.test(text) ? [`${path}: a comment that leans on another`] : [];
}

/** Circles of imports, type-only ones included: each is the way once round, from its first file in the alphabet. */
function importCircles(sources: readonly SourceFile[]): readonly string[] {
	const known = new Set(sources.map(({ path }) => path));
	const imports = new Map(
		sources.map(({ path, text }) => [
			path,
			importedModules(withoutComments(text))
				.filter((module) => module.startsWith('.'))
				.map((module) => posix.normalize(posix.join(dirname(path), module)))
				.filter((target) => known.has(target)),
		]),
	);
	const circles = new Set<string>();
	const done = new Set<string>();
	const visit = (path: string, way: readonly string[]): void => {
		const at = way.indexOf(path);
		if (at >= 0) {
			const round = way.slice(at);
			const first = round.indexOf(round.toSorted()[0] ?? '');
			circles.add([...round.slice(first), ...round.slice(0, first)].join(' > '));
			return;
		}
		if (done.has(path)) return;
		for (const target of imports.get(path) ?? []) visit(target, [...way, path]);
		done.add(path);
	};
	for (const path of imports.keys()) visit(path, []);
	return [...circles];
}

/** Files of the same name in different folders: a search by name would find both. */
function repeatedNames(paths: readonly string[]): readonly string[] {
	const byName = Map.groupBy(paths, (path) => basename(path).replace(/\.tsx?$/, ''));
	return [...byName].flatMap(([name, same]) => (same.length > 1 && !REPEATED_NAMES.has(name) ? [`${name}: ${same.join(', ')}`] : []));
}

const MAX_FILES_IN_FOLDER = 20;

function crowdedFolders(paths: readonly string[]): readonly string[] {
	const byFolder = Map.groupBy(paths, (path) => dirname(path));
	return [...byFolder].flatMap(([folder, files]) => (files.length > MAX_FILES_IN_FOLDER ? [`${folder}: ${files.length} files`] : []));
}

function withoutComments(text: string): string {
	return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

function importedModules(code: string): readonly string[] {
	const found = [...code.matchAll(/\b(?:from\s+|import\s+|import\(\s*)(['"])([^'"]+)\1/g)].map((match) => match[2] ?? '');
	const dynamic = [...code.matchAll(/\bimport\(([^'")]*)\)/g)].map(() => 'import() of something that is not a string');
	return [...found, ...dynamic];
}

function importViolations(path: string, folder: string, module: string): readonly string[] {
	const reserved = RESERVED.find((rule) => rule.module.test(module));
	if (reserved !== undefined) return reserved.folders.includes(folder) ? [] : [`${path}: imports ${module}`];
	if (!module.startsWith('.')) return module.includes(' ') ? [`${path}: ${module}`] : [];
	if (!/\.(tsx?|json)$/.test(module)) return [`${path}: imports ${module} without its ending`];
	const target = posix.normalize(posix.join(dirname(path), module)).split('/')[0] ?? '';
	if (target === folder) return [];
	const [from, to] = [FLOOR[folder], FLOOR[target]];
	return from !== undefined && to !== undefined && to < from ? [] : [`${path}: imports ${module}, which is not on a lower floor`];
}

function readSources(folder: string): readonly SourceFile[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('worker-configuration.d.ts'))
		.map((file) => ({ path: file.replaceAll('\\', '/'), text: readFileSync(join(ROOT, folder, file), 'utf8') }));
}

const SOURCE_FILES = readSources('src');

describe('the source folders', () => {
	it('keep the rules', () => {
		expect(SOURCE_FILES.length).toBeGreaterThan(30);
		expect(violations(SOURCE_FILES)).toEqual([]);
	});

	it('have no circles', () => {
		expect(importCircles(SOURCE_FILES)).toEqual([]);
	});

	it('have no repeated file names and at most 20 files each', () => {
		const paths = SOURCE_FILES.map(({ path }) => path);
		expect(repeatedNames(paths)).toEqual([]);
		expect(crowdedFolders(paths)).toEqual([]);
	});

	it('are made of small files', () => {
		const lengths = SOURCE_FILES.map(({ text }) => text.split('\n').length).toSorted((a, b) => a - b);
		expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(100);
	});

	it('are beside the known files and folders only', () => {
		const visible = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !['node_modules', 'dist', 'coverage'].includes(name));
		expect(visible.toSorted()).toEqual(
			[
				'CHANGELOG.md',
				'LICENSE',
				'README.md',
				'biome.json',
				'docs',
				'package-lock.json',
				'package.json',
				'public',
				'src',
				'test',
				'tsconfig.json',
				'vitest.config.ts',
				'wrangler.toml',
			].toSorted(),
		);
	});
});

describe('the rules', () => {
	const bad: readonly (readonly [string, SourceFile])[] = [
		['upwards', { path: 'model/a.ts', text: "import { b } from '../protocols/b.ts';" }],
		['sideways', { path: 'admin/a.ts', text: "import { b } from '../http/b.ts';" }],
		['dynamically upwards', { path: 'lib/a.ts', text: "const b = await import('../model/b.ts');" }],
		['a computed import', { path: 'lib/a.ts', text: 'const b = await import(name);' }],
		['hono below its floor', { path: 'store/a.ts', text: "import { Hono } from 'hono';" }],
		['node in the Worker', { path: 'http/a.ts', text: "import { readFile } from 'node:fs';" }],
		['Cloudflare in a shell', { path: 'http/a.ts', text: "import { env } from 'cloudflare:workers';" }],
		['the clock', { path: 'protocols/a.ts', text: 'const now = Date.now();' }],
		['dice', { path: 'lib/a.ts', text: 'const dice = Math.random();' }],
		['a request', { path: 'dns/a.ts', text: "await fetch('https://example.com');" }],
		['any', { path: 'lib/a.ts', text: 'const a = b as any;' }],
		['Preact outside the pages', { path: 'http/a.tsx', text: "import { render } from 'preact';" }],
		['an enum', { path: 'lib/a.ts', text: 'export enum A { B }' }],
		['a class', { path: 'lib/a.ts', text: 'export class A {}' }],
		['a Durable Object below the platform', { path: 'store/objects/a.ts', text: 'export class A extends DurableObject<Env> {}' }],
		['a plain class in the Worker', { path: 'worker/a.ts', text: 'export class A {}' }],
		['the clock in a keeper', { path: 'store/objects/a.ts', text: 'const now = Date.now();' }],
		['a promise kept in a variable', { path: 'http/a.ts', text: '\tlet latest: { at: number; found: Promise<string> } | null = null;' }],
		['a promise kept in a member', { path: 'http/a.ts', text: '\treadonly identity: Promise<string>;' }],
		['a name that says nothing', { path: 'lib/utils.ts', text: '' }],
		['CamelCase', { path: 'lib/FooBar.ts', text: '' }],
		['length', { path: 'lib/a.ts', text: '\n'.repeat(400) }],
		['a day by hand', { path: 'http/a.ts', text: 'const DAY = 86_400_000;' }],
		['an HTML escaper by hand', { path: 'cli/a.ts', text: "text.replaceAll('<', '&lt;')" }],
		['a log line by hand', { path: 'http/a.ts', text: "console.error(JSON.stringify({ level: 'error', code }));" }],
		['a comment that leans on another', { path: 'http/a.ts', text: '// As above.' }],
		['a block comment that does', { path: 'http/a.ts', text: '/** The same. */' }],
		['a comment that is no sentence without the one above it', { path: 'http/a.ts', text: '/** The same of a log. */' }],
		['a port by hand', { path: 'dns/a.ts', text: 'const port = secure ? 465 : 587;' }],
		['the message of an error by hand', { path: 'cli/a.ts', text: "reason: error instanceof Error ? error.message : ''" }],
		['base64 by hand', { path: 'http/a.ts', text: 'const text = btoa(String.fromCharCode(...bytes));' }],
		['no ending', { path: 'model/a.ts', text: "import { b } from '../lib/b';" }],
	];
	it.each(bad)('refuse %s', (_, source) => {
		expect(violations([source])).not.toEqual([]);
	});

	it.each([
		[
			'of two',
			[
				{ path: 'http/a.ts', text: "import { b } from './b.ts';" },
				{ path: 'http/b.ts', text: "import { a } from './a.ts';" },
			],
		],
		[
			'of types',
			[
				{ path: 'http/a.ts', text: "import type { B } from './b.ts';" },
				{ path: 'http/b.ts', text: "export type { C } from './c.ts';" },
				{ path: 'http/c.ts', text: "import type { A } from './a.ts';" },
			],
		],
		['of one', [{ path: 'http/a.ts', text: "import { a } from './a.ts';" }]],
	])('refuse a circle %s', (_, sources) => {
		expect(importCircles(sources)).toEqual([sources.map(({ path }) => path).join(' > ')]);
	});

	it('allow two ways to the same file', () => {
		const sources = [
			{ path: 'http/a.ts', text: "import './b.ts'; import './c.ts';" },
			{ path: 'http/b.ts', text: "import './c.ts';" },
			{ path: 'http/c.ts', text: '' },
		];
		expect(importCircles(sources)).toEqual([]);
	});

	it('refuse a repeated name and a crowded folder', () => {
		expect(repeatedNames(['http/a.ts', 'admin/a.tsx'])).toHaveLength(1);
		expect(crowdedFolders(Array.from({ length: 21 }, (_, at) => `http/file-${at}.ts`))).toHaveLength(1);
	});

	const good: readonly (readonly [string, SourceFile])[] = [
		['a lower floor', { path: 'protocols/a.ts', text: "import { b } from '../lib/b.ts';" }],
		['its own folder', { path: 'cli/check/a.ts', text: "import { b } from '../b.ts';" }],
		['a Durable Object', { path: 'worker/a.ts', text: 'export class A extends DurableObject<Env> {}' }],
		['a keeper', { path: 'store/objects/a.ts', text: 'export class A implements B {}' }],
		['a member that returns a promise', { path: 'http/a.ts', text: '\treadonly read: () => Promise<string>;' }],
		['a method that returns a promise', { path: 'http/a.ts', text: '\tread(): Promise<string>;' }],
		['an entry point', { path: 'worker/a.ts', text: "import { env } from 'cloudflare:workers'; import { a } from '../http/a.ts';" }],
		['a port in a text', { path: 'cli/a.ts', text: "const help = 'from 587 to 465';" }],
		['arithmetic on dates', { path: 'model/a.ts', text: 'new Date(now).toISOString();' }],
		['a word in a comment', { path: 'model/a.ts', text: '// Date.now() would be the clock' }],
	];
	it.each(good)('allow %s', (_, source) => {
		expect(violations([source])).toEqual([]);
	});
});
