/** Every operation, for every kind of caller, on the caller's own domain and on another's. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/contract/operation.ts';
import { OPERATIONS, type OperationId } from '../../src/contract/operations.ts';
import type { Role } from '../../src/contract/roles.ts';
import { sentCheck } from '../support/sent-check.ts';
import { ADMIN_ORIGIN, callApi, createRecord, createToken, OPERATOR_TOKEN, RECORD, type RequestOptions } from './admin-client.ts';
import { accessTeam } from './auth/access-team.ts';
import { fakeUpstreams } from './fake-upstreams.ts';

type AccessLevel = 'nobody' | 'preview' | 'read' | 'write' | 'admin' | 'operator';
type AccessVerdict = 'let in' | 'unauthenticated' | 'forbidden' | 'cross-site';

/** A kind of caller: the credentials, what they allow, and whether a page of another site sends them. */
interface CallerKind {
	readonly level: AccessLevel;
	readonly credentials: () => Promise<Readonly<Record<string, string>>>;
	readonly crossSite?: true;
}

const OWN = 'own.example';
const FOREIGN = 'foreign.example';
const importLine = (domain: string) => JSON.stringify({ domain, record: RECORD });
const AUTOCONFIG_XML =
	'<clientConfig version="1.1"><emailProvider id="x"><incomingServer type="imap"><hostname>i.example.com</hostname><port>993</port><socketType>SSL</socketType></incomingServer></emailProvider></clientConfig>';

/** A valid call of each operation on a domain. */
const CALLS: Readonly<Record<OperationId, (domain: string) => { readonly path: string; readonly sent?: RequestOptions }>> = {
	readSession: () => ({ path: '/session' }),
	openSession: () => ({ path: '/session', sent: { body: { token: OPERATOR_TOKEN } } }),
	closeSession: () => ({ path: '/session' }),
	listDomains: () => ({ path: '/domains' }),
	readDomain: (domain) => ({ path: `/domains/${domain}` }),
	readAliases: (domain) => ({ path: `/domains/${domain}/aliases` }),
	readDns: (domain) => ({ path: `/domains/${domain}/dns` }),
	readDnsRecords: (domain) => ({ path: `/domains/${domain}/dns/records` }),
	readPublication: (domain) => ({ path: `/domains/${domain}/dns/publication` }),
	publishDns: (domain) => ({ path: `/domains/${domain}/dns/publication`, sent: { body: { plan: '0'.repeat(64) } } }),
	listHostnames: () => ({ path: '/hostnames' }),
	readHostnames: (domain) => ({ path: `/domains/${domain}/hostnames` }),
	recheckHostnames: (domain) => ({ path: `/domains/${domain}/hostnames/recheck` }),
	readCheck: (domain) => ({ path: `/domains/${domain}/check` }),
	sendCheck: (domain) => ({ path: `/domains/${domain}/check`, sent: { body: sentCheck() } }),
	putDomain: (domain) => ({ path: `/domains/${domain}`, sent: { headers: { 'If-Match': '"1"' }, body: { record: RECORD } } }),
	patchDomain: (domain) => ({ path: `/domains/${domain}`, sent: { headers: { 'If-Match': '"1"' }, body: { note: 'x' } } }),
	editRecords: (domain) => ({ path: '/bulk-edits?dry=true', sent: { body: { domains: [domain], record: {} } } }),
	undoBulkEdit: () => ({ path: '/bulk-edits/aaaaaaaaaaaa/undo' }),
	deleteDomain: (domain) => ({ path: `/domains/${domain}`, sent: { headers: { 'If-Match': '"1"' } } }),
	readHistory: (domain) => ({ path: `/domains/${domain}/history` }),
	readRevision: (domain) => ({ path: `/domains/${domain}/revisions/1` }),
	restoreDomain: (domain) => ({ path: `/domains/${domain}/restore`, sent: { headers: { 'If-Match': '"1"' }, body: { revision: 1 } } }),
	adoptDomain: (domain) => ({ path: `/domains/${domain}/adopt`, sent: { headers: { 'If-Match': '"1"' } } }),
	overwriteDomain: (domain) => ({ path: `/domains/${domain}/overwrite`, sent: { headers: { 'If-Match': '"1"' } } }),
	preview: (domain) => ({ path: '/preview', sent: { body: { domain, record: RECORD } } }),
	importRecords: (domain) => ({ path: '/import', sent: { body: importLine(domain) } }),
	importAutoconfig: (domain) => ({ path: `/import/autoconfig?domain=${domain}`, sent: { body: AUTOCONFIG_XML } }),
	importSrv: (domain) => ({ path: '/import/srv', sent: { body: { domain } } }),
	importAutomx2: (domain) => ({
		path: '/import/automx2',
		sent: { body: { version: 2, provider: 'X', domains: [{ name: domain }], servers: [{ type: 'imap', name: 'i.example.com' }] } },
	}),
	importConfiguration: (domain) => ({
		path: '/import/configuration',
		sent: { body: { format: 'environment', files: [`DOMAIN=${domain}\nIMAP_HOST=i.example.com\nIMAP_PORT=993\nIMAP_SOCKET=SSL`] } },
	}),
	exportRecords: () => ({ path: '/export' }),
	listTokens: () => ({ path: '/tokens' }),
	mintToken: (domain) => ({ path: '/tokens', sent: { body: { name: 'x', role: 'read', domains: [domain] } } }),
	revokeToken: () => ({ path: '/tokens/no-such-token' }),
	readAudit: (domain) => ({ path: `/audit?domain=${domain}` }),
	readUsage: () => ({ path: '/usage' }),
	listWebhooks: () => ({ path: '/webhooks' }),
	createWebhook: () => ({ path: '/webhooks', sent: { body: { url: 'https://hooks.example.net/' } } }),
	deleteWebhook: () => ({ path: '/webhooks/no-such-webhook' }),
	enableWebhook: () => ({ path: '/webhooks/no-such-webhook/enable' }),
	testWebhook: () => ({ path: '/webhooks/no-such-webhook/test' }),
	readDeliveries: () => ({ path: '/webhooks/no-such-webhook/deliveries' }),
	openClaim: (domain) => ({ path: '/claims', sent: { body: { domain } } }),
	proveClaim: (domain) => ({ path: `/claims/${domain}`, sent: { body: { claim: 'x'.repeat(43) } } }),
	readClaim: (domain) => ({ path: `/domains/${domain}/claim` }),
	releaseClaim: (domain) => ({ path: `/domains/${domain}/claim` }),
	rebuildDirectory: () => ({ path: '/directory/rebuild' }),
	republishRecords: () => ({ path: '/directory/republish' }),
	readBackup: () => ({ path: '/backup' }),
	restoreBackup: () => ({ path: '/backup/restore', sent: { body: '' } }),
	readOpenapi: () => ({ path: '/openapi.json' }),
};

