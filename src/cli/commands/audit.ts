/** `signpost audit`: every write, newest first. */
import { defineCommand } from 'citty';
import { columns, type ExitCode, fail, paint, sanitizeText, write } from '../terminal.ts';
import { createAdminApiClient, fetchPages, stringField } from '../workspace/admin-api-client.ts';
import { API_OPTIONS } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost audit --api https://signpost.example.net
      the latest hundred: when, who, with which token, what
  signpost audit example.org --limit 1000
  signpost audit --limit 0 --json
      all there is, an object a line
`;

/** Entries of one answer: the service's own limit. */
const PAGE_SIZE = 1000;

export default defineCommand({
	meta: { name: 'audit', description: 'Show who wrote what, newest first.' },
	args: {
		domain: {
			type: 'positional',
			required: false,
			default: '',
			description: 'the mail domain; all that the token may read where left out',
		},
		limit: { type: 'string', valueHint: 'N', default: '100', description: 'entries; 0 for all' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		if (!/^\d{1,9}$/.test(args.limit)) return fail({ message: `--limit ${args.limit} is no number`, hint: 'Entries to show; 0 for all.' });
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		let left = Number(args.limit) === 0 ? Number.POSITIVE_INFINITY : Number(args.limit);
		const query = { limit: String(Math.min(left, PAGE_SIZE)), ...(args.domain === '' ? {} : { domain: args.domain }) };
		for await (const page of fetchPages(api.value, '/audit', query, 'lines', 'before')) {
			if (!page.ok) return fail(page.error);
			const lines = page.value.slice(0, left);
			left -= lines.length;
			if (args.json === true) for (const each of lines) write(`${JSON.stringify(each)}\n`);
			else
				write(
					columns(
						lines.map((each) => [
							stringField(each, 'at') ?? '',
							paint('bold', stringField(each, 'act') ?? ''),
							stringField(each, 'domain') ?? '-',
							sanitizeText(stringField(each, 'who') ?? ''),
							stringField(each, 'token') ?? '-',
							sanitizeText(stringField(each, 'detail') ?? ''),
						]),
					),
				);
			if (left === 0) break;
		}
		return 0;
	},
});
