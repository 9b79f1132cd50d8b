/** The answer to a bulk edit, and to its undo. */
import * as v from 'valibot';
import { ProblemView } from './views.ts';

export const BulkEditView = v.object({
	edit: v.pipe(v.string(), v.description('Identifies the bulk edit: to go on with it in another request, and to undo it.')),
	dry: v.boolean(),
	changed: v.number(),
	unchanged: v.number(),
	changes: v.pipe(
		v.array(
			v.object({
				path: v.pipe(v.string(), v.description('The field, as in `services.imap.host`.')),
				before: v.pipe(v.optional(v.unknown()), v.description('Its value before; left out where the record did not have it.')),
				after: v.optional(v.unknown()),
				count: v.pipe(v.number(), v.description('How many records change in this way.')),
				example: v.pipe(v.string(), v.description('One of them.')),
			}),
		),
		v.description('What changes, the same changes of several records counted together, the most frequent first.'),
	),
	otherChanges: v.pipe(v.number(), v.description('Changes that the list has no room for.')),
	refused: v.pipe(
		v.array(v.object({ domain: v.string(), problem: ProblemView })),
		v.description('Records that stay as they are, and why.'),
	),
	next: v.pipe(v.nullable(v.string()), v.description('For an undo: send this as `after` to go on; null when all have been looked at.')),
});

export type BulkEditView = v.InferOutput<typeof BulkEditView>;
