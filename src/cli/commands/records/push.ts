/** `signpost push`: sends changed files to the service, each with the revision that it was made from. */
import { defineCommand } from 'citty';
import type { OperationOutput } from '../../../contract/client.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { parseRecordName } from '../../../model/record-name.ts';
import { FOLDER_OPTIONS, NOTE_OPTION } from '../../options.ts';
import { createProgress } from '../../progress.ts';
import { type ExitCode, type Failure, fail, hint, write, writeJson } from '../../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { describeRecordFaults } from '../../workspace/record-files.ts';
import {
	adviseOnDeleted,
	type RecordFile,
	type RecordFolder,
	readRecordFolder,
	type SyncState,
	writeSyncState,
} from '../../workspace/record-folder.ts';

/** What Cloudflare's free plan allows (Workers and KV, limits of 2026-11). */
const FREE_PLAN = {
	subrequests: 50,
	kvWritesADay: 1000,
	/** Kept for people who save records on the same day. */
	spareKvWrites: 50,
	/** Each line is a call of its record's keeper; the directory and KV are asked a few times for each request. */
	linesPerRequest: 40,
} as const;

export const examples = `EXAMPLES

  signpost push --dir records --dry-run --api https://signpost.example.net
      what would change; nothing is stored
  signpost push --dir records --note "new IMAP host"
  signpost push example.org example.net --dir records
  signpost push --free-plan --dir records
      on Cloudflare's free plan, where a request has ${FREE_PLAN.subrequests} subrequests and KV takes ${FREE_PLAN.kvWritesADay} writes a day: small requests, and
      ${FREE_PLAN.kvWritesADay - FREE_PLAN.spareKvWrites} records; run it again on the next day for those that are left

  Only files that differ from what was last pulled or pushed are sent, and each is refused if somebody has saved that record in between:
  exit code 1 and its name. Interrupted, it goes on where it was. Deleting is a command of its own: signpost rm.
  A record that was deleted in the service is stored again with --revive only.
`;

/** How many records go into one request: few enough to show progress, many enough for a hundred thousand records. */
const BATCH_LINES = 500;

interface PushOutcome {
	readonly domain: string;
	readonly result: string;
	/** With a refusal: the file, and why. */
	readonly file?: string;
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
		revive: { type: 'boolean', description: 'store records again that the service has deleted' },
		'free-plan': { type: 'boolean', description: 'in steps that Cloudflare’s free plan allows; run it again each day' },
		'dry-run': { type: 'boolean', description: 'say what would change, and change nothing' },
		...NOTE_OPTION,
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const wanted = args._.map((text) => ({ text, name: parseRecordName(text) }));
		const folder = await readRecordFolder(args.dir, (name) => wanted.length === 0 || wanted.some((each) => each.name === name));
		if (!folder.ok) return fail(folder.error);
		const missing = wanted.find(({ name }) => name === null || !folder.value.files.has(name));
		if (missing !== undefined)
			return fail({
				message: `${args.dir} has no file for ${missing.text}`,
				hint: `It would be called ${missing.name ?? missing.text}.json or ${missing.name ?? missing.text}.yaml.`,
			});
		const { files, syncState } = folder.value;
		const unchanged = new Set(
			[...files].filter(([domain, { digest }]) => digest === syncState.get(domain)?.digest).map(([domain]) => domain),
		);
		const limits =
			args['free-plan'] === true
				? { batchLines: FREE_PLAN.linesPerRequest, maxStored: FREE_PLAN.kvWritesADay - FREE_PLAN.spareKvWrites }
				: { batchLines: BATCH_LINES, maxStored: Number.POSITIVE_INFINITY };
		const options = { dryRun: args['dry-run'] === true, revive: args.revive === true, note: args.note ?? '', unchanged, ...limits };
		// Which records the service has deleted is not known here: with --revive it is asked about files that have not changed, too.
		const wantedFiles = [...files].filter(([domain]) => options.revive || !unchanged.has(domain));
		const pushed = await pushFiles(api.value, folder.value, wantedFiles, options);
		if (!pushed.ok) return fail(pushed.error);
		const { outcomes, left } = pushed.value;
		if (args.json === true) writeJson(outcomes);
		else for (const { domain, result, why } of outcomes) write(`${domain}  ${result}${why === undefined ? '' : `: ${why}`}\n`);
		const count = outcomes.length;
		hint(count === 0 ? 'nothing has changed here' : `${count} sent${args['dry-run'] === true ? ', nothing stored' : ''}`);
		if (left > 0)
			hint(
				`${left} files are left: KV takes ${FREE_PLAN.kvWritesADay} writes a day on the free plan. Run the same command again tomorrow, after 00:00 UTC.`,
			);
		return left > 0 || outcomes.some(({ result }) => result === 'refused') ? 1 : 0;
	},
});

interface PushOptions {
	readonly dryRun: boolean;
	readonly revive: boolean;
	readonly note: string;
	/** Domains whose files are as they were pulled or pushed: of these, only what is stored again is an outcome. */
	readonly unchanged: ReadonlySet<string>;
	/** Records in one request. */
	readonly batchLines: number;
	/** Records that are stored at most: each takes a write to KV, and a file that turns out to be unchanged takes none. */
	readonly maxStored: number;
}

