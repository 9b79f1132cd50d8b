/** `signpost init`: writes the first record of a domain, from what the domain publishes and what the operator answers. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { defineCommand } from 'citty';
import { stringify } from 'yaml';
import { errorMessage, hasErrorCode } from '../../../lib/error-message.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { utcDay } from '../../../lib/time.ts';
import { parseRecord } from '../../../model/record.ts';
import { recordWarnings } from '../../../model/warnings.ts';
import { surveyDomain } from '../../init/domain-survey.ts';
import { promptChoices } from '../../init/prompt.ts';
import { buildRecord, describeUnknownPorts, proposeChoices, type RecordChoices, type RecordInput } from '../../init/propose-record.ts';
import { JSON_OPTION, NETWORK_OPTIONS, parseDomainArgument } from '../../options.ts';
import { createNetwork } from '../../probe/network.ts';
import { columns, type ExitCode, type Failure, fail, hint, paint, sanitizeText, write, writeJson } from '../../terminal.ts';

export const examples = `EXAMPLES

  signpost init example.org
      looks at the domain, asks, and writes example.org.json
  signpost init example.org --yes
      takes what it finds, without a question; for scripts
  signpost init example.org --yes --imap mail.example.org --submission mail.example.org --name "Example Mail" --out records/example.org.yaml
  signpost init example.org --json --yes
      prints what it found and the record it would write, and writes nothing

  Nothing is overwritten without --force. Ports are opened and greeted, never logged in to.
  A port that stays silent may be filtered on the way: 587 is kept then, and where it answers without 465, 465 is left out. Both are said.
`;

export default defineCommand({
	meta: { name: 'init', description: 'Write a first record from what a domain publishes.' },
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
		const domain = parseDomainArgument(args.domain);
		if (!domain.ok) return fail(domain.error);
		const network = await createNetwork(args);
		if (!network.ok) return fail(network.error);
		const asks = args.yes !== true && args.json !== true;
		if (asks && !(process.stdin.isTTY && process.stdout.isTTY))
			return fail({
				message: 'there is no terminal to ask on',
				hint: 'Give --yes, and with it --imap, --submission … where the findings are not enough.',
			});
		hint(`Looking at ${domain.value} …`);
		const found = await surveyDomain(domain.value, network.value);
		if (args.json !== true) write(columns(found.observations.map(({ about, text }) => [`  ${paint('gray', about)}`, sanitizeText(text)])));
		const { name, imap, pop3, submission, sieve, login } = args;
		const proposal = proposeChoices(domain.value, found, { name, imap, pop3, submission, sieve, login });
		const choices = asks ? await promptChoices(proposal) : proposal;
		if (choices === null) return fail({ message: 'nothing was written' });
		const record = buildValidRecord(choices, found);
		if (!record.ok) return fail(record.error);
		if (args.json === true) {
			writeJson({ found: found.observations, ports: found.ports, unknownPorts: found.unknownPorts, record: record.value });
			return 0;
		}
		return writeNewRecordFile(domain.value, args.out ?? `${domain.value}.json`, record.value, args.force === true);
	},
});

function buildValidRecord(choices: RecordChoices, found: Parameters<typeof buildRecord>[1]): Result<RecordInput, Failure> {
	const record = buildRecord(choices, found);
	if (choices.imap === null && choices.pop3 === null && choices.submission === null)
		return err({ message: 'no mail server was found or named', hint: 'Name them: --imap HOST --submission HOST.' });
	const parsed = parseRecord(record);
	if (!parsed.ok) return err({ message: parsed.error.map(({ path, reason }) => `${path} ${reason}`).join('; ') });
	for (const warning of recordWarnings(parsed.value, utcDay(Date.now()))) hint(`${warning.path}: ${warning.text}`);
	for (const sentence of describeUnknownPorts(record, found)) hint(sentence);
	return ok(record);
}

async function writeNewRecordFile(domain: string, file: string, record: RecordInput, force: boolean): Promise<ExitCode> {
	const text = /\.ya?ml$/.test(file) ? stringify(record) : `${JSON.stringify(record, null, '\t')}\n`;
	try {
		await mkdir(dirname(file), { recursive: true });
		// The flag "wx" fails where the file exists; a check before writing would leave a gap between the two.
		await writeFile(file, text, { flag: force ? 'w' : 'wx' });
	} catch (error) {
		const there = hasErrorCode(error, 'EEXIST');
		return fail(
			there
				? { message: `${file} is there already`, hint: 'Give --force to overwrite it, or --out another file.' }
				: { message: `${file} cannot be written: ${errorMessage(error)}` },
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
