/** Restores the lines of a backup. Lines are only added: nothing is removed, and a line that is there already changes nothing. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { BackupLine, type RevisionLine } from '../../contract/backup-lines.ts';
import { MAX_BATCHED_SAVES, MAX_CONCURRENT_SUBREQUESTS, MAX_IMPORT_BYTES } from '../../contract/limits.ts';
import { inBatches, streamConcurrently } from '../../lib/concurrency.ts';
import { err, ok } from '../../lib/result.ts';
import { parseRecord } from '../../model/record.ts';
import type { RecordName } from '../../model/record-name.ts';
import type { DirectoryUpdate } from '../../store/ports/directory.ts';
import type { RestoreOutcome } from '../../store/ports/record-history.ts';
import { firstReleaseClaim } from '../../store/ports/tokens.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { readNdjsonLines, streamNdjson } from '../ndjson.ts';
import { problemDetails, reportOutage } from '../problem-json.ts';
import { parseBody, parseQueryEnum } from '../request-input.ts';
import { saveBatch } from '../save-batch.ts';

/** The longest line in bytes: a record of 32 KB, as a text within JSON. */
const MAX_LINE_BYTES = 262_144;
/** How many revisions are sent to a keeper in one call, and how many lines to the audit trail. */
const REVISIONS_PER_CALL = 100;
const AUDIT_LINES_PER_CALL = 500;

type LineOutcome = 'created' | 'changed' | 'unchanged' | 'refused' | 'ignored';
type LineKind = BackupLine['kind'] | 'unknown';

/** Lines that are restored together: all lines of one record, some of the audit trail, or one line of another kind. */
interface Group {
	/** The number of its first line in the body, from 1. */
	readonly line: number;
	readonly lines: BackupLine[];
	/** Why the line cannot be read; null where it can. */
	readonly problem: ApiProblem | null;
}

interface RestoreOptions {
	readonly dry: boolean;
	readonly replace: boolean;
}

interface GroupResult {
	readonly result: LineOutcome;
	readonly problem?: object;
}

export const restoreBackup: Handler = async (context) => {
	const dry = parseQueryEnum(context.url, 'dry', ['false', 'true']);
	const newer = parseQueryEnum(context.url, 'newer', ['keep', 'replace']);
	if (!dry.ok) return dry;
	if (!newer.ok) return newer;
	if (Number(context.request.headers.get('Content-Length') ?? 0) > MAX_IMPORT_BYTES)
		return err({ code: 'too-large', limit: MAX_IMPORT_BYTES });
	return ok({ body: streamNdjson(restoreLines(context, { dry: dry.value === 'true', replace: newer.value === 'replace' })) });
};

async function* restoreLines(context: HandlerContext, options: RestoreOptions): AsyncGenerator<object> {
	let lines = 0;
	for await (const batch of inBatches(readGroups(context.request.body), MAX_BATCHED_SAVES)) {
		const restored = await restoreNewRecords(batch, context, options);
		for await (const told of streamConcurrently(batch, MAX_CONCURRENT_SUBREQUESTS, async (group) => {
			const [first] = group.lines;
			const name = first === undefined ? null : nameOf(first);
			const kind: LineKind = first?.kind ?? 'unknown';
			const result = restored.get(group) ?? (await restoreGroup(group, context, options));
			return { line: group.line, lines: Math.max(group.lines.length, 1), kind, name, ...result };
		})) {
			lines += told.lines;
			yield told;
		}
	}
	// The last line shows that the answer is complete.
	yield { taken: lines, dry: options.dry };
}

function nameOf(line: BackupLine): string | null {
	switch (line.kind) {
		case 'token':
			return line.id;
		case 'signing-key':
			return line.owner;
		case 'ended-session':
			return line.session;
		case 'audit':
		case 'claim':
		case 'outside':
		case 'revision':
			return line.domain;
	}
}

