/** Builds what browsers load, from src/web into public/assets. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** The entry points, each served as /assets/{name}: scripts, style sheets, pictures. What a page loads later becomes a file of its own. */
const ENTRY_POINTS = [
	'setup/setup.ts',
	'setup/setup.css',
	'console/console.tsx',
	'console/console.css',
	'reference/search-reference.ts',
	'reference/reference.css',
	'reference/try-api.ts',
	'reference/try-api.css',
	'icon.svg',
];

/** Builds all of them. Throws with esbuild's message where something does not build. */
export async function buildWeb(): Promise<void> {
	const outdir = join(ROOT, 'public/assets');
	await rm(outdir, { recursive: true, force: true });
	await build({
		absWorkingDir: ROOT,
		entryPoints: ENTRY_POINTS.map((name) => `src/web/${name}`),
		entryNames: '[name]',
		outdir,
		bundle: true,
		minify: true,
		format: 'esm',
		splitting: true,
		chunkNames: 'chunk-[hash]',
		target: ['es2022', 'chrome109', 'firefox115', 'safari15.6'],
		jsx: 'automatic',
		jsxImportSource: 'preact',
		loader: { '.svg': 'copy' },
		legalComments: 'none',
		logLevel: 'warning',
	});
}