/**
 * Who may, written out by hand and not taken from the table that the service goes by: the least role for an own domain; for a foreign
 * one nobody but the operator. `scoped`: what concerns no domain in particular, or shows a caller his own alone.
 */
const LEAST_ROLE: Readonly<
	Record<
		OperationId,
		{ readonly least: 'nobody' | 'anybody' | 'preview' | 'read' | 'write' | 'admin' | 'operator'; readonly scoped?: true }
	>
> = {
	readSession: { least: 'anybody', scoped: true },
	openSession: { least: 'nobody', scoped: true },
	closeSession: { least: 'anybody', scoped: true },
	listDomains: { least: 'read', scoped: true },
	readDomain: { least: 'read' },
	readAliases: { least: 'read' },
	readDns: { least: 'read' },
	readDnsRecords: { least: 'read' },
	readPublication: { least: 'write' },
	publishDns: { least: 'write' },
	listHostnames: { least: 'operator', scoped: true },
	readHostnames: { least: 'read' },
	recheckHostnames: { least: 'write' },
	readCheck: { least: 'read' },
	sendCheck: { least: 'write' },
	putDomain: { least: 'write' },
	patchDomain: { least: 'write' },
	editRecords: { least: 'write' },
	undoBulkEdit: { least: 'write', scoped: true },
	deleteDomain: { least: 'write' },
	readHistory: { least: 'read' },
	readRevision: { least: 'read' },
	restoreDomain: { least: 'write' },
	adoptDomain: { least: 'write' },
	overwriteDomain: { least: 'write' },
	preview: { least: 'preview' },
	importRecords: { least: 'write' },
	importAutoconfig: { least: 'preview' },
	importSrv: { least: 'preview' },
	importAutomx2: { least: 'preview' },
	importConfiguration: { least: 'preview' },
	exportRecords: { least: 'read', scoped: true },
	listTokens: { least: 'admin', scoped: true },
	mintToken: { least: 'admin' },
	revokeToken: { least: 'admin', scoped: true },
	readAudit: { least: 'read' },
	readUsage: { least: 'operator', scoped: true },
	listWebhooks: { least: 'admin', scoped: true },
	createWebhook: { least: 'admin', scoped: true },
	deleteWebhook: { least: 'admin', scoped: true },
	enableWebhook: { least: 'admin', scoped: true },
	testWebhook: { least: 'admin', scoped: true },
	readDeliveries: { least: 'admin', scoped: true },
	openClaim: { least: 'nobody', scoped: true },
	proveClaim: { least: 'nobody', scoped: true },
	readClaim: { least: 'read' },
	// An admin token that nobody was given for a claim has none to release.
	releaseClaim: { least: 'operator' },
	rebuildDirectory: { least: 'operator', scoped: true },
	republishRecords: { least: 'operator', scoped: true },
	readBackup: { least: 'operator', scoped: true },
	restoreBackup: { least: 'operator', scoped: true },
	readOpenapi: { least: 'nobody', scoped: true },
};

