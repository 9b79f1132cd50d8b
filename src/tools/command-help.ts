/** What docs/cli.md prints: the help of every command, as the tool itself prints it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A section for each command, with what `signpost COMMAND --help` prints, in the order of `signpost --help`. */
export async function readCommandHelp(checkout: string): Promise<string> {
	const overview = await signpost(checkout, '--help');
	const commands = overview.split('\n').flatMap((line) => /^ {2}([a-z][a-z-]*) {2,}\S/.exec(line)?.[1] ?? []);
	// Each call starts a process, so only a few run at the same time.
	const sections: string[] = [];
	for (let at = 0; at < commands.length; at += 4)
		sections.push(...(await Promise.all(commands.slice(at, at + 4).map((name) => renderSection(checkout, name)))));
	return ['```text', overview.trim(), '```', '', ...sections].join('\n');
}

async function renderSection(checkout: string, command: string): Promise<string> {
	return `### signpost ${command}\n\n\`\`\`text\n${(await signpost(checkout, command, '--help')).trim()}\n\`\`\`\n`;
}

async function signpost(checkout: string, ...words: readonly string[]): Promise<string> {
	const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' };
	return (await run(process.execPath, [join(checkout, 'src/cli/main.ts'), ...words], { env })).stdout;
}
