/** `signpost init`: writes a domain's first record, from what the domain shows of itself and what the operator says. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { defineCommand } from 'citty';
import { stringify } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { utcDay } from '../../model/config.ts';
import { parseRecord } from '../../model/record.ts';
import { recordWarnings } from '../../model/warnings.ts';
import { askOperator } from '../init/ask.ts';
import { type Choices, proposalOf, type RecordText, recordOf } from '../init/propose.ts';
import { survey } from '../init/survey.ts';
import { openNetwork } from '../network.ts';
import { domainArgument, JSON_OPTION, NETWORK_OPTIONS } from '../options.ts';
import { columns, type ExitCode, note, paint, shown, stop, type Trouble, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost init example.org
      looks at the domain, asks, and writes example.org.json
  signpost init example.org --yes
      takes what it finds, without a question; for scripts
  signpost init example.org --yes --imap mail.example.org --submission mail.example.org --name "Example Mail" --out records/example.org.yaml
  signpost init example.org --json --yes
      prints what it found and the record it would write, and writes nothing

  Nothing is overwritten without --force. Ports are opened and greeted, never logged in to.
`;

export default defineCommand({
	meta: { name: 'init', description: 'Look at a domain and write its record.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		yes: { type: 'boolean', description: 'ask nothing: take what is found and what the options say' },
		name: { type: 'string', valueHint: 'TEXT', description: 'what users call your service' },
		imap: { type: 'string', valueHint: 'HOST', description: 'the IMAP server' },
		pop3: { type: 'string', valueHint: 'HOST', description: 'the POP3 server' },
		submission: { type: 'string', valueHint: 'HOST', description: 'the server that takes mail from users' },
		sieve: { type: 'string', valueHint: 'HOST', description: 'the ManageSieve server' },
		login: { type: 'string', valueHint: 'TEXT', description: '%EMAILADDRESS% (default), %EMAILLOCALPART%, or a text with those in it' },
		out: { type: 'string', valueHint: 'FILE', description: 'where to write; .yaml writes YAML (default DOMAIN.json)' },
		force: { type: 'boolean', description: 'overwrite the file' },
		...NETWORK_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const domain = domainArgument(args.domain);
		if (!domain.ok) return stop(domain.error);
		const network = await openNetwork(args);
		if (!network.ok) return stop(network.error);
		const asks = args.yes !== true && args.json !== true;
		if (asks && !(process.stdin.isTTY && process.stdout.isTTY))
			return stop({
				what: 'there is no terminal to ask on',
				todo: 'Give --yes, and with it --imap, --submission … where the findings are not enough.',
			});
		note(`Looking at ${domain.value} …`);
		const found = await survey(domain.value, network.value);
		if (args.json !== true) write(columns(found.notes.map(({ about, text }) => [`  ${paint('gray', about)}`, shown(text)])));
		const { name, imap, pop3, submission, sieve, login } = args;
		const proposal = proposalOf(domain.value, found, { name, imap, pop3, submission, sieve, login });
		const choices = asks ? await askOperator(proposal) : proposal;
		if (choices === null) return stop({ what: 'nothing was written' });
		const record = checkedRecord(choices, found);
		if (!record.ok) return stop(record.error);
		if (args.json === true) {
			writeJson({ found: found.notes, ports: found.ports, record: record.value });
			return 0;
		}
		return save(domain.value, args.out ?? `${domain.value}.json`, record.value, args.force === true);
	},
});

function checkedRecord(choices: Choices, found: Parameters<typeof recordOf>[1]): Result<RecordText, Trouble> {
	const record = recordOf(choices, found);
	if (choices.imap === null && choices.pop3 === null && choices.submission === null)
		return err({ what: 'no mail server was found or named', todo: 'Name them: --imap HOST --submission HOST.' });
	const parsed = parseRecord(record);
	if (!parsed.ok) return err({ what: parsed.error.map(({ path, reason }) => `${path} ${reason}`).join('; ') });
	for (const warning of recordWarnings(parsed.value, utcDay(Date.now()))) note(`${warning.path}: ${warning.text}`);
	return ok(record);
}

async function save(domain: string, file: string, record: RecordText, force: boolean): Promise<ExitCode> {
	const text = /\.ya?ml$/.test(file) ? stringify(record) : `${JSON.stringify(record, null, '\t')}\n`;
	try {
		await mkdir(dirname(file), { recursive: true });
		// "wx" refuses where the file is there: no moment between looking and writing.
		await writeFile(file, text, { flag: force ? 'w' : 'wx' });
	} catch (error) {
		const there = error instanceof Error && 'code' in error && error.code === 'EEXIST';
		return stop(
			there
				? { what: `${file} is there already`, todo: 'Give --force to overwrite it, or --out another file.' }
				: { what: `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}` },
		);
	}
	write(
		`Wrote ${file}. Next:\n${columns([
			[`  signpost render you@${domain} --record ${file}`, 'what clients are told'],
			[`  signpost zone ${domain} --record ${file}`, 'the DNS to publish'],
			[`  signpost check you@${domain} --record ${file}`, 'whether the world agrees'],
		])}`,
	);
	return 0;
}
