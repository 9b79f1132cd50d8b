/** `signpost push`: sends changed files to the service, each with the revision that it was made from. */
import { defineCommand } from 'citty';
import type { OperationOutput } from '../../contract/client.ts';
import { ok, type Result } from '../../lib/result.ts';
import { FOLDER_OPTIONS, NOTE_OPTION } from '../options.ts';
import { createProgress } from '../progress.ts';
import { type ExitCode, type Failure, fail, hint, write, writeJson } from '../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../workspace/admin-api-client.ts';
import { describeRecordFaults } from '../workspace/record-files.ts';
import { type RecordFile, type RecordFolder, readRecordFolder, type SyncState, writeSyncState } from '../workspace/record-folder.ts';

export const examples = `EXAMPLES

  signpost push --dir records --dry-run --api https://signpost.example.net
      what would change; nothing is stored
  signpost push --dir records --note "new IMAP host"
  signpost push example.org example.net --dir records

  Only files that differ from what was last pulled or pushed are sent, and each is refused if somebody has saved that record in between:
  exit code 1 and its name. Interrupted, it goes on where it was. Deleting is a command of its own: signpost rm.
`;

/** How many records go into one request: few enough to show progress, many enough for a hundred thousand records. */
const BATCH_LINES = 500;

interface PushOutcome {
	readonly domain: string;
	readonly result: string;
	readonly why?: string;
}

export default defineCommand({
	meta: { name: 'push', description: 'Send changed files to the service.' },
	args: {
		domain: {
			type: 'positional',
			required: false,
			valueHint: 'DOMAIN…',
			description: 'only these domains; without any, all changed files',
		},
		'dry-run': { type: 'boolean', description: 'say what would change, and change nothing' },
		...NOTE_OPTION,
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const folder = await readRecordFolder(args.dir);
		if (!folder.ok) return fail(folder.error);
		const missing = args._.find((domain) => !folder.value.files.has(domain));
		if (missing !== undefined)
			return fail({ message: `${args.dir} has no file for ${missing}`, hint: `It would be called ${missing}.json or ${missing}.yaml.` });
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
	{ dryRun, note }: PushOptions,
): Promise<Result<readonly PushOutcome[], Failure>> {
	const outcomes: PushOutcome[] = [];
	const progress = createProgress(changed.length);
	for (let at = 0; at < changed.length; at += BATCH_LINES) {
		const body = changed
			.slice(at, at + BATCH_LINES)
			.map(([domain, { record }]) => `${JSON.stringify({ domain, record, note, revision: folder.syncState.get(domain)?.revision ?? 0 })}\n`)
			.join('');
		const sent = await api.callLines('importRecords', { query: { existing: 'match', dry: dryRun }, body }, (line) => {
			if ('next' in line || line.result === 'ignored') return;
			const outcome = pushOutcome(line, folder.syncState);
			outcomes.push(outcome);
			progress.step(outcome.domain);
			const file = folder.files.get(outcome.domain);
			if (!dryRun && line.result !== 'refused' && file !== undefined && line.revision !== undefined)
				folder.syncState.set(outcome.domain, { revision: line.revision, digest: file.digest });
		});
		// What was stored before the connection broke is remembered, so that the next push sends the rest.
		const stateWritten = dryRun ? ok(null) : await writeSyncState(folder);
		if (!sent.ok) return sent;
		if (!stateWritten.ok) return stateWritten;
	}
	progress.done();
	return ok(outcomes);
}

type ImportResult = Exclude<OperationOutput<'importRecords'>, { readonly next: unknown }>;

function pushOutcome({ line, domain = `line ${line}`, result, problem }: ImportResult, syncState: SyncState): PushOutcome {
	return { domain, result, ...(problem === undefined ? {} : { why: explainRefusal(problem, domain, syncState) }) };
}

/** Describes a refusal in terms of files, since the user of this command does not see revisions. */
function explainRefusal(problem: NonNullable<ImportResult['problem']>, domain: string, syncState: SyncState): string {
	switch (problem.code) {
		case 'stale':
		case 'exists': {
			const known = syncState.get(domain);
			return known === undefined
				? `the service has a record already, and this file was never pulled: signpost diff ${domain} shows the difference, signpost pull --force takes the service's`
				: `the service has revision ${problem.revision}, this file was made from ${known.revision}: signpost diff ${domain} shows the difference`;
		}
		case 'edited-outside':
			return `its copy in KV was edited outside: signpost outside ${domain} shows it`;
		case 'invalid':
			return `${problem.title} ${describeRecordFaults(problem.errors ?? [])}`;
		default:
			return problem.title;
	}
}
