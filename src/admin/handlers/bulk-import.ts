/** Import of any number of records, one JSON object a line. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { ImportLine } from '../../contract/bodies.ts';
import {
	MAX_BATCHED_SAVES,
	MAX_CONCURRENT_SUBREQUESTS,
	MAX_IMPORT_BYTES,
	MAX_IMPORT_LINE_BYTES,
	MAX_LINES_PER_REQUEST,
} from '../../contract/limits.ts';
import { inBatches, mapConcurrently } from '../../lib/concurrency.ts';
import { err, ok } from '../../lib/result.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import type { BatchedSaveResult } from '../../store/ports/batched-saves.ts';
import type { DirectoryUpdate } from '../../store/ports/directory.ts';
import type { RecordEdit, SaveResult } from '../../store/ports/record-history.ts';
import { mayHaveRole } from '../auth/principal.ts';
import { signWithinLimit, type UnsignedEdit } from '../auth/write-limit.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { type NdjsonLine, readNdjsonLines, streamNdjson } from '../ndjson.ts';
import { problemDetails, reportOutage } from '../problem-json.ts';
import { parseBody, parseQueryEnum, parseQueryInteger } from '../request-input.ts';
import { storedRecord } from '../resolved-record.ts';
import { saveBatch } from '../save-batch.ts';
import { saveRefusalProblem } from '../save-refusal-problem.ts';
import { serializeRecord } from './domains.ts';

/** The result of a line. `ignored`: a line that is not a record, such as the last one of an export. */
type ImportLineStatus = 'created' | 'changed' | 'unchanged' | 'refused' | 'ignored';

interface ImportLineResult {
	readonly line: number;
	readonly domain?: string;
	readonly result: ImportLineStatus;
	readonly revision?: number;
	readonly problem?: object;
}

interface ImportOptions {
	readonly dry: boolean;
	readonly existing: 'keep' | 'replace' | 'match';
}

export const importRecords: Handler = async (context) => {
	const { request, url } = context;
	const existing = parseQueryEnum(url, 'existing', ['keep', 'replace', 'match']);
	const dry = parseQueryEnum(url, 'dry', ['false', 'true']);
	const from = parseQueryInteger(url, 'from');
	if (!existing.ok) return existing;
	if (!dry.ok) return dry;
	if (!from.ok) return from;
	if (Number(request.headers.get('Content-Length') ?? 0) > MAX_IMPORT_BYTES) return err({ code: 'too-large', limit: MAX_IMPORT_BYTES });
	const mode = { dry: dry.value === 'true', existing: existing.value };
	return ok({ body: streamNdjson(importLines(context, mode, from.value ?? 1)) });
};

/** Yields a result for each line, and a last object that says where to continue. */
async function* importLines(context: HandlerContext, mode: ImportOptions, from: number): AsyncGenerator<object> {
	const counts: Record<ImportLineStatus, number> = { created: 0, changed: 0, unchanged: 0, refused: 0, ignored: 0 };
	let next: number | null = null;
	async function* linesToImport(): AsyncGenerator<NdjsonLine> {
		const lines = readNdjsonLines(context.request.body, MAX_IMPORT_LINE_BYTES, MAX_IMPORT_BYTES);
		for (;;) {
			const { done, value } = await lines.next();
			if (done === true) {
				next ??= value;
				return;
			}
			// The lines after the limit are read and ignored: with an unread body, the connection would break before the answer is sent.
			if (value.lineNumber >= from + MAX_LINES_PER_REQUEST) next ??= value.lineNumber;
			else if (value.lineNumber >= from && value.text?.trim() !== '') yield value;
		}
	}
	for await (const batch of inBatches(linesToImport(), MAX_BATCHED_SAVES)) {
		for (const lineResult of await importBatch(batch, context, mode)) {
			counts[lineResult.result] += 1;
			yield lineResult;
		}
	}
	yield { next, dry: mode.dry, ...counts };
}

/** A line that asks for a save. */
interface ImportEdit {
	readonly line: number;
	readonly edit: UnsignedEdit;
}

/** A line that is saved in the caller's name. */
interface SignedLine {
	readonly line: number;
	readonly edit: RecordEdit;
	/** The text of the record's copy; null where there is none. */
	readonly copy: string | null;
	/** Whether a later line of the batch is about the same record. */
	readonly isRepeated: boolean;
}

/**
 * Reads the copies of all records at once, saves them, and tells the directory about all of them at once: nine tenths of the work of an import
 * are calls between objects. For the same reason new records are saved together, without an object for each.
 */
async function importBatch(
	lines: readonly NdjsonLine[],
	context: HandlerContext,
	mode: ImportOptions,
): Promise<readonly ImportLineResult[]> {
	const { readCopies } = context.dependencies;
	const parsed = lines.map((line) => parseImportLine(line, context, mode));
	const edits = parsed.filter((each) => 'edit' in each);
	const results = new Map(parsed.flatMap((each) => ('edit' in each ? [] : [[each.line, each] as const])));
	const inOrder = () => parsed.flatMap(({ line }) => results.get(line) ?? []);
	if (edits.length === 0) return inOrder();
	const names = edits.map(({ edit }) => edit.name);
	const save = async (copies: ReadonlyMap<RecordName, string | null>, updates: DirectoryUpdate[]) => {
		const signed = await signLines(edits, copies, context, (line) => results.set(line.line, line));
		const left = await saveNewRecords(signed, context, (line, saved) => {
			results.set(line.line, lineResult(line, saved));
			if (saved.update !== null) updates.push(saved.update);
		});
		await mapConcurrently(left, MAX_CONCURRENT_SUBREQUESTS, async (line) => {
			results.set(line.line, await saveByKeeper(line, context, updates));
		});
	};
	try {
		const copies = await readCopies([...new Set(names)]);
		await (mode.dry ? save(copies, []) : saveBatch(names, context.dependencies, (updates) => save(copies, updates)));
	} catch (failure) {
		// The directory has every record of the batch tell it what was saved, some minutes later. The batches after this one are still tried.
		const problem = reportOutage(failure);
		for (const { line, edit } of edits) if (!results.has(line)) results.set(line, { line, domain: edit.name, result: 'refused', problem });
	}
	return inOrder();
}

