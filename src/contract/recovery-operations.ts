/** Backup, restore, and what puts a lost store together again from those that are left. For the operator alone. */
import { BACKUP_PARTS, BackupAnswerLine, BackupLine } from './backup-lines.ts';
import { AFTER_PARAMETER, LIMIT_PARAMETER } from './domain-operations.ts';
import * as line from './line-views.ts';
import type { Operation } from './operation.ts';
import * as view from './views.ts';

export const RECOVERY_OPERATIONS = [
	{
		id: 'readBackup',
		method: 'GET',
		path: '/backup',
		title: 'Read a backup',
		permission: { kind: 'operator' },
		query: [{ name: 'part', type: 'string', description: `One of ${BACKUP_PARTS.join(', ')}.` }, AFTER_PARAMETER],
		status: 200,
		view: BackupAnswerLine,
		viewType: 'application/x-ndjson',
		description:
			'One JSON object a line, then a last one with `next`: every revision of every record, the audit trail, tokens with the hashes of their secrets, or the keys that sign profiles, as far as KV has them.',
	},
	{
		id: 'restoreBackup',
		method: 'POST',
		path: '/backup/restore',
		title: 'Restore a backup',
		permission: { kind: 'operator' },
		query: [
			{ name: 'dry', type: 'boolean', description: '`true`: says what it would do, and does nothing.' },
			{
				name: 'newer',
				type: 'string',
				description: 'Where the service has newer data: `keep` (default) refuses the line, `replace` saves the backup’s state above it.',
			},
		],
		body: BackupLine,
		bodyType: 'application/x-ndjson',
		status: 200,
		view: line.RestoreResultLine,
		viewType: 'application/x-ndjson',
		description:
			'Takes the lines of a backup; the lines of one record stand together, oldest first, and one that is sent in parts begins each part with the last line of the part before. Nothing is ever removed, and the same lines again change nothing.',
	},
	{
		id: 'rebuildDirectory',
		method: 'POST',
		path: '/directory/rebuild',
		title: 'Rebuild the directory',
		permission: { kind: 'operator' },
		query: [AFTER_PARAMETER],
		status: 200,
		view: view.RebuildView,
		description:
			'Asks the keeper of every record in KV, deleted ones too, to tell the directory and the audit trail again; finds those put there by hand, and forgets those that are gone. A page at a time.',
	},
	{
		id: 'republishRecords',
		method: 'POST',
		path: '/directory/republish',
		title: 'Publish the records again',
		permission: { kind: 'operator' },
		query: [AFTER_PARAMETER, LIMIT_PARAMETER],
		status: 200,
		view: view.RepublishView,
		description:
			'Has the keeper of every record in the directory write its copy to KV again. Values put there by hand are left as they are. A page at a time: the caller sets the pace.',
	},
] as const satisfies readonly Operation[];
