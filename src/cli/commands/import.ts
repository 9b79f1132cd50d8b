/** `signpost import`: records from what people have: an autoconfig document, SRV records, an automx2 seed. */
import { readFile } from 'node:fs/promises';
import { defineCommand } from 'citty';
import { type ExitCode, fail, hint, write, writeJson } from '../terminal.ts';
import { type AdminApiRequest, createAdminApiClient, listField, stringField } from '../workspace/admin-api-client.ts';
import { readRecordFolder, writeRecordFile } from '../workspace/record-folder.ts';
import { FOLDER_OPTIONS } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost import --autoconfig config-v1.1.xml --domain example.org --api https://signpost.example.net
      an ISPDB or autoconfig document; without a FILE the domain's own is fetched: signpost import --domain example.org
  signpost import --srv example.org
  signpost import --automx2 seed.json --dir records

  Writes files into --dir and stores nothing: look at them, then signpost push. What a record cannot hold is named.
`;

export default defineCommand({
	meta: { description: 'Turn an autoconfig document, SRV records or an automx2 seed into records.' },
	args: {
		autoconfig: { type: 'string', valueHint: 'FILE', description: 'an autoconfig or ISPDB document' },
		domain: { type: 'string', valueHint: 'DOMAIN', description: 'the domain it is for' },
		srv: { type: 'string', valueHint: 'DOMAIN', description: 'read this domain’s SRV records' },
		automx2: { type: 'string', valueHint: 'FILE', description: 'a seed of automx2, version 2' },
		force: { type: 'boolean', description: 'overwrite files that are there' },
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		let path: string;
		let asking: AdminApiRequest = {};
		if (args.srv !== undefined) {
			path = '/import/srv';
			asking = { body: { domain: args.srv } };
		} else if (args.automx2 !== undefined) {
			path = '/import/automx2';
			asking = { rawBody: { type: 'application/json', text: await readFile(args.automx2, 'utf8') } };
		} else if (args.domain !== undefined) {
			path = `/import/autoconfig?domain=${encodeURIComponent(args.domain)}`;
			if (args.autoconfig !== undefined) asking = { rawBody: { type: 'application/xml', text: await readFile(args.autoconfig, 'utf8') } };
		} else return fail({ message: 'nothing to import is named', hint: 'Give --domain DOMAIN, --srv DOMAIN or --automx2 FILE.' });
		const answer = await api.value.request('POST', path, asking);
		if (!answer.ok) return fail(answer.error);
		if (args.json === true) {
			writeJson(answer.value.json);
			return 0;
		}
		const folder = await readRecordFolder(args.dir);
		if (!folder.ok) return fail(folder.error);
		let kept = 0;
		for (const each of listField(answer.value.json, 'records')) {
			const domain = stringField(each, 'domain') ?? '';
			if (folder.value.files.has(domain) && args.force !== true) {
				hint(`${domain}: its file is there already; --force overwrites it`);
				kept += 1;
				continue;
			}
			await writeRecordFile(folder.value, domain, typeof each === 'object' && each !== null ? Reflect.get(each, 'record') : null);
			write(`${domain}  written into ${args.dir}\n`);
		}
		for (const lost of listField(answer.value.json, 'lost')) hint(`not carried over: ${String(lost)}`);
		return kept > 0 ? 1 : 0;
	},
});