const ACCESS_LEVELS: readonly AccessLevel[] = ['nobody', 'preview', 'read', 'write', 'admin', 'operator'];

function expectedVerdict({ id, method }: Operation, { level, crossSite }: CallerKind, domain: string): AccessVerdict {
	const { least, scoped } = LEAST_ROLE[id as OperationId];
	// A page of another site that could log in would log the visitor in as somebody else.
	if (crossSite === true && method !== 'GET' && (least !== 'nobody' || id === 'openSession')) return 'cross-site';
	if (least === 'nobody') return 'let in';
	if (level === 'nobody') return 'unauthenticated';
	if (level === 'operator' || least === 'anybody') return 'let in';
	if (ACCESS_LEVELS.indexOf(level) < ACCESS_LEVELS.indexOf(least)) return 'forbidden';
	return scoped === true || domain === OWN ? 'let in' : 'forbidden';
}

function verdictOf(status: number, text: string): AccessVerdict {
	if (status === 401) return 'unauthenticated';
	if (/"code":"cross-site"/.test(text)) return 'cross-site';
	// An import reports what is forbidden for each line.
	return status === 403 || /"code":"forbidden"/.test(text) ? 'forbidden' : 'let in';
}

const bearerHeaders = (secret: string) => ({ Authorization: `Bearer ${secret}` });

const OWN_TAG = 'access:own';

/** A token for the tag that the own domain carries, and the foreign one does not. */
async function tagTokenHeaders(role: Role): Promise<Readonly<Record<string, string>>> {
	const { body } = await callApi('POST', '/tokens', { body: { name: `${role} by tag`, role, tag: OWN_TAG } });
	return bearerHeaders(body.secret);
}

/** A token for both domains that descends from one for the tag: what lacks the tag is out of its reach too. */
async function namedTagTokenHeaders(): Promise<Readonly<Record<string, string>>> {
	const { body } = await callApi('POST', '/tokens', { body: { name: 'admin by tag', role: 'admin', tag: OWN_TAG } });
	await tagRecord(FOREIGN, [OWN_TAG]);
	const { secret } = await createToken('write', [OWN, FOREIGN], body.secret);
	await tagRecord(FOREIGN, []);
	return bearerHeaders(secret);
}

async function tagRecord(domain: string, tags: readonly string[]): Promise<void> {
	const { headers } = await callApi('GET', `/domains/${domain}`);
	const match = { 'If-Match': headers.get('ETag') ?? '' };
	expect((await callApi('PATCH', `/domains/${domain}`, { headers: match, body: { tags } })).status).toBe(200);
}

async function tokenHeaders(role: Role): Promise<Readonly<Record<string, string>>> {
	return bearerHeaders((await createToken(role, [OWN])).secret);
}

/** A browser session of a write token, used by a page of this origin. */
async function sessionHeaders(origin: string): Promise<Readonly<Record<string, string>>> {
	const { secret } = await createToken('write', [OWN]);
	const { headers } = await callApi('POST', '/session', { token: null, headers: { Origin: ADMIN_ORIGIN }, body: { token: secret } });
	return { Cookie: (headers.get('Set-Cookie') ?? '').split(';')[0] ?? '', Origin: origin };
}

async function revokedTokenHeaders(): Promise<Readonly<Record<string, string>>> {
	const { id, secret } = await createToken('admin', [OWN]);
	expect((await callApi('DELETE', `/tokens/${id}`)).status).toBe(204);
	return bearerHeaders(secret);
}

