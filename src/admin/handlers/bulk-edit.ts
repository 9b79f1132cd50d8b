/** Bulk edits: one change of many records, which can be undone as a whole. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { BulkEditBody, NoteBody } from '../../contract/bodies.ts';
import type { BulkEditView } from '../../contract/bulk-edit-view.ts';
import {
	MAX_BODY_BYTES,
	MAX_BULK_EDIT_CHANGES,
	MAX_BULK_EDIT_RECORDS,
	MAX_CONCURRENT_SUBREQUESTS,
	MAX_NOTE_LENGTH,
} from '../../contract/limits.ts';
import { mapConcurrently, streamConcurrently } from '../../lib/concurrency.ts';
import { diffJson } from '../../lib/json/json-diff.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { bulkEditNote, isBulkEditId } from '../../model/bulk-edit-note.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import type { RecordEdit, SaveResult } from '../../store/ports/record-history.ts';
import { hasRole } from '../auth/principal.ts';
import { saveWithinLimit } from '../auth/write-limit.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { problemDetails, reportOutage } from '../problem-json.ts';
import { parseQueryEnum, readBody } from '../request-input.ts';
import { storedRecord } from '../resolved-record.ts';
import { saveRefusalProblem } from '../save-refusal-problem.ts';
import { patchRecord } from './domains.ts';

/** The longest note that leaves room for the mark of the bulk edit, in characters. */
const MARK_LENGTH = 32;

export const editRecords: Handler = async (context) => {
	const dry = parseQueryEnum(context.url, 'dry', ['false', 'true']);
	if (!dry.ok) return dry;
	const body = await readBody(context.request, BulkEditBody, MAX_BODY_BYTES);
	if (!body.ok) return body;
	const { domains, record: patch, note, edit = newBulkEditId() } = body.value;
	const { dependencies } = context;
	const shortNote = note.slice(0, MAX_NOTE_LENGTH - MARK_LENGTH);
	const outcome = await changeEach(context, edit, dry.value === 'true', [...new Set(domains)], async (name) => {
		const { latest } = await dependencies.recordHistory(name).readHead(name);
		if (latest === null || latest.record === null) return err({ code: 'not-found' });
		const record = patchRecord(latest.record, patch, name, dependencies.now());
		if (!record.ok) return record;
		return ok({ precondition: latest.revision, record: record.value, tags: null, act: 'put', note: bulkEditNote(shortNote, edit) });
	});
	return ok({ body: { ...outcome, next: null } });
};

export const undoBulkEdit: Handler = async (context) => {
	const dry = parseQueryEnum(context.url, 'dry', ['false', 'true']);
	if (!dry.ok) return dry;
	const body = await readBody(context.request, NoteBody);
	if (!body.ok) return body;
	const { dependencies, principal, pathParameters, url } = context;
	const undone = pathParameters.edit ?? '';
	if (!isBulkEditId(undone)) return err({ code: 'not-found' });
	const after = url.searchParams.get('after') ?? '';
	const revisions = await dependencies.directory.listBulkEdit(undone, parseRecordName(after) ?? '', MAX_BULK_EDIT_RECORDS);
	if (revisions.length === 0) return err({ code: 'not-found' });
	// Other records of the same act are not named to a caller who may not see them.
	const visible = await mapConcurrently(revisions, MAX_CONCURRENT_SUBREQUESTS, async ({ domain, revision }) => {
		const name = parseRecordName(domain);
		return name !== null && (await hasRole(principal, 'read', name, dependencies)) ? ([[name, revision]] as const) : [];
	});
	const byName = new Map(visible.flat());
	// The id of the undo follows from that of the edit, so that an undo in several requests is one act.
	const edit = await undoId(undone);
	const note = bulkEditNote(
		(body.value.note === '' ? `Undo of bulk edit ${undone}` : body.value.note).slice(0, MAX_NOTE_LENGTH - MARK_LENGTH),
		edit,
	);
	const outcome = await changeEach(context, edit, dry.value === 'true', [...byName.keys()], async (name) => {
		const revision = byName.get(name) ?? 0;
		const previous = await dependencies.recordHistory(name).readRevision(revision - 1);
		if (previous === null) return err({ code: 'not-found' });
		// A revision that was saved after the edit makes this write fail as stale, so that no later change is lost.
		return ok({ precondition: revision, record: previous.record, tags: previous.tags, act: 'restore', note });
	});
	const next = revisions.length < MAX_BULK_EDIT_RECORDS ? null : (revisions.at(-1)?.domain ?? null);
	return ok({ body: { ...outcome, next } });
};

