/** `signpost restore`: saves an old revision of a record as its newest one, or puts a whole backup back. */
import { defineCommand } from 'citty';
import type { OperationOutput } from '../../../contract/client.ts';
import type { DomainView } from '../../../contract/views.ts';
import { ok, type Result } from '../../../lib/result.ts';
import { API_OPTIONS, NOTE_OPTION } from '../../options.ts';
import { confirmOnTerminal } from '../../publish/confirm.ts';
import { type ExitCode, type Failure, fail, hint, write, writeJson } from '../../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { diffFields, renderFieldDifferences } from '../../workspace/record-diff.ts';
import { type RestoreKind, type RestoreSummary, type SendBackupOptions, sendBackup, verifyBackup } from '../../workspace/restore-file.ts';

export const examples = `EXAMPLES

  signpost restore example.org 3 --note "the new host was not ready" --api https://signpost.example.net
      signpost history example.org names the revisions; this shows what would change, and asks. It undoes a deletion too
  signpost restore example.org 3 --yes
      … without a question: without a terminal to ask on it needs --yes
  signpost restore signpost.backup --dry-run --api https://signpost.example.net
      looks at every checksum of a backup, and says what would change
  signpost restore signpost.backup --only token --yes
      the tokens alone, without a question

  A backup is added to what is there: nothing is removed, and what is there already changes nothing. Records that were saved since are
  refused, unless --replace-newer saves the backup's state above them as a new revision.
`;

const KINDS = ['audit', 'token', 'claim', 'ended-session', 'revision', 'signing-key'] as const satisfies readonly RestoreKind[];

interface RevisionArguments {
	readonly note?: string | undefined;
	readonly yes?: boolean | undefined;
	readonly json?: boolean | undefined;
}

interface RestoreArguments {
	readonly 'dry-run'?: boolean | undefined;
	readonly 'replace-newer'?: boolean | undefined;
	readonly yes?: boolean | undefined;
	readonly json?: boolean | undefined;
	readonly only?: string | undefined;
	readonly from?: string | undefined;
}

export default defineCommand({
	meta: { name: 'restore', description: 'Restore an old revision of a record, or a backup.' },
	args: {
		domain: { type: 'positional', required: true, valueHint: 'DOMAIN|FILE', description: 'the mail domain, or the file of a backup' },
		revision: { type: 'positional', required: false, description: 'the revision to restore; without it, a backup is restored' },
		'dry-run': { type: 'boolean', description: 'backup: say what would change, and change nothing' },
		yes: { type: 'boolean', description: 'do not ask' },
		'replace-newer': { type: 'boolean', description: 'backup: where a record was saved since, save the backup’s state above it' },
		only: { type: 'string', valueHint: 'KIND', description: `backup: only ${KINDS.join(', ')}` },
		from: { type: 'string', valueHint: 'LINE', description: 'backup: go on from this line of the file' },
		...NOTE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		return args.revision === undefined
			? restoreFile(api.value, args.domain, args)
			: restoreRevision(api.value, args.domain, args.revision, args);
	},
});

async function restoreRevision(
	api: AdminApiClient,
	domain: string,
	text: string,
	{ note, yes, json }: RevisionArguments,
): Promise<ExitCode> {
	const revision = Number(text.replace(/^r/, ''));
	if (!Number.isInteger(revision) || revision < 1)
		return fail({ message: `"${text}" is no revision`, hint: 'A number, as signpost history shows it.' });
	const path = { domain };
	const current = await api.call('readDomain', { path });
	if (!current.ok) return fail(current.error);
	if (yes !== true) {
		const wanted = await readRestorable(api, domain, revision);
		if (!wanted.ok) return fail(wanted.error);
		showRestoredChanges(current.value, wanted.value, revision);
		const isAgreed = await confirmOnTerminal(`Restore r${wanted.value.revision} of ${domain}?`);
		if (!isAgreed.ok) return fail(isAgreed.error);
	}
	const restored = await api.call('restoreDomain', { path, ifRevision: current.value.revision, body: { revision, note: note ?? '' } });
	if (!restored.ok) return fail(restored.error);
	if (json === true) writeJson(restored.value);
	else write(`${domain} is as it was in r${revision}, now r${restored.value.revision}\n`);
	return 0;
}

type RevisionRecord = OperationOutput<'readRevision'>;

/** What the service restores for a revision: its record, or for a deletion the last record before it. */
async function readRestorable(api: AdminApiClient, domain: string, revision: number): Promise<Result<RevisionRecord, Failure>> {
	const wanted = await api.call('readRevision', { path: { domain, revision } });
	if (!wanted.ok || wanted.value.record !== null) return wanted;
	for await (const page of api.pages('readHistory', { path: { domain }, query: { before: revision } })) {
		if (!page.ok) return page;
		for (const earlier of page.value.revisions) {
			const found = await api.call('readRevision', { path: { domain, revision: earlier.revision } });
			if (!found.ok || found.value.record !== null) return found;
		}
	}
	return ok(wanted.value);
}

/** Shows the fields that would change, on stderr: they are no result. */
function showRestoredChanges({ domain, record }: DomainView, restored: RevisionRecord, asked: number): void {
	if (restored.revision !== asked) hint(`r${asked} was a deletion: the record before it, r${restored.revision}, is restored.`);
	const lines = renderFieldDifferences(diffFields(record, restored.record));
	hint(lines.length === 0 ? `${domain}  no field of the record would change` : [`${domain}  would change`, ...lines].join('\n'));
}

async function restoreFile(api: AdminApiClient, file: string, args: RestoreArguments): Promise<ExitCode> {
	const kinds = KINDS.filter((kind) => args.only === undefined || args.only === kind);
	if (kinds.length === 0) return fail({ message: `--only ${args.only} is nothing that a backup has`, hint: `One of ${KINDS.join(', ')}.` });
	if (!/^\d{1,9}$/.test(args.from ?? '1')) return fail({ message: `--from ${args.from} is no line`, hint: 'A number, from 1.' });
	const header = await verifyBackup(file);
	if (!header.ok) return fail(header.error);
	const { service, at } = header.value;
	hint(`${file}: whole; of ${service}, ${at}${service === api.origin ? '' : `; it goes to ${api.origin}`}`);
	const options: SendBackupOptions = { dry: true, replace: args['replace-newer'] === true, kinds, from: Number(args.from ?? '1') };
	if (args.yes !== true || args['dry-run'] === true) {
		const tried = await sendBackup(api, file, options);
		if (!tried.ok) return fail(tried.error);
		showSummary(tried.value, args);
		if (args['dry-run'] === true) return tried.value.refused.length > 0 ? 1 : 0;
		const isAgreed = await confirmOnTerminal('Restore this?');
		if (!isAgreed.ok) return fail(isAgreed.error);
	}
	const restored = await sendBackup(api, file, { ...options, dry: false });
	if (!restored.ok) return fail(restored.error);
	showSummary(restored.value, args);
	return restored.value.refused.length > 0 ? 1 : 0;
}

function showSummary({ counts, refused }: RestoreSummary, { json }: RestoreArguments): void {
	if (json === true) {
		writeJson({ ...counts, refused });
		return;
	}
	for (const { kind, name, problem } of refused) write(`refused: ${kind} ${name ?? ''}  ${problem?.title ?? ''}\n`);
	write(`new: ${counts.created}, changed: ${counts.changed}, the same: ${counts.unchanged}, refused: ${counts.refused}\n`);
}
