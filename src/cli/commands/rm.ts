/** `signpost rm`: deletes a record. The deletion is a revision like any other and can be undone. */
import { defineCommand } from 'citty';
import { API_OPTIONS, NOTE_OPTION } from '../options.ts';
import { type ExitCode, fail, write, writeJson } from '../terminal.ts';
import { createAdminApiClient } from '../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost rm example.org --note "customer left" --api https://signpost.example.net
      clients get 404 from then on; signpost restore undoes it
`;

export default defineCommand({
	meta: { name: 'rm', description: 'Delete a record.' },
	args: { domain: { type: 'positional', required: true, description: 'the mail domain' }, ...NOTE_OPTION, ...API_OPTIONS },
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const path = { domain: args.domain };
		const current = await api.value.call('readDomain', { path });
		if (!current.ok) return fail(current.error);
		const { revision } = current.value;
		const deleted = await api.value.call('deleteDomain', { path, ifRevision: revision, query: { note: args.note } });
		if (!deleted.ok) return fail(deleted.error);
		if (args.json === true) writeJson(deleted.value);
		else write(`${args.domain} is deleted. Undo: signpost restore ${args.domain} ${revision}\n`);
		return 0;
	},
});
