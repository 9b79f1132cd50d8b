/** The built Worker, as `npm run deploy` uploads it: its size, and how long its modules take to load. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { median } from './statistics.ts';

export interface WorkerBundle {
	/** One file. */
	readonly file: string;
	readonly bytes: number;
	readonly gzipBytes: number;
	/** Milliseconds to import the bundle in node: parsing and everything at module level. */
	readonly importMs: number;
}

/**
 * Builds into `folder` as entry.js. Throws with Wrangler's output when it fails.
 * @param style `readable`: not minified, with the path of each source file before it
 */
export function buildWorker(folder: string, style: 'minified' | 'readable'): WorkerBundle {
	const wrangler = createRequire(import.meta.url).resolve('wrangler');
	const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', WRANGLER_WRITE_LOGS: 'false' };
	const run = spawnSync(
		process.execPath,
		[wrangler, 'deploy', '--dry-run', ...(style === 'minified' ? ['--minify'] : []), '--outdir', folder],
		{ env, encoding: 'utf8' },
	);
	if (run.status !== 0) throw new Error(`the build failed:\n${run.stdout}${run.stderr}`);
	const file = join(folder, 'entry.js');
	const source = readFileSync(file);
	return { file, bytes: source.byteLength, gzipBytes: gzipSync(source, { level: 9 }).byteLength, importMs: measureImport(file) };
}

// What the runtime provides and node does not, with just enough in it for the modules to load.
const RUNTIME_STUB = `
export const env = new Proxy({}, { get: () => '' });
export const exports = {};
export class DurableObject {}
export class WorkerEntrypoint {}
export const connect = () => undefined;
export const waitUntil = () => undefined;`;

function measureImport(file: string): number {
	const program = `
import { registerHooks } from 'node:module';
const url = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(RUNTIME_STUB)});
registerHooks({ resolve: (name, context, next) => name.startsWith('cloudflare:') ? { url, shortCircuit: true } : next(name, context) });
await import('cloudflare:workers');
const begun = performance.now();
await import(${JSON.stringify(file)});
process.stdout.write(String(performance.now() - begun));
`;
	const times = Array.from({ length: 9 }, () => {
		const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
		if (run.status !== 0) throw new Error(`the bundle does not load:\n${run.stderr}`);
		return Number(run.stdout);
	});
	return median(times);
}
