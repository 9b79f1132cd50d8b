/** Sends a bulk edit, or its undo, in as many requests as it needs, and adds up what they answer. */
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

export async function applyBulkEdit(
	selection: BulkSelection,
	record: Readonly<Record<string, unknown>>,
	note: string,
	dry: boolean,
	onProgress: (done: number) => void,
): ApiResult<BulkEditResult> {
	const names = await selectedNames(selection);
	if (!names.ok) return names;
	let sum: BulkEditResult | null = null;
	for (let at = 0; at < names.value.length; at += MAX_BULK_EDIT_RECORDS) {
		const domains = names.value.slice(at, at + MAX_BULK_EDIT_RECORDS);
		const response: Awaited<ApiResult<BulkEditResult>> = await callApi('editRecords', {
			query: { dry },
			body: { domains, record, note, ...(sum === null ? {} : { edit: sum.edit }) },
		});
		if (!response.ok) return response;
		sum = sum === null ? response.value : addResults(sum, response.value);
		onProgress(at + domains.length);
	}
	return sum === null ? err(NOTHING_SELECTED) : ok(sum);
}

export async function undoBulkEdit(edit: string): ApiResult<BulkEditResult> {
	let sum: BulkEditResult | null = null;
	for (let after: string | null = ''; after !== null; ) {
		const response: Awaited<ApiResult<BulkEditResult>> = await callApi('undoBulkEdit', {
			path: { edit },
			query: { after },
			body: { note: '' },
		});
		if (!response.ok) return response;
		sum = sum === null ? response.value : addResults(sum, response.value);
		after = response.value.next;
	}
	return sum === null ? err(NOTHING_SELECTED) : ok(sum);
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
