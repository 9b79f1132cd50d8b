import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { parseStored } from '../../src/store/stored.ts';
import { A, B, edit, keeper, recordText, until, withPut } from './keeper-fixtures.ts';

async function revisionInKv(): Promise<number | null> {
	const text = await env.RECORDS.get('record:a.example', 'text');
	const stored = text === null ? null : parseStored(text);
	return stored?.ok ? stored.value.revision : null;
}

describe('saving', () => {
	it('keeps every revision, and puts the copy into KV', async () => {
		const first = await keeper(A).save(edit(A, { expect: 'absent', note: 'first' }));
		expect(first).toMatchObject({
			outcome: 'saved',
			before: null,
			head: { published: 1, latest: { revision: 1, author: 'ada', note: 'first' } },
		});
		const second = await keeper(A).save(edit(A, { expect: 1, record: recordText('Other') }));
		expect(second).toMatchObject({ outcome: 'saved', before: recordText(), head: { latest: { revision: 2 } } });
		await until(async () => (await revisionInKv()) === 2);
		const { revisions } = await keeper(A).history(null, 10);
		expect(revisions.map(({ revision }) => revision)).toEqual([2, 1]);
		expect(await keeper(A).revision(1)).toMatchObject({ record: recordText() });
	});

	it('refuses what was made from another revision, and a creation of what is there', async () => {
		await keeper(A).save(edit(A));
		expect(await keeper(A).save(edit(A, { expect: 7 }))).toMatchObject({ outcome: 'stale', head: { latest: { revision: 1 } } });
		expect(await keeper(A).save(edit(A, { expect: 'absent' }))).toMatchObject({ outcome: 'exists' });
	});

	it('makes no revision of what changes nothing', async () => {
		await keeper(A).save(edit(A));
		expect(await keeper(A).save(edit(A))).toMatchObject({ outcome: 'unchanged', head: { latest: { revision: 1 } } });
	});

	it('deletes with a revision, from which it can be undone', async () => {
		await keeper(A).save(edit(A));
		await keeper(A).save(edit(A, { expect: 1, record: null, act: 'delete' }));
		await until(async () => (await env.RECORDS.get('record:a.example')) === null);
		const old = await keeper(A).revision(1);
		await keeper(A).save(edit(A, { expect: 2, record: old?.record ?? null, act: 'restore' }));
		await until(async () => (await revisionInKv()) === 3);
	});

	it('leaves nothing behind where somebody only looked', async () => {
		expect(await keeper(A).head(A)).toMatchObject({ latest: null, published: 0, outside: null });
		const tables = await runInDurableObject(keeper(A), (_, { storage }) =>
			storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
		);
		expect(tables).toEqual([]);
	});
});

describe('saves at the same time', () => {
	it('let exactly one of those made from the same revision win', async () => {
		await keeper(A).save(edit(A));
		const outcomes = await Promise.all(
			Array.from({ length: 20 }, (_, at) => keeper(A).save(edit(A, { expect: 1, record: recordText(`Name ${at}`) }))),
		);
		expect(outcomes.filter(({ outcome }) => outcome === 'saved')).toHaveLength(1);
		expect(outcomes.filter(({ outcome }) => outcome === 'stale')).toHaveLength(19);
	});

	it('end with the last one in KV, though the first put takes longest', async () => {
		const puts: string[] = [];
		await withPut(A, async (key, value) => {
			puts.push(value);
			// The trap: the put of the first save overtaken by those after it.
			if (puts.length === 1) await scheduler.wait(400);
			await env.RECORDS.put(key, value);
		});
		await Promise.all(
			[1, 2, 3].map(async (at) => {
				await scheduler.wait(at * 20);
				return keeper(A).save(edit(A, { record: recordText(`Name ${at}`) }));
			}),
		);
		await until(async () => (await keeper(A).head(A)).published === 3);
		expect(await revisionInKv()).toBe(3);
		// The second was never put: the third had come before its turn.
		expect(puts).toHaveLength(2);
	});
});

describe('when KV fails', () => {
	it('saves all the same, says that it is propagating, and the alarm catches up after an eviction', async () => {
		await withPut(A, async () => {
			throw new Error('KV PUT failed: 429 Too Many Requests');
		});
		const saved = await keeper(A).save(edit(A));
		expect(saved).toMatchObject({ outcome: 'saved', head: { latest: { revision: 1 }, published: 0 } });
		expect(await revisionInKv()).toBeNull();
		await evictDurableObject(keeper(A));
		expect(await runDurableObjectAlarm(keeper(A))).toBe(true);
		expect(await revisionInKv()).toBe(1);
		expect((await keeper(A).head(A)).published).toBe(1);
		// Nothing is owed any more, and no alarm rings.
		expect(await runDurableObjectAlarm(keeper(A))).toBe(false);
	});

	it('tries again for as long as it fails, later each time', async () => {
		await withPut(A, async () => {
			throw new Error('down');
		});
		await keeper(A).save(edit(A));
		const waits: number[] = [];
		for (let ring = 0; ring < 8; ring += 1) {
			expect(await runDurableObjectAlarm(keeper(A))).toBe(true);
			waits.push(await runInDurableObject(keeper(A), async (_, { storage }) => ((await storage.getAlarm()) ?? 0) - Date.now()));
		}
		expect(waits.map((wait) => Math.round(wait / 1000))).toEqual([4, 8, 16, 30, 30, 30, 30, 30]);
	});
});

