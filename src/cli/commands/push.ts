/** `signpost push`: changed files into the service, each against the revision that it was made from. */
import { defineCommand } from 'citty';
import { ok, type Result } from '../../lib/result.ts';
import { createProgress, type ExitCode, type Failure, fail, hint, write, writeJson } from '../terminal.ts';
import { type AdminApiClient, createAdminApiClient, numberField, stringField } from '../workspace/admin-api-client.ts';
import { type RecordFile, type RecordFolder, readRecordFolder, writeSyncState } from '../workspace/record-folder.ts';
import { FOLDER_OPTIONS, NOTE_OPTION } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost push --dir records --dry-run --api https://signpost.example.net
      what would change; nothing is stored
  signpost push --dir records --note "new IMAP host"
  signpost push example.org example.net --dir records

  Only files that differ from what was last pulled or pushed are sent, and each is refused if somebody has saved that record in between:
  exit code 1 and its name. Interrupted, it goes on where it was. Deleting is a command of its own: signpost rm.
`;

/** Lines of one request: few enough for a progress bar, many enough for a hundred thousand. */
const BATCH_LINES = 500;

interface PushOutcome {
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
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		const folder = await readRecordFolder(args.dir);
		if (!folder.ok) return fail(folder.error);
		const missing = args._.find((domain) => !folder.value.files.has(domain));
		if (missing !== undefined) return fail({ message: `${args.dir} has no file for ${missing}` });
		const changed = [...folder.value.files].filter(
			([domain, { digest }]) => (args._.length === 0 || args._.includes(domain)) && digest !== folder.value.syncState.get(domain)?.digest,
		);
		const outcomes = await pushFiles(api.value, folder.value, changed, { dryRun: args['dry-run'] === true, note: args.note ?? '' });
		if (!outcomes.ok) return fail(outcomes.error);
		if (args.json === true) writeJson(outcomes.value);
		else for (const { domain, result, why } of outcomes.value) write(`${domain}  ${result}${why === undefined ? '' : `: ${why}`}\n`);
		hint(changed.length === 0 ? 'nothing has changed here' : `${changed.length} sent${args['dry-run'] === true ? ', nothing stored' : ''}`);
		return outcomes.value.some(({ result }) => result === 'refused') ? 1 : 0;
	},
});

interface PushOptions {
	readonly dryRun: boolean;
	readonly note: string;
}

async function pushFiles(
	api: AdminApiClient,
	folder: RecordFolder,
	changed: readonly (readonly [string, RecordFile])[],
	mode: PushOptions,
): Promise<Result<readonly PushOutcome[], Failure>> {
	const outcomes: PushOutcome[] = [];
	const bar = createProgress(changed.length);
	for (let at = 0; at < changed.length; at += BATCH_LINES) {
		const batch = changed.slice(at, at + BATCH_LINES);
		const text = batch
			.map(
				([domain, { record }]) =>
					`${JSON.stringify({ domain, record, note: mode.note, revision: folder.syncState.get(domain)?.revision ?? 0 })}\n`,
			)
			.join('');
		const sent = await api.requestLines(
			'POST',
			`/import?existing=match&dry=${mode.dryRun}`,
			{ rawBody: { type: 'application/x-ndjson', text } },
			(line) => {
				const outcome = parseOutcome(line);
				if (outcome === null) return;
				outcomes.push(outcome);
				bar.step(outcome.domain);
				const [file, revision] = [folder.files.get(outcome.domain), numberField(line, 'revision')];
				if (!mode.dryRun && outcome.result !== 'refused' && file !== undefined && revision !== undefined)
					folder.syncState.set(outcome.domain, { revision, digest: file.digest });
			},
		);
		// What was stored before the connection broke is known here: the next push sends the rest.
		if (!mode.dryRun) await writeSyncState(folder);
		if (!sent.ok) return sent;
	}
	bar.done();
	return ok(outcomes);
}

/** A line of the service's answer; null for the last one, which counts. */
function parseOutcome(line: Readonly<Record<string, unknown>>): PushOutcome | null {
	const [domain, result] = [stringField(line, 'domain'), stringField(line, 'result')];
	if (result === undefined || result === 'ignored') return null;
	const title = stringField(line.problem, 'title');
	return { domain: domain ?? `line ${numberField(line, 'line')}`, result, ...(title === undefined ? {} : { why: title }) };
}
