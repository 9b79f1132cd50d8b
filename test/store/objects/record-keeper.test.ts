/**
 * The keeper of a record as a Durable Object: over RPC, with real KV, real alarms and evictions. What it decides is in the keepers' contract.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { parseStored } from '../../../src/model/stored-record.ts';
import { A_EXAMPLE, B_EXAMPLE, recordEdit, recordKeeperStub, recordText, waitUntilTrue, withKvPut } from './record-keeper-fixtures.ts';

async function revisionInKv(): Promise<number | null> {
	const text = await env.RECORDS.get('record:a.example', 'text');
	const stored = text === null ? null : parseStored(text);
	return stored?.ok ? stored.value.revision : null;
}

describe('saving', () => {
	it('keeps every revision, and puts the copy into KV', async () => {
		const first = await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { precondition: 'absent', note: 'first' }));
		expect(first).toMatchObject({
			outcome: 'saved',
			previousRecord: null,
			head: { published: 1, latest: { revision: 1, author: 'ada', note: 'first' } },
		});
		const second = await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { precondition: 1, record: recordText('Other') }));
		expect(second).toMatchObject({ outcome: 'saved', previousRecord: recordText(), head: { latest: { revision: 2 } } });
		await waitUntilTrue(async () => (await revisionInKv()) === 2);
		const { revisions } = await recordKeeperStub(A_EXAMPLE).listRevisions(null, 10);
		expect(revisions.map(({ revision }) => revision)).toEqual([2, 1]);
		expect(await recordKeeperStub(A_EXAMPLE).readRevision(1)).toMatchObject({ record: recordText() });
	});

	it('deletes with a revision, from which it can be undone', async () => {
		await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE));
		await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { precondition: 1, record: null, act: 'delete' }));
		await waitUntilTrue(async () => (await env.RECORDS.get('record:a.example')) === null);
		const old = await recordKeeperStub(A_EXAMPLE).readRevision(1);
		await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { precondition: 2, record: old?.record ?? null, act: 'restore' }));
		await waitUntilTrue(async () => (await revisionInKv()) === 3);
	});
});

describe('saves at the same time', () => {
	it('end with the last one in KV, though the first put takes longest', async () => {
		const puts: string[] = [];
		await withKvPut(A_EXAMPLE, async (key, value) => {
			puts.push(value);
			// The write of the first save is delayed, so that later ones could overtake it.
			if (puts.length === 1) await scheduler.wait(400);
			await env.RECORDS.put(key, value);
		});
		await Promise.all(
			[1, 2, 3].map(async (at) => {
				await scheduler.wait(at * 20);
				return recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { record: recordText(`Name ${at}`) }));
			}),
		);
		await waitUntilTrue(async () => (await recordKeeperStub(A_EXAMPLE).readHead(A_EXAMPLE)).published === 3);
		expect(await revisionInKv()).toBe(3);
		// The second save was never written to KV: the third had been made before its turn came.
		expect(puts).toHaveLength(2);
	});
});

describe('when KV fails', () => {
	it('saves all the same, says that it is propagating, and the alarm catches up after an eviction', async () => {
		await withKvPut(A_EXAMPLE, async () => {
			throw new Error('KV PUT failed: 429 Too Many Requests');
		});
		const saved = await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE));
		expect(saved).toMatchObject({ outcome: 'saved', head: { latest: { revision: 1 }, published: 0 } });
		expect(await revisionInKv()).toBeNull();
		await evictDurableObject(recordKeeperStub(A_EXAMPLE));
		expect(await runDurableObjectAlarm(recordKeeperStub(A_EXAMPLE))).toBe(true);
		expect(await revisionInKv()).toBe(1);
		expect((await recordKeeperStub(A_EXAMPLE).readHead(A_EXAMPLE)).published).toBe(1);
		// The outbox is empty, and no alarm is set.
		expect(await runDurableObjectAlarm(recordKeeperStub(A_EXAMPLE))).toBe(false);
	});
});

describe('a copy edited outside', () => {
	const BY_HAND = recordText('By hand');

	it('is shown, stops the next save, and is adopted by an explicit act', async () => {
		await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE));
		await env.RECORDS.put('record:a.example', BY_HAND);
		expect((await recordKeeperStub(A_EXAMPLE).readHead(A_EXAMPLE)).externalEdit).toEqual({ text: BY_HAND });
		expect(await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { record: recordText('Mine') }))).toMatchObject({
			outcome: 'outside',
		});
		const act = { precondition: 1, resolvesExternalEdit: { text: BY_HAND } } as const;
		expect(await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { ...act, act: 'adopt', record: BY_HAND }))).toMatchObject({
			outcome: 'saved',
		});
		await waitUntilTrue(async () => (await revisionInKv()) === 2);
		expect((await recordKeeperStub(A_EXAMPLE).readHead(A_EXAMPLE)).externalEdit).toBeNull();
	});

	it('is overwritten with what the keeper has, as a revision', async () => {
		await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE));
		await env.RECORDS.put('record:a.example', 'no JSON');
		await recordKeeperStub(A_EXAMPLE).save(
			recordEdit(A_EXAMPLE, { precondition: 1, resolvesExternalEdit: { text: 'no JSON' }, act: 'overwrite' }),
		);
		await waitUntilTrue(async () => (await revisionInKv()) === 2);
	});
});

describe('the directory', () => {
	it('hears of every save, of its author and of its tags, and can be told again', async () => {
		await recordKeeperStub(A_EXAMPLE).save(recordEdit(A_EXAMPLE, { tags: ['gold'], note: 'hello' }));
		await recordKeeperStub(B_EXAMPLE).save(recordEdit(B_EXAMPLE));
		await recordKeeperStub(B_EXAMPLE).save(recordEdit(B_EXAMPLE, { precondition: 1, record: null, act: 'delete' }));
		const directory = env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));
		const all = { prefix: '', tag: null, state: null, after: '', limit: 10, visible: { names: null, tag: null } };
		await waitUntilTrue(async () => (await directory.listEntries(all)).entries[1]?.revision === 2);
		expect((await directory.listEntries(all)).entries).toMatchObject([
			{ domain: 'a.example', revision: 1, state: 'live', tags: ['gold'] },
			{ domain: 'b.example', revision: 2, state: 'deleted' },
		]);
		expect((await directory.listEntries({ ...all, tag: 'gold' })).entries).toHaveLength(1);
		expect((await directory.listEntries({ ...all, prefix: 'b' })).entries).toHaveLength(1);
		expect((await directory.listEntries({ ...all, limit: 1 })).next).toBe('a.example');
		expect((await directory.listEntries({ ...all, visible: { names: ['b.example', 'c.example'], tag: null } })).entries).toHaveLength(1);
		const { entries } = await directory.readAudit({ visible: { names: ['a.example'], tag: null }, since: 0, before: null, limit: 10 });
		expect(entries).toMatchObject([{ who: 'ada', act: 'put', domain: 'a.example', detail: 'hello' }]);
		await runInDurableObject(directory, (_, { storage }) => {
			for (const table of ['entries', 'tags', 'audit']) storage.sql.exec(`DELETE FROM ${table}`);
		});
		expect(await recordKeeperStub(A_EXAMPLE).announce(A_EXAMPLE)).toBe(true);
		expect((await directory.listEntries(all)).entries).toMatchObject([{ domain: 'a.example', revision: 1, tags: ['gold'] }]);
		expect((await directory.readAudit({ visible: { names: null, tag: null }, since: 0, before: null, limit: 10 })).entries).toHaveLength(1);
	});
});
