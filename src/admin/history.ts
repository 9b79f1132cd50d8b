/** The history of a record: pages of it, one revision, the way back, and the audit trail. */
import { createTwoFilesPatch } from 'diff';
import { RestoreBody } from '../contract/bodies.ts';
import { err, ok } from '../lib/result.ts';
import { parseRecordName } from '../model/record-name.ts';
import { expectation, type Handler, pageSize, queryNumber, readBody, time } from './ask.ts';
import { may, within } from './caller.ts';
import { write } from './domains.ts';
import { changesFor, keptRecord, revisionView, sampleAddress } from './show.ts';

export const readHistory: Handler = async ({ name, url, parts }) => {
	const limit = pageSize(url);
	const before = queryNumber(url, 'before');
	if (!limit.ok) return limit;
	if (!before.ok) return before;
	const { revisions, next } = await parts.keepers(name).history(before.value, limit.value);
	return ok({ body: { revisions: revisions.map(revisionView), next: next === null ? null : String(next) } });
};

export const readRevision: Handler = async ({ name, url, variables, parts }) => {
	const against = queryNumber(url, 'against');
	if (!against.ok) return against;
	const wanted = Number(variables.revision);
	const keeper = parts.keepers(name);
	const found = Number.isInteger(wanted) ? await keeper.revision(wanted) : null;
	if (found === null) return err({ code: 'not-found' });
	const body = { ...revisionView(found), record: keptRecord(found.record) };
	if (against.value === null) return ok({ body });
	const other = await keeper.revision(against.value);
	if (other === null) return err({ code: 'not-found' });
	const names = [`revision/${other.revision}`, `revision/${found.revision}`] as const;
	const record = other.record === found.record ? '' : createTwoFilesPatch(...names, pretty(other.record), pretty(found.record));
	const changes = await changesFor(keptRecord(other.record), keptRecord(found.record), name, sampleAddress(name), parts);
	return ok({ body: { ...body, diff: { against: other.revision, record, changes } } });
};

function pretty(text: string | null): string {
	return text === null ? '' : `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

export const restoreDomain: Handler = async (ask) => {
	const expect = expectation(ask.request, false);
	if (!expect.ok) return expect;
	const body = await readBody(ask.request, RestoreBody);
	if (!body.ok) return body;
	const { revision, note } = body.value;
	const found = await ask.parts.keepers(ask.name).revision(revision);
	if (found === null) return err({ code: 'not-found' });
	const why = note === '' ? `revision ${revision}` : note;
	return write(ask, { expect: expect.value, record: found.record, tags: found.tags, act: 'restore', note: why });
};

export const readAudit: Handler = async ({ url, caller, parts }) => {
	const limit = pageSize(url);
	const before = queryNumber(url, 'before');
	if (!limit.ok) return limit;
	if (!before.ok) return before;
	const asked = url.searchParams.get('domain');
	const name = asked === null ? null : parseRecordName(asked);
	if (asked !== null && name === null) return err({ code: 'bad-domain' });
	if (name !== null && !may(caller, 'read', name)) return err({ code: 'forbidden', needed: `read ${name}` });
	const domains = name === null ? within(caller) : [name];
	const { lines, next } = await parts.catalogue.audit({ domains, before: before.value, limit: limit.value });
	return ok({ body: { lines: lines.map((line) => ({ ...line, at: time(line.at) })), next: next === null ? null : String(next) } });
};
