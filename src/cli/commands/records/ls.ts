/** `signpost ls`: lists the records of the service. */
import { defineCommand } from 'citty';
import { MAX_PAGE_SIZE } from '../../../contract/limits.ts';
import { API_OPTIONS } from '../../options.ts';
import { columns, type ExitCode, fail, paint, write } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost ls --api https://signpost.example.net
  signpost ls example --state deleted
  signpost ls --tag customer-7 --json
`;

export default defineCommand({
	meta: { name: 'ls', description: 'List the service’s records.' },
	args: {
		prefix: { type: 'positional', required: false, default: '', description: 'only domains that begin with this' },
		tag: { type: 'string', valueHint: 'TAG', description: 'only those with this tag' },
		state: { type: 'enum', options: ['live', 'deleted', 'outside', 'any'], default: 'live', description: 'only those in this state' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const { prefix, tag, state } = args;
		for await (const page of api.value.pages('listDomains', { query: { prefix, tag, state, limit: MAX_PAGE_SIZE } })) {
			if (!page.ok) return fail(page.error);
			const { domains } = page.value;
			// One object on each line, so that a list of a hundred thousand records is not kept in memory.
			if (args.json === true) for (const each of domains) write(`${JSON.stringify(each)}\n`);
			else
				write(
					columns(
						domains.map(({ domain, revision, state, at, tags }) => [paint('bold', domain), `r${revision}`, state, at, tags.join(' ')]),
					),
				);
		}
		return 0;
	},
});
