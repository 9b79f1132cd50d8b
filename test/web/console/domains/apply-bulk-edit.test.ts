/** Bulk edits in several requests, of which one may fail. */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MAX_BULK_EDIT_RECORDS } from '../../../../src/contract/limits.ts';

type BulkEdit = typeof import('../../../../src/web/console/domains/apply-bulk-edit.ts');

/** What was sent: the path with its query, and the body. */
interface Sent {
	readonly url: string;
	readonly body: { readonly domains?: readonly string[]; readonly edit?: string };
}

const sent: Sent[] = [];
/** Answers the next request; null fails it. */
let answer: (request: Sent) => object | null = () => null;

const NAMES = Array.from({ length: 2 * MAX_BULK_EDIT_RECORDS + 1 }, (_, at) => `d${at}.example`);
const PLAN = { names: NAMES, patch: { login: 'localpart' }, note: '' };

function view(changed: number, next: string | null = null): object {
	const change = { path: 'login', before: null, after: 'localpart', count: changed, example: 'd0.example' };
	return { edit: 'abcdefghijkl', dry: false, changed, unchanged: 0, changes: [change], otherChanges: 0, refused: [], next };
}

const asSent: typeof answer = ({ body }) => view(body.domains?.length ?? 0);

describe('a bulk edit of more records than one request may have', () => {
	let bulk: BulkEdit;
	beforeAll(async () => {
		vi.stubGlobal('fetch', async (url: string, { body }: { readonly body: string | null }) => {
			const request: Sent = { url, body: JSON.parse(body ?? '{}') };
			sent.push(request);
			const view = answer(request);
			return view === null ? new Response('', { status: 503 }) : Response.json(view);
		});
		// The client of the API binds fetch when it is loaded.
		bulk = await import('../../../../src/web/console/domains/apply-bulk-edit.ts');
		vi.unstubAllGlobals();
	});
	afterEach(() => {
		sent.length = 0;
	});

	it('is previewed in whole, under one id', async () => {
		answer = asSent;
		const progress: number[] = [];
		const preview = await bulk.previewBulkEdit(PLAN, (answered) => progress.push(answered));
		expect(preview).toMatchObject({ ok: true, value: { changed: NAMES.length, changes: [{ count: NAMES.length }] } });
		expect(progress).toEqual([MAX_BULK_EDIT_RECORDS, 2 * MAX_BULK_EDIT_RECORDS, NAMES.length]);
		expect(sent.map(({ body }) => body.edit)).toEqual([undefined, 'abcdefghijkl', 'abcdefghijkl']);
		expect(sent.every(({ url }) => url.includes('dry=true'))).toBe(true);
		expect(sent.flatMap(({ body }) => body.domains)).toEqual(NAMES);
	});

	it('is none where a search finds no record any more', async () => {
		answer = () => ({ domains: [], next: null });
		const selection = { kind: 'search', query: { q: 'gone', state: 'any' }, total: 3 } as const;
		expect(await bulk.planBulkEdit(selection, PLAN)).toMatchObject({ ok: false, error: { title: 'No record is selected.' } });
		expect(sent).toHaveLength(1);
	});

	it('has no preview where one part is missing', async () => {
		answer = (request) => (sent.length === 2 ? null : asSent(request));
		expect(await bulk.previewBulkEdit(PLAN, () => {})).toMatchObject({ ok: false, error: { status: 503 } });
	});

	it('says how far it came, and goes on from there', async () => {
		answer = (request) => (sent.length === 2 ? null : asSent(request));
		const stopped = await bulk.applyBulkEdit(PLAN, 'abcdefghijkl', bulk.beginning(0), () => {});
		expect(stopped).toMatchObject({ result: { changed: MAX_BULK_EDIT_RECORDS }, next: MAX_BULK_EDIT_RECORDS, error: { status: 503 } });
		const whole = await bulk.applyBulkEdit(PLAN, 'abcdefghijkl', stopped, () => {});
		expect(whole).toMatchObject({ result: { changed: NAMES.length }, next: null, error: null });
		// All parts belong to the act that can be undone, the first one too, whose answer might have been lost.
		expect(sent.map(({ body }) => body.edit)).toEqual(Array(4).fill('abcdefghijkl'));
		expect(sent.map(({ body }) => body.domains?.[0])).toEqual(['d0.example', 'd500.example', 'd500.example', 'd1000.example']);
	});

	it.each(['preview', 'store'] as const)('is undone to its last page (%s)', async (mode) => {
		answer = ({ url }) => (url.includes('after=') ? view(3) : view(500, 'd500.example'));
		const undone = await bulk.undoBulkEdit('abcdefghijkl', mode, bulk.beginning(''), () => {});
		expect(undone).toMatchObject({ result: { changed: 503 }, next: null, error: null });
		expect(sent).toHaveLength(2);
		expect(sent.every(({ url }) => url.includes(`dry=${mode === 'preview'}`))).toBe(true);
	});

	it('undoes the rest after a failure', async () => {
		answer = ({ url }) => (url.includes('after=') ? null : view(500, 'd500.example'));
		const stopped = await bulk.undoBulkEdit('abcdefghijkl', 'store', bulk.beginning(''), () => {});
		expect(stopped).toMatchObject({ result: { changed: 500 }, next: 'd500.example', error: { status: 503 } });
		answer = () => view(3);
		expect(await bulk.undoBulkEdit('abcdefghijkl', 'store', stopped, () => {})).toMatchObject({ result: { changed: 503 }, error: null });
		expect(sent.at(-1)?.url).toContain('after=d500.example');
	});
});