type ChangedFile = readonly [domain: string, file: RecordFile];

async function pushFiles(
	api: AdminApiClient,
	folder: RecordFolder,
	files: readonly ChangedFile[],
	options: PushOptions,
): Promise<Result<{ readonly outcomes: readonly PushOutcome[]; readonly left: number }, Failure>> {
	const outcomes: PushOutcome[] = [];
	const progress = createProgress(files.length);
	let left = files;
	let stored = 0;
	while (left.length > 0 && stored < options.maxStored) {
		const batch = left.slice(0, Math.min(options.batchLines, options.maxStored - stored));
		left = left.slice(batch.length);
		const revisions = new Map(batch.map(([domain]) => [domain, folder.syncState.get(domain)?.revision ?? 0]));
		const sent = await sendBatch(api, folder, batch, revisions, options);
		for (const { domain } of sent.outcomes) progress.step(domain);
		outcomes.push(...sent.outcomes.filter(({ domain }) => !sent.deleted.has(domain)));
		stored += sent.outcomes.filter(isStored).length;
		if (sent.failure !== null) return err(sent.failure);
		const again = batch.filter(([domain]) => sent.deleted.has(domain));
		if (again.length === 0) continue;
		const revived = await sendBatch(api, folder, again, sent.deleted, options);
		outcomes.push(...revived.outcomes);
		stored += revived.outcomes.filter(isStored).length;
		if (revived.failure !== null) return err(revived.failure);
	}
	progress.done();
	return ok({ outcomes, left: left.length });
}

function isStored({ result }: PushOutcome): boolean {
	return result === 'created' || result === 'changed';
}

interface SentBatch {
	readonly outcomes: readonly PushOutcome[];
	/** With `revive`: the records that the service has deleted, with the revision of the deletion. */
	readonly deleted: ReadonlyMap<string, number>;
	readonly failure: Failure | null;
}

/** @param revisions what each record must be in the service */
async function sendBatch(
	api: AdminApiClient,
	folder: RecordFolder,
	batch: readonly ChangedFile[],
	revisions: ReadonlyMap<string, number>,
	{ dryRun, revive, note, unchanged }: PushOptions,
): Promise<SentBatch> {
	const outcomes: PushOutcome[] = [];
	const deleted = new Map<string, number>();
	const body = batch
		.map(([domain, { record }]) => `${JSON.stringify({ domain, record, note, revision: revisions.get(domain) ?? 0 })}\n`)
		.join('');
	const sent = await api.callLines('importRecords', { query: { existing: 'match', dry: dryRun }, body }, (line) => {
		if ('next' in line || line.result === 'ignored') return;
		const [domain, file] = batch[line.line - 1] ?? [line.domain ?? `line ${line.line}`, null];
		const deletion = line.problem === undefined ? null : deletedRevision(line.problem);
		if (revive && deletion !== null && deletion !== revisions.get(domain)) deleted.set(domain, deletion);
		const path = file?.file ?? domain;
		const isChangedThere = line.problem?.code === 'stale' && deletion === null;
		if (unchanged.has(domain) && (line.result === 'unchanged' || isChangedThere)) return;
		outcomes.push({
			domain,
			result: line.result,
			...(line.problem === undefined ? {} : { file: path, why: explainRefusal(line.problem, domain, path, folder.syncState) }),
		});
		if (!dryRun && line.result !== 'refused' && file !== null && line.revision !== undefined)
			folder.syncState.set(domain, { revision: line.revision, digest: file.digest });
	});
	// What was stored before the connection broke is known here: the next push sends the rest.
	const stateWritten = dryRun ? ok(null) : await writeSyncState(folder);
	return { outcomes, deleted, failure: sent.ok ? (stateWritten.ok ? null : stateWritten.error) : sent.error };
}

type ImportResult = Exclude<OperationOutput<'importRecords'>, { readonly next: unknown }>;
type LineProblem = NonNullable<ImportResult['problem']>;

/** The revision of the deletion, where a line was refused because the service has deleted the record; else null. */
function deletedRevision({ current, revision }: LineProblem): number | null {
	const isDeleted = typeof current === 'object' && current !== null && 'record' in current && current.record === null;
	return isDeleted && typeof revision === 'number' && revision > 0 ? revision : null;
}

/** A refusal in the words of someone who has files, and not revisions, before them. */
function explainRefusal(problem: LineProblem, domain: string, file: string, syncState: SyncState): string {
	switch (problem.code) {
		case 'stale':
		case 'exists': {
			if (deletedRevision(problem) !== null) return `the service has deleted it: ${adviseOnDeleted(domain, file)}`;
			const known = syncState.get(domain);
			return known === undefined
				? `the service has a record already, and this file was never pulled: signpost diff ${domain} shows the difference, signpost pull --force takes the service's`
				: `the service has revision ${problem.revision}, this file was made from ${known.revision}: signpost diff ${domain} shows the difference`;
		}
		case 'edited-outside':
			return `its copy in KV was edited outside: signpost outside ${domain} shows it`;
		case 'invalid':
			return `${file}: ${describeRecordFaults(problem.errors ?? [])}. Correct the file, and push again`;
		default:
			return `${file}: ${problem.title}`;
	}
}
