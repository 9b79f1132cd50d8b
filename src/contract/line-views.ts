/** The lines of the answers that come line by line: of an import, a restore and an export. */
import * as v from 'valibot';
import { ProblemView } from './views.ts';

const text = v.string();
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());
const next = v.pipe(v.nullable(text), v.description('Send this in the next request to get the following page; null on the last page.'));

/** A line of an import's answer: the result for one record, or, on the last line, where to continue. */
export const ImportResultLine = v.union([
	v.object({
		line: v.pipe(v.number(), v.description('The number of the line in the request, from 1.')),
		domain: v.optional(text),
		result: v.pipe(
			v.picklist(['created', 'changed', 'unchanged', 'refused', 'ignored']),
			v.description('`ignored`: a line that is not a record, such as the last line of an export.'),
		),
		revision: v.optional(v.number()),
		problem: v.optional(ProblemView),
	}),
	v.object({
		next: v.pipe(v.nullable(v.number()), v.description('Send the remaining lines, from this one on; null when all were taken.')),
		dry: v.boolean(),
		created: v.number(),
		changed: v.number(),
		unchanged: v.number(),
		refused: v.number(),
		ignored: v.number(),
	}),
]);

/** A line of a restore's answer: what became of the lines of one record or token, or, as the last line, how many lines were taken. */
export const RestoreResultLine = v.union([
	v.object({
		line: v.pipe(v.number(), v.description('The number of its first line, from 1.')),
		lines: v.number(),
		kind: text,
		name: v.pipe(v.nullable(text), v.description('The name of the record, the id of the token, or the owner of the signing key.')),
		result: v.picklist(['created', 'changed', 'unchanged', 'refused', 'ignored']),
		problem: v.optional(ProblemView),
	}),
	v.object({ taken: v.number(), dry: v.boolean() }),
]);

/** A line of an export: one record, in the form that an import takes, or, on the last line, where to continue. */
export const ExportLine = v.union([
	v.object({ domain: text, revision: v.number(), tags: list(text), record: v.unknown() }),
	v.object({ next }),
]);
