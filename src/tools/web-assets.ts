/** Builds what browsers load, from src/web into public/assets. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** What the name of a file ends in that is being written. */
const UNFINISHED = '.unfinished';

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

/** Builds all of them for a service of this checkout. Throws with esbuild's message where something does not build. */
export async function buildWeb(): Promise<void> {
	await buildWebInto(join(ROOT, 'public/assets'));
}

/**
 * Builds all of them. A service that serves the same folder goes on meanwhile: what has not changed is not touched, and what has changed is
 * replaced in one go.
 * @param outdir the folder, which has nothing else in it
 */
export async function buildWebInto(outdir: string): Promise<void> {
	const { outputFiles } = await build({
		write: false,
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
	await mkdir(outdir, { recursive: true });
	for (const { path, contents } of outputFiles) await replaceFile(path, contents);
	const built = new Set(outputFiles.map(({ path }) => basename(path)));
	// Another build may be under way.
	const stale = (await readdir(outdir)).filter((name) => !built.has(name) && !name.endsWith(UNFINISHED));
	for (const name of stale) await rm(join(outdir, name), { recursive: true, force: true });
}

/** Writes a file, unless it has these contents already. Whoever reads it meanwhile gets the old or the new one, whole. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
	const old = await readFile(path).catch(() => null);
	if (old !== null && Buffer.compare(old, contents) === 0) return;
	const fresh = `${path}.${process.pid}${UNFINISHED}`;
	await writeFile(fresh, contents);
	await rename(fresh, path);
}
