/** `signpost rm`: deletes a record, which is a revision like any other. */
import { defineCommand } from 'citty';
import { type ExitCode, fail, write, writeJson } from '../terminal.ts';
import { createAdminApiClient, numberField } from '../workspace/admin-api-client.ts';
import { API_OPTIONS, NOTE_OPTION } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost rm example.org --note "customer left" --api https://signpost.example.net
      clients get 404 from then on; signpost restore undoes it
`;

export default defineCommand({
	meta: { name: 'rm', description: 'Delete a record.' },
	args: { domain: { type: 'positional', required: true, description: 'the mail domain' }, ...NOTE_OPTION, ...API_OPTIONS },
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		const path = `/domains/${encodeURIComponent(args.domain)}`;
		const now = await api.value.request('GET', path);
		if (!now.ok) return fail(now.error);
		const note = args.note === undefined ? '' : `?note=${encodeURIComponent(args.note)}`;
		const answer = await api.value.request('DELETE', `${path}${note}`, { headers: { 'If-Match': now.value.etag ?? '' } });
		if (!answer.ok) return fail(answer.error);
		const before = numberField(now.value.json, 'revision');
		if (args.json === true) writeJson(answer.value.json);
		else write(`${args.domain} is deleted. Undo: signpost restore ${args.domain} ${before}\n`);
		return 0;
	},
});
