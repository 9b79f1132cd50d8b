/** `signpost history`: who changed a record, when and why. */
import { defineCommand } from 'citty';
import { columns, type ExitCode, fail, hint, paint, sanitizeText, write, writeJson } from '../terminal.ts';
import { createAdminApiClient, listField, numberField, stringField } from '../workspace/admin-api-client.ts';
import { API_OPTIONS } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost history example.org --api https://signpost.example.net
  signpost history example.org --json
`;

export default defineCommand({
	meta: { name: 'history', description: 'Show every revision of a record, newest first.' },
	args: { domain: { type: 'positional', required: true, description: 'the mail domain' }, ...API_OPTIONS },
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		const answer = await api.value.request('GET', `/domains/${encodeURIComponent(args.domain)}/history?limit=1000`);
		if (!answer.ok) return fail(answer.error);
		const revisions = listField(answer.value.json, 'revisions');
		if (revisions.length === 0) hint(`${args.domain} has no history: nothing was ever saved under this name`);
		if (args.json === true) writeJson(revisions);
		else
			write(
				columns(
					revisions.map((each) => [
						paint('bold', `r${numberField(each, 'revision')}`),
						stringField(each, 'at') ?? '',
						stringField(each, 'act') ?? '',
						sanitizeText(stringField(each, 'author') ?? ''),
						sanitizeText(stringField(each, 'note') ?? ''),
					]),
				),
			);
		return revisions.length === 0 ? 1 : 0;
	},
});
