/** `signpost rm`: deletes a record, which is a revision like any other. */
import { defineCommand } from 'citty';
import { numberOf, openApi } from '../admin/api.ts';
import { API_OPTIONS, NOTE_OPTION } from '../admin/options.ts';
import { type ExitCode, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost rm example.org --note "customer left" --api https://signpost.example.net
      clients get 404 from then on; signpost restore undoes it
`;

export default defineCommand({
	meta: { name: 'rm', description: 'Delete a record.' },
	args: { domain: { type: 'positional', required: true, description: 'the mail domain' }, ...NOTE_OPTION, ...API_OPTIONS },
	async run({ args }): Promise<ExitCode> {
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		const path = `/domains/${encodeURIComponent(args.domain)}`;
		const now = await api.value.call('GET', path);
		if (!now.ok) return stop(now.error);
		const note = args.note === undefined ? '' : `?note=${encodeURIComponent(args.note)}`;
		const answer = await api.value.call('DELETE', `${path}${note}`, { headers: { 'If-Match': now.value.etag ?? '' } });
		if (!answer.ok) return stop(answer.error);
		const before = numberOf(now.value.json, 'revision');
		if (args.json === true) writeJson(answer.value.json);
		else write(`${args.domain} is deleted. Undo: signpost restore ${args.domain} ${before}\n`);
		return 0;
	},
});
