/** Plans, previews, applies and undoes a bulk edit, each in as many requests as it needs, and adds up what they answer. */
import { MAX_BULK_EDIT_RECORDS, MAX_PAGE_SIZE } from '../../../contract/limits.ts';
import { err, ok } from '../../../lib/result.ts';
import { type ApiError, type ApiResult, callApi, type OperationOutput } from '../api-client.ts';

export type BulkEditResult = OperationOutput<'editRecords'>;

/** The records that a change is for: those that were chosen, or all that a search finds. */
export type BulkSelection =
	| { readonly kind: 'names'; readonly names: readonly string[] }
	| { readonly kind: 'search'; readonly query: { readonly q: string; readonly state: string }; readonly total: number };

export function countSelected(selection: BulkSelection): number {
	return selection.kind === 'names' ? selection.names.length : selection.total;
}

/** What is to be changed in each record. */
export interface BulkChange {
	/** A JSON Merge Patch (RFC 7396) of the record. */
	readonly patch: Readonly<Record<string, unknown>>;
	readonly note: string;
}

/** A change and the records that it is for. What was previewed is applied to the same records, although a search may find others by then. */
export interface BulkEditPlan extends BulkChange {
	readonly names: readonly string[];
}

/** How far a bulk edit or its undo has come. */
export interface BulkEditProgress<Position> {
	/** The sum of what was answered; null where nothing was. */
	readonly result: BulkEditResult | null;
	/** Where to go on; null at the end. */
	readonly next: Position | null;
	/** Why it stopped before its end. What the request that failed has changed is not known. */
	readonly error: ApiError | null;
}

export function beginning<Position>(next: Position): BulkEditProgress<Position> {
	return { result: null, next, error: null };
}

/** Called with the number of records that were answered for. */
type OnProgress = (answered: number) => void;

/** Finds the records of the selection. */
export async function planBulkEdit(selection: BulkSelection, change: BulkChange): ApiResult<BulkEditPlan> {
	const names = await selectedNames(selection);
	if (!names.ok) return names;
	return names.value.length === 0 ? err(NOTHING_SELECTED) : ok({ ...change, names: names.value });
}

/** What the change would do. Its `edit` is the id to apply it with, so that it can be undone even where no answer arrives. */
export async function previewBulkEdit(plan: BulkEditPlan, onProgress: OnProgress): ApiResult<BulkEditResult> {
	const { result, error } = await sendParts(beginning(0), (at, edit) => sendNames(plan, at, edit, true), onProgress);
	return error === null && result !== null ? ok(result) : err(error ?? NOTHING_SELECTED);
}

/** Changes the records from where an earlier call has stopped. A record that has the change already is counted as unchanged. */
export function applyBulkEdit(
	plan: BulkEditPlan,
	edit: string,
	from: BulkEditProgress<number>,
	onProgress: OnProgress,
): Promise<BulkEditProgress<number>> {
	return sendParts(from, (at) => sendNames(plan, at, edit, false), onProgress);
}

/** Restores what a bulk edit has changed, or says what that would do. */
export function undoBulkEdit(
	edit: string,
	mode: 'preview' | 'store',
	from: BulkEditProgress<string>,
	onProgress: OnProgress,
): Promise<BulkEditProgress<string>> {
	return sendParts(
		from,
		async (after) => {
			const query = { after, dry: mode === 'preview' };
			const response = await callApi('undoBulkEdit', { path: { edit }, query, body: { note: '' } });
			return response.ok ? ok({ result: response.value, next: response.value.next }) : response;
		},
		onProgress,
	);
}

async function sendNames({ names, patch, note }: BulkEditPlan, at: number, edit: string | null, dry: boolean) {
	const end = Math.min(at + MAX_BULK_EDIT_RECORDS, names.length);
	const response = await callApi('editRecords', {
		query: { dry },
		body: { domains: names.slice(at, end), record: patch, note, ...(edit === null ? {} : { edit }) },
	});
	return response.ok ? ok({ result: response.value, next: end < names.length ? end : null }) : response;
}

/** Sends one part after the other, to the end or to the first failure. @param send gets the id of the bulk edit, once it is known */
async function sendParts<Position>(
	from: BulkEditProgress<Position>,
	send: (at: Position, edit: string | null) => ApiResult<{ readonly result: BulkEditResult; readonly next: Position | null }>,
	onProgress: OnProgress,
): Promise<BulkEditProgress<Position>> {
	let { result, next } = from;
	while (next !== null) {
		const part = await send(next, result?.edit ?? null);
		if (!part.ok) return { result, next, error: part.error };
		result = result === null ? part.value.result : addResults(result, part.value.result);
		next = part.value.next;
		onProgress(result.changed + result.unchanged + result.refused.length);
	}
	return { result, next, error: null };
}

const NOTHING_SELECTED: ApiError = { code: 'not-found', status: 0, title: 'No record is selected.' };

async function selectedNames(selection: BulkSelection): ApiResult<readonly string[]> {
	if (selection.kind === 'names') return ok(selection.names);
	const names: string[] = [];
	for (let after: string | null = ''; after !== null; ) {
		const page: Awaited<ApiResult<OperationOutput<'listDomains'>>> = await callApi('listDomains', {
			query: { ...selection.query, sort: 'name', after, limit: MAX_PAGE_SIZE },
		});
		if (!page.ok) return page;
		names.push(...page.value.domains.map(({ domain }) => domain));
		after = page.value.next;
	}
	return ok(names);
}

function addResults(one: BulkEditResult, other: BulkEditResult): BulkEditResult {
	const changes = new Map<string, BulkEditResult['changes'][number]>();
	for (const change of [...one.changes, ...other.changes]) {
		const key = JSON.stringify([change.path, change.before, change.after]);
		const known = changes.get(key);
		changes.set(key, known === undefined ? change : { ...known, count: known.count + change.count });
	}
	return {
		...one,
		changed: one.changed + other.changed,
		unchanged: one.unchanged + other.unchanged,
		changes: [...changes.values()].toSorted((a, b) => b.count - a.count),
		otherChanges: one.otherChanges + other.otherChanges,
		refused: [...one.refused, ...other.refused],
	};
}
