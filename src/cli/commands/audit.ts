/** `signpost audit`: every write, newest first. */
import { defineCommand } from 'citty';
import { fieldOf, openApi, pages } from '../admin/api.ts';
import { API_OPTIONS } from '../admin/options.ts';
import { columns, type ExitCode, paint, shown, stop, write } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost audit --api https://signpost.example.net
      the latest hundred: when, who, with which token, what
  signpost audit example.org --limit 1000
  signpost audit --limit 0 --json
      all there is, an object a line
`;

/** Entries of one answer: the service's own limit. */
const PAGE = 1000;

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
		if (!/^\d{1,9}$/.test(args.limit)) return stop({ what: `--limit ${args.limit} is no number`, todo: 'Entries to show; 0 for all.' });
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		let left = Number(args.limit) === 0 ? Number.POSITIVE_INFINITY : Number(args.limit);
		const query = { limit: String(Math.min(left, PAGE)), ...(args.domain === '' ? {} : { domain: args.domain }) };
		for await (const page of pages(api.value, '/audit', query, 'lines', 'before')) {
			if (!page.ok) return stop(page.error);
			const lines = page.value.slice(0, left);
			left -= lines.length;
			if (args.json === true) for (const each of lines) write(`${JSON.stringify(each)}\n`);
			else
				write(
					columns(
						lines.map((each) => [
							fieldOf(each, 'at') ?? '',
							paint('bold', fieldOf(each, 'act') ?? ''),
							fieldOf(each, 'domain') ?? '-',
							shown(fieldOf(each, 'who') ?? ''),
							fieldOf(each, 'token') ?? '-',
							shown(fieldOf(each, 'detail') ?? ''),
						]),
					),
				);
			if (left === 0) break;
		}
		return 0;
	},
});
