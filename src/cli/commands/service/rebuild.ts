/** `signpost rebuild`: builds a lost store again from those that are left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from 'citty';
import { SECOND_MS } from '../../../lib/time.ts';
import { API_OPTIONS } from '../../options.ts';
import { createProgress } from '../../progress.ts';
import { type ExitCode, fail, write, writeJson } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost rebuild kv --api https://signpost.example.net
      KV was lost: the keeper of every record publishes it again, 100 records a second at most
  signpost rebuild kv --rate 10
  signpost rebuild directory
      the directory was lost: the keepers of the records in KV, deleted ones too, tell it and the audit trail everything again

  Needs the operator's token. Can be repeated, and stopped at any time. Where both are lost: signpost restore FILE.
`;

export default defineCommand({
	meta: { name: 'rebuild', description: 'Put a lost store together again from those that are left.' },
	args: {
		what: { type: 'positional', required: true, valueHint: 'kv|directory', description: 'what was lost' },
		rate: { type: 'string', valueHint: 'N', default: '100', description: 'kv: records a second, at most' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const rate = Number(args.rate);
		if (!Number.isInteger(rate) || rate < 1 || rate > 1000)
			return fail({ message: `--rate ${args.rate} is no rate`, hint: 'From 1 to 1000.' });
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const progress = createProgress(null);
		const counts = { seen: 0, written: 0, outside: 0, nothing: 0 };
		try {
			if (args.what === 'directory') {
				// The first page is requested without a cursor.
				for (let after: string | null = ''; after !== null; ) {
					const page: Awaited<ReturnType<typeof api.value.call<'rebuildDirectory'>>> = await api.value.call('rebuildDirectory', {
						query: { after },
					});
					if (!page.ok) return fail(page.error);
					counts.seen += page.value.seen;
					progress.step(`pages: ${counts.seen} records`);
					after = page.value.next;
				}
			} else if (args.what === 'kv') {
				const begun = Date.now();
				for await (const page of api.value.pages('republishRecords', { query: { limit: Math.min(rate, 100) } })) {
					if (!page.ok) return fail(page.error);
					for (const key of ['written', 'outside', 'nothing'] as const) counts[key] += page.value[key];
					progress.step(`pages: ${counts.written} records`);
					// The rate that the user chose: so many records take at least so long, even if the service could work faster.
					if (page.value.next !== null) await sleep(Math.max(0, begun + (counts.written / rate) * SECOND_MS - Date.now()));
				}
			} else return fail({ message: `"${args.what}" is no store`, hint: 'kv or directory.' });
		} finally {
			progress.done();
		}
		if (args.json === true) writeJson(counts);
		else if (args.what === 'directory') write(`${counts.seen} records have told the directory\n`);
		else write(`${counts.written} records published, ${counts.outside} left as they were put there by hand\n`);
		return 0;
	},
});
