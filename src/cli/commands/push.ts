/** `signpost push`: changed files into the service, each against the revision that it was made from. */
import { defineCommand } from 'citty';
import { ok, type Result } from '../../lib/result.ts';
import { type Api, fieldOf, numberOf, openApi } from '../admin/api.ts';
import { type FileRecord, type Folder, openFolder, saveKnown } from '../admin/folder.ts';
import { FOLDER_OPTIONS, NOTE_OPTION } from '../admin/options.ts';
import { type ExitCode, note, progress, stop, type Trouble, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost push --dir records --dry-run --api https://signpost.example.net
      what would change; nothing is stored
  signpost push --dir records --note "new IMAP host"
  signpost push example.org example.net --dir records

  Only files that differ from what was last pulled or pushed are sent, and each is refused if somebody has saved that record in between:
  exit code 1 and its name. Interrupted, it goes on where it was. Deleting is a command of its own: signpost rm.
`;

/** Lines of one request: few enough for a progress bar, many enough for a hundred thousand. */
const BATCH = 500;

interface Outcome {
	readonly domain: string;
	readonly result: string;
	readonly why?: string;
}

export default defineCommand({
	meta: { name: 'push', description: 'Send changed files to the service.' },
	args: {
		domain: { type: 'positional', required: false, valueHint: 'DOMAIN…', description: 'these alone; all changed files where left out' },
		'dry-run': { type: 'boolean', description: 'say what would change, and change nothing' },
		...NOTE_OPTION,
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		const folder = await openFolder(args.dir);
		if (!folder.ok) return stop(folder.error);
		const missing = args._.find((domain) => !folder.value.files.has(domain));
		if (missing !== undefined) return stop({ what: `${args.dir} has no file for ${missing}` });
		const changed = [...folder.value.files].filter(
			([domain, { digest }]) => (args._.length === 0 || args._.includes(domain)) && digest !== folder.value.known.get(domain)?.digest,
		);
		const outcomes = await pushAll(api.value, folder.value, changed, { dry: args['dry-run'] === true, note: args.note ?? '' });
		if (!outcomes.ok) return stop(outcomes.error);
		if (args.json === true) writeJson(outcomes.value);
		else for (const { domain, result, why } of outcomes.value) write(`${domain}  ${result}${why === undefined ? '' : `: ${why}`}\n`);
		note(changed.length === 0 ? 'nothing has changed here' : `${changed.length} sent${args['dry-run'] === true ? ', nothing stored' : ''}`);
		return outcomes.value.some(({ result }) => result === 'refused') ? 1 : 0;
	},
});

interface Mode {
	readonly dry: boolean;
	readonly note: string;
}

async function pushAll(
	api: Api,
	folder: Folder,
	changed: readonly (readonly [string, FileRecord])[],
	mode: Mode,
): Promise<Result<readonly Outcome[], Trouble>> {
	const outcomes: Outcome[] = [];
	const bar = progress(changed.length);
	for (let at = 0; at < changed.length; at += BATCH) {
		const batch = changed.slice(at, at + BATCH);
		const text = batch
			.map(
				([domain, { record }]) =>
					`${JSON.stringify({ domain, record, note: mode.note, revision: folder.known.get(domain)?.revision ?? 0 })}\n`,
			)
			.join('');
		const sent = await api.lines(
			'POST',
			`/import?existing=match&dry=${mode.dry}`,
			{ raw: { type: 'application/x-ndjson', text } },
			(line) => {
				const outcome = outcomeOf(line);
				if (outcome === null) return;
				outcomes.push(outcome);
				bar.step(outcome.domain);
				const [file, revision] = [folder.files.get(outcome.domain), numberOf(line, 'revision')];
				if (!mode.dry && outcome.result !== 'refused' && file !== undefined && revision !== undefined)
					folder.known.set(outcome.domain, { revision, digest: file.digest });
			},
		);
		// What was stored before the connection broke is known here: the next push sends the rest.
		if (!mode.dry) await saveKnown(folder);
		if (!sent.ok) return sent;
	}
	bar.done();
	return ok(outcomes);
}

/** A line of the service's answer; null for the last one, which counts. */
function outcomeOf(line: Readonly<Record<string, unknown>>): Outcome | null {
	const [domain, result] = [fieldOf(line, 'domain'), fieldOf(line, 'result')];
	if (result === undefined || result === 'ignored') return null;
	const title = fieldOf(line.problem, 'title');
	return { domain: domain ?? `line ${numberOf(line, 'line')}`, result, ...(title === undefined ? {} : { why: title }) };
}
