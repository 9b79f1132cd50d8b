/** The part of the Worker that answers mail clients: what the runtime executes before it can answer the first request. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

export interface ClientPart {
	/** Minified. */
	readonly bytes: number;
	readonly gzipBytes: number;
	/** The source files in it, as paths from the root of the project. */
	readonly files: readonly string[];
}

/** Bundles the Worker with what it loads later in files of their own, and measures the entry with everything that it imports at once. */
export async function measureClientPart(): Promise<ClientPart> {
	const entryPoint = 'src/worker/entry.ts';
	const { metafile, outputFiles } = await build({
		entryPoints: [entryPoint],
		outdir: '/out',
		write: false,
		bundle: true,
		splitting: true,
		minify: true,
		metafile: true,
		format: 'esm',
		target: 'es2024',
		jsx: 'automatic',
		jsxImportSource: 'hono/jsx',
		// As wrangler bundles.
		conditions: ['workerd', 'worker', 'browser'],
		external: ['cloudflare:*'],
	});
	const texts = new Map(outputFiles.map(({ path, text }) => [fileName(path), text]));
	const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [fileName(path), output]));
	const needed = new Set([...outputs].filter(([, output]) => output.entryPoint === entryPoint).map(([name]) => name));
	// A Set that grows while it is iterated over is iterated to its new end.
	for (const name of needed) {
		for (const { path, kind } of outputs.get(name)?.imports ?? []) {
			if (kind === 'import-statement' && outputs.has(fileName(path))) needed.add(fileName(path));
		}
	}
	const code = [...needed].map((name) => texts.get(name) ?? '').join('\n');
	return {
		bytes: Buffer.byteLength(code),
		gzipBytes: gzipSync(code, { level: 9 }).byteLength,
		files: [...needed].flatMap((name) => Object.keys(outputs.get(name)?.inputs ?? {})),
	};
}

function fileName(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}
