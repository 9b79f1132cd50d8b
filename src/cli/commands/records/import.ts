/** `signpost import`: makes records from an autoconfig document, SRV records, or the configuration of another program. */
import { defineCommand } from 'citty';
import type { CallRequest, OperationOutput } from '../../../contract/client.ts';
import { CONFIGURATION_FORMAT_NAMES, CONFIGURATION_FORMATS } from '../../../contract/imports/configuration-formats.ts';
import { decodeXmlFile } from '../../../lib/decode-xml.ts';
import { errorMessage } from '../../../lib/error-message.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { decodeUtf8 } from '../../../lib/utf8.ts';
import { FOLDER_OPTIONS } from '../../options.ts';
import { type ExitCode, type Failure, fail, hint, sanitizeText, write, writeJson } from '../../terminal.ts';
import { readBytesFile } from '../../text-files.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { openRecordFolder, writeRecordFile } from '../../workspace/record-folder.ts';

export const examples = `EXAMPLES

  signpost import --autoconfig config-v1.1.xml --domain example.org --api https://signpost.example.net
      an ISPDB or autoconfig document; without a FILE the domain's own is fetched: signpost import --domain example.org
  signpost import --srv example.org
  signpost import --automx2 seed.json --dir records
  signpost import --from mox mox.conf domains.conf --dir records
      FROM: ${Object.keys(CONFIGURATION_FORMATS).join(', ')}; docs/imports.md says which files each needs
  signpost import --from autodiscover --address you@example.org
      what a running Autodiscover tells Outlook; a FILE with such an answer is read in its place

  Writes files into --dir and stores nothing: look at them, then signpost push (on Cloudflare's free plan push --free-plan, which sends
  what it allows in a day). What a record cannot hold is named.
`;

interface ImportArguments {
	readonly autoconfig?: string | undefined;
	readonly domain?: string | undefined;
	readonly srv?: string | undefined;
	readonly automx2?: string | undefined;
	readonly from?: string | undefined;
	readonly address?: string | undefined;
	readonly _: readonly string[];
}

export default defineCommand({
	meta: { name: 'import', description: 'Turn what a domain or another program has into records.' },
	args: {
		file: { type: 'positional', required: false, valueHint: 'FILE…', description: 'with --from: the program’s files' },
		from: {
			type: 'string',
			valueHint: 'FROM',
			description: `another program’s configuration: ${Object.keys(CONFIGURATION_FORMATS).join(', ')}`,
		},
		address: { type: 'string', valueHint: 'ADDRESS', description: 'with --from autodiscover: the mailbox to ask for' },
		autoconfig: { type: 'string', valueHint: 'FILE', description: 'an autoconfig or ISPDB document' },
		domain: { type: 'string', valueHint: 'DOMAIN', description: 'the domain it is for' },
		srv: { type: 'string', valueHint: 'DOMAIN', description: 'read this domain’s SRV records' },
		automx2: { type: 'string', valueHint: 'FILE', description: 'a seed of automx2, version 2' },
		force: { type: 'boolean', description: 'overwrite files that are there' },
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const imported = await fetchImport(api.value, args);
		if (!imported.ok) return fail(imported.error);
		const { records, lost } = imported.value;
		if (args.json === true) {
			writeJson(imported.value);
			return 0;
		}
		const folder = await openRecordFolder(args.dir);
		if (!folder.ok) return fail(folder.error);
		let kept = 0;
		for (const { domain, record } of records) {
			if (folder.value.files.has(domain) && args.force !== true) {
				hint(`${domain}: its file is there already; --force overwrites it`);
				kept += 1;
				continue;
			}
			const written = await writeRecordFile(folder.value, domain, record);
			if (!written.ok) return fail(written.error);
			write(`${domain}  written into ${args.dir}\n`);
		}
		if (lost.length > 0) hint('not carried over, told otherwise, or worth a look:');
		for (const each of lost) hint(`  ${sanitizeText(each, 400)}`);
		return kept > 0 ? 1 : 0;
	},
});

/** Sends the source that the options name to the service, and returns the records that it proposes. */
async function fetchImport(
	api: AdminApiClient,
	{ srv, automx2, domain, autoconfig, from, address, _: files }: ImportArguments,
): Promise<Result<OperationOutput<'importSrv'>, Failure>> {
	if (from !== undefined) return importConfiguration(api, from, { files, domain, address });
	if (srv !== undefined) return api.call('importSrv', { body: { domain: srv } });
	if (automx2 !== undefined) {
		const bytes = await readBytesFile(automx2, 'Check the path after --automx2.');
		const seed = bytes.ok ? parseSeed(automx2, bytes.value) : bytes;
		return seed.ok ? api.call('importAutomx2', { body: seed.value }) : seed;
	}
	if (domain === undefined)
		return err({ message: 'nothing to import is named', hint: 'Give --domain DOMAIN, --srv DOMAIN, --automx2 FILE or --from FROM FILE….' });
	if (autoconfig === undefined) return api.call('importAutoconfig', { query: { domain } });
	const document = await readSourceFile(autoconfig, 'Check the path after --autoconfig.');
	return document.ok ? api.call('importAutoconfig', { query: { domain }, body: document.value }) : document;
}

/** The text of a file in whatever encoding it says it has. What could not be read of it is told. */
async function readSourceFile(path: string, advice: string): Promise<Result<string, Failure>> {
	const bytes = await readBytesFile(path, advice);
	if (!bytes.ok) return bytes;
	const { text, fault } = decodeXmlFile(bytes.value);
	if (text.trim() === '') return err({ message: fault === null ? `${path} is empty` : `${path}: ${fault}`, hint: advice });
	if (fault !== null) hint(`${path}: ${fault}`);
	return ok(text);
}

async function importConfiguration(
	api: AdminApiClient,
	from: string,
	{
		files,
		domain,
		address,
	}: { readonly files: readonly string[]; readonly domain: string | undefined; readonly address: string | undefined },
): Promise<Result<OperationOutput<'importConfiguration'>, Failure>> {
	const format = CONFIGURATION_FORMAT_NAMES.find((name) => name === from);
	if (format === undefined)
		return err({ message: `--from ${from} is not known`, hint: `It is one of ${CONFIGURATION_FORMAT_NAMES.join(', ')}.` });
	if (files.length === 0 && format !== 'autodiscover')
		return err({
			message: `no file of ${CONFIGURATION_FORMATS[format].title} is named`,
			hint: `Give ${CONFIGURATION_FORMATS[format].files}.`,
		});
	const texts: string[] = [];
	for (const file of files) {
		const text = await readSourceFile(file, `Give ${CONFIGURATION_FORMATS[format].files}.`);
		if (!text.ok) return text;
		texts.push(text.value);
	}
	return api.call('importConfiguration', { body: { format, files: texts, domain, address } });
}

type Automx2Seed = CallRequest<'importAutomx2'>['body'];

function parseSeed(file: string, bytes: Uint8Array): Result<Automx2Seed, Failure> {
	const text = decodeUtf8(bytes);
	if (text === null) return err({ message: `${file} is not UTF-8 text`, hint: 'A seed of automx2 is JSON, which is UTF-8.' });
	try {
		return ok(JSON.parse(text));
	} catch (error) {
		// The error's message says where the text stops being JSON.
		return err({
			message: `${file} is not JSON: ${errorMessage(error)}`,
			hint: 'A seed of automx2 is JSON.',
		});
	}
}
