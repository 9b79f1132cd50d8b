/** `signpost trace`: the discovery as a client does it, step by step. */
import { defineCommand } from 'citty';
import { parseEmailAddress } from '../../model/names.ts';
import { openNetwork } from '../network.ts';
import { JSON_OPTION, NETWORK_OPTIONS } from '../options.ts';
import { inParallel } from '../parallel.ts';
import { columns, type ExitCode, paint, progress, shown, stop, waiting, write, writeJson } from '../terminal.ts';
import { CLIENT_NAMES, CLIENTS, type ClientName } from '../trace/clients.ts';
import { follow, type Trace } from '../trace/follow.ts';
import type { Server } from '../trace/walk.ts';

export const lesson = `EXAMPLES

  signpost trace alice@example.org --client thunderbird
      every question that Thunderbird asks, what it makes of the answer, and the servers it ends up with
  signpost trace alice@example.org --all
      one line a client
  signpost trace alice@example.org --client outlook --resolver 127.0.0.1:5353 --connect-to :443::8443

  Exit code 1: a client ends up with no servers, or with cleartext. No record is needed: this is what the world says.

CLIENTS

${CLIENT_NAMES.map((name) => `  ${name.padEnd(20)} ${CLIENTS[name].title}\n  ${' '.repeat(20)} ${CLIENTS[name].evidence}\n`).join('')}`;

/** Clients at once: each asks much the same places. */
const AT_ONCE = 4;

export default defineCommand({
	meta: { name: 'trace', description: 'Walk through discovery as a mail client does, and see what it would set up.' },
	args: {
		address: { type: 'positional', required: true, description: 'an e-mail address; the mailbox need not exist' },
		client: { type: 'enum', options: [...CLIENT_NAMES], default: 'thunderbird', description: 'which client' },
		all: { type: 'boolean', description: 'every client, as a table' },
		...NETWORK_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const address = parseEmailAddress(args.address);
		if (address === null) return stop({ what: `"${args.address}" is no e-mail address`, todo: 'Give one such as alice@example.org.' });
		const network = await openNetwork(args);
		if (!network.ok) return stop(network.error);
		const names = args.all === true ? CLIENT_NAMES : [args.client as ClientName];
		const counter = progress(names.length);
		const walked = inParallel(names, AT_ONCE, async (name) => {
			const trace = await follow(CLIENTS[name], address, network.value);
			counter.step(CLIENTS[name].title);
			return { client: name, ...trace };
		});
		const traces = await (args.all === true ? walked : waiting(`Asking as ${args.client} does`, walked));
		counter.done();
		if (args.json === true) writeJson(args.all === true ? traces : traces[0]);
		else if (args.all === true)
			write(columns([['CLIENT', 'INCOMING', 'OUTGOING', 'FROM'].map((head) => paint('bold', head)), ...traces.map(showLine)]));
		else for (const trace of traces) write(showTrace(trace));
		return traces.every(isFine) ? 0 : 1;
	},
});

function isFine({ settings }: Trace): boolean {
	return [settings?.incoming, settings?.outgoing].every((server) => server !== undefined && server !== null && server.security !== 'plain');
}

const SECURITY = { tls: 'TLS', starttls: 'STARTTLS', plain: 'CLEARTEXT' } as const;

function showServer(server: Server | null | undefined): string {
	if (server === undefined || server === null) return paint('red', 'none');
	const text = `${server.kind} ${shown(server.host)}:${server.port} ${SECURITY[server.security]}`;
	return server.security === 'plain' ? paint('red', text) : text;
}

function showLine({ client, settings }: Trace & { readonly client: ClientName }): readonly string[] {
	return [
		CLIENTS[client].title,
		showServer(settings?.incoming),
		showServer(settings?.outgoing),
		shown(settings?.source.replace(/\?.*/, '') ?? '', 70),
	];
}

function showTrace({ client, steps, settings }: Trace & { readonly client: ClientName }): string {
	const lines = steps.map(
		({ asked, verdict }, at) =>
			`${String(at + 1).padStart(2)}  ${shown(asked, 200)}\n      ${paint(verdict.startsWith('taken') ? 'green' : 'gray', shown(verdict, 200))}\n`,
	);
	const end =
		settings === null ? 'finds nothing: it guesses host names, or asks the user' : `from ${shown(settings.source, 200)}, ${settings.why}`;
	return `${paint('bold', CLIENTS[client].title)}\n${lines.join('')}\n  incoming  ${showServer(settings?.incoming)}\n  outgoing  ${showServer(settings?.outgoing)}\n  ${end}\n`;
}
