/** What can be done with the admin API: paths, who may, what goes in and what comes out. The routes and the OpenAPI document follow from it. */
import type { GenericSchema } from 'valibot';
import type { Role } from '../store/token.ts';
import * as body from './bodies.ts';
import type { ApiProblemCode } from './problems.ts';
import * as view from './views.ts';

/**
 * Who may. `open`: everybody. `caller`: whoever has shown something valid. `domain`: this role for the domain in the path. `scope`: this
 * role for some domain; the handler looks at each. `operator`: nobody else.
 */
export type Need = { readonly kind: 'open' | 'caller' | 'operator' } | { readonly kind: 'domain' | 'scope'; readonly role: Role };

export interface Parameter {
	readonly name: string;
	readonly type: 'string' | 'integer' | 'boolean';
	readonly says: string;
}

export interface Operation {
	readonly id: string;
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** Below `/admin/api`; parts in braces are variables. */
	readonly path: string;
	readonly title: string;
	readonly says: string;
	readonly need: Need;
	readonly query?: readonly Parameter[];
	/** Whether it asks for If-Match, or If-None-Match: * to create. */
	readonly conditional?: 'match' | 'match-or-create';
	readonly body?: GenericSchema;
	/** The body's type where it is not JSON. */
	readonly bodyType?: 'application/xml' | 'application/x-ndjson';
	readonly bodyOptional?: true;
	readonly status: 200 | 201 | 204;
	/** Null: no content, or a stream. */
	readonly view: GenericSchema | null;
	readonly viewType?: 'application/x-ndjson';
	/** Refusals beside those that every operation of its kind has. */
	readonly refuses?: readonly ApiProblemCode[];
}

const LIMIT: Parameter = { name: 'limit', type: 'integer', says: 'Entries of a page: 100, at most 1000.' };
const DOMAIN: Parameter = { name: 'domain', type: 'string', says: 'A domain name, or *. and one, or *.' };
const AFTER: Parameter = { name: 'after', type: 'string', says: 'Where to go on: `next` of the page before.' };
const STALE = ['precondition-required', 'stale', 'edited-outside'] as const;

