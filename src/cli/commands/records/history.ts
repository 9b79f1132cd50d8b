/** `signpost history`: prints who changed a record, when and why. */
import { defineCommand } from 'citty';
import { MAX_PAGE_SIZE } from '../../../contract/limits.ts';
import type { RevisionView } from '../../../contract/views.ts';
import { describeActor } from '../../describe-actor.ts';
import { API_OPTIONS } from '../../options.ts';
import { columns, type ExitCode, fail, hint, paint, sanitizeText, write, writeJson } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost history example.org --api https://signpost.example.net
  signpost history example.org --json
`;

export default defineCommand({
	meta: { name: 'history', description: 'Show every revision of a record, newest first.' },
	args: { domain: { type: 'positional', required: true, description: 'the mail domain' }, ...API_OPTIONS },
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const revisions: RevisionView[] = [];
		for await (const page of api.value.pages('readHistory', { path: { domain: args.domain }, query: { limit: MAX_PAGE_SIZE } })) {
			if (!page.ok) return fail(page.error);
			revisions.push(...page.value.revisions);
		}
		if (revisions.length === 0) hint(`${args.domain} has no history: nothing was ever saved under this name`);
		if (args.json === true) writeJson(revisions);
		else
			write(
				columns(
					revisions.map(({ revision, at, act, author, kind, token, note }) => [
						paint('bold', `r${revision}`),
						at,
						act,
						describeActor(author, kind, token),
						sanitizeText(note),
					]),
				),
			);
		return revisions.length === 0 ? 1 : 0;
	},
});
