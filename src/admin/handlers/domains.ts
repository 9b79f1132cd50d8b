/** The operations that read, list, change and delete records. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { NoteBody, PatchBody, PutBody } from '../../contract/bodies.ts';
import { MAX_NOTE_LENGTH, MAX_RECORD_BYTES, MAX_SEARCH_LENGTH } from '../../contract/limits.ts';
import { getAtPath, setAtPath } from '../../lib/json/json-path.ts';
import { applyMergePatch } from '../../lib/json/merge-patch.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isoTime } from '../../lib/time.ts';
import { parseRecord, type ServiceRecord } from '../../model/record.ts';
import { SOCKET_SERVICE_ORDER } from '../../model/service-ports.ts';
import { parseStored } from '../../model/stored-record.ts';
import type { ExternalEdit, RecordEdit, RecordHead } from '../../store/ports/record-history.ts';
import { visibleRecords } from '../auth/principal.ts';
import { saveWithinLimit } from '../auth/write-limit.ts';
import { findChangeImpact, readDomainView } from '../domain-view.ts';
import type { Handler, HandlerContext, HandlerResult } from '../handler.ts';
import { resolveFault } from '../record-faults.ts';
import { parsePageSize, parsePrecondition, parseQueryEnum, readBody } from '../request-input.ts';
import { sampleAddress, storedRecord } from '../resolved-record.ts';
import { saveRefusalProblem } from '../save-refusal-problem.ts';

export const listDomains: Handler = async (context) => {
	const { url, principal, dependencies } = context;
	if (['q', 'sort', 'count'].some((name) => url.searchParams.has(name))) return searchDomains(context);
	const limit = parsePageSize(url);
	const state = parseQueryEnum(url, 'state', ['live', 'deleted', 'outside', 'any']);
	if (!limit.ok) return limit;
	if (!state.ok) return state;
	const { entries, next } = await dependencies.directory.listEntries({
		prefix: (url.searchParams.get('prefix') ?? '').toLowerCase(),
		tag: url.searchParams.get('tag'),
		state: state.value === 'any' ? null : state.value,
		after: url.searchParams.get('after') ?? '',
		limit: limit.value,
		visible: visibleRecords(principal),
	});
	return ok({ body: { domains: entries.map((entry) => ({ ...entry, at: isoTime(entry.at) })), next } });
};

async function searchDomains({ url, principal, dependencies }: HandlerContext): Promise<HandlerResult> {
	const limit = parsePageSize(url);
	const state = parseQueryEnum(url, 'state', ['live', 'deleted', 'outside', 'any']);
	const order = parseQueryEnum(url, 'sort', ['name', 'problems', 'saved']);
	const count = parseQueryEnum(url, 'count', ['false', 'true']);
	if (!limit.ok) return limit;
	if (!state.ok) return state;
	if (!order.ok) return order;
	if (!count.ok) return count;
	const text = url.searchParams.get('q') ?? '';
	if (text.length > MAX_SEARCH_LENGTH)
		return err({ code: 'invalid', errors: [{ path: 'q', reason: `must have at most ${MAX_SEARCH_LENGTH} characters` }] });
	if (url.searchParams.has('prefix'))
		return err({ code: 'invalid', errors: [{ path: 'prefix', reason: 'cannot be used with q, sort or count' }] });
	const { entries, next, total } = await dependencies.directory.searchEntries({
		text: text.toLowerCase(),
		tag: url.searchParams.get('tag'),
		state: state.value === 'any' ? null : state.value,
		order: order.value,
		after: url.searchParams.get('after') ?? '',
		limit: limit.value,
		withTotal: count.value === 'true',
		visible: visibleRecords(principal),
	});
	const domains = entries.map((entry) => ({ ...entry, at: isoTime(entry.at) }));
	return ok({ body: { domains, next, ...(total === null ? {} : { total }) } });
}

export const readAliases: Handler = async ({ name, url, principal, dependencies }) => {
	const limit = parsePageSize(url);
	if (!limit.ok) return limit;
	const after = url.searchParams.get('after') ?? '';
	const page = await dependencies.directory.listAliases(name, { after, limit: limit.value, visible: visibleRecords(principal) });
	return ok({ body: { domain: name, ...page } });
};

export const readDomain: Handler = async ({ name, dependencies }) => {
	const head = await dependencies.recordHistory(name).readHead(name);
	return ok({ body: await readDomainView(head, name, dependencies), revision: head.latest?.revision ?? 0 });
};

export const putDomain: Handler = async (context) => {
	const expect = parsePrecondition(context.request, true);
	if (!expect.ok) return expect;
	const body = await readBody(context.request, PutBody);
	if (!body.ok) return body;
	const { record, note, tags } = body.value;
	const text = serializeRecord(record, context.name, context.dependencies.now());
	if (!text.ok) return text;
	return saveRecord(context, { precondition: expect.value, record: text.value, act: 'put', note, tags: tags ?? null });
};

export const patchDomain: Handler = async (context) => {
	const expect = parsePrecondition(context.request, false);
	if (!expect.ok) return expect;
	const body = await readBody(context.request, PatchBody);
	if (!body.ok) return body;
	const { latest } = await context.dependencies.recordHistory(context.name).readHead(context.name);
	if (latest === null || latest.record === null) return err({ code: 'not-found' });
	const text = patchRecord(latest.record, body.value.record, context.name, context.dependencies.now());
	if (!text.ok) return text;
	const { note, tags } = body.value;
	return saveRecord(context, { precondition: expect.value, record: text.value, act: 'put', note, tags: tags ?? null });
};

/** Applies a merge patch to a stored record, and validates the result like a record that was sent whole. */
export function patchRecord(
	stored: string,
	patch: Readonly<Record<string, unknown>>,
	name: HandlerContext['name'],
	now: number,
): Result<string, ApiProblem> {
	const parsed = parseRecord(withNullPorts(applyMergePatch(JSON.parse(stored), patch)));
	if (parsed.ok) return serializeRecord(parsed.value, name, now);
	return err({
		code: 'invalid',
		errors: parsed.error.map(({ path, reason }) => ({ path: path === '' ? 'record' : `record.${path}`, reason })),
	});
}

