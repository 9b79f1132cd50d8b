/**
 * Follows a page of the documentation: every block marked `sh run` is run by bash as it stands, one after the other, in one shell, in a copy of
 * the checkout. The port of `npm start` is the one thing that is replaced, since tests run side by side.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { CHECKOUT, type DocPage, type FencedBlock } from '../support/doc-pages.ts';
import { spawnService } from '../support/start-service.ts';

/** What a newcomer has after `git clone` and `npm start`, as far as commands of the pages need it. */
const COPIED = ['.npmrc', 'package.json', 'package-lock.json', 'public', 'src', 'tsconfig.json', 'wrangler.toml', '.gitignore'];

const ADMIN_TOKEN = 'operator-token-of-the-documentation-0123';

export interface RanBlock {
	readonly block: FencedBlock;
	/** Standard output and standard error, as they came. */
	readonly output: string;
	/** What the page says that it prints; null where it says nothing. */
	readonly expected: string | null;
}

/** Runs a page's blocks. Throws, with everything that was printed, when one of them fails otherwise than the page says. */
export async function runPage({ file, blocks }: DocPage): Promise<readonly RanBlock[]> {
	const folder = await mkdtemp(join(tmpdir(), 'signpost-docs-'));
	const runs = blocks.filter(isRun);
	const needsService = runs.some(({ text }) => text.includes(':8787'));
	const service = needsService ? await spawnService(join(folder, '.wrangler/state'), { ADMIN_TOKEN }, ['--var', 'SELF_SERVICE:on']) : null;
	try {
		await copyCheckout(folder);
		const script = runs.map((block, index) => renderStep(block, index, service?.port ?? 0)).join('\n');
		const { code, output } = await runBash(folder, `set -eu\n${script}\nprintf '\\n== end ==\\n'\n`);
		const parts = output.split(/\n== step \d+ ==\n/).slice(1);
		const last = runs[parts.length - 1];
		if (code !== 0 || parts.length !== runs.length)
			throw new Error(`${file}:${last?.line ?? 0}: exit code ${code}\n${output}\n${service?.output().slice(-2000) ?? ''}`);
		return runs.map((block, index) => ({
			block,
			output: (parts[index] ?? '').replace(/\n== end ==\n$/, ''),
			expected: expectedOutput(blocks, block),
		}));
	} finally {
		await service?.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

export function isRun({ language, words }: FencedBlock): boolean {
	return language === 'sh' && words[0] === 'run';
}

/** A `text output` block right behind it. */
function expectedOutput(blocks: readonly FencedBlock[], block: FencedBlock): string | null {
	const next = blocks[blocks.indexOf(block) + 1];
	return next !== undefined && next.language === 'text' && next.words[0] === 'output' ? next.text : null;
}

/** `exits-1` behind `run`: the page shows a command that is meant to find something. */
function renderStep({ text, words }: FencedBlock, index: number, port: number): string {
	const commands = text.replaceAll(':8787', `:${port}`);
	const exits = /^exits-(\d)$/.exec(words[1] ?? '')?.[1];
	const body = exits === undefined ? commands : `code=0\n(\n${commands}) || code=$?\ntest "$code" -eq ${exits}\n`;
	return `printf '\\n== step ${index} ==\\n'\n${body}`;
}

async function copyCheckout(folder: string): Promise<void> {
	for (const name of COPIED) await cp(join(CHECKOUT, name), join(folder, name), { recursive: true, preserveTimestamps: true });
	await symlink(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'));
	await symlink(join(CHECKOUT, 'test'), join(folder, 'test'));
	// The pages write `signpost` for `npx signpost`, which costs a second each time.
	await mkdir(join(folder, '.bin'));
	const tool = `#!/bin/sh\nexec ${process.execPath} ${join(folder, 'src/cli/main.ts')} "$@"\n`;
	await writeFile(join(folder, '.bin/signpost'), tool, { mode: 0o755 });
}

function runBash(folder: string, script: string): Promise<{ readonly code: number | null; readonly output: string }> {
	return new Promise((resolve, reject) => {
		const { FORCE_COLOR: _, ...inherited } = process.env;
		const env = { ...inherited, PATH: `${join(folder, '.bin')}:${process.env.PATH}`, ADMIN_TOKEN, NO_COLOR: '1' };
		const child = spawn('bash', ['-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		for (const stream of [child.stdout, child.stderr])
			stream.on('data', (chunk) => {
				output += stripVTControlCharacters(String(chunk));
			});
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, output }));
	});
}
