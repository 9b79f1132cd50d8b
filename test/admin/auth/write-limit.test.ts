/**
 * What a caller's writes cost: every operation that saves a record counts one write for each record, to the record's limit and to that of the
 * tokens' owner, whichever of his tokens made it.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { needsProvedClaim } from '../../../src/contract/operation.ts';
import { OPERATIONS, type OperationId } from '../../../src/contract/operations.ts';
import { sentCheck } from '../../support/sent-check.ts';
import { ADMIN_ORIGIN, callApi, createRecord, createToken, OPERATOR_TOKEN, RECORD } from '../admin-client.ts';
import { createAdminTestRouter } from '../admin-test-router.ts';

const DOMAINS = ['a.example', 'b.example'] as const;
const OTHER = { ...RECORD, provider: { name: 'Other' } };

/** Counts what is asked of the limiter; keys in `exhausted` have no writes left. */
const counted: string[] = [];
let exhausted: readonly string[] = [];

const router = createAdminTestRouter({
	async isWithinRequestLimit(key) {
		counted.push(key);
		return !exhausted.some((each) => key.startsWith(each));
	},
});

async function send(token: string, method: string, path: string, body: unknown, revision: number | null): Promise<string> {
	const response = await router.request(`${ADMIN_ORIGIN}/admin/api${path}`, {
		method,
		headers: { Authorization: `Bearer ${token}`, ...(revision === null ? {} : { 'If-Match': `"${revision}"` }) },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return `${response.status} ${new TextDecoder().decode(await response.arrayBuffer())}`;
}

const lines = (domains: readonly string[]) => domains.map((domain) => JSON.stringify({ domain, record: OTHER })).join('\n');

interface Write {
	/** The request that writes, and the records that it writes. */
	readonly request: () => Promise<readonly [method: string, path: string, body: unknown, revision: number | null]>;
	readonly writes: readonly string[];
}

/** Every operation that can change a record or a token, with the number of writes that it counts. */
const WRITES: Partial<Record<OperationId, Write>> = {
	putDomain: { request: async () => ['PUT', '/domains/a.example', { record: OTHER }, 1], writes: ['a.example'] },
	patchDomain: {
		request: async () => ['PATCH', '/domains/a.example', { record: { login: '%EMAILLOCALPART%' } }, 1],
		writes: ['a.example'],
	},
	deleteDomain: { request: async () => ['DELETE', '/domains/a.example', '', 1], writes: ['a.example'] },
	restoreDomain: {
		async request() {
			await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: { record: OTHER } });
			return ['POST', '/domains/a.example/restore', { revision: 1 }, 2];
		},
		writes: ['a.example'],
	},
	adoptDomain: {
		async request() {
			await env.RECORDS.put('record:a.example', JSON.stringify(OTHER));
			return ['POST', '/domains/a.example/adopt', {}, 1];
		},
		writes: ['a.example'],
	},
	overwriteDomain: {
		async request() {
			await env.RECORDS.put('record:a.example', JSON.stringify(OTHER));
			return ['POST', '/domains/a.example/overwrite', {}, 1];
		},
		writes: ['a.example'],
	},
	sendCheck: { request: async () => ['PUT', '/domains/a.example/check', sentCheck('error'), null], writes: ['a.example'] },
	importRecords: { request: async () => ['POST', '/import?existing=replace', lines(DOMAINS), null], writes: DOMAINS },
	editRecords: {
		request: async () => ['POST', '/bulk-edits', { domains: DOMAINS, record: { login: '%EMAILLOCALPART%' } }, null],
		writes: DOMAINS,
	},
	undoBulkEdit: {
		async request() {
			const { text } = await callApi('POST', '/bulk-edits', { body: { domains: DOMAINS, record: { login: '%EMAILLOCALPART%' } } });
			return ['POST', `/bulk-edits/${JSON.parse(text).edit}/undo`, {}, null];
		},
		writes: DOMAINS,
	},
};

beforeEach(async () => {
	for (const domain of DOMAINS) await createRecord(domain);
	counted.length = 0;
	exhausted = [];
});

