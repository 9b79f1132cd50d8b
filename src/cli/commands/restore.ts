/** `signpost restore`: back to an old revision, which becomes a new one. */
import { defineCommand } from 'citty';
import { numberOf, openApi } from '../admin/api.ts';
import { API_OPTIONS, NOTE_OPTION } from '../admin/options.ts';
import { type ExitCode, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost restore example.org 3 --note "the new host was not ready" --api https://signpost.example.net
      signpost history example.org names the revisions; this undoes a deletion too
`;

export default defineCommand({
	meta: { name: 'restore', description: 'Go back to an old revision of a record.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		revision: { type: 'positional', required: true, description: 'the revision to go back to' },
		...NOTE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const revision = Number(args.revision.replace(/^r/, ''));
		if (!Number.isInteger(revision) || revision < 1)
			return stop({ what: `"${args.revision}" is no revision`, todo: 'A number, as signpost history shows it.' });
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		const path = `/domains/${encodeURIComponent(args.domain)}`;
		const now = await api.value.call('GET', path);
		if (!now.ok) return stop(now.error);
		const answer = await api.value.call('POST', `${path}/restore`, {
			body: { revision, note: args.note ?? '' },
			headers: { 'If-Match': now.value.etag ?? '' },
		});
		if (!answer.ok) return stop(answer.error);
		if (args.json === true) writeJson(answer.value.json);
		else write(`${args.domain} is as it was in r${revision}, now r${numberOf(answer.value.json, 'revision')}\n`);
		return 0;
	},
});
