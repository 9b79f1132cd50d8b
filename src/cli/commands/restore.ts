/** `signpost restore`: saves an old revision of a record as its newest one. */
import { defineCommand } from 'citty';
import { API_OPTIONS, NOTE_OPTION } from '../options.ts';
import { type ExitCode, fail, write, writeJson } from '../terminal.ts';
import { createAdminApiClient } from '../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost restore example.org 3 --note "the new host was not ready" --api https://signpost.example.net
      signpost history example.org names the revisions; this undoes a deletion too
`;

export default defineCommand({
	meta: { name: 'restore', description: 'Restore an old revision of a record.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		revision: { type: 'positional', required: true, description: 'the revision to restore' },
		...NOTE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const revision = Number(args.revision.replace(/^r/, ''));
		if (!Number.isInteger(revision) || revision < 1)
			return fail({ message: `"${args.revision}" is no revision`, hint: 'A number, as signpost history shows it.' });
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const path = { domain: args.domain };
		const current = await api.value.call('readDomain', { path });
		if (!current.ok) return fail(current.error);
		const restored = await api.value.call('restoreDomain', {
			path,
			ifRevision: current.value.revision,
			body: { revision, note: args.note ?? '' },
		});
		if (!restored.ok) return fail(restored.error);
		if (args.json === true) writeJson(restored.value);
		else write(`${args.domain} is as it was in r${revision}, now r${restored.value.revision}\n`);
		return 0;
	},
});
