/** `signpost ls`: which records the service has. */
import { defineCommand } from 'citty';
import { columns, type ExitCode, fail, paint, write } from '../terminal.ts';
import { createAdminApiClient, fetchPages, listField, numberField, stringField } from '../workspace/admin-api-client.ts';
import { API_OPTIONS } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

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
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		const { prefix, tag, state } = args;
		const query = { limit: '1000', state, ...(prefix === '' ? {} : { prefix }), ...(tag === undefined ? {} : { tag }) };
		for await (const page of fetchPages(api.value, '/domains', query, 'domains', 'after')) {
			if (!page.ok) return fail(page.error);
			const domains = page.value;
			// A line an object: a list of a hundred thousand is not held for a closing bracket.
			if (args.json === true) for (const each of domains) write(`${JSON.stringify(each)}\n`);
			else
				write(
					columns(
						domains.map((each) => [
							paint('bold', stringField(each, 'domain') ?? ''),
							`r${numberField(each, 'revision')}`,
							stringField(each, 'state') ?? '',
							stringField(each, 'at') ?? '',
							listField(each, 'tags').join(' '),
						]),
					),
				);
		}
		return 0;
	},
});
