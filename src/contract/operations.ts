/** The table of the admin API's operations: paths, permissions, bodies and answers. The routes and the OpenAPI document are made from it. */
import * as body from './bodies.ts';
import { BULK_OPERATIONS } from './bulk-operations.ts';
import { CHECK_OPERATIONS } from './checks/check-operations.ts';
import { CLAIM_OPERATIONS } from './claim-operations.ts';
import { AFTER_PARAMETER, DOMAIN_OPERATIONS, LIMIT_PARAMETER } from './domain-operations.ts';
import { HOSTNAME_OPERATIONS } from './hostnames/hostname-operations.ts';
import { DOMAIN_PARAMETER, IMPORT_OPERATIONS } from './imports/import-operations.ts';
import * as line from './line-views.ts';
import type { Operation } from './operation.ts';
import { PUBLICATION_OPERATIONS } from './publication/publication-operations.ts';
import { RECOVERY_OPERATIONS } from './recovery-operations.ts';
import * as tokens from './tokens/token-views.ts';
import * as view from './views.ts';
import { WEBHOOK_OPERATIONS } from './webhooks/webhook-operations.ts';

export const OPERATIONS = [
	{
		id: 'readSession',
		method: 'GET',
		path: '/session',
		title: 'Who am I',
		permission: { kind: 'caller' },
		status: 200,
		view: view.SessionView,
		description: 'Whom the credentials belong to, and what they allow.',
	},
	{
		id: 'openSession',
		method: 'POST',
		path: '/session',
		title: 'Log in',
		permission: { kind: 'open' },
		body: body.LogInBody,
		status: 200,
		view: view.SessionView,
		problems: ['unauthenticated', 'cross-site'],
		description:
			'Exchanges a token for a cookie (HttpOnly, Secure, SameSite=Strict) that lasts twelve hours, or until the token expires. Ten failed attempts per minute are allowed.',
	},
	{
		id: 'closeSession',
		method: 'DELETE',
		path: '/session',
		title: 'Log out',
		permission: { kind: 'caller' },
		status: 204,
		view: null,
		description: 'Ends the session, wherever its cookie is still kept. The token stays valid.',
	},
	...DOMAIN_OPERATIONS,
	...CHECK_OPERATIONS,
	...PUBLICATION_OPERATIONS,
	{
		id: 'preview',
		method: 'POST',
		path: '/preview',
		title: 'Preview a record',
		permission: { kind: 'scope', role: 'preview' },
		body: body.PreviewBody,
		status: 200,
		view: view.PreviewView,
		description:
			'Takes a record and returns every format’s output, the DNS records, the warnings, and what would change. Nothing is stored.',
	},
	{
		id: 'importRecords',
		method: 'POST',
		path: '/import',
		title: 'Import records',
		permission: { kind: 'scope', role: 'write' },
		query: [
			{ name: 'dry', type: 'boolean', description: '`true`: says what the import would do, and stores nothing.' },
			{
				name: 'existing',
				type: 'string',
				description:
					'What to do where there is a record already: `keep` (default) refuses the line, `replace` replaces the record, `match` replaces it if it has the revision that the line names.',
			},
			{ name: 'from', type: 'integer', description: 'The first line to import, counted from 1: `next` of the previous response.' },
		],
		body: body.ImportLine,
		bodyType: 'application/x-ndjson',
		status: 200,
		view: line.ImportResultLine,
		viewType: 'application/x-ndjson',
		description:
			'One JSON object per line. The response has one line for each, as they are done, then a last line with `next` and the counts. One request imports 5000 lines: send the rest from `next` on. A record that is already there unchanged is reported as `unchanged`, so an interrupted import can be sent again.',
	},
	...IMPORT_OPERATIONS,
	{
		id: 'exportRecords',
		method: 'GET',
		path: '/export',
		title: 'Export records',
		permission: { kind: 'scope', role: 'read' },
		query: [{ name: 'prefix', type: 'string', description: 'Only names that begin with this.' }, AFTER_PARAMETER],
		problems: ['bad-domain'],
		status: 200,
		view: line.ExportLine,
		viewType: 'application/x-ndjson',
		description: 'One JSON object per line, as import takes them, then a last line with `next`. One response has 4000 records at most.',
	},
	{
		id: 'listTokens',
		method: 'GET',
		path: '/tokens',
		title: 'List tokens',
		permission: { kind: 'scope', role: 'admin' },
		query: [AFTER_PARAMETER, LIMIT_PARAMETER],
		status: 200,
		view: tokens.TokensView,
		description:
			'The operator sees all tokens; a token sees those that it has created, and the token of a claim every token for its domain. Secrets are never shown.',
	},
	{
		id: 'mintToken',
		method: 'POST',
		path: '/tokens',
		title: 'Create a token',
		permission: { kind: 'scope', role: 'admin' },
		body: body.CreateTokenBody,
		status: 201,
		view: tokens.CreatedTokenView,
		description:
			'For domains and a role that the caller has too, or for a tag: the operator creates tokens for any tag, and an admin token for a tag creates others for it. The secret is shown once; only its hash is stored.',
	},
	{
		id: 'revokeToken',
		method: 'DELETE',
		path: '/tokens/{token}',
		title: 'Revoke a token',
		permission: { kind: 'scope', role: 'admin' },
		status: 204,
		view: null,
		problems: ['not-found'],
		description:
			'Takes effect at once, and revokes every token that it has created. The token of a claim can revoke every token for its domain; one that is for other domains too goes on without this one.',
	},
	{
		id: 'readAudit',
		method: 'GET',
		path: '/audit',
		title: 'Read the audit trail',
		permission: { kind: 'scope', role: 'read' },
		query: [
			DOMAIN_PARAMETER,
			{ name: 'before', type: 'integer', description: 'Only entries before this id: `next` of the previous page.' },
			LIMIT_PARAMETER,
		],
		status: 200,
		view: view.AuditView,
		description:
			'Every write, newest first: who did what, when, and with which token. Without a domain: everything that the caller may read.',
	},
	{
		id: 'readUsage',
		method: 'GET',
		path: '/usage',
		title: 'Read the usage numbers',
		permission: { kind: 'operator' },
		query: [
			{ name: 'from', type: 'string', description: 'A day or a time in UTC. Default: 24 hours (by hour) or 30 days (by day) before `to`.' },
			{ name: 'to', type: 'string', description: 'A day or a time in UTC. Default: now. The hour or day that it falls into is included.' },
			{ name: 'step', type: 'string', description: '`hour` (default) or `day`, in UTC.' },
		],
		status: 200,
		view: view.UsageView,
		problems: ['source-unreachable'],
		description:
			'Requests of mail clients, by protocol, client family and outcome; never by domain or address. From Analytics Engine where it can be read (three months), else from the embedded counter (hours for two weeks, days for USAGE_DAYS), which may miss some seconds. 400 steps at most.',
	},
	...WEBHOOK_OPERATIONS,
	...HOSTNAME_OPERATIONS,
	...CLAIM_OPERATIONS,
	...BULK_OPERATIONS,
	...RECOVERY_OPERATIONS,
	{
		id: 'readOpenapi',
		method: 'GET',
		path: '/openapi.json',
		title: 'Read the API description',
		permission: { kind: 'open' },
		status: 200,
		view: view.Document,
		description: 'This API as an OpenAPI 3.1 document.',
	},
] as const satisfies readonly Operation[];

export type OperationId = (typeof OPERATIONS)[number]['id'];

const OPERATIONS_BY_ID: ReadonlyMap<string, Operation> = new Map(OPERATIONS.map((operation) => [operation.id, operation]));

/**
 * The operation with this id.
 * @throws where the table has none: a bug of the caller, as the table has every `OperationId`
 */
export function operationById(id: OperationId): Operation {
	const operation = OPERATIONS_BY_ID.get(id);
	if (operation === undefined) throw new Error(`the admin API has no operation ${id}`);
	return operation;
}
