/** Edits of a record, and a KV whose behaviour a test sets. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { parseRecord } from '../../../src/model/record.ts';
import type { RecordName } from '../../../src/model/record-name.ts';
import type { RecordEdit } from '../../../src/store/ports/record-history.ts';

export function recordText(name = 'Example Mail', host = 'imap.example.com'): string {
	const parsed = parseRecord({
		kind: 'domain',
		provider: { name },
		services: { imap: { host }, submission: { host: 'smtp.example.com' } },
	});
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	return JSON.stringify(parsed.value);
}

export const A_EXAMPLE = 'a.example' as RecordName;
export const B_EXAMPLE = 'b.example' as RecordName;

export function recordEdit(name: RecordName, more: Partial<RecordEdit> = {}): RecordEdit {
	const bare = {
		record: recordText(),
		tags: null,
		act: 'put',
		author: 'ada',
		token: null,
		claim: null,
		requiredTag: null,
		maySetAccessTags: true,
		note: '',
		resolvesExternalEdit: null,
	} as const;
	return { name, precondition: 'any', ...bare, ...more };
}

export function recordKeeperStub(name: RecordName) {
	return env.KEEPERS.get(env.KEEPERS.idFromName(name));
}

/** Replaces a keeper's writes to KV by `put`, which may be slow or fail, until the object is evicted. */
export async function withKvPut(name: RecordName, put: (key: string, value: string) => Promise<void>): Promise<void> {
	await runInDurableObject(recordKeeperStub(name), (instance) => {
		const get = (key: string) => env.RECORDS.get(key, 'text');
		Reflect.set(instance, 'env', { ...env, RECORDS: { get, put, delete: (key: string) => env.RECORDS.delete(key) } });
	});
}

/** Waits, for ten seconds at most, until a condition holds. */
export async function waitUntilTrue(holds: () => Promise<boolean>): Promise<void> {
	for (let tries = 0; tries < 200; tries += 1) {
		if (await holds()) return;
		await scheduler.wait(50);
	}
	throw new Error('it did not come to hold within ten seconds');
}
