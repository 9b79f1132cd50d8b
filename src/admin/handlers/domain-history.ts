/** The history of a record: pages of it, one revision, restoring one, and the audit trail. */
import { createTwoFilesPatch } from 'diff';
import { actorKind } from '../../contract/acts.ts';
import { RestoreBody } from '../../contract/bodies.ts';
import { err, ok } from '../../lib/result.ts';
import { isoTime } from '../../lib/time.ts';
import { bulkEditOf } from '../../model/bulk-edit-note.ts';
import { parseRecordName } from '../../model/record-name.ts';
import type { RecordHistory, Revision } from '../../store/ports/record-history.ts';
import { hasRole, visibleRecords } from '../auth/principal.ts';
import { findChangeImpact, revisionView } from '../domain-view.ts';
import type { Handler } from '../handler.ts';
import { parsePageSize, parsePrecondition, parseQueryInteger, readBody } from '../request-input.ts';
import { sampleAddress, storedRecord } from '../resolved-record.ts';
import { saveRecord } from './domains.ts';

export const readHistory: Handler = async ({ name, url, dependencies }) => {
	const limit = parsePageSize(url);
	const before = parseQueryInteger(url, 'before');
	if (!limit.ok) return limit;
	if (!before.ok) return before;
	const { revisions, next } = await dependencies.recordHistory(name).listRevisions(before.value, limit.value);
	return ok({ body: { revisions: revisions.map(revisionView), next: next === null ? null : String(next) } });
};

export const readRevision: Handler = async ({ name, url, pathParameters, dependencies }) => {
	const against = parseQueryInteger(url, 'against');
	if (!against.ok) return against;
	const wanted = Number(pathParameters.revision);
	const keeper = dependencies.recordHistory(name);
	const found = Number.isInteger(wanted) ? await keeper.readRevision(wanted) : null;
	if (found === null) return err({ code: 'not-found' });
	const body = { ...revisionView(found), record: storedRecord(found.record) };
	if (against.value === null) return ok({ body });
	const other = await keeper.readRevision(against.value);
	if (other === null) return err({ code: 'not-found' });
	const names = [`revision/${other.revision}`, `revision/${found.revision}`] as const;
	const record = other.record === found.record ? '' : createTwoFilesPatch(...names, prettyJson(other.record), prettyJson(found.record));
	const changes = await findChangeImpact(storedRecord(other.record), storedRecord(found.record), name, sampleAddress(name), dependencies);
	return ok({ body: { ...body, diff: { against: other.revision, record, changes } } });
};

function prettyJson(text: string | null): string {
	return text === null ? '' : `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

export const restoreDomain: Handler = async (context) => {
	const expect = parsePrecondition(context.request, false);
	if (!expect.ok) return expect;
	const body = await readBody(context.request, RestoreBody);
	if (!body.ok) return body;
	const { revision, note } = body.value;
	const found = await findRestorable(context.dependencies.recordHistory(context.name), revision);
	if (found === null) return err({ code: 'not-found' });
	const why = note === '' ? `revision ${found.revision}` : note;
	return saveRecord(context, { precondition: expect.value, record: found.record, tags: found.tags, act: 'restore', note: why });
};

/** How many revisions before a deletion are searched for a record. Two deletions follow each other only where those between them were dropped. */
const MAX_DELETIONS = 10;

/** The revision; where it was a deletion, the last one before it that has a record. Null where there is none. */
async function findRestorable(keeper: RecordHistory, wanted: number): Promise<Revision | null> {
	const found = await keeper.readRevision(wanted);
	if (found === null || found.record !== null) return found;
	const { revisions } = await keeper.listRevisions(wanted, MAX_DELETIONS);
	for (const { revision } of revisions) {
		const earlier = await keeper.readRevision(revision);
		if (earlier !== null && earlier.record !== null) return earlier;
	}
	return null;
}

export const readAudit: Handler = async ({ url, principal, dependencies }) => {
	const limit = parsePageSize(url);
	const before = parseQueryInteger(url, 'before');
	if (!limit.ok) return limit;
	if (!before.ok) return before;
	const asked = url.searchParams.get('domain');
	const name = asked === null ? null : parseRecordName(asked);
	if (asked !== null && name === null) return err({ code: 'bad-domain' });
	if (name !== null && !(await hasRole(principal, 'read', name, dependencies))) return err({ code: 'forbidden', needed: `read ${name}` });
	const { entries, next } = await dependencies.directory.readAudit({
		visible: name === null ? visibleRecords(principal) : { names: [name], tag: null },
		// What happened before a claim is the business of whoever held the domain then.
		since: principal.claim?.since ?? 0,
		before: before.value,
		limit: limit.value,
	});
	return ok({
		body: {
			lines: entries.map((line) => ({
				...line,
				kind: actorKind(line.who, line.token),
				at: isoTime(line.at),
				bulkEdit: line.revision === null ? null : bulkEditOf(line.detail),
			})),
			next: next === null ? null : String(next),
		},
	});
};
