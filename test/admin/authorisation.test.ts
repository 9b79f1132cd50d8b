/** Every operation × every kind of caller × an own and a foreign domain. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/contract/operation.ts';
import { OPERATIONS, type OperationId } from '../../src/contract/operations.ts';
import type { Role } from '../../src/model/role.ts';
import { accessTeam } from './access-team.ts';
import { ask, create, HOST, mint, OPERATOR, RECORD, type Sent } from './client.ts';
import { fakeWorld } from './world.ts';

type Level = 'nobody' | 'preview' | 'read' | 'write' | 'admin' | 'operator';
type Verdict = 'let in' | 'unauthenticated' | 'forbidden' | 'cross-site';

/** A kind of caller: what he shows, what that is worth, and whether a page from elsewhere sends it. */
interface Kind {
	readonly level: Level;
	readonly shows: () => Promise<Readonly<Record<string, string>>>;
	readonly fromElsewhere?: true;
}

const OWN = 'own.example';
const FOREIGN = 'foreign.example';
const LINE = (domain: string) => JSON.stringify({ domain, record: RECORD });
const XML =
	'<clientConfig version="1.1"><emailProvider id="x"><incomingServer type="imap"><hostname>i.example.com</hostname><port>993</port><socketType>SSL</socketType></incomingServer></emailProvider></clientConfig>';

/** A call of each operation about a domain, such as an entitled caller would make. */
const CALLS: Readonly<Record<OperationId, (domain: string) => { readonly path: string; readonly sent?: Sent }>> = {
	readSession: () => ({ path: '/session' }),
	openSession: () => ({ path: '/session', sent: { body: { token: OPERATOR } } }),
	closeSession: () => ({ path: '/session' }),
	listDomains: () => ({ path: '/domains' }),
	readDomain: (domain) => ({ path: `/domains/${domain}` }),
	readDns: (domain) => ({ path: `/domains/${domain}/dns` }),
	putDomain: (domain) => ({ path: `/domains/${domain}`, sent: { headers: { 'If-Match': '"1"' }, body: { record: RECORD } } }),
	deleteDomain: (domain) => ({ path: `/domains/${domain}`, sent: { headers: { 'If-Match': '"1"' } } }),
	readHistory: (domain) => ({ path: `/domains/${domain}/history` }),
	readRevision: (domain) => ({ path: `/domains/${domain}/revisions/1` }),
	restoreDomain: (domain) => ({ path: `/domains/${domain}/restore`, sent: { headers: { 'If-Match': '"1"' }, body: { revision: 1 } } }),
	adoptDomain: (domain) => ({ path: `/domains/${domain}/adopt`, sent: { headers: { 'If-Match': '"1"' } } }),
	overwriteDomain: (domain) => ({ path: `/domains/${domain}/overwrite`, sent: { headers: { 'If-Match': '"1"' } } }),
	preview: (domain) => ({ path: '/preview', sent: { body: { domain, record: RECORD } } }),
	importRecords: (domain) => ({ path: '/import', sent: { body: LINE(domain) } }),
	importAutoconfig: (domain) => ({ path: `/import/autoconfig?domain=${domain}`, sent: { body: XML } }),
	importSrv: (domain) => ({ path: '/import/srv', sent: { body: { domain } } }),
	importAutomx2: (domain) => ({
		path: '/import/automx2',
		sent: { body: { version: 2, provider: 'X', domains: [{ name: domain }], servers: [{ type: 'imap', name: 'i.example.com' }] } },
	}),
	exportRecords: () => ({ path: '/export' }),
	listTokens: () => ({ path: '/tokens' }),
	mintToken: (domain) => ({ path: '/tokens', sent: { body: { name: 'x', role: 'read', domains: [domain] } } }),
	revokeToken: () => ({ path: '/tokens/no-such-token' }),
	readAudit: (domain) => ({ path: `/audit?domain=${domain}` }),
	readUsage: () => ({ path: '/usage' }),
	openClaim: (domain) => ({ path: '/claims', sent: { body: { domain } } }),
	proveClaim: (domain) => ({ path: `/claims/${domain}`, sent: { body: { claim: 'x'.repeat(43) } } }),
	rebuildDirectory: () => ({ path: '/directory/rebuild' }),
	readOpenapi: () => ({ path: '/openapi.json' }),
};

/**
 * Who may, written out by hand and not taken from the table that the service goes by: the least role for an own domain; for a foreign
 * one nobody but the operator. `scoped`: what concerns no domain in particular, or shows a caller his own alone.
 */
const LEAST: Readonly<
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
	readDns: { least: 'read' },
	putDomain: { least: 'write' },
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
	exportRecords: { least: 'read', scoped: true },
	listTokens: { least: 'admin', scoped: true },
	mintToken: { least: 'admin' },
	revokeToken: { least: 'admin', scoped: true },
	readAudit: { least: 'read' },
	readUsage: { least: 'operator', scoped: true },
	openClaim: { least: 'nobody', scoped: true },
	proveClaim: { least: 'nobody', scoped: true },
	rebuildDirectory: { least: 'operator', scoped: true },
	readOpenapi: { least: 'nobody', scoped: true },
};

