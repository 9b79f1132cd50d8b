/** `signpost restore`: back to an old revision, which becomes a new one. */
import { defineCommand } from 'citty';
import { type ExitCode, fail, write, writeJson } from '../terminal.ts';
import { createAdminApiClient, numberField } from '../workspace/admin-api-client.ts';
import { API_OPTIONS, NOTE_OPTION } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

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
			return fail({ message: `"${args.revision}" is no revision`, hint: 'A number, as signpost history shows it.' });
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		const path = `/domains/${encodeURIComponent(args.domain)}`;
		const now = await api.value.request('GET', path);
		if (!now.ok) return fail(now.error);
		const answer = await api.value.request('POST', `${path}/restore`, {
			body: { revision, note: args.note ?? '' },
			headers: { 'If-Match': now.value.etag ?? '' },
		});
		if (!answer.ok) return fail(answer.error);
		if (args.json === true) writeJson(answer.value.json);
		else write(`${args.domain} is as it was in r${revision}, now r${numberField(answer.value.json, 'revision')}\n`);
		return 0;
	},
});
