/** The operations of the admin API on one record, and the list of records. */
import * as body from './bodies.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './limits.ts';
import type { Operation, QueryParameter } from './operation.ts';
import * as view from './views.ts';

export const LIMIT_PARAMETER = {
	name: 'limit',
	type: 'integer',
	description: `Entries per page: ${DEFAULT_PAGE_SIZE} by default, ${MAX_PAGE_SIZE} at most.`,
} as const satisfies QueryParameter;
export const AFTER_PARAMETER = {
	name: 'after',
	type: 'string',
	description: 'Where to continue: `next` of the previous page.',
} as const satisfies QueryParameter;
const PRECONDITION_PROBLEMS = ['precondition-required', 'stale', 'edited-outside'] as const;

export const DOMAIN_OPERATIONS = [
	{
		id: 'listDomains',
		method: 'GET',
		path: '/domains',
		title: 'List domains',
		permission: { kind: 'scope', role: 'read' },
		status: 200,
		query: [
			{ name: 'prefix', type: 'string', description: 'Only names that begin with this.' },
			{
				name: 'q',
				type: 'string',
				description: 'Only records whose name or tags contain each of these words; not together with `prefix`.',
			},
			{ name: 'tag', type: 'string', description: 'Only records with this tag.' },
			{ name: 'state', type: 'string', description: '`live` (default), `deleted`, `outside` (only in KV, put there by hand), or `any`.' },
			{
				name: 'sort',
				type: 'string',
				description: '`name` (default), `problems` (what needs attention first) or `saved` (the latest first).',
			},
			{ name: 'count', type: 'boolean', description: '`true`: the response says how many records there are on all pages.' },
			AFTER_PARAMETER,
			LIMIT_PARAMETER,
		],
		view: view.DomainsView,
		description:
			'The domains that the caller may read, sorted by name. A record that was just saved is included; records of an import appear within a second or so.',
	},
	{
		id: 'readDomain',
		method: 'GET',
		path: '/domains/{domain}',
		title: 'Read a record',
		permission: { kind: 'domain', role: 'read' },
		status: 200,
		view: view.DomainView,
		description:
			'The record as last saved, whatever the copy in KV says. The ETag is its revision; a name that has never been saved has revision 0.',
	},
	{
		id: 'readAliases',
		method: 'GET',
		path: '/domains/{domain}/aliases',
		title: 'Read the aliases of a domain',
		permission: { kind: 'domain', role: 'read' },
		query: [AFTER_PARAMETER, LIMIT_PARAMETER],
		status: 200,
		view: view.AliasesView,
		description:
			'The records that are aliases of this domain, sorted by name. What changes here changes for them; once this record is deleted, their clients get nothing.',
	},
	{
		id: 'readDns',
		method: 'GET',
		path: '/domains/{domain}/dns',
		title: 'Compare with DNS',
		permission: { kind: 'domain', role: 'read' },
		query: [{ name: 'for', type: 'string', description: 'For a wildcard record: which of its domains to compare.' }],
		status: 200,
		view: view.DnsView,
		problems: ['source-unreachable'],
		description:
			'Queries DNS (over HTTPS) now. For each record that should be published: whether it is there, and what is there instead. Also lists what is left over, and what belongs to another service.',
	},
	{
		id: 'readDnsRecords',
		method: 'GET',
		path: '/domains/{domain}/dns/records',
		title: 'Read the DNS records',
		permission: { kind: 'domain', role: 'read' },
		query: [
			{ name: 'for', type: 'string', description: 'With a wildcard: which of its domains.' },
			{ name: 'site', type: 'string', description: 'Another name of the service for records to point to.' },
		],
		status: 200,
		view: view.DnsRecordsView,
		description:
			'What the zone should have now, and what revisions that are kept asked for. DNS is not asked: the command-line tool compares by itself.',
	},
	{
		id: 'putDomain',
		method: 'PUT',
		path: '/domains/{domain}',
		title: 'Create or change a record',
		permission: { kind: 'domain', role: 'write' },
		conditional: 'match-or-create',
		body: body.PutBody,
		status: 200,
		view: view.WriteView,
		problems: [...PRECONDITION_PROBLEMS, 'exists'],
		description:
			'Creates a record with If-None-Match: *, changes one with If-Match. Saving the same record again makes no new revision. The response says what changes for clients, and which DNS records must change.',
	},
	{
		id: 'patchDomain',
		method: 'PATCH',
		path: '/domains/{domain}',
		title: 'Change parts of a record',
		permission: { kind: 'domain', role: 'write' },
		conditional: 'match',
		body: body.PatchBody,
		bodyType: 'application/merge-patch+json',
		status: 200,
		view: view.WriteView,
		problems: [...PRECONDITION_PROBLEMS, 'not-found', 'bad-json'],
		description:
			'Changes only what the body names, as a JSON Merge Patch (RFC 7396): `{"record": {"services": {"submission": {"starttls": false}}}}`. The result is checked like a record that was sent whole.',
	},
	{
		id: 'deleteDomain',
		method: 'DELETE',
		path: '/domains/{domain}',
		title: 'Delete a record',
		permission: { kind: 'domain', role: 'write' },
		conditional: 'match',
		query: [{ name: 'note', type: 'string', description: 'The reason, for the history.' }],
		status: 200,
		view: view.WriteView,
		problems: [...PRECONDITION_PROBLEMS, 'not-found'],
		description: 'A deletion is a revision like any other: the history stays, and restore undoes it.',
	},
	{
		id: 'readHistory',
		method: 'GET',
		path: '/domains/{domain}/history',
		title: 'Read the history',
		permission: { kind: 'domain', role: 'read' },
		query: [
			{ name: 'before', type: 'integer', description: 'Only revisions before this one: `next` of the previous page.' },
			LIMIT_PARAMETER,
		],
		status: 200,
		view: view.HistoryView,
		description: 'Every revision, newest first: who saved it, when, with which token, and why.',
	},
	{
		id: 'readRevision',
		method: 'GET',
		path: '/domains/{domain}/revisions/{revision}',
		title: 'Read a revision',
		permission: { kind: 'domain', role: 'read' },
		query: [
			{
				name: 'against',
				type: 'integer',
				description: 'Another revision: the response then also says what changed from that one to this.',
			},
		],
		status: 200,
		view: view.RevisionRecordView,
		problems: ['not-found'],
		description: 'The record as it was in this revision.',
	},
	{
		id: 'restoreDomain',
		method: 'POST',
		path: '/domains/{domain}/restore',
		title: 'Restore a revision',
		permission: { kind: 'domain', role: 'write' },
		conditional: 'match',
		body: body.RestoreBody,
		status: 200,
		view: view.WriteView,
		problems: [...PRECONDITION_PROBLEMS, 'not-found'],
		description:
			'Saves an old revision as a new one. Of a revision that was a deletion, the record before it is restored: this never deletes.',
	},
	{
		id: 'adoptDomain',
		method: 'POST',
		path: '/domains/{domain}/adopt',
		title: 'Adopt a copy that was edited in KV',
		permission: { kind: 'domain', role: 'write' },
		conditional: 'match',
		body: body.NoteBody,
		bodyOptional: true,
		status: 200,
		view: view.WriteView,
		problems: [...PRECONDITION_PROBLEMS, 'nothing-outside', 'store-lost'],
		description:
			'What somebody put into KV by hand becomes the next revision; a copy that is missing, a deletion. That is refused while all of KV is lost.',
	},
	{
		id: 'overwriteDomain',
		method: 'POST',
		path: '/domains/{domain}/overwrite',
		title: 'Overwrite a copy that was edited in KV',
		permission: { kind: 'domain', role: 'write' },
		conditional: 'match',
		body: body.NoteBody,
		bodyOptional: true,
		status: 200,
		view: view.WriteView,
		problems: [...PRECONDITION_PROBLEMS, 'nothing-outside'],
		description: 'Publishes the last revision again, and replaces what somebody put into KV by hand.',
	},
] as const satisfies readonly Operation[];
