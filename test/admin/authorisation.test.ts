/** Every operation × every kind of caller × an own and a foreign domain. */
import { describe, expect, it } from 'vitest';
import { OPERATIONS, type OperationId } from '../../src/contract/operations.ts';
import { ask, create, mint, OPERATOR, RECORD, type Sent } from './client.ts';
import { fakeWorld } from './world.ts';

type CallerName = 'nobody' | 'stranger' | 'operator' | 'preview' | 'read' | 'write' | 'admin';

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

const LADDER = ['preview', 'read', 'write', 'admin'];

function expected(id: OperationId, caller: CallerName, domain: string): 'let in' | 'unauthenticated' | 'forbidden' {
	const { least, scoped } = LEAST[id];
	if (least === 'nobody') return 'let in';
	if (caller === 'nobody' || caller === 'stranger') return 'unauthenticated';
	if (caller === 'operator' || least === 'anybody') return 'let in';
	if (least === 'operator' || LADDER.indexOf(caller) < LADDER.indexOf(least)) return 'forbidden';
	return scoped === true || domain === OWN ? 'let in' : 'forbidden';
}

function verdict(status: number, text: string): 'let in' | 'unauthenticated' | 'forbidden' {
	if (status === 401) return 'unauthenticated';
	// An import says it line by line.
	return status === 403 || /"code":"forbidden"/.test(text) ? 'forbidden' : 'let in';
}

const CALLERS: readonly CallerName[] = ['nobody', 'stranger', 'operator', 'preview', 'read', 'write', 'admin'];

fakeWorld();

describe.each(CALLERS)('%s', (caller) => {
	it.each([OWN, FOREIGN])('and %s', async (domain) => {
		await create(OWN);
		await create(FOREIGN);
		const secret =
			caller === 'nobody'
				? null
				: caller === 'operator'
					? OPERATOR
					: caller === 'stranger'
						? 'signpost_not-a-token-that-was-ever-handed-out'
						: (await mint(caller, [OWN])).secret;
		const found: string[] = [];
		const wanted: string[] = [];
		for (const [at, { id, method }] of OPERATIONS.entries()) {
			const { path, sent } = CALLS[id](domain);
			// From an address of its own each time: failed log-ins are limited by address.
			const headers = { ...sent?.headers, 'CF-Connecting-IP': `${caller} ${domain} ${at}` };
			const { status, text } = await ask(method, path, { ...sent, headers, token: secret });
			found.push(`${id}: ${verdict(status, text)}`);
			wanted.push(`${id}: ${expected(id, caller, domain)}`);
			expect(status, id).not.toBe(500);
		}
		expect(found).toEqual(wanted);
	});
});
