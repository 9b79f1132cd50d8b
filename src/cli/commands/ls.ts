/** `signpost ls`: which records the service has. */
import { defineCommand } from 'citty';
import { fieldOf, listOf, numberOf, openApi, pages } from '../admin/api.ts';
import { API_OPTIONS } from '../admin/options.ts';
import { columns, type ExitCode, paint, stop, write } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost ls --api https://signpost.example.net
  signpost ls example --state deleted
  signpost ls --tag customer-7 --json
`;

export default defineCommand({
	meta: { name: 'ls', description: 'List the service’s records.' },
	args: {
		prefix: { type: 'positional', required: false, default: '', description: 'names that begin so; all where left out' },
		tag: { type: 'string', valueHint: 'TAG', description: 'those with this tag' },
		state: { type: 'enum', options: ['live', 'deleted', 'outside', 'any'], default: 'live', description: 'which' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		const { prefix, tag, state } = args;
		const query = { limit: '1000', state, ...(prefix === '' ? {} : { prefix }), ...(tag === undefined ? {} : { tag }) };
		for await (const page of pages(api.value, '/domains', query, 'domains', 'after')) {
			if (!page.ok) return stop(page.error);
			const domains = page.value;
			// A line an object: a list of a hundred thousand is not held for a closing bracket.
			if (args.json === true) for (const each of domains) write(`${JSON.stringify(each)}\n`);
			else
				write(
					columns(
						domains.map((each) => [
							paint('bold', fieldOf(each, 'domain') ?? ''),
							`r${numberOf(each, 'revision')}`,
							fieldOf(each, 'state') ?? '',
							fieldOf(each, 'at') ?? '',
							listOf(each, 'tags').join(' '),
						]),
					),
				);
		}
		return 0;
	},
});
