/** `signpost trace`: runs the discovery of a mail client, step by step. */
import { defineCommand } from 'citty';
import { mapConcurrently } from '../../../lib/concurrency.ts';
import { parseEmailAddress } from '../../../model/names.ts';
import { JSON_OPTION, NETWORK_OPTIONS } from '../../options.ts';
import { createNetwork } from '../../probe/network.ts';
import { createProgress, withStatusLine } from '../../progress.ts';
import { columns, type ExitCode, fail, paint, sanitizeText, write, writeJson } from '../../terminal.ts';
import type { DiscoveredServer } from '../../trace/discovery.ts';
import { describeEvidence, describeKnowledge } from '../../trace/discovery.ts';
import { MAIL_CLIENT_NAMES, MAIL_CLIENTS, type MailClientName } from '../../trace/mail-clients.ts';
import { runDiscovery, type Trace } from '../../trace/run-discovery.ts';

export const examples = `EXAMPLES

  signpost trace alice@example.org --client thunderbird
      every question that Thunderbird asks, what it makes of the answer, and the servers it ends up with
  signpost trace alice@example.org --all
      one line a client
  signpost trace alice@example.org --client outlook --resolver 127.0.0.1:5353 --connect-to :443::8443

  Exit code 1: a client ends up with no servers, or with cleartext; 2: DNS does not answer. No record is needed: this is what the world says.

CLIENTS

${MAIL_CLIENT_NAMES.map((name) => `  ${name.padEnd(20)} ${MAIL_CLIENTS[name].title}\n  ${' '.repeat(20)} ${describeEvidence(MAIL_CLIENTS[name].evidence)}\n`).join('')}`;

/** How many clients are traced at the same time: they request much the same things. */
const CONCURRENT_CLIENTS = 4;

export default defineCommand({
	meta: { name: 'trace', description: 'Run the discovery of a mail client step by step, and see what it would set up.' },
	args: {
		address: { type: 'positional', required: true, description: 'an e-mail address; the mailbox need not exist' },
		client: { type: 'enum', options: [...MAIL_CLIENT_NAMES], default: 'thunderbird', description: 'which client' },
		all: { type: 'boolean', description: 'every client, as a table' },
		...NETWORK_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const address = parseEmailAddress(args.address);
		if (address === null) return fail({ message: `"${args.address}" is no e-mail address`, hint: 'Give one such as alice@example.org.' });
		const network = await createNetwork(args);
		if (!network.ok) return fail(network.error);
		// Without DNS every client would seem to find nothing, although nobody has looked.
		const reachable = await network.value.resolver.query(address.domain, 'MX');
		if (!reachable.ok) return fail(reachable.error);
		const names = args.all === true ? MAIL_CLIENT_NAMES : [args.client as MailClientName];
		const counter = createProgress(names.length);
		const walked = mapConcurrently(names, CONCURRENT_CLIENTS, async (name) => {
			const trace = await runDiscovery(MAIL_CLIENTS[name], address, network.value);
			counter.step(MAIL_CLIENTS[name].title);
			return { client: name, ...trace };
		});
		const traces = await (args.all === true ? walked : withStatusLine(`Asking as ${args.client} does`, walked));
		counter.done();
		if (args.json === true) writeJson(args.all === true ? traces : traces[0]);
		else if (args.all === true)
			write(
				columns([['CLIENT', 'INCOMING', 'OUTGOING', 'FROM', 'KNOWN'].map((head) => paint('bold', head)), ...traces.map(renderTraceRow)]),
			);
		else for (const trace of traces) write(renderTrace(trace));
		return traces.every(isSecure) ? 0 : 1;
	},
});

function isSecure({ settings }: Trace): boolean {
	return [settings?.incoming, settings?.outgoing].every((server) => server !== undefined && server !== null && server.security !== 'plain');
}

const SECURITY_LABELS = { tls: 'TLS', starttls: 'STARTTLS', plain: 'CLEARTEXT' } as const;

function renderServer(server: DiscoveredServer | null | undefined): string {
	if (server === undefined || server === null) return paint('red', 'none');
	const text = `${server.kind} ${sanitizeText(server.host)}:${server.port} ${SECURITY_LABELS[server.security]}`;
	return server.security === 'plain' ? paint('red', text) : text;
}

function renderTraceRow({ client, settings }: Trace & { readonly client: MailClientName }): readonly string[] {
	return [
		MAIL_CLIENTS[client].title,
		renderServer(settings?.incoming),
		renderServer(settings?.outgoing),
		sanitizeText(settings?.source.replace(/\?.*/, '') ?? '', 70),
		describeKnowledge(MAIL_CLIENTS[client].evidence),
	];
}

function renderTrace({ client, steps, settings }: Trace & { readonly client: MailClientName }): string {
	const lines = steps.map(
		({ asked, verdict }, at) =>
			`${String(at + 1).padStart(2)}  ${sanitizeText(asked, 200)}\n      ${paint(verdict.startsWith('taken') ? 'green' : 'gray', sanitizeText(verdict, 200))}\n`,
	);
	const end =
		settings === null
			? 'finds nothing: it guesses host names, or asks the user'
			: `from ${sanitizeText(settings.source, 200)}, ${settings.why}`;
	return `${paint('bold', MAIL_CLIENTS[client].title)}\n${lines.join('')}\n  incoming  ${renderServer(settings?.incoming)}\n  outgoing  ${renderServer(settings?.outgoing)}\n  ${end}\n`;
}