type PlannedEdit = Pick<RecordEdit, 'precondition' | 'record' | 'tags' | 'act' | 'note'>;
type Refused = BulkEditView['refused'][number];

/** Plans and makes the change of each record, and counts what changed. A record whose keeper does not answer is refused; the others are still changed. */
async function changeEach(
	{ principal, dependencies }: HandlerContext,
	edit: string,
	dry: boolean,
	names: readonly RecordName[],
	plan: (name: RecordName) => Promise<Result<PlannedEdit, ApiProblem>>,
): Promise<Omit<BulkEditView, 'next'>> {
	const refused: Refused[] = [];
	const changes = new Map<string, BulkEditView['changes'][number]>();
	const counts = { changed: 0, unchanged: 0 };
	const saveOne = async (
		name: RecordName,
	): Promise<{ readonly name: RecordName; readonly result: Result<SaveResult & PlannedEdit, object> }> => {
		if (!(await hasRole(principal, 'write', name, dependencies)))
			return { name, result: err(problemDetails({ code: 'forbidden', needed: `write ${name}` })) };
		try {
			const planned = await plan(name);
			if (!planned.ok) return { name, result: err(problemDetails(planned.error)) };
			const saved = await saveWithinLimit(principal, { name, resolvesExternalEdit: null, dryRun: dry, ...planned.value }, dependencies);
			if (!saved.ok) return { name, result: err(problemDetails(saved.error)) };
			return { name, result: ok({ ...saved.value, ...planned.value }) };
		} catch (failure) {
			return { name, result: err(reportOutage(failure)) };
		}
	};
	for await (const { name, result } of streamConcurrently(names, MAX_CONCURRENT_SUBREQUESTS, saveOne)) {
		const problem = result.ok ? saveProblem(result.value) : result.error;
		// Every problem document has the members that its schema asks for.
		if (problem !== null) refused.push({ domain: name, problem: problem as Refused['problem'] });
		else if (result.ok && result.value.outcome === 'saved') {
			counts.changed += 1;
			countChanges(changes, name, result.value);
		} else counts.unchanged += 1;
	}
	const sorted = [...changes.values()].toSorted((a, b) => b.count - a.count);
	const listed = sorted.slice(0, MAX_BULK_EDIT_CHANGES);
	return { edit, dry, ...counts, changes: listed, otherChanges: sorted.length - listed.length, refused };
}

function saveProblem({ outcome, head }: SaveResult): object | null {
	if (outcome === 'saved' || outcome === 'unchanged') return null;
	return problemDetails(saveRefusalProblem(outcome, head.name, {}, head.latest?.revision ?? 0));
}

function countChanges(
	changes: Map<string, BulkEditView['changes'][number]>,
	example: string,
	{ previousRecord, record }: SaveResult & PlannedEdit,
): void {
	for (const { path, before, after } of diffJson(storedRecord(previousRecord), storedRecord(record))) {
		const key = JSON.stringify([path, before, after]);
		const known = changes.get(key) ?? { path: path.join('.'), before, after, count: 0, example };
		changes.set(key, { ...known, count: known.count + 1 });
	}
}

function newBulkEditId(): string {
	return idFromBytes(crypto.getRandomValues(new Uint8Array(12)));
}

async function undoId(edit: string): Promise<string> {
	return idFromBytes(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`undo ${edit}`))).slice(0, 12));
}

function idFromBytes(bytes: Uint8Array): string {
	return [...bytes].map((byte) => (byte % 36).toString(36)).join('');
}