/** A merge patch cannot set null (RFC 7396). For a port, `false` in a patch means what null means in a record: there is no such port. */
function withNullPorts(record: unknown): unknown {
	return SOCKET_SERVICE_ORDER.flatMap((service) => ['implicit', 'starttls'].map((port) => ['services', service, port])).reduce(
		(patched, path) => (getAtPath(patched, path) === false ? setAtPath(patched, path, null) : patched),
		record,
	);
}

export const deleteDomain: Handler = async (context) => {
	const expect = parsePrecondition(context.request, false);
	if (!expect.ok) return expect;
	const head = await context.dependencies.recordHistory(context.name).readHead(context.name);
	if ((head.latest?.record ?? null) === null && head.externalEdit === null) return err({ code: 'not-found' });
	const note = (context.url.searchParams.get('note') ?? '').slice(0, MAX_NOTE_LENGTH);
	return saveRecord(context, { precondition: expect.value, record: null, act: 'delete', note });
};

export const adoptDomain: Handler = (context) =>
	resolveExternalEdit(context, 'adopt', async (_, { text }) => {
		// Where everything is missing, nobody has deleted this record.
		if (text === null) return (await context.dependencies.isStoreLost()) ? err({ code: 'store-lost' }) : ok(null);
		const parsed = parseExternalEdit(text);
		return parsed.ok ? serializeRecord(parsed.value, context.name, context.dependencies.now()) : parsed;
	});

export const overwriteDomain: Handler = (context) =>
	resolveExternalEdit(context, 'overwrite', async ({ latest }) => ok(latest?.record ?? null));

async function resolveExternalEdit(
	context: HandlerContext,
	act: 'adopt' | 'overwrite',
	recordFrom: (head: RecordHead, outside: ExternalEdit) => Promise<Result<string | null, ApiProblem>>,
): Promise<HandlerResult> {
	const expect = parsePrecondition(context.request, false);
	if (!expect.ok) return expect;
	const body = await readBody(context.request, NoteBody);
	if (!body.ok) return body;
	const head = await context.dependencies.recordHistory(context.name).readHead(context.name);
	if (head.externalEdit === null) return err({ code: 'nothing-outside' });
	const record = await recordFrom(head, head.externalEdit);
	if (!record.ok) return record;
	// Clients got the settings of the copy, so the changes for them are those from the copy to the new record.
	const byHand = head.externalEdit.text === null ? null : parseExternalEdit(head.externalEdit.text);
	const clientsHad = byHand?.ok === true ? JSON.stringify(byHand.value) : null;
	return saveRecord(
		context,
		{ precondition: expect.value, record: record.value, act, note: body.value.note, resolvesExternalEdit: head.externalEdit },
		clientsHad,
	);
}

/** A value that was put into KV by hand: a record, or a copy of a value with the record keeper's mark. */
function parseExternalEdit(text: string): Result<ServiceRecord, ApiProblem> {
	const stored = parseStored(text);
	const parsed = stored.ok ? parseRecord(stored.value.record) : err([stored.error]);
	if (parsed.ok) return parsed;
	return err({ code: 'invalid', errors: parsed.error.map(({ path, reason }) => ({ path: `outside.${path}`, reason })) });
}

/** The text of a validated record as it is stored: without white space, fields in the schema's order. */
export function serializeRecord(record: ServiceRecord, name: HandlerContext['name'], now: number): Result<string, ApiProblem> {
	const text = JSON.stringify(record);
	if (new TextEncoder().encode(text).length > MAX_RECORD_BYTES) return err({ code: 'too-large', limit: MAX_RECORD_BYTES });
	const broken = resolveFault(record, name, now);
	return broken === null ? ok(text) : err({ code: 'invalid', errors: [broken] });
}

type RecordChange = Pick<RecordEdit, 'precondition' | 'record' | 'act' | 'note'> &
	Partial<Pick<RecordEdit, 'tags' | 'resolvesExternalEdit'>>;

/**
 * Saves a record, and returns what that changed.
 * @param clientsHad the record that clients were answered from, where that was not the keeper's
 */
export async function saveRecord(
	{ name, principal, dependencies }: HandlerContext,
	change: RecordChange,
	clientsHad?: string | null,
): Promise<HandlerResult> {
	const saved = await saveWithinLimit(principal, { name, tags: null, resolvesExternalEdit: null, ...change }, dependencies);
	if (!saved.ok) return saved;
	const { outcome, head, previousRecord } = saved.value;
	// Whoever has lost the record, or never had it, is not shown it.
	if (outcome === 'claim-ended' || outcome === 'not-tagged') return err(saveRefusalProblem(outcome, name, {}, 0));
	const view = await readDomainView(head, name, dependencies);
	const revision = view.revision;
	switch (outcome) {
		case 'stale':
		case 'exists':
		case 'outside':
		case 'access-tags':
		case 'claimed':
			return err(saveRefusalProblem(outcome, name, view, revision));
		case 'unchanged':
		case 'saved': {
			const old = outcome === 'unchanged' ? change.record : clientsHad === undefined ? previousRecord : clientsHad;
			const changes = await findChangeImpact(storedRecord(old), storedRecord(change.record), name, sampleAddress(name), dependencies);
			return ok({ body: { ...view, changed: outcome === 'saved', changes }, revision });
		}
	}
}
