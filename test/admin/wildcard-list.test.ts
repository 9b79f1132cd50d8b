/** Wildcards are served as soon as they are saved, although the service has a list of those that exist and asks KV for no other. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { recordKey } from '../../src/model/record-key.ts';
import type { RecordName } from '../../src/model/record-name.ts';
import { parseWildcardList, UNKNOWN_WILDCARDS, WILDCARD_LIST_KEY } from '../../src/store/ports/wildcard-list.ts';
import { fetchWorker } from '../http/worker-client.ts';
import { callApi, createRecord, RECORD } from './admin-client.ts';

const statusFor = async (domain: string) => (await fetchWorker(`https://autoconfig.${domain}/mail/config-v1.1.xml`)).status;
const readList = async () => [...(parseWildcardList(await env.RECORDS.get(WILDCARD_LIST_KEY, 'text'), Date.now()) ?? ['nobody knows'])];

it('is written with the first record', async () => {
	expect(await readList()).toEqual(['nobody knows']);
	await createRecord('example.net');
	expect(await readList()).toEqual([]);
	expect(await statusFor('a.example.org')).toBe(404);
});

it.each<readonly [string, (name: string) => Promise<unknown>]>([
	['saved', (name) => createRecord(name)],
	[
		'imported',
		async (name) => {
			const { status } = await callApi('POST', '/import', { body: JSON.stringify({ domain: name, record: RECORD }) });
			expect(status).toBe(200);
		},
	],
])('has a wildcard that is %s, and so has the world', async (_, save) => {
	await createRecord('example.net');
	expect(await statusFor('a.example.org')).toBe(404);
	await save('*.example.org');
	expect(await statusFor('a.example.org')).toBe(200);
	expect(await readList()).toEqual(['record:*.example.org']);
	expect(await statusFor('a.example.com')).toBe(404);
});

it('hides no wildcard that was put into KV by hand, where it is forgotten as "signpost record put" does', async () => {
	await createRecord('example.net');
	await env.RECORDS.put(recordKey('*.example.org' as RecordName), JSON.stringify(RECORD));
	await env.RECORDS.put(WILDCARD_LIST_KEY, UNKNOWN_WILDCARDS);
	expect(await statusFor('a.example.org')).toBe(200);
});
