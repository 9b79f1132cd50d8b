/** `signpost outside`: shows records that were changed in KV by hand, and adopts or overwrites them. */
import { defineCommand } from 'citty';
import { MAX_PAGE_SIZE } from '../../../contract/limits.ts';
import type { DomainView } from '../../../contract/views.ts';
import { mapConcurrently } from '../../../lib/concurrency.ts';
import { parseStored } from '../../../model/stored-record.ts';
import { API_OPTIONS, NOTE_OPTION } from '../../options.ts';
import { createProgress } from '../../progress.ts';
import { confirmOnTerminal } from '../../publish/confirm.ts';
import { type ExitCode, fail, paint, sanitizeText, write, writeJson } from '../../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { diffFields, renderFieldDifferences } from '../../workspace/record-diff.ts';

export const examples = `EXAMPLES

  signpost outside --api https://signpost.example.net
      looks at every record: those whose copy in KV was edited by hand, which is what clients are answered from
  signpost outside example.org
      how it differs from the last revision: - the revision, + the copy
  signpost outside example.org --adopt --note "moved in a hurry"
      the copy becomes the next revision
  signpost outside example.org --overwrite
      the last revision goes out again, over the copy
  Both show what would change and ask on the terminal; without one they need --yes.

  --json prints the list as one JSON array, and one domain as one object.
  Exit codes: 0 nothing is edited outside (any more), 1 something is, 2 it could not be found out.
`;

export default defineCommand({
	meta: { name: 'outside', description: 'Show what was put into KV by hand; adopt it or overwrite it.' },
	args: {
		domain: { type: 'positional', required: false, default: '', description: 'the mail domain; without it, a list of all that are edited' },
		adopt: { type: 'boolean', description: 'make the copy the next revision' },
		overwrite: { type: 'boolean', description: 'put the last revision in its place' },
		yes: { type: 'boolean', description: 'adopt or overwrite without a question' },
		...NOTE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const act = args.adopt === true ? 'adopt' : args.overwrite === true ? 'overwrite' : null;
		if (args.adopt === true && args.overwrite === true)
			return fail({ message: '--adopt and --overwrite are opposites', hint: 'Give one of them.' });
		if (act !== null && args.domain === '') return fail({ message: `--${act} needs a domain`, hint: 'One at a time, after a look at it.' });
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		if (args.domain === '') return listExternalEdits(api.value, args.json === true);
		const path = { domain: args.domain };
		const current = await api.value.call('readDomain', { path });
		if (!current.ok) return fail(current.error);
		if (act === null) return printExternalEdit(current.value, args.json === true);
		if (current.value.outside !== null && args.yes !== true) {
			// What is overwritten is in no history: it is shown, and asked about.
			printExternalEdit(current.value, false, act);
			const isAgreed = await confirmOnTerminal(act === 'adopt' ? 'Make this the next revision?' : 'Replace it with the last revision?');
			if (!isAgreed.ok) return fail(isAgreed.error);
		}
		const request = { path, ifRevision: current.value.revision, body: { note: args.note ?? '' } };
		const settled = await api.value.call(act === 'adopt' ? 'adoptDomain' : 'overwriteDomain', request);
		if (!settled.ok) return fail(settled.error);
		if (args.json === true) writeJson(settled.value);
		else write(`${args.domain} is ${act === 'adopt' ? 'as the copy was' : 'as it was saved last'}, now r${settled.value.revision}\n`);
		return 0;
	},
});

/** How many requests run at the same time. */
const CONCURRENT_REQUESTS = 8;

/** Reads every record, deleted ones too: the service compares a copy only when it is asked for it, and has no list of those that differ. */
async function listExternalEdits(api: AdminApiClient, json: boolean): Promise<ExitCode> {
	const names: string[] = [];
	for await (const page of api.pages('listDomains', { query: { limit: MAX_PAGE_SIZE, state: 'any' } })) {
		if (!page.ok) return fail(page.error);
		names.push(...page.value.domains.map(({ domain }) => domain));
	}
	const progress = createProgress(names.length);
	const views = await mapConcurrently(names, CONCURRENT_REQUESTS, async (domain) => {
		const view = await api.call('readDomain', { path: { domain } });
		progress.step(domain);
		return view;
	});
	progress.done();
	const edited: string[] = [];
	for (const view of views) {
		if (!view.ok) return fail(view.error);
		if (view.value.outside !== null) edited.push(view.value.domain);
	}
	if (json) writeJson(edited.map((domain) => ({ domain })));
	else for (const domain of edited) write(`${domain}\n`);
	return edited.length === 0 ? 0 : 1;
}

/** @param act what is to be done about it: the difference is then shown as what would change */
function printExternalEdit({ domain, record, outside }: DomainView, json: boolean, act: 'adopt' | 'overwrite' | null = null): ExitCode {
	if (outside === null) {
		if (json) writeJson({ domain, outside: null });
		else write(`${domain}  the copy in KV is the service's own\n`);
		return 0;
	}
	const stored = outside.text === null ? null : parseStored(outside.text);
	const copy = stored?.ok === true ? stored.value.record : null;
	const fields = act === 'overwrite' ? diffFields(copy, record) : diffFields(record, copy);
	if (json) {
		writeJson({ domain, outside: outside.text, fields });
		return 1;
	}
	const what =
		stored === null
			? 'is not in KV: it was deleted there by hand, or KV was emptied'
			: stored.ok
				? 'was edited in KV by hand'
				: `was edited in KV by hand, and is no record: ${sanitizeText(stored.error.path)} ${sanitizeText(stored.error.reason)}`;
	write(
		`${[`${paint('bold', domain)}  ${what}`, ...(stored?.ok === true || act !== null ? renderFieldDifferences(fields) : [])].join('\n')}\n`,
	);
	return 1;
}