async function expiredTokenHeaders(): Promise<Readonly<Record<string, string>>> {
	const { id, secret } = await createToken('admin', [OWN]);
	await runInDurableObject(env.TOKENS.get(env.TOKENS.idFromName('tokens')), (_, { storage }) => {
		storage.sql.exec('UPDATE tokens SET expiresAt = ? WHERE id = ?', Date.now() - 1, id);
	});
	return bearerHeaders(secret);
}

const team = await accessTeam();
const accessHeaders = async (claims: Record<string, unknown>) => ({ 'Cf-Access-Jwt-Assertion': await team.assertion(claims) });

const CALLER_KINDS: Readonly<Record<string, CallerKind>> = {
	'who shows nothing': { level: 'nobody', credentials: async () => ({}) },
	'a token that never was': { level: 'nobody', credentials: async () => bearerHeaders('signpost_not-a-token-that-was-ever-handed-out') },
	'a revoked admin token': { level: 'nobody', credentials: revokedTokenHeaders },
	'an expired admin token': { level: 'nobody', credentials: expiredTokenHeaders },
	'the operator': { level: 'operator', credentials: async () => bearerHeaders(OPERATOR_TOKEN) },
	'a preview token': { level: 'preview', credentials: () => tokenHeaders('preview') },
	'a read token': { level: 'read', credentials: () => tokenHeaders('read') },
	'a write token': { level: 'write', credentials: () => tokenHeaders('write') },
	'an admin token': { level: 'admin', credentials: () => tokenHeaders('admin') },
	'a preview token for a tag': { level: 'preview', credentials: () => tagTokenHeaders('preview') },
	'a read token for a tag': { level: 'read', credentials: () => tagTokenHeaders('read') },
	'a write token for a tag': { level: 'write', credentials: () => tagTokenHeaders('write') },
	'an admin token for a tag': { level: 'admin', credentials: () => tagTokenHeaders('admin') },
	'a write token for names, from one for a tag': { level: 'write', credentials: namedTagTokenHeaders },
	'a session of a write token': { level: 'write', credentials: () => sessionHeaders(ADMIN_ORIGIN) },
	'that session, from a page elsewhere': { level: 'write', credentials: () => sessionHeaders('https://evil.example'), crossSite: true },
	// The roles are those of ACCESS_ROLES in vitest.config.ts.
	'an operator by Access': { level: 'operator', credentials: () => accessHeaders({ email: 'ops@example.net' }) },
	'a writer by Access': { level: 'write', credentials: () => accessHeaders({ email: 'ada@own.example' }) },
	'a reader by a group of Access': {
		level: 'read',
		credentials: () => accessHeaders({ email: 'x@own.example', custom: { groups: ['readers'] } }),
	},
	'somebody whom Access knows and nobody else': { level: 'nobody', credentials: () => accessHeaders({ email: 'eve@own.example' }) },
};

const upstreams = fakeUpstreams();

describe.each(Object.keys(CALLER_KINDS))('%s', (name) => {
	it.each([OWN, FOREIGN])('and %s', async (domain) => {
		const kind = CALLER_KINDS[name];
		if (kind === undefined) throw new Error(name);
		upstreams.now = { documents: { [`${team.url}/cdn-cgi/access/certs`]: team.keys } };
		await createRecord(OWN, RECORD, [OWN_TAG]);
		await createRecord(FOREIGN);
		const shown = await kind.credentials();
		const found: string[] = [];
		const wanted: string[] = [];
		// Logging out ends the session: it comes last.
		const operations = OPERATIONS.toSorted((one, other) => Number(one.id === 'closeSession') - Number(other.id === 'closeSession'));
		for (const [at, operation] of operations.entries()) {
			const { path, sent } = CALLS[operation.id](domain);
			// Each attempt has its own IP address, because failed log-ins are limited by address.
			const headers = { ...sent?.headers, ...shown, 'CF-Connecting-IP': `${name} ${domain} ${at}` };
			const { status, text } = await callApi(operation.method, path, { ...sent, headers, token: null });
			found.push(`${operation.id}: ${verdictOf(status, text)}`);
			wanted.push(`${operation.id}: ${expectedVerdict(operation, kind, domain)}`);
			expect(status, operation.id).not.toBe(503);
		}
		expect(found).toEqual(wanted);
	});
});
