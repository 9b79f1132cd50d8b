/** `signpost`: finds the command, teaches on --help, and turns what it returns into an exit code. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, runCommand } from 'citty';
import { errorStack } from '../lib/error-message.ts';
import { renderHelp } from './help.ts';
import { optionsError } from './options.ts';
import { columns, type ExitCode, fail, hint, paint, write } from './terminal.ts';
import { fileFailure } from './text-files.ts';

/** A command's file: the citty command as its default export, and what --help says below the options. Its `run` returns the exit code. */
interface CommandModule {
	// biome-ignore lint/suspicious/noExplicitAny: citty's own type for "a command with whatever arguments"; a command's run is not called from here.
	readonly default: CommandDef<any>;
	readonly examples: string;
}

interface CommandEntry {
	readonly summary: string;
	readonly load: () => Promise<CommandModule>;
}

// Loaded when called: one command's start does not pay for the others.
const COMMANDS: Readonly<Record<string, CommandEntry>> = {
	init: { summary: 'look at a domain and write its record', load: () => import('./commands/init.ts') },
	render: { summary: 'print what a client would be answered, byte for byte', load: () => import('./commands/render.ts') },
	zone: { summary: 'print the DNS records a domain should publish, or what must change', load: () => import('./commands/zone.ts') },
	check: { summary: 'hold DNS, the service and the mail servers against the record', load: () => import('./commands/check.ts') },
	trace: { summary: 'walk through discovery as a mail client does', load: () => import('./commands/trace.ts') },
	postfix: { summary: 'print or check the Postfix configuration that matches a record', load: () => import('./commands/postfix.ts') },
	dovecot: { summary: 'print or check the Dovecot configuration that matches a record', load: () => import('./commands/dovecot.ts') },
	usage: { summary: 'say from the mail server’s logs whether 587 is still used', load: () => import('./commands/usage.ts') },
	ls: { summary: 'list the service’s records', load: () => import('./commands/ls.ts') },
	pull: { summary: 'write the service’s records into files', load: () => import('./commands/pull.ts') },
	push: { summary: 'send changed files to the service', load: () => import('./commands/push.ts') },
	diff: { summary: 'compare files with the service', load: () => import('./commands/diff.ts') },
	history: { summary: 'show every revision of a record', load: () => import('./commands/history.ts') },
	restore: { summary: 'go back to an old revision', load: () => import('./commands/restore.ts') },
	rm: { summary: 'delete a record', load: () => import('./commands/rm.ts') },
	outside: { summary: 'show what was put into KV by hand; adopt or overwrite it', load: () => import('./commands/outside.ts') },
	audit: { summary: 'show who wrote what', load: () => import('./commands/audit.ts') },
	import: { summary: 'turn an autoconfig document, SRV records or a seed into records', load: () => import('./commands/import.ts') },
	token: { summary: 'mint, list and revoke tokens', load: () => import('./commands/token.ts') },
	signing: { summary: 'check or upload what signs Apple profiles', load: () => import('./commands/signing.ts') },
};

const HELP_HEADER = `signpost: mail-client autoconfiguration from one record per domain

  signpost COMMAND --help teaches each command.

`;

const HELP_FOOTER = `
Records come from --record FILE, --record FOLDER (one example.org.json or .yaml per domain), --record - (stdin), or from the
service's admin API: --api https://signpost.example.net with the token in SIGNPOST_TOKEN. --json prints for programs.
Exit codes: 0 all is well, 1 there are findings, 2 could not look.
`;

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

/** From the package beside the bundle, or above the sources. */
async function readVersion(): Promise<string> {
	for (const place of ['./package.json', '../../package.json']) {
		const text = await readFile(fileURLToPath(new URL(place, import.meta.url).href), 'utf8').catch(() => null);
		if (text !== null) return JSON.parse(text).version;
	}
	return 'unknown';
}

async function resolveValue<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>) | undefined): Promise<T | undefined> {
	return value instanceof Function ? value() : value;
}

// A reader that has seen enough (head, less) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code === 'EPIPE') process.exit();
	throw error;
});

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	// citty throws a CLIError where an argument is missing or not one of its options, and the system where a file or folder cannot be used.
	// Anything else is a bug, shown whole.
	const file = fileFailure(error, undefined);
	if (error instanceof Error && error.name === 'CLIError')
		process.exitCode = fail({ message: stripVTControlCharacters(error.message), hint: `signpost ${process.argv[2]} --help` });
	else if (file !== null) process.exitCode = fail(file);
	else {
		hint(errorStack(error));
		process.exitCode = 2;
	}
}
