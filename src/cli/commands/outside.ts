/** `signpost outside`: what somebody put into KV by hand, and what becomes of it. */
import { defineCommand } from 'citty';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { ok } from '../../lib/result.ts';
import { parseStored } from '../../model/stored-record.ts';
import { createProgress, type ExitCode, fail, paint, sanitizeText, write, writeJson } from '../terminal.ts';
import {
	type AdminApiClient,
	createAdminApiClient,
	fetchPages,
	fieldValue,
	numberField,
	stringField,
} from '../workspace/admin-api-client.ts';
import { diffFields, renderFieldDifferences } from '../workspace/record-diff.ts';
import { API_OPTIONS, NOTE_OPTION } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost outside --api https://signpost.example.net
      looks at every record: those whose copy in KV was edited by hand, which is what clients are answered from
  signpost outside example.org
      how it differs from the last revision: - the revision, + the copy
  signpost outside example.org --adopt --note "moved in a hurry"
      the copy becomes the next revision
  signpost outside example.org --overwrite
      the last revision goes out again, over the copy

  Exit codes: 0 nothing is edited outside (any more), 1 something is, 2 could not look.
`;

export default defineCommand({
	meta: { name: 'outside', description: 'Show what was put into KV by hand; adopt it or overwrite it.' },
	args: {
		domain: { type: 'positional', required: false, default: '', description: 'the mail domain; a list of them where left out' },
		adopt: { type: 'boolean', description: 'make the copy the next revision' },
		overwrite: { type: 'boolean', description: 'put the last revision in its place' },
		...NOTE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const act = args.adopt === true ? 'adopt' : args.overwrite === true ? 'overwrite' : null;
		if (args.adopt === true && args.overwrite === true)
			return fail({ message: '--adopt and --overwrite are opposites', hint: 'Give one of them.' });
		if (act !== null && args.domain === '') return fail({ message: `--${act} needs a domain`, hint: 'One at a time, after a look at it.' });
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		if (args.domain === '') return listExternalEdits(api.value, args.json === true);
		const path = `/domains/${encodeURIComponent(args.domain)}`;
		const now = await api.value.request('GET', path);
		if (!now.ok) return fail(now.error);
		if (act === null) return printExternalEdit(args.domain, now.value.json, args.json === true);
		const done = await api.value.request('POST', `${path}/${act}`, {
			body: { note: args.note ?? '' },
			headers: { 'If-Match': now.value.etag ?? '' },
		});
		if (!done.ok) return fail(done.error);
		if (args.json === true) writeJson(done.value.json);
		else
			write(
				`${args.domain} is ${act === 'adopt' ? 'as the copy was' : 'as it was saved last'}, now r${numberField(done.value.json, 'revision')}\n`,
			);
		return 0;
	},
});

/** Requests under way together. */
const CONCURRENT_REQUESTS = 8;

/** Looks at every record, deleted ones too: the service compares a copy when it is asked for it, and keeps no list of what differs. */
async function listExternalEdits(api: AdminApiClient, json: boolean): Promise<ExitCode> {
	const names: string[] = [];
	for await (const page of fetchPages(api, '/domains', { limit: '1000', state: 'any' }, 'domains', 'after')) {
		if (!page.ok) return fail(page.error);
		names.push(...page.value.map((each) => stringField(each, 'domain') ?? ''));
	}
	const bar = createProgress(names.length);
	const looked = await mapConcurrently(names, CONCURRENT_REQUESTS, async (name) => {
		const view = await api.request('GET', `/domains/${encodeURIComponent(name)}`);
		bar.step(name);
		return view.ok ? ok(externalEditOf(view.value.json) !== null) : view;
	});
	bar.done();
	const failed = looked.find((each) => !each.ok);
	if (failed !== undefined && !failed.ok) return fail(failed.error);
	const edited = names.filter((_, at) => looked[at]?.ok === true && looked[at].value);
	for (const domain of edited) write(json ? `${JSON.stringify({ domain })}\n` : `${domain}\n`);
	return edited.length === 0 ? 0 : 1;
}

function externalEditOf(view: unknown): object | null {
	const outside = fieldValue(view, 'outside');
	return typeof outside === 'object' ? outside : null;
}

function printExternalEdit(domain: string, view: unknown, json: boolean): ExitCode {
	const outside = externalEditOf(view);
	if (outside === null) {
		if (json) writeJson({ domain, outside: null });
		else write(`${domain}  the copy in KV is the service's own\n`);
		return 0;
	}
	const text = stringField(outside, 'text');
	const stored = text === undefined ? null : parseStored(text);
	const fields = diffFields(fieldValue(view, 'record'), stored?.ok === true ? stored.value.record : null);
	if (json) {
		writeJson({ domain, outside: text ?? null, fields });
		return 1;
	}
	const what =
		stored === null
			? 'was deleted from KV by hand'
			: stored.ok
				? 'was edited in KV by hand'
				: `was edited in KV by hand, and is no record: ${sanitizeText(stored.error.path)} ${sanitizeText(stored.error.reason)}`;
	write(`${[`${paint('bold', domain)}  ${what}`, ...(stored?.ok === true ? renderFieldDifferences(fields) : [])].join('\n')}\n`);
	return 1;
}
