/** What a save, a look-up and an export cost on the platform, counted: docs/operate.md reckons with these numbers. */
import { env, exports } from 'cloudflare:workers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LOOK_UP, type OperationCounts, SAVE, SENT_CHECK } from '../../src/tools/cost-table.ts';
import { DirectoryObject, RecordKeeperObject, TokenKeeperObject } from '../../src/worker/objects/durable-objects.ts';
import { HostnameKeeperObject, ImportKeeperObject, WebhookKeeperObject } from '../../src/worker/objects/rare-objects.ts';
import { KV_READ_COSTS } from '../support/kv-read-costs.ts';
import { kvReads, resetKvReads, useKvReads } from '../support/kv-reads.ts';
import { sentCheck } from '../support/sent-check.ts';
import { callApi, createRecord, createToken, OPERATOR_TOKEN, RECORD } from './admin-client.ts';

useKvReads();

/** The calls of objects' methods, each of which the platform bills as a request. */
const objectCalls: string[] = [];

/** The classes' own methods, to be put back. */
const originals: (readonly [prototype: object, name: string, method: unknown])[] = [];

beforeAll(() => {
	for (const { prototype } of [
		RecordKeeperObject,
		DirectoryObject,
		TokenKeeperObject,
		HostnameKeeperObject,
		ImportKeeperObject,
		WebhookKeeperObject,
	])
		for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
			if (name === 'constructor' || typeof method !== 'function') continue;
			originals.push([prototype, name, method]);
			Reflect.set(prototype, name, function (this: unknown, ...values: readonly unknown[]) {
				objectCalls.push(name);
				return Reflect.apply(method, this, values);
			});
		}
});
afterAll(() => {
	for (const [prototype, name, method] of originals) Reflect.set(prototype, name, method);
});

it('a save', async () => {
	// The first record of a service is more: the mark of the store is written with it.
	await createRecord('first.example');
	const { secret } = await createToken('write', ['a.example']);
	const save = async (headers: Readonly<Record<string, string>>, name: string): Promise<OperationCounts> => {
		resetKvReads();
		objectCalls.length = 0;
		const record = { ...RECORD, provider: { name } };
		const { status } = await callApi('PUT', '/domains/a.example', { token: secret, headers, body: { record } });
		expect(status).toBe(200);
		return { requests: 1, kvReads: kvReads().keys.length, kvWrites: kvReads().writes, objectRequests: objectCalls.length };
	};
	const first = await save({ 'If-None-Match': '*' }, 'First');
	expect(first.kvWrites).toBe(SAVE.kvWrites);
	// For a day after a save, the records before it are looked up, whose PACC digests stay in the zone. KV takes one write a second of each
	// key, so that these two share one, which may come later.
	await save({ 'If-Match': '"1"' }, 'Second');
	const third = await save({ 'If-Match': '"2"' }, 'Third');
	expect(third.objectRequests).toBe(SAVE.objectRequests);
	for (const counted of [first, third]) {
		expect(counted.objectRequests).toBeLessThanOrEqual(SAVE.objectRequests);
		// A minute after the last look, where the data are is looked up too.
		expect(counted.kvReads).toBeLessThanOrEqual(SAVE.kvReads);
	}
});

it('the result of a check: no write of KV, and the directory is told only where something is worse', async () => {
	await createRecord('a.example');
	const { secret } = await createToken('write', ['a.example']);
	const send = async (severity?: 'error') => {
		resetKvReads();
		objectCalls.length = 0;
		const { status } = await callApi('PUT', '/domains/a.example/check', { token: secret, body: sentCheck(severity) });
		expect(status).toBe(200);
		const keys = kvReads().keys.filter((key) => key.startsWith('record:'));
		return { requests: 1, kvReads: keys.length, kvWrites: kvReads().writes, objectRequests: objectCalls.length };
	};
	expect(await send()).toEqual(SENT_CHECK);
	expect(await send()).toEqual(SENT_CHECK);
	expect(await send('error')).toEqual({ ...SENT_CHECK, objectRequests: SENT_CHECK.objectRequests + 1 });
});

it('a look-up', async () => {
	await createRecord('a.example');
	objectCalls.length = 0;
	resetKvReads();
	const response = await exports.default.fetch(
		new Request('https://autoconfig.a.example/mail/config-v1.1.xml?emailaddress=alice@a.example'),
	);
	expect(response.status).toBe(200);
	const keys = kvReads().keys.filter((key) => key.startsWith('record:'));
	expect({ requests: 1, kvReads: keys.length, kvWrites: kvReads().writes, objectRequests: objectCalls.length }).toEqual(LOOK_UP);
	expect(LOOK_UP.kvReads).toBe(KV_READ_COSTS.known.withList);
});

