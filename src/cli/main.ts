/** The entry point of `signpost`: finds the command, prints help, and ends with the exit code that the command returns. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { runCommand } from 'citty';
import { errorStack } from '../lib/error-message.ts';
import { COMMANDS, HELP_FOOTER, HELP_HEADER, resolveValue } from './command-table.ts';
import { renderHelp } from './help.ts';
import { optionsError } from './options.ts';
import { columns, type ExitCode, fail, hint, paint, write } from './terminal.ts';
import { fileFailure } from './text-files.ts';

async function main(words: readonly string[]): Promise<ExitCode> {
	const [name, ...rest] = words;
	if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
		write(
			HELP_HEADER +
				columns(Object.entries(COMMANDS).map(([command, { summary }]) => [`  ${paint('cyan', command)}`, summary])) +
				HELP_FOOTER,
		);
		return name === undefined ? 2 : 0;
	}
	if (name === '--version' || name === '-v') {
		write(`${await readVersion()}\n`);
		return 0;
	}
	const entry = COMMANDS[name];
	if (entry === undefined)
		return fail({
			message: `there is no command "${name}"`,
			hint: `Commands: ${Object.keys(COMMANDS).join(', ')}. signpost --help says what they do.`,
		});
	const { default: command, examples } = await entry.load();
	if (rest.includes('--help') || rest.includes('-h')) {
		const meta = await resolveValue(command.meta);
		write(renderHelp(name, meta?.description ?? entry.summary, (await resolveValue(command.args)) ?? {}, examples));
		return 0;
	}
	const strange = optionsError(rest, await resolveValue(command.args));
	if (strange !== null) return fail({ message: strange, hint: `signpost ${name} --help lists the options.` });
	const { result } = await runCommand(command, { rawArgs: rest });
	return result === 1 || result === 2 ? result : 0;
}

/** The version in package.json, which stands beside the bundle, or two folders above this source file. */
async function readVersion(): Promise<string> {
	for (const place of ['./package.json', '../../package.json']) {
		const text = await readFile(fileURLToPath(new URL(place, import.meta.url).href), 'utf8').catch(() => null);
		if (text !== null) return JSON.parse(text).version;
	}
	return 'unknown';
}

// The reading thread of `usage` loads what this program is: in the bundle there is no other file.
if (!isMainThread) await import('./usage/forms/reading-thread.ts');
else await run();

async function run(): Promise<void> {
	// A program that stops reading our output, such as `head`, is not a failure of ours.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE') process.exit();
		throw error;
	});

	try {
		process.exitCode = await main(process.argv.slice(2));
	} catch (error) {
		// citty throws a CLIError where an argument is missing or not one of its options, and the system where a file or folder cannot be used.
		// Anything else is a bug, and is shown with its stack.
		const file = fileFailure(error, undefined);
		if (error instanceof Error && error.name === 'CLIError')
			process.exitCode = fail({ message: stripVTControlCharacters(error.message), hint: `signpost ${process.argv[2]} --help` });
		else if (file !== null) process.exitCode = fail(file);
		else {
			hint(errorStack(error));
			process.exitCode = 2;
		}
	}
}