describe('a copy edited outside', () => {
	const BY_HAND = recordText('By hand');

	it('is shown, stops the next save, and is adopted by an explicit act', async () => {
		await keeper(A).save(edit(A));
		await env.RECORDS.put('record:a.example', BY_HAND);
		expect((await keeper(A).head(A)).outside).toEqual({ text: BY_HAND });
		expect(await keeper(A).save(edit(A, { record: recordText('Mine') }))).toMatchObject({ outcome: 'outside' });
		const act = { expect: 1, settles: { text: BY_HAND } } as const;
		expect(await keeper(A).save(edit(A, { ...act, act: 'adopt', record: BY_HAND }))).toMatchObject({ outcome: 'saved' });
		await until(async () => (await revisionInKv()) === 2);
		expect((await keeper(A).head(A)).outside).toBeNull();
	});

	it('is overwritten with what the keeper has, as a revision', async () => {
		await keeper(A).save(edit(A));
		await env.RECORDS.put('record:a.example', 'no JSON');
		await keeper(A).save(edit(A, { expect: 1, settles: { text: 'no JSON' }, act: 'overwrite' }));
		await until(async () => (await revisionInKv()) === 2);
	});

	it('is shown where the keeper has nothing yet', async () => {
		await env.RECORDS.put('record:a.example', BY_HAND);
		expect(await keeper(A).head(A)).toMatchObject({ latest: null, outside: { text: BY_HAND } });
		expect(await keeper(A).save(edit(A, { expect: 'absent' }))).toMatchObject({ outcome: 'outside' });
	});

	it('is noticed when it was removed, once no cache can be the reason', async () => {
		await keeper(A).save(edit(A));
		await env.RECORDS.delete('record:a.example');
		expect((await keeper(A).head(A)).outside).toBeNull();
		await runInDurableObject(keeper(A), (_, { storage }) => {
			storage.sql.exec('UPDATE owed SET publishedAt = publishedAt - 200000');
		});
		expect((await keeper(A).head(A)).outside).toEqual({ text: null });
	});
});

describe('the history', () => {
	it('is bounded, but never loses the latest', async () => {
		await runInDurableObject(keeper(A), (instance) => {
			Reflect.set(instance, 'env', { ...env, HISTORY_COUNT: '3' });
		});
		for (let at = 0; at < 5; at += 1) {
			await keeper(A).save(edit(A, { record: recordText(`Name ${at}`) }));
			await until(async () => (await keeper(A).head(A)).published === at + 1);
		}
		const { revisions } = await keeper(A).history(null, 10);
		expect(revisions.map(({ revision }) => revision)).toEqual([5, 4, 3]);
	});
});

describe('the directory', () => {
	it('hears of every save, of its author and of its tags, and can be told again', async () => {
		await keeper(A).save(edit(A, { tags: ['gold'], note: 'hello' }));
		await keeper(B).save(edit(B));
		await keeper(B).save(edit(B, { expect: 1, record: null, act: 'delete' }));
		const directory = env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));
		const all = { prefix: '', tag: null, state: null, after: '', limit: 10, within: null };
		await until(async () => (await directory.list(all)).entries[1]?.revision === 2);
		expect((await directory.list(all)).entries).toMatchObject([
			{ domain: 'a.example', revision: 1, state: 'live', tags: ['gold'] },
			{ domain: 'b.example', revision: 2, state: 'deleted' },
		]);
		expect((await directory.list({ ...all, tag: 'gold' })).entries).toHaveLength(1);
		expect((await directory.list({ ...all, prefix: 'b' })).entries).toHaveLength(1);
		expect((await directory.list({ ...all, limit: 1 })).next).toBe('a.example');
		expect((await directory.list({ ...all, within: ['b.example', 'c.example'] })).entries).toHaveLength(1);
		const { lines } = await directory.audit({ domains: ['a.example'], before: null, limit: 10 });
		expect(lines).toMatchObject([{ who: 'ada', act: 'put', domain: 'a.example', detail: 'hello' }]);
		await runInDurableObject(directory, (_, { storage }) => {
			for (const table of ['entries', 'tags', 'audit']) storage.sql.exec(`DELETE FROM ${table}`);
		});
		expect(await keeper(A).announce(A)).toBe(true);
		expect((await directory.list(all)).entries).toMatchObject([{ domain: 'a.example', revision: 1, tags: ['gold'] }]);
		expect((await directory.audit({ domains: null, before: null, limit: 10 })).lines).toHaveLength(1);
	});
});

describe('PACC', () => {
	it('keeps the replaced record for a while where its document differs', async () => {
		await keeper(A).save(edit(A, { record: recordText('One') }));
		await keeper(A).save(edit(A, { record: recordText('Two') }));
		await until(async () => (await revisionInKv()) === 2);
		const stored = parseStored((await env.RECORDS.get('record:a.example', 'text')) ?? '');
		expect(stored).toMatchObject({ ok: true, value: { earlier: [{ record: { provider: { name: 'One' } } }] } });
	});
});
