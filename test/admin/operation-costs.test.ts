/** What a save and a look-up cost on the platform, counted: docs/operate.md reckons with these numbers. */
import { exports } from 'cloudflare:workers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOOK_UP, type OperationCounts, SAVE } from '../../src/tools/cost-table.ts';
import { DirectoryObject, RecordKeeperObject, TokenKeeperObject } from '../../src/worker/objects/durable-objects.ts';
import { HostnameKeeperObject, WebhookKeeperObject } from '../../src/worker/objects/rare-objects.ts';
import { KV_READ_COSTS } from '../support/kv-read-costs.ts';
import { kvReads, resetKvReads, useKvReads } from '../support/kv-reads.ts';
import { callApi, createRecord, createToken, RECORD } from './admin-client.ts';

useKvReads();

/** The calls of objects' methods, each of which the platform bills as a request. */
const objectCalls: string[] = [];

/** The classes' own methods, to be put back. */
const originals: (readonly [prototype: object, name: string, method: unknown])[] = [];

beforeAll(() => {
	for (const { prototype } of [RecordKeeperObject, DirectoryObject, TokenKeeperObject, HostnameKeeperObject, WebhookKeeperObject])
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
