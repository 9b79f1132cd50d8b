/** `signpost audit`: prints the audit trail, newest entry first. */
import { defineCommand } from 'citty';
import { MAX_PAGE_SIZE } from '../../../contract/limits.ts';
import { describeActor } from '../../describe-actor.ts';
import { API_OPTIONS } from '../../options.ts';
import { columns, type ExitCode, fail, paint, sanitizeText, write } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost audit --api https://signpost.example.net
      the latest hundred: when, who, with which token, what
  signpost audit example.org --limit 1000
  signpost audit --limit 0 --json
      the whole trail, one JSON object a line
`;

export default defineCommand({
	meta: { name: 'audit', description: 'Show who wrote what, newest first.' },
	args: {
		domain: {
			type: 'positional',
			required: false,
			default: '',
			description: 'the mail domain; without it, everything that the token may read',
		},
		limit: { type: 'string', valueHint: 'N', default: '100', description: 'entries; 0 for all' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		if (!/^\d{1,9}$/.test(args.limit)) return fail({ message: `--limit ${args.limit} is no number`, hint: 'Entries to show; 0 for all.' });
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		let left = Number(args.limit) === 0 ? Number.POSITIVE_INFINITY : Number(args.limit);
		const query = { domain: args.domain, limit: Math.min(left, MAX_PAGE_SIZE) };
		for await (const page of api.value.pages('readAudit', { query })) {
			if (!page.ok) return fail(page.error);
			const lines = page.value.lines.slice(0, left);
			left -= lines.length;
			if (args.json === true) for (const each of lines) write(`${JSON.stringify(each)}\n`);
			else
				write(
					columns(
						lines.map(({ at, act, domain, who, kind, token, detail }) => [
							at,
							paint('bold', act),
							domain ?? '-',
							describeActor(who, kind, token),
							sanitizeText(detail),
						]),
					),
				);
			if (left === 0) break;
		}
		return 0;
	},
});