export const OPERATIONS = [
	{
		id: 'readSession',
		method: 'GET',
		path: '/session',
		title: 'Who am I',
		need: { kind: 'caller' },
		status: 200,
		view: view.SessionView,
		says: 'Whom the credentials speak for, and what they allow.',
	},
	{
		id: 'openSession',
		method: 'POST',
		path: '/session',
		title: 'Log in',
		need: { kind: 'open' },
		body: body.LogInBody,
		status: 200,
		view: view.SessionView,
		refuses: ['unauthenticated', 'cross-site'],
		says: 'Exchanges a token for a cookie (HttpOnly, Secure, SameSite=Strict) that lasts twelve hours, or until the token ends. Ten failed attempts a minute.',
	},
	{
		id: 'closeSession',
		method: 'DELETE',
		path: '/session',
		title: 'Log out',
		need: { kind: 'caller' },
		status: 204,
		view: null,
		says: 'Takes the cookie back. The token stays what it is.',
	},
	{
		id: 'listDomains',
		method: 'GET',
		path: '/domains',
		title: 'List domains',
		need: { kind: 'scope', role: 'read' },
		status: 200,
		query: [
			{ name: 'prefix', type: 'string', says: 'Beginning of the name.' },
			{ name: 'tag', type: 'string', says: 'Those with this tag.' },
			{ name: 'state', type: 'string', says: '`live` (default), `deleted`, `outside` (in KV alone, put there by hand), or `any`.' },
			AFTER,
			LIMIT,
		],
		view: view.DomainsView,
		says: 'In the order of their names; those that the caller may read. The list follows a save within a second or so.',
	},
	{
		id: 'readDomain',
		method: 'GET',
		path: '/domains/{domain}',
		title: 'Read a record',
		need: { kind: 'domain', role: 'read' },
		status: 200,
		view: view.DomainView,
		says: 'The record as last saved, whatever its copy in KV says; the ETag is its revision. A name that nobody has saved has revision 0.',
	},
	{
		id: 'putDomain',
		method: 'PUT',
		path: '/domains/{domain}',
		title: 'Create or change a record',
		need: { kind: 'domain', role: 'write' },
		conditional: 'match-or-create',
		body: body.PutBody,
		status: 200,
		view: view.WriteView,
		refuses: [...STALE, 'exists'],
		says: 'Creates with If-None-Match: *, changes with If-Match. The same record again makes no revision. Says what changed for clients, and which DNS records must now change.',
	},
	{
		id: 'deleteDomain',
		method: 'DELETE',
		path: '/domains/{domain}',
		title: 'Delete a record',
		need: { kind: 'domain', role: 'write' },
		conditional: 'match',
		query: [{ name: 'note', type: 'string', says: 'Why; for the history.' }],
		status: 200,
		view: view.WriteView,
		refuses: [...STALE, 'not-found'],
		says: 'A revision like any other: its history stays, and restore undoes it.',
	},
	{
		id: 'readHistory',
		method: 'GET',
		path: '/domains/{domain}/history',
		title: 'Read the history',
		need: { kind: 'domain', role: 'read' },
		query: [{ name: 'before', type: 'integer', says: 'Those before this revision: `next` of the page before.' }, LIMIT],
		status: 200,
		view: view.HistoryView,
		says: 'Every revision, newest first: who, when, with which token, why.',
	},
	{
		id: 'readRevision',
		method: 'GET',
		path: '/domains/{domain}/revisions/{revision}',
		title: 'Read a revision',
		need: { kind: 'domain', role: 'read' },
		query: [{ name: 'against', type: 'integer', says: 'Another revision: also says what changed from that one to this.' }],
		status: 200,
		view: view.RevisionRecordView,
		refuses: ['not-found'],
		says: 'The record as it was.',
	},
	{
		id: 'restoreDomain',
		method: 'POST',
		path: '/domains/{domain}/restore',
		title: 'Go back to a revision',
		need: { kind: 'domain', role: 'write' },
		conditional: 'match',
		body: body.RestoreBody,
		status: 200,
		view: view.WriteView,
		refuses: [...STALE, 'not-found'],
		says: 'Saves an old revision as a new one. Undoes a deletion too.',
	},
	{
		id: 'adoptDomain',
		method: 'POST',
		path: '/domains/{domain}/adopt',
		title: 'Adopt the copy edited outside',
		need: { kind: 'domain', role: 'write' },
		conditional: 'match',
		body: body.NoteBody,
		bodyOptional: true,
		status: 200,
		view: view.WriteView,
		refuses: ['precondition-required', 'stale', 'nothing-outside'],
		says: 'What somebody put into KV by hand becomes the next revision.',
	},
	{
		id: 'overwriteDomain',
		method: 'POST',
		path: '/domains/{domain}/overwrite',
		title: 'Overwrite the copy edited outside',
		need: { kind: 'domain', role: 'write' },
		conditional: 'match',
		body: body.NoteBody,
		bodyOptional: true,
		status: 200,
		view: view.WriteView,
		refuses: ['precondition-required', 'stale', 'nothing-outside'],
		says: 'The last revision goes out again, over what somebody put into KV by hand.',
	},
	{
		id: 'preview',
		method: 'POST',
		path: '/preview',
		title: 'Preview a record',
		need: { kind: 'scope', role: 'preview' },
		body: body.PreviewBody,
		status: 200,
		view: view.PreviewView,
		says: "A candidate in; every format's output, the DNS records, the warnings, and what would change out. Nothing is stored.",
	},
	{
		id: 'importRecords',
		method: 'POST',
		path: '/import',
		title: 'Import records',
		need: { kind: 'scope', role: 'write' },
		query: [
			{ name: 'dry', type: 'boolean', says: '`true`: says what it would do, and does nothing.' },
			{
				name: 'existing',
				type: 'string',
				says: 'Where there is a record already: `keep` (default) refuses the line, `replace` replaces it, `match` replaces it if it has the line’s revision.',
			},
			{ name: 'from', type: 'integer', says: 'The first line to take, from 1: `next` of the answer before.' },
		],
		body: body.ImportLine,
		bodyType: 'application/x-ndjson',
		status: 200,
		view: null,
		viewType: 'application/x-ndjson',
		says: 'One JSON object a line; one line of result for each, as they are done, then a last one with `next` and the counts. Takes 5000 lines at a time: send the rest from `next` on. A record that is there already, the same, is `unchanged`: an import that broke off can be sent again.',
	},
	{
		id: 'importAutoconfig',
		method: 'POST',
		path: '/import/autoconfig',
		title: 'Read an autoconfig or ISPDB document',
		need: { kind: 'scope', role: 'preview' },
		query: [DOMAIN],
		body: view.Document,
		bodyType: 'application/xml',
		bodyOptional: true,
		status: 200,
		view: view.SourceView,
		refuses: ['bad-xml', 'source-empty', 'source-unreachable'],
		says: 'Shows the record that the document would make, and what it could not carry. Without a body the document is fetched from the domain, over https.',
	},
	{
		id: 'importSrv',
		method: 'POST',
		path: '/import/srv',
		title: 'Read SRV records',
		need: { kind: 'scope', role: 'preview' },
		body: body.DomainBody,
		status: 200,
		view: view.SourceView,
		refuses: ['source-empty', 'source-unreachable'],
		says: 'Asks DNS (over HTTPS) for the RFC 6186 and RFC 6764 records of a domain, and shows the record they would make.',
	},
	{
		id: 'importAutomx2',
		method: 'POST',
		path: '/import/automx2',
		title: 'Read an automx2 seed',
		need: { kind: 'scope', role: 'preview' },
		body: body.SeedBody,
		status: 200,
		view: view.SourceView,
		refuses: ['source-empty'],
		says: 'Shows the record of each domain in a version 2 seed, and what could not be carried. Passwords in it are neither kept nor shown.',
	},
	{
		id: 'exportRecords',
		method: 'GET',
		path: '/export',
		title: 'Export records',
		need: { kind: 'scope', role: 'read' },
		query: [{ name: 'prefix', type: 'string', says: 'Beginning of the name.' }, AFTER],
		status: 200,
		view: null,
		viewType: 'application/x-ndjson',
		says: 'One JSON object a line, as import takes them, then a last one with `next`. 5000 records at a time.',
	},
	{
		id: 'listTokens',
		method: 'GET',
		path: '/tokens',
		title: 'List tokens',
		need: { kind: 'scope', role: 'admin' },
		query: [AFTER, LIMIT],
		status: 200,
		view: view.TokensView,
		says: 'All of them for the operator; those that it has handed on itself for a token. Never their secrets.',
	},
	{
		id: 'mintToken',
		method: 'POST',
		path: '/tokens',
		title: 'Mint a token',
		need: { kind: 'scope', role: 'admin' },
		body: body.MintBody,
		status: 201,
		view: view.MintedView,
		says: 'For domains and a role that the caller has. The secret is shown once; only its hash is stored.',
	},
	{
		id: 'revokeToken',
		method: 'DELETE',
		path: '/tokens/{token}',
		title: 'Revoke a token',
		need: { kind: 'scope', role: 'admin' },
		status: 204,
		view: null,
		refuses: ['not-found'],
		says: 'At once, with all the tokens that it has handed on.',
	},
	{
		id: 'readAudit',
		method: 'GET',
		path: '/audit',
		title: 'Read the audit trail',
		need: { kind: 'scope', role: 'read' },
		query: [DOMAIN, { name: 'before', type: 'integer', says: 'Those before this id: `next` of the page before.' }, LIMIT],
		status: 200,
		view: view.AuditView,
		says: 'Every write, newest first: who, when, with which token, what. Without a domain: all that the caller may read.',
	},
	{
		id: 'openClaim',
		method: 'POST',
		path: '/claims',
		title: 'Claim a domain',
		need: { kind: 'open' },
		body: body.DomainBody,
		status: 200,
		view: view.ClaimView,
		refuses: ['claims-off', 'bad-domain', 'domain-registered'],
		says: 'Where self-service is on: names the TXT record that proves that the domain is yours, and gives the secret that goes with it.',
	},
	{
		id: 'proveClaim',
		method: 'POST',
		path: '/claims/{domain}',
		title: 'Prove a claim',
		need: { kind: 'open' },
		body: body.ProofBody,
		status: 201,
		view: view.MintedView,
		refuses: ['claims-off', 'bad-domain', 'domain-registered', 'not-proved', 'source-unreachable'],
		says: 'Looks for the TXT record in DNS, and hands out an admin token for the domain.',
	},
	{
		id: 'rebuildDirectory',
		method: 'POST',
		path: '/directory/rebuild',
		title: 'Rebuild the directory',
		need: { kind: 'operator' },
		query: [AFTER],
		status: 200,
		view: view.RebuildView,
		says: 'Asks the keeper of every record in KV to tell the directory again; finds those put there by hand. A page at a time.',
	},
	{
		id: 'readOpenapi',
		method: 'GET',
		path: '/openapi.json',
		title: 'This description',
		need: { kind: 'open' },
		status: 200,
		view: view.Document,
		says: 'The OpenAPI 3.1 document.',
	},
] as const satisfies readonly Operation[];

export type OperationId = (typeof OPERATIONS)[number]['id'];
