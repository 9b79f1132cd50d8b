/** Records: read, list, change, delete. */

import { NoteBody, PutBody } from '../contract/bodies.ts';
import { NOTE, RECORD_LIMIT } from '../contract/limits.ts';
import type { ApiProblem } from '../contract/problems.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { parseRecord, type ServiceRecord } from '../model/record.ts';
import type { Edit, Head, Outside } from '../store/keeper.ts';
import { parseStored } from '../store/stored.ts';
import { type Answered, type Ask, expectation, type Handler, pageSize, queryWord, readBody, time } from './ask.ts';
import { within } from './caller.ts';
import { changesFor, domainView, keptRecord, sampleAddress, unresolvable } from './show.ts';

export const listDomains: Handler = async ({ url, caller, parts }) => {
	const limit = pageSize(url);
	const state = queryWord(url, 'state', ['live', 'deleted', 'outside', 'any']);
	if (!limit.ok) return limit;
	if (!state.ok) return state;
	const { entries, next } = await parts.catalogue.list({
		prefix: (url.searchParams.get('prefix') ?? '').toLowerCase(),
		tag: url.searchParams.get('tag'),
		state: state.value === 'any' ? null : state.value,
		after: url.searchParams.get('after') ?? '',
		limit: limit.value,
		within: within(caller),
	});
	return ok({ body: { domains: entries.map((entry) => ({ ...entry, at: time(entry.at) })), next } });
};

export const readDomain: Handler = async ({ name, parts }) => {
	const head = await parts.keepers(name).head(name);
	return ok({ body: await domainView(head, name, parts), revision: head.latest?.revision ?? 0 });
};

export const putDomain: Handler = async (ask) => {
	const expect = expectation(ask.request, true);
	if (!expect.ok) return expect;
	const body = await readBody(ask.request, PutBody);
	if (!body.ok) return body;
	const { record, note, tags } = body.value;
	const text = recordText(record, ask.name, ask.parts.now());
	if (!text.ok) return text;
	return write(ask, { expect: expect.value, record: text.value, act: 'put', note, tags: tags ?? null });
};

export const deleteDomain: Handler = async (ask) => {
	const expect = expectation(ask.request, false);
	if (!expect.ok) return expect;
	const head = await ask.parts.keepers(ask.name).head(ask.name);
	if ((head.latest?.record ?? null) === null && head.outside === null) return err({ code: 'not-found' });
	const note = (ask.url.searchParams.get('note') ?? '').slice(0, NOTE);
	return write(ask, { expect: expect.value, record: null, act: 'delete', note });
};

export const adoptDomain: Handler = (ask) =>
	settle(ask, 'adopt', (_, { text }) => {
		if (text === null) return ok(null);
		const parsed = parseByHand(text);
		return parsed.ok ? recordText(parsed.value, ask.name, ask.parts.now()) : parsed;
	});

export const overwriteDomain: Handler = (ask) => settle(ask, 'overwrite', ({ latest }) => ok(latest?.record ?? null));

async function settle(
	ask: Ask,
	act: 'adopt' | 'overwrite',
	recordFrom: (head: Head, outside: Outside) => Result<string | null, ApiProblem>,
): Promise<Answered> {
	const expect = expectation(ask.request, false);
	if (!expect.ok) return expect;
	const body = await readBody(ask.request, NoteBody);
	if (!body.ok) return body;
	const head = await ask.parts.keepers(ask.name).head(ask.name);
	if (head.outside === null) return err({ code: 'nothing-outside' });
	const record = recordFrom(head, head.outside);
	if (!record.ok) return record;
	// Clients have been answered from the copy: what changes for them, changes from there.
	const byHand = head.outside.text === null ? null : parseByHand(head.outside.text);
	const clientsHad = byHand?.ok === true ? JSON.stringify(byHand.value) : null;
	return write(ask, { expect: expect.value, record: record.value, act, note: body.value.note, settles: head.outside }, clientsHad);
}

/** A value that somebody put into KV: a bare record, or a copy of a marked one. */
function parseByHand(text: string): Result<ServiceRecord, ApiProblem> {
	const stored = parseStored(text);
	const parsed = stored.ok ? parseRecord(stored.value.record) : err([stored.error]);
	if (parsed.ok) return parsed;
	return err({ code: 'invalid', errors: parsed.error.map(({ path, reason }) => ({ path: `outside.${path}`, reason })) });
}

/** The checked record as it is kept: no white space, fields in the schema's order. */
export function recordText(record: ServiceRecord, name: Ask['name'], now: number): Result<string, ApiProblem> {
	const text = JSON.stringify(record);
	if (new TextEncoder().encode(text).length > RECORD_LIMIT) return err({ code: 'too-large', limit: RECORD_LIMIT });
	const broken = unresolvable(record, name, now);
	return broken === null ? ok(text) : err({ code: 'invalid', errors: [broken] });
}

type Change = Pick<Edit, 'expect' | 'record' | 'act' | 'note'> & Partial<Pick<Edit, 'tags' | 'settles'>>;

/**
 * Saves, and says what that changed.
 * @param clientsHad the record that clients were answered from, where that was not the keeper's
 */
export async function write({ name, caller, parts }: Ask, change: Change, clientsHad?: string | null): Promise<Answered> {
	const by = { author: caller.who, token: caller.token };
	const { outcome, head, before } = await parts.keepers(name).save({ name, tags: null, settles: null, ...by, ...change });
	const view = await domainView(head, name, parts);
	const revision = view.revision;
	switch (outcome) {
		case 'stale':
		case 'exists':
			return err({ code: outcome, current: view, revision });
		case 'outside':
			return err({ code: 'edited-outside', current: view, revision });
		case 'unchanged':
		case 'saved': {
			const old = outcome === 'unchanged' ? change.record : clientsHad === undefined ? before : clientsHad;
			const changes = await changesFor(keptRecord(old), keptRecord(change.record), name, sampleAddress(name), parts);
			return ok({ body: { ...view, changed: outcome === 'saved', changes }, revision });
		}
	}
}