async function* readGroups(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Group> {
	let open: Group | null = null;
	for await (const { lineNumber: line, text, problem } of readNdjsonLines(body, MAX_LINE_BYTES, MAX_IMPORT_BYTES)) {
		if (text?.trim() === '') continue;
		const parsed = problem === null ? parseBody(text, BackupLine) : err(problem);
		if (open !== null && parsed.ok && belongsTo(open, parsed.value)) {
			open.lines.push(parsed.value);
			continue;
		}
		if (open !== null) yield open;
		open = parsed.ok ? { line, lines: [parsed.value], problem: null } : { line, lines: [], problem: parsed.error };
	}
	if (open !== null) yield open;
}

function belongsTo({ lines }: Group, line: BackupLine): boolean {
	const [first] = lines;
	if (line.kind === 'revision') return first?.kind === 'revision' && first.domain === line.domain;
	return line.kind === 'audit' && first?.kind === 'audit' && lines.length < AUDIT_LINES_PER_CALL;
}

async function restoreGroup({ lines, problem }: Group, context: HandlerContext, options: RestoreOptions): Promise<GroupResult> {
	const [first] = lines;
	if (first === undefined || problem !== null) return refuse(problem ?? { code: 'bad-json' });
	const { directory, tokens, signingStore, recordHistory } = context.dependencies;
	try {
		switch (first.kind) {
			case 'revision':
				return await restoreRecord(
					first.domain,
					lines.filter((line) => line.kind === 'revision'),
					context,
					options,
				);
			case 'audit':
				if (!options.dry) await directory.appendAudit(lines.filter((line) => line.kind === 'audit').map(({ kind: _, ...line }) => line));
				// A line that is there already is kept once, so nothing has to be looked up first.
				return { result: 'unchanged' };
			case 'token': {
				const { kind: _, claim = firstReleaseClaim(first), ...token } = first;
				const outcome = await tokens.restoreToken({ ...token, claim }, options.dry);
				return outcome === 'refused' ? refuse({ code: 'newer-data' }) : { result: outcome };
			}
			case 'claim': {
				const { kind: _, domain, ...claim } = first;
				return { result: await recordHistory(domain).restoreClaim(domain, claim, options.dry) };
			}
			case 'ended-session': {
				if (await tokens.isSessionEnded(first.session)) return { result: 'unchanged' };
				if (!options.dry) await tokens.endSession(first.session, first.until);
				return { result: 'created' };
			}
			case 'signing-key': {
				if (signingStore === null) return refuse({ code: 'not-found' });
				const known = (await signingStore.list()).find(({ owner }) => owner === first.owner);
				if (known?.key === first.key && known.chain === first.chain) return { result: 'unchanged' };
				if (known !== undefined && !options.replace) return refuse({ code: 'newer-data' });
				if (!options.dry) await signingStore.put(first);
				return { result: known === undefined ? 'created' : 'changed' };
			}
			case 'outside':
				return { result: 'ignored' };
		}
	} catch (failure) {
		// If one keeper does not answer, the lines of the others are still restored.
		return { result: 'refused', problem: reportOutage(failure) };
	}
}

/**
 * Puts those records back that have one revision and are new, all at once and without an object for each; finds those that are the same.
 * @returns the results of these; all others, and all where something does not answer, are for the keepers of their records
 */
async function restoreNewRecords(
	groups: readonly Group[],
	{ dependencies }: HandlerContext,
	{ dry }: RestoreOptions,
): Promise<ReadonlyMap<Group, GroupResult>> {
	const single = groups.flatMap((group) => {
		const [line] = group.lines;
		if (line?.kind !== 'revision' || group.lines.length > 1 || !line.latest || findUnusable([line]) !== null) return [];
		const { kind: _, domain: name, latest: __, ...revision } = line;
		return [{ group, name, revision }];
	});
	const names = single.map(({ name }) => name);
	// A backup has each name once. Where a file was put together by hand, one record after the other is restored.
	if (single.length === 0 || new Set(names).size < names.length) return new Map();
	const { imports, directory, readCopies } = dependencies;
	const restore = async (copies: ReadonlyMap<RecordName, string | null>, updates: DirectoryUpdate[]) => {
		const records = single.map(({ name, revision }) => ({ name, revision, copy: copies.get(name) ?? null }));
		const restored = await imports.restoreNew(records, await directory.readKnownNames(names), dry);
		updates.push(...restored.flatMap((record) => record?.update ?? []));
		return new Map(
			single.flatMap(({ group }, at) => {
				const record = restored[at] ?? null;
				return record === null ? [] : [[group, { result: record.outcome }] as const];
			}),
		);
	};
	try {
		const copies = await readCopies(names);
		return await (dry ? restore(copies, []) : saveBatch(names, dependencies, (updates) => restore(copies, updates)));
	} catch (failure) {
		reportOutage(failure);
		return new Map();
	}
}

/** Splits the revisions into parts; each begins with the last revision of the part before. */
async function restoreRecord(
	name: RecordName,
	lines: readonly RevisionLine[],
	{ principal, dependencies }: HandlerContext,
	{ dry, replace }: RestoreOptions,
): Promise<GroupResult> {
	const unusable = findUnusable(lines);
	if (unusable !== null) return refuse(unusable);
	const keeper = dependencies.recordHistory(name);
	const outcomes: RestoreOutcome[] = [];
	for (let at = 0; at === 0 || at < lines.length; at += REVISIONS_PER_CALL) {
		const part = lines.slice(Math.max(0, at - 1), at + REVISIONS_PER_CALL);
		const isLast = part.at(-1)?.latest === true;
		const revisions = part.map(({ kind: _, domain: __, latest: ___, ...revision }) => revision);
		const by = { author: principal.who, token: principal.token };
		const { outcome } = await keeper.restoreRevisions({ name, revisions, isLast, replace, dryRun: dry, ...by });
		if (outcome === 'newer') return refuse({ code: 'newer-data' });
		if (outcome === 'outside') return refuse({ code: 'newer-data' });
		outcomes.push(outcome);
	}
	if (outcomes.includes('created')) return { result: 'created' };
	return { result: outcomes.includes('changed') ? 'changed' : 'unchanged' };
}

/** Whether the revisions are out of order, or the latest is a record that clients could not be answered from. */
function findUnusable(lines: readonly RevisionLine[]): ApiProblem | null {
	const isOrdered = lines.every(({ revision, latest }, at) => {
		const following = lines[at + 1];
		return following === undefined || (revision < following.revision && !latest);
	});
	if (!isOrdered) return { code: 'invalid', errors: [{ path: 'revision', reason: 'must be greater than that of the line before' }] };
	const text = lines.at(-1)?.record ?? null;
	if (text === null) return null;
	try {
		const parsed = parseRecord(JSON.parse(text));
		return parsed.ok ? null : { code: 'invalid', errors: parsed.error };
	} catch (failure) {
		if (failure instanceof SyntaxError) return { code: 'bad-json' };
		throw failure;
	}
}

function refuse(problem: ApiProblem): GroupResult {
	return { result: 'refused', problem: problemDetails(problem) };
}