const writesOf = (key: string) => counted.filter((each) => each.startsWith(key)).length;

describe.each(Object.entries(WRITES))('%s', (_, { request, writes }) => {
	it('counts a write for each record, to the record and to the owner', async () => {
		const { secret, id } = await createToken('write', DOMAINS);
		const [method, path, body, revision] = await request();
		expect(await send(secret, method, path, body, revision)).toMatch(/^200 /);
		expect(counted.filter((key) => key.startsWith('writes ') && !key.startsWith('writes of ')).toSorted()).toEqual(
			writes.map((domain) => `writes ${domain}`),
		);
		expect(writesOf(`writes of token ${id}`)).toBe(writes.length);
	});

	it.each(['writes a.example', 'writes of '])('changes nothing when "%s" has none left', async (key) => {
		const { secret } = await createToken('write', DOMAINS);
		const [method, path, body, revision] = await request();
		const before = (await callApi('GET', '/domains/a.example')).body.revision;
		exhausted = [key];
		expect(await send(secret, method, path, body, revision)).toContain('"code":"too-many"');
		expect((await callApi('GET', '/domains/a.example')).body.revision).toBe(before);
	});

	it('is not counted for the operator', async () => {
		const [method, path, body, revision] = await request();
		exhausted = ['writes'];
		expect(await send(OPERATOR_TOKEN, method, path, body, revision)).toMatch(/^200 /);
		expect(counted).toEqual([]);
	});
});

it('every operation that can write a record is in the table', () => {
	// recheckHostnames, publishDns and the webhooks save no record: what they ask of others has limits of its own.
	const others = new Set<OperationId>([
		...(['mintToken', 'revokeToken', 'releaseClaim', 'recheckHostnames', 'publishDns'] as const),
		...(['createWebhook', 'deleteWebhook', 'enableWebhook', 'testWebhook'] as const),
	]);
	const writing = OPERATIONS.filter((operation) => needsProvedClaim(operation) && !others.has(operation.id)).map(({ id }) => id);
	expect(Object.keys(WRITES).toSorted()).toEqual(writing.toSorted());
});

describe('tokens that a token creates', () => {
	it('share one limit of requests and one of writes with it, through all generations', async () => {
		const root = await createToken('admin', DOMAINS);
		let parent = root.secret;
		for (let generation = 0; generation < 3; generation += 1) {
			const created = await send(parent, 'POST', '/tokens', { name: `t${generation}`, role: 'admin', domains: DOMAINS }, null);
			parent = JSON.parse(created.slice(4)).secret;
			const record = { ...RECORD, provider: { name: `Generation ${generation}` } };
			expect(await send(parent, 'PUT', '/domains/a.example', { record }, generation + 1)).toMatch(/^200 /);
		}
		expect(new Set(counted)).toEqual(new Set([`token ${root.id}`, `writes of token ${root.id}`, 'writes a.example']));
		// Three tokens were created and three revisions saved.
		expect(writesOf(`writes of token ${root.id}`)).toBe(6);
	});

	it('are not created when their owner has no writes left', async () => {
		const root = await createToken('admin', DOMAINS);
		exhausted = ['writes of '];
		expect(await send(root.secret, 'POST', '/tokens', { name: 't', role: 'read', domains: DOMAINS }, null)).toMatch(/^429 /);
	});
});

it('webhooks are neither created nor tested when their owner has no writes left', async () => {
	const { secret } = await createToken('admin', DOMAINS);
	const body = { url: 'https://hooks.example.net/' };
	const created = await send(secret, 'POST', '/webhooks', body, null);
	const { id } = JSON.parse(created.slice(4));
	exhausted = ['writes of '];
	expect(await send(secret, 'POST', '/webhooks', body, null)).toMatch(/^429 /);
	expect(await send(secret, 'POST', `/webhooks/${id}/test`, {}, null)).toMatch(/^429 /);
	expect(await send(secret, 'DELETE', `/webhooks/${id}`, '', null)).toMatch(/^204 /);
});
