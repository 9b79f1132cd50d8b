/** `signpost rm`: deletes a record. The deletion is a revision like any other and can be undone. */
import { defineCommand } from 'citty';
import { API_OPTIONS, NOTE_OPTION } from '../../options.ts';
import { confirmOnTerminal } from '../../publish/confirm.ts';
import { type ExitCode, fail, hint, write, writeJson } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { describeAliases } from '../../workspace/describe-aliases.ts';
import { diffFields, renderFieldDifferences } from '../../workspace/record-diff.ts';

export const examples = `EXAMPLES

  signpost rm example.org --note "customer left" --api https://signpost.example.net
      shows the record and the aliases whose clients get nothing either, and asks; clients get 404 from then on
  signpost rm example.org --yes
      deletes it without a question. signpost restore undoes it

  Without a terminal to ask on it needs --yes.
`;

export default defineCommand({
	meta: { name: 'rm', description: 'Delete a record.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		yes: { type: 'boolean', description: 'do not ask, even if other domains are aliases of it' },
		...NOTE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const path = { domain: args.domain };
		const current = await api.value.call('readDomain', { path });
		if (!current.ok) return fail(current.error);
		const { revision, record } = current.value;
		const aliases = await api.value.call('readAliases', { path });
		if (!aliases.ok) return fail(aliases.error);
		const warning = describeAliases(args.domain, aliases.value);
		if (warning !== null) hint(warning);
		// Of a name without a record the service says that there is nothing to delete.
		if (record !== null && args.yes !== true) {
			hint(`${args.domain} r${revision}\n${renderFieldDifferences(diffFields(record, null)).join('\n')}`);
			const isAgreed = await confirmOnTerminal(`Delete ${args.domain}?`);
			if (!isAgreed.ok) return fail(isAgreed.error);
		}
		const deleted = await api.value.call('deleteDomain', { path, ifRevision: revision, query: { note: args.note } });
		if (!deleted.ok) return fail(deleted.error);
		if (args.json === true) writeJson(deleted.value);
		else write(`${args.domain} is deleted. Undo: signpost restore ${args.domain} ${revision}\n`);
		return 0;
	},
});
