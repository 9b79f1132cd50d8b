/** `signpost import`: records from what people have: an autoconfig document, SRV records, an automx2 seed. */
import { readFile } from 'node:fs/promises';
import { defineCommand } from 'citty';
import { type Asking, fieldOf, listOf, openApi } from '../admin/api.ts';
import { openFolder, writeRecord } from '../admin/folder.ts';
import { FOLDER_OPTIONS } from '../admin/options.ts';
import { type ExitCode, note, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

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
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		let path: string;
		let asking: Asking = {};
		if (args.srv !== undefined) {
			path = '/import/srv';
			asking = { body: { domain: args.srv } };
		} else if (args.automx2 !== undefined) {
			path = '/import/automx2';
			asking = { raw: { type: 'application/json', text: await readFile(args.automx2, 'utf8') } };
		} else if (args.domain !== undefined) {
			path = `/import/autoconfig?domain=${encodeURIComponent(args.domain)}`;
			if (args.autoconfig !== undefined) asking = { raw: { type: 'application/xml', text: await readFile(args.autoconfig, 'utf8') } };
		} else return stop({ what: 'nothing to import is named', todo: 'Give --domain DOMAIN, --srv DOMAIN or --automx2 FILE.' });
		const answer = await api.value.call('POST', path, asking);
		if (!answer.ok) return stop(answer.error);
		if (args.json === true) {
			writeJson(answer.value.json);
			return 0;
		}
		const folder = await openFolder(args.dir);
		if (!folder.ok) return stop(folder.error);
		let kept = 0;
		for (const each of listOf(answer.value.json, 'records')) {
			const domain = fieldOf(each, 'domain') ?? '';
			if (folder.value.files.has(domain) && args.force !== true) {
				note(`${domain}: its file is there already; --force overwrites it`);
				kept += 1;
				continue;
			}
			await writeRecord(folder.value, domain, typeof each === 'object' && each !== null ? Reflect.get(each, 'record') : null);
			write(`${domain}  written into ${args.dir}\n`);
		}
		for (const lost of listOf(answer.value.json, 'lost')) note(`not carried over: ${String(lost)}`);
		return kept > 0 ? 1 : 0;
	},
});
