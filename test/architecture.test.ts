/** The floors of the house: who may know whom, and what the pure floors must not do. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

const FLOOR: Readonly<Record<string, number>> = {
	lib: 0,
	model: 1,
	protocols: 2,
	contract: 2,
	store: 3,
	dns: 3,
	http: 4,
	admin: 4,
	cli: 4,
	web: 4,
	// What wires the floors together, for a platform or for a build, may know everything below.
	worker: 5,
	tools: 5,
};

/** Packages and built-ins that belong to some folders only. */
const RESERVED: readonly { readonly module: RegExp; readonly folders: readonly string[] }[] = [
	{ module: /^hono(\/|$)/, folders: ['http', 'admin'] },
	{ module: /^cloudflare:/, folders: ['worker'] },
	{ module: /^node:/, folders: ['cli', 'tools'] },
	{ module: /^preact(\/|$)/, folders: ['web'] },
	{ module: /^wrangler$/, folders: ['cli', 'tools'] },
];

const PURE = ['lib', 'model', 'protocols', 'contract', 'dns', 'store/ports', 'store/objects'];

// The clock, dice and I/O. `new Date(time)` is arithmetic; `new Date()` is the clock.
const IMPURE =
	/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b|\bfetch\(|\bsetTimeout\b|\bsetInterval\b|\bconsole\.|\bprocess\.|\bperformance\./;

/** The one file below the shells that writes to the log. */
const LOG_WRITER = 'lib/log.ts';

interface SourceFile {
	/** Below src/, with slashes. */
	readonly path: string;
	readonly text: string;
}

/** Everything wrong with a set of sources; empty when the house stands. */
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

describe('the floors', () => {
	it('are kept', () => {
		expect(SOURCE_FILES.length).toBeGreaterThan(30);
		expect(violations(SOURCE_FILES)).toEqual([]);
	});

	it('are made of small files', () => {
		const lengths = SOURCE_FILES.map(({ text }) => text.split('\n').length).toSorted((a, b) => a - b);
		expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(100);
	});

	it('stand alone at the top', () => {
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

describe('the check', () => {
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
		['no ending', { path: 'model/a.ts', text: "import { b } from '../lib/b';" }],
	];
	it.each(bad)('sees %s', (_, source) => {
		expect(violations([source])).not.toEqual([]);
	});

	const good: readonly (readonly [string, SourceFile])[] = [
		['a lower floor', { path: 'protocols/a.ts', text: "import { b } from '../lib/b.ts';" }],
		['its own folder', { path: 'cli/check/a.ts', text: "import { b } from '../b.ts';" }],
		['a Durable Object', { path: 'worker/a.ts', text: 'export class A extends DurableObject<Env> {}' }],
		['a keeper', { path: 'store/objects/a.ts', text: 'export class A implements B {}' }],
		['a member that returns a promise', { path: 'http/a.ts', text: '\treadonly read: () => Promise<string>;' }],
		['a method that returns a promise', { path: 'http/a.ts', text: '\tread(): Promise<string>;' }],
		['an entry point', { path: 'worker/a.ts', text: "import { env } from 'cloudflare:workers'; import { a } from '../http/a.ts';" }],
		['arithmetic on dates', { path: 'model/a.ts', text: 'new Date(now).toISOString();' }],
		['a word in a comment', { path: 'model/a.ts', text: '// Date.now() would be the clock' }],
	];
	it.each(good)('lets %s be', (_, source) => {
		expect(violations([source])).toEqual([]);
	});
});
