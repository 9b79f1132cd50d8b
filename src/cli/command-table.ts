/** The table of the tool's commands. --help, the manual page and the completions of shells are made from it. */
import type { CommandDef } from 'citty';

/** What the file of a command exports: the citty command, whose `run` returns the exit code, and the examples that --help prints below the options. */
export interface CommandModule {
	// biome-ignore lint/suspicious/noExplicitAny: citty's own type for "a command with whatever arguments"; a command's run is not called from here.
	readonly default: CommandDef<any>;
	readonly examples: string;
}

export interface CommandEntry {
	readonly summary: string;
	readonly load: () => Promise<CommandModule>;
}

// Each command is loaded only when it is called, so that it starts without loading the others.
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
	init: { summary: 'write a first record from what a domain publishes', load: () => import('./commands/domain/init.ts') },
	render: { summary: 'print what a mail client would be served, byte for byte', load: () => import('./commands/domain/render.ts') },
	zone: { summary: 'print the DNS records a domain should publish, or what must change', load: () => import('./commands/domain/zone.ts') },
	dns: { summary: 'make the changes in DNS that zone --diff shows', load: () => import('./commands/domain/dns.ts') },
	doctor: { summary: 'say what a running service lacks, in order', load: () => import('./commands/service/doctor.ts') },
	hostnames: {
		summary: 'create and watch the custom hostnames that records ask for',
		load: () => import('./commands/service/hostnames.ts'),
	},
	check: { summary: 'compare DNS, the service and the mail servers with the record', load: () => import('./commands/domain/check.ts') },
	trace: { summary: 'run the discovery of a mail client, step by step', load: () => import('./commands/domain/trace.ts') },
	postfix: {
		summary: 'print or check the Postfix configuration that matches a record',
		load: () => import('./commands/mail-server/postfix.ts'),
	},
	dovecot: {
		summary: 'print or check the Dovecot configuration that matches a record',
		load: () => import('./commands/mail-server/dovecot.ts'),
	},
	usage: { summary: 'tell from the mail server’s logs whether 587 is still used', load: () => import('./commands/mail-server/usage.ts') },
	ls: { summary: 'list the service’s records', load: () => import('./commands/records/ls.ts') },
	pull: { summary: 'write the service’s records into files', load: () => import('./commands/records/pull.ts') },
	push: { summary: 'send changed files to the service', load: () => import('./commands/records/push.ts') },
	diff: { summary: 'compare files with the service', load: () => import('./commands/records/diff.ts') },
	history: { summary: 'show every revision of a record', load: () => import('./commands/records/history.ts') },
	restore: { summary: 'restore an old revision, or put a backup back', load: () => import('./commands/service/restore.ts') },
	backup: { summary: 'write everything that the service keeps into a file', load: () => import('./commands/service/backup.ts') },
	rebuild: { summary: 'put a lost KV or directory together again', load: () => import('./commands/service/rebuild.ts') },
	rm: { summary: 'delete a record', load: () => import('./commands/records/rm.ts') },
	outside: { summary: 'show what was put into KV by hand; adopt or overwrite it', load: () => import('./commands/records/outside.ts') },
	audit: { summary: 'show who wrote what', load: () => import('./commands/service/audit.ts') },
	import: {
		summary: 'turn an autoconfig document, SRV records or a seed into records',
		load: () => import('./commands/records/import.ts'),
	},
	token: { summary: 'create, list and revoke tokens', load: () => import('./commands/service/token.ts') },
	webhook: { summary: 'create, list, test and delete webhooks', load: () => import('./commands/service/webhook.ts') },
	record: { summary: 'check record files, or put one into KV by hand', load: () => import('./commands/records/record.ts') },
	signing: { summary: 'check or upload the key that signs Apple profiles', load: () => import('./commands/service/signing.ts') },
};

export const HELP_HEADER = `signpost: mail-client autoconfiguration from one record per domain

  signpost COMMAND --help explains a command, with examples.

`;

export const HELP_FOOTER = `
Records come from --record FILE, --record FOLDER (one example.org.json or .yaml per domain), --record - (stdin), or from the
service's admin API: --api https://signpost.example.net with the token in SIGNPOST_TOKEN. --json prints JSON, for programs.
Exit codes: 0 all is well, 1 there are findings, 2 could not look.
`;

/** Resolves a part of a citty command, which may be a value, a promise, or a function that returns one of these. */
export async function resolveValue<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>) | undefined): Promise<T | undefined> {
	return value instanceof Function ? value() : value;
}