it('an import of a hundred new records, and the first look at one of them', async () => {
	await createRecord('first.example');
	const lines = Array.from({ length: 100 }, (_, at) => JSON.stringify({ domain: `n${at}.example`, record: RECORD }));
	objectCalls.length = 0;
	resetKvReads();
	expect((await callApi('POST', '/import', { body: lines.join('\n') })).text).toContain('"created":100,');
	expect({ objectCalls: [...objectCalls], kvWrites: kvReads().writes }).toEqual({
		objectCalls: ['beginBatch', 'readKnownNames', 'saveNew', 'endBatch'],
		kvWrites: 100,
	});
	objectCalls.length = 0;
	expect((await callApi('GET', '/domains/n0.example')).status).toBe(200);
	expect(objectCalls.filter((name) => name === 'takeOver' || name === 'forgetImported')).toEqual(['takeOver', 'forgetImported']);
	objectCalls.length = 0;
	await callApi('GET', '/domains/n0.example');
	expect(objectCalls).not.toContain('takeOver');
});

describe('an export', () => {
	const NAMES = ['a.example', 'b.example', 'c.example'];
	beforeEach(async () => {
		for (const name of NAMES) await createRecord(name);
	});

	/** The exported providers by domain, the keepers that were asked, and the keys that KV was asked for. */
	async function exportRecords(token = OPERATOR_TOKEN) {
		objectCalls.length = 0;
		resetKvReads();
		const lines = (await callApi('GET', '/export', { token })).text.trim().split('\n');
		const records = lines.map((line): { domain?: string; record?: { provider: { name: string } } } => JSON.parse(line));
		return {
			found: records.flatMap(({ domain, record }) => (domain === undefined ? [] : [`${domain}: ${record?.provider.name}`])),
			keepers: objectCalls.filter((name) => name === 'readLatest').length,
			copies: kvReads().keys.filter((key) => key.startsWith('record:')).length,
		};
	}
	const ALL = NAMES.map((name) => `${name}: Example Mail`);

	it('reads the copies that are what was saved last, and opens no keeper', async () => {
		expect(await exportRecords()).toEqual({ found: ALL, keepers: 0, copies: 3 });
	});

	it('asks the keepers of copies that are old, edited by hand, broken or missing', async () => {
		const old = await env.RECORDS.get('record:a.example', 'text');
		await callApi('PUT', '/domains/a.example', {
			headers: { 'If-Match': '"1"' },
			body: { record: { ...RECORD, provider: { name: 'New' } } },
		});
		await env.RECORDS.put('record:a.example', old ?? '');
		await env.RECORDS.put('record:b.example', JSON.stringify({ ...RECORD, provider: { name: 'By hand' } }));
		await env.RECORDS.put('record:c.example', '{');
		const expected = ['a.example: New', 'b.example: Example Mail', 'c.example: Example Mail'];
		expect(await exportRecords()).toEqual({ found: expected, keepers: 3, copies: 3 });
		for (const name of NAMES) await env.RECORDS.delete(`record:${name}`);
		expect(await exportRecords()).toEqual({ found: expected, keepers: 3, copies: 3 });
	});

	it('asks the keepers where KV does not answer', async () => {
		const namespace: object = Object.getPrototypeOf(env.RECORDS);
		const get: unknown = Reflect.get(namespace, 'get');
		Reflect.set(namespace, 'get', () => Promise.reject(new Error('KV is down')));
		try {
			expect(await exportRecords()).toEqual({ found: ALL, keepers: 3, copies: 0 });
		} finally {
			Reflect.set(namespace, 'get', get);
		}
	});

	it('asks every keeper for a token of one tag: a record that has lost the tag is not in it', async () => {
		const tagged = await callApi('POST', '/tokens', { body: { name: 'tagged', role: 'read', tag: 'access:gold' } });
		await callApi('PUT', '/domains/b.example', { headers: { 'If-Match': '"1"' }, body: { record: RECORD, tags: ['access:gold'] } });
		expect(await exportRecords(tagged.body.secret)).toEqual({ found: ['b.example: Example Mail'], keepers: 1, copies: 0 });
	});
});
