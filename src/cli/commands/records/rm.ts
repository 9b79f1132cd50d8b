/** `signpost rm`: deletes a record. The deletion is a revision like any other and can be undone. */
import { defineCommand } from 'citty';
import { API_OPTIONS, NOTE_OPTION } from '../../options.ts';
import { type ExitCode, fail, hint, write, writeJson } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { describeAliases } from '../../workspace/describe-aliases.ts';

export const examples = `EXAMPLES

  signpost rm example.org --note "customer left" --api https://signpost.example.net
      clients get 404 from then on; signpost restore undoes it. Where other domains are aliases of it, it names them and stops
  signpost rm example.org --yes
      deletes it all the same: the aliases' clients get nothing either
`;

export default defineCommand({
	meta: { name: 'rm', description: 'Delete a record.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		yes: { type: 'boolean', description: 'even if other domains are aliases of it' },
		...NOTE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const path = { domain: args.domain };
		const current = await api.value.call('readDomain', { path });
		if (!current.ok) return fail(current.error);
		const { revision } = current.value;
		const aliases = await api.value.call('readAliases', { path });
		if (!aliases.ok) return fail(aliases.error);
		const warning = describeAliases(args.domain, aliases.value);
		if (warning !== null && args.yes !== true)
			return fail({ message: warning, hint: 'Change or delete the aliases first, or add --yes. Nothing was deleted.' });
		if (warning !== null) hint(warning);
		const deleted = await api.value.call('deleteDomain', { path, ifRevision: revision, query: { note: args.note } });
		if (!deleted.ok) return fail(deleted.error);
		if (args.json === true) writeJson(deleted.value);
		else write(`${args.domain} is deleted. Undo: signpost restore ${args.domain} ${revision}\n`);
		return 0;
	},
});
