/** The operations of the admin API that change many records as one act. */
import * as body from './bodies.ts';
import { BulkEditView } from './bulk-edit-view.ts';
import type { Operation } from './operation.ts';

const DRY_PARAMETER = { name: 'dry', type: 'boolean', description: '`true`: says what would change, and stores nothing.' } as const;

export const BULK_OPERATIONS = [
	{
		id: 'editRecords',
		method: 'POST',
		path: '/bulk-edits',
		title: 'Edit many records',
		permission: { kind: 'scope', role: 'write' },
		query: [DRY_PARAMETER],
		body: body.BulkEditBody,
		status: 200,
		view: BulkEditView,
		description:
			'Applies one JSON Merge Patch to many records. Each gets a revision of its own, and all are known by the `edit` of the response, by which they can be undone together. A record that the change would make invalid is refused and stays as it is; the others are changed.',
	},
	{
		id: 'undoBulkEdit',
		method: 'POST',
		path: '/bulk-edits/{edit}/undo',
		title: 'Undo a bulk edit',
		permission: { kind: 'scope', role: 'write' },
		query: [DRY_PARAMETER, { name: 'after', type: 'string', description: 'Where to continue: `next` of the previous response.' }],
		body: body.NoteBody,
		bodyOptional: true,
		status: 200,
		view: BulkEditView,
		problems: ['not-found'],
		description:
			'Restores in each record the revision before the bulk edit. A record that was changed since is refused and stays as it is. The undo is a bulk edit itself, and can be undone.',
	},
] as const satisfies readonly Operation[];
