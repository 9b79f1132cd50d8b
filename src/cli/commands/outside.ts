/** `signpost outside`: what somebody put into KV by hand, and what becomes of it. */
import { defineCommand } from 'citty';
import { ok } from '../../lib/result.ts';
import { parseStored } from '../../store/stored.ts';
import { type Api, fieldOf, memberOf, numberOf, openApi, pages } from '../admin/api.ts';
import { fieldLines, fieldsThatDiffer } from '../admin/fields.ts';
import { API_OPTIONS, NOTE_OPTION } from '../admin/options.ts';
import { inParallel } from '../parallel.ts';
import { type ExitCode, paint, progress, shown, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

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
			return stop({ what: '--adopt and --overwrite are opposites', todo: 'Give one of them.' });
		if (act !== null && args.domain === '') return stop({ what: `--${act} needs a domain`, todo: 'One at a time, after a look at it.' });
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		if (args.domain === '') return list(api.value, args.json === true);
		const path = `/domains/${encodeURIComponent(args.domain)}`;
		const now = await api.value.call('GET', path);
		if (!now.ok) return stop(now.error);
		if (act === null) return show(args.domain, now.value.json, args.json === true);
		const done = await api.value.call('POST', `${path}/${act}`, {
			body: { note: args.note ?? '' },
			headers: { 'If-Match': now.value.etag ?? '' },
		});
		if (!done.ok) return stop(done.error);
		if (args.json === true) writeJson(done.value.json);
		else
			write(
				`${args.domain} is ${act === 'adopt' ? 'as the copy was' : 'as it was saved last'}, now r${numberOf(done.value.json, 'revision')}\n`,
			);
		return 0;
	},
});

/** Requests under way together. */
const AT_ONCE = 8;

/** Looks at every record, deleted ones too: the service compares a copy when it is asked for it, and keeps no list of what differs. */
async function list(api: Api, json: boolean): Promise<ExitCode> {
	const names: string[] = [];
	for await (const page of pages(api, '/domains', { limit: '1000', state: 'any' }, 'domains', 'after')) {
		if (!page.ok) return stop(page.error);
		names.push(...page.value.map((each) => fieldOf(each, 'domain') ?? ''));
	}
	const bar = progress(names.length);
	const looked = await inParallel(names, AT_ONCE, async (name) => {
		const view = await api.call('GET', `/domains/${encodeURIComponent(name)}`);
		bar.step(name);
		return view.ok ? ok(outsideIn(view.value.json) !== null) : view;
	});
	bar.done();
	const failed = looked.find((each) => !each.ok);
	if (failed !== undefined && !failed.ok) return stop(failed.error);
	const edited = names.filter((_, at) => looked[at]?.ok === true && looked[at].value);
	for (const domain of edited) write(json ? `${JSON.stringify({ domain })}\n` : `${domain}\n`);
	return edited.length === 0 ? 0 : 1;
}

function outsideIn(view: unknown): object | null {
	const outside = memberOf(view, 'outside');
	return typeof outside === 'object' ? outside : null;
}

function show(domain: string, view: unknown, json: boolean): ExitCode {
	const outside = outsideIn(view);
	if (outside === null) {
		if (json) writeJson({ domain, outside: null });
		else write(`${domain}  the copy in KV is the service's own\n`);
		return 0;
	}
	const text = fieldOf(outside, 'text');
	const stored = text === undefined ? null : parseStored(text);
	const fields = fieldsThatDiffer(memberOf(view, 'record'), stored?.ok === true ? stored.value.record : null);
	if (json) {
		writeJson({ domain, outside: text ?? null, fields });
		return 1;
	}
	const what =
		stored === null
			? 'was deleted from KV by hand'
			: stored.ok
				? 'was edited in KV by hand'
				: `was edited in KV by hand, and is no record: ${shown(stored.error.path)} ${shown(stored.error.reason)}`;
	write(`${[`${paint('bold', domain)}  ${what}`, ...(stored?.ok === true ? fieldLines(fields) : [])].join('\n')}\n`);
	return 1;
}
