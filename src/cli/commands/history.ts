/** `signpost history`: who changed a record, when and why. */
import { defineCommand } from 'citty';
import { fieldOf, listOf, numberOf, openApi } from '../admin/api.ts';
import { API_OPTIONS } from '../admin/options.ts';
import { columns, type ExitCode, note, paint, shown, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost history example.org --api https://signpost.example.net
  signpost history example.org --json
`;

export default defineCommand({
	meta: { name: 'history', description: 'Show every revision of a record, newest first.' },
	args: { domain: { type: 'positional', required: true, description: 'the mail domain' }, ...API_OPTIONS },
	async run({ args }): Promise<ExitCode> {
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		const answer = await api.value.call('GET', `/domains/${encodeURIComponent(args.domain)}/history?limit=1000`);
		if (!answer.ok) return stop(answer.error);
		const revisions = listOf(answer.value.json, 'revisions');
		if (revisions.length === 0) note(`${args.domain} has no history: nothing was ever saved under this name`);
		if (args.json === true) writeJson(revisions);
		else
			write(
				columns(
					revisions.map((each) => [
						paint('bold', `r${numberOf(each, 'revision')}`),
						fieldOf(each, 'at') ?? '',
						fieldOf(each, 'act') ?? '',
						shown(fieldOf(each, 'author') ?? ''),
						shown(fieldOf(each, 'note') ?? ''),
					]),
				),
			);
		return revisions.length === 0 ? 1 : 0;
	},
});