/** Counts the lines against the caller's limit. @param refused is called with the results of those that are too many */
async function signLines(
	edits: readonly ImportEdit[],
	copies: ReadonlyMap<RecordName, string | null>,
	{ principal, dependencies }: HandlerContext,
	refused: (result: ImportLineResult) => void,
): Promise<readonly SignedLine[]> {
	const lastLines = new Map(edits.map(({ edit, line }) => [edit.name, line]));
	const signed = await mapConcurrently(edits, MAX_CONCURRENT_SUBREQUESTS, async ({ line, edit }) => {
		const within = await signWithinLimit(principal, edit, dependencies);
		if (!within.ok) refused(refuseLine(line, within.error, edit.name));
		const isRepeated = lastLines.get(edit.name) !== line;
		return within.ok ? [{ line, edit: within.value, copy: copies.get(edit.name) ?? null, isRepeated }] : [];
	});
	return signed.flat();
}

/** Saves the records that are new, all at once. @returns the lines that are for the keepers of their records */
async function saveNewRecords(
	lines: readonly SignedLine[],
	{ dependencies }: HandlerContext,
	saved: (line: SignedLine, result: BatchedSaveResult) => void,
): Promise<readonly SignedLine[]> {
	const repeated = new Set(lines.flatMap(({ edit, isRepeated }) => (isRepeated ? [edit.name] : [])));
	const single = lines.filter(({ edit }) => !repeated.has(edit.name));
	if (single.length === 0) return lines;
	const known = await dependencies.directory.readKnownNames(single.map(({ edit }) => edit.name));
	const outcomes = await dependencies.imports.saveNew(
		single.map(({ edit, copy }) => ({ edit, copy })),
		known,
	);
	const left = new Set(lines);
	for (const [at, line] of single.entries()) {
		const outcome = outcomes[at] ?? null;
		if (outcome === null) continue;
		saved(line, outcome);
		left.delete(line);
	}
	return [...left];
}

async function saveByKeeper(line: SignedLine, { dependencies }: HandlerContext, updates: DirectoryUpdate[]): Promise<ImportLineResult> {
	const { edit, copy, isRepeated } = line;
	try {
		const saved = await dependencies.recordHistory(edit.name).saveBatched(edit, copy, !isRepeated);
		if (saved.update !== null) updates.push(saved.update);
		return lineResult(line, saved);
	} catch (failure) {
		// If one record keeper does not answer, the lines after this one are still imported.
		return { line: line.line, domain: edit.name, result: 'refused', problem: reportOutage(failure) };
	}
}

function parseImportLine(
	{ lineNumber: line, text, problem }: NdjsonLine,
	{ principal, dependencies }: HandlerContext,
	{ dry, existing }: ImportOptions,
): ImportEdit | ImportLineResult {
	if (problem !== null) return refuseLine(line, problem);
	if (isExportCursor(text)) return { line, result: 'ignored' };
	const body = parseBody(text, ImportLine);
	if (!body.ok) return refuseLine(line, body.error, parseDomainInLine(text));
	const { domain, record, tags, note, revision } = body.value;
	// A record that lacks the caller's tag is refused by its keeper, at no cost of another call.
	if (!mayHaveRole(principal, 'write', domain)) return refuseLine(line, { code: 'forbidden', needed: `write ${domain}` }, domain);
	const checked = serializeRecord(record, domain, dependencies.now());
	if (!checked.ok) return refuseLine(line, checked.error, domain);
	const precondition = existing === 'replace' ? 'any' : existing === 'keep' ? 'absent' : (revision ?? 0);
	const edit = {
		name: domain,
		precondition,
		record: checked.value,
		tags: tags ?? null,
		act: 'import',
		note,
		resolvesExternalEdit: null,
		dryRun: dry,
	} as const;
	return { line, edit };
}

function refuseLine(line: number, problem: ApiProblem, domain?: string): ImportLineResult {
	return { line, ...(domain === undefined ? {} : { domain }), result: 'refused', problem: problemDetails(problem) };
}

function lineResult({ line, edit }: SignedLine, { outcome, head, previousRecord }: SaveResult): ImportLineResult {
	const { name: domain } = edit;
	const revision = head.latest?.revision ?? 0;
	const current = { revision, record: storedRecord(head.latest?.record ?? null) };
	switch (outcome) {
		case 'saved':
			return { line, domain, result: previousRecord === null ? 'created' : 'changed', revision };
		case 'unchanged':
			return { line, domain, result: 'unchanged', revision };
		case 'stale':
		case 'exists':
		case 'outside':
		case 'claim-ended':
		case 'not-tagged':
		case 'access-tags':
		case 'claimed':
			return refuseLine(line, saveRefusalProblem(outcome, domain, current, revision), domain);
	}
}

const DOMAIN_MEMBER = /"domain"\s*:\s*"([^"\\]+)"/;

/** The name of the record in a line that is invalid elsewhere, so that the result can name it. */
function parseDomainInLine(text: string): string | undefined {
	const found = DOMAIN_MEMBER.exec(text)?.[1];
	return found === undefined ? undefined : (parseRecordName(found.trim()) ?? undefined);
}

/** The last line of an export. */
function isExportCursor(text: string): boolean {
	return /^\{"next":("[^"]*"|null)\}$/.test(text);
}