const LADDER: readonly Level[] = ['nobody', 'preview', 'read', 'write', 'admin', 'operator'];

function expected({ id, method }: Operation, { level, fromElsewhere }: Kind, domain: string): Verdict {
	const { least, scoped } = LEAST[id as OperationId];
	// Whoever logs in from elsewhere would log somebody else in.
	if (fromElsewhere === true && method !== 'GET' && (least !== 'nobody' || id === 'openSession')) return 'cross-site';
	if (least === 'nobody') return 'let in';
	if (level === 'nobody') return 'unauthenticated';
	if (level === 'operator' || least === 'anybody') return 'let in';
	if (LADDER.indexOf(level) < LADDER.indexOf(least)) return 'forbidden';
	return scoped === true || domain === OWN ? 'let in' : 'forbidden';
}

function verdict(status: number, text: string): Verdict {
	if (status === 401) return 'unauthenticated';
	if (/"code":"cross-site"/.test(text)) return 'cross-site';
	// An import says it line by line.
	return status === 403 || /"code":"forbidden"/.test(text) ? 'forbidden' : 'let in';
}

const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });

async function token(role: Role): Promise<Readonly<Record<string, string>>> {
	return bearer((await mint(role, [OWN])).secret);
}

/** A browser's session of a write token, as a page of this origin has it. */
async function session(origin: string): Promise<Readonly<Record<string, string>>> {
	const { secret } = await mint('write', [OWN]);
	const { headers } = await ask('POST', '/session', { token: null, headers: { Origin: HOST }, body: { token: secret } });
	return { Cookie: (headers.get('Set-Cookie') ?? '').split(';')[0] ?? '', Origin: origin };
}

async function revoked(): Promise<Readonly<Record<string, string>>> {
	const { id, secret } = await mint('admin', [OWN]);
	expect((await ask('DELETE', `/tokens/${id}`)).status).toBe(204);
	return bearer(secret);
}

async function expired(): Promise<Readonly<Record<string, string>>> {
	const { id, secret } = await mint('admin', [OWN]);
	await runInDurableObject(env.TOKENS.get(env.TOKENS.idFromName('tokens')), (_, { storage }) => {
		storage.sql.exec('UPDATE tokens SET expiresAt = ? WHERE id = ?', Date.now() - 1, id);
	});
	return bearer(secret);
}

const team = await accessTeam();
const access = async (claims: Record<string, unknown>) => ({ 'Cf-Access-Jwt-Assertion': await team.assertion(claims) });

const KINDS: Readonly<Record<string, Kind>> = {
	'who shows nothing': { level: 'nobody', shows: async () => ({}) },
	'a token that never was': { level: 'nobody', shows: async () => bearer('signpost_not-a-token-that-was-ever-handed-out') },
	'a revoked admin token': { level: 'nobody', shows: revoked },
	'an expired admin token': { level: 'nobody', shows: expired },
	'the operator': { level: 'operator', shows: async () => bearer(OPERATOR) },
	'a preview token': { level: 'preview', shows: () => token('preview') },
	'a read token': { level: 'read', shows: () => token('read') },
	'a write token': { level: 'write', shows: () => token('write') },
	'an admin token': { level: 'admin', shows: () => token('admin') },
	'a session of a write token': { level: 'write', shows: () => session(HOST) },
	'that session, from a page elsewhere': { level: 'write', shows: () => session('https://evil.example'), fromElsewhere: true },
	// Who is what: ACCESS_ROLES in vitest.config.ts.
	'an operator by Access': { level: 'operator', shows: () => access({ email: 'ops@example.net' }) },
	'a writer by Access': { level: 'write', shows: () => access({ email: 'ada@own.example' }) },
	'a reader by a group of Access': { level: 'read', shows: () => access({ email: 'x@own.example', custom: { groups: ['readers'] } }) },
	'somebody whom Access knows and nobody else': { level: 'nobody', shows: () => access({ email: 'eve@own.example' }) },
};

const world = fakeWorld();

describe.each(Object.keys(KINDS))('%s', (name) => {
	it.each([OWN, FOREIGN])('and %s', async (domain) => {
		const kind = KINDS[name];
		if (kind === undefined) throw new Error(name);
		world.now = { documents: { [`${team.url}/cdn-cgi/access/certs`]: team.keys } };
		await create(OWN);
		await create(FOREIGN);
		const shown = await kind.shows();
		const found: string[] = [];
		const wanted: string[] = [];
		for (const [at, operation] of OPERATIONS.entries()) {
			const { path, sent } = CALLS[operation.id](domain);
			// From an address of its own each time: failed log-ins are limited by address.
			const headers = { ...sent?.headers, ...shown, 'CF-Connecting-IP': `${name} ${domain} ${at}` };
			const { status, text } = await ask(operation.method, path, { ...sent, headers, token: null });
			found.push(`${operation.id}: ${verdict(status, text)}`);
			wanted.push(`${operation.id}: ${expected(operation, kind, domain)}`);
			expect(status, operation.id).not.toBe(503);
		}
		expect(found).toEqual(wanted);
	});
});
