/** Runs the tool as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

export interface Run {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

export function run(
	args: readonly string[],
	cwd: string,
	more: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
	return new Promise((resolve) => {
		const env = { ...process.env, SIGNPOST_TOKEN: '', SIGNPOST_API: '', SIGNPOST_SITE: '', FORCE_COLOR: '', ...more.env };
		const child = spawn(process.execPath, [MAIN, ...args], { cwd, env });
		let [out, err] = ['', ''];
		child.stdout.on('data', (chunk) => {
			out += chunk;
		});
		child.stderr.on('data', (chunk) => {
			err += chunk;
		});
		child.on('close', (code) => resolve({ code, out, err }));
		// A tool that ends before it has read everything is no failure of the test.
		child.stdin.on('error', () => undefined);
		child.stdin.end(more.input ?? '');
	});
}
