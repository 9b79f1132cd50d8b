/**
 * Runs the tool as a process of its own: the sources, or with TOOL_FILE what `npm run build:cli` made of them, on the
 * Node that TOOL_NODE names.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const TOOL_FILE = process.env.TOOL_FILE ?? join(import.meta.dirname, '../../src/cli/main.ts');
const TOOL_NODE = process.env.TOOL_NODE ?? process.execPath;

export interface ToolResult {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

export function runSignpost(
	args: readonly string[],
	cwd: string,
	more: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ToolResult> {
	return new Promise((resolve) => {
		const env = { ...process.env, SIGNPOST_TOKEN: '', SIGNPOST_API: '', SIGNPOST_SITE: '', FORCE_COLOR: '', ...more.env };
		const child = spawn(TOOL_NODE, [TOOL_FILE, ...args], { cwd, env });
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
