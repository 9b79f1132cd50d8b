/** The directory with as many records as it is made for. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordName } from '../../../src/model/record-name.ts';
import type { SaveBatches } from '../../../src/store/ports/batched-saves.ts';
import type { Directory as DirectoryPort, DirectoryQuery, DirectoryUpdate } from '../../../src/store/ports/directory.ts';

const DIRECTORY_SIZE = 100_000;
const ALL_LIVE: DirectoryQuery = { prefix: '', tag: null, state: 'live', after: '', limit: 100, visible: { names: null, tag: null } };

type Directory = DirectoryPort & SaveBatches;

const directory = () => env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));

/** Has the directory work, and counts the rows that SQLite read and wrote, which are what is billed and what takes time. */
async function countRows<T>(
	work: (instance: Directory) => Promise<T>,
): Promise<{ readonly result: T; readonly rows: number; readonly written: number }> {
	return runInDurableObject(directory(), async (instance, { storage }) => {
		const cursors: { readonly rowsRead: number; readonly rowsWritten: number }[] = [];
		const exec = storage.sql.exec.bind(storage.sql);
		Reflect.set(storage.sql, 'exec', (...parameters: Parameters<typeof exec>) => {
			const cursor = exec(...parameters);
			cursors.push(cursor);
			return cursor;
		});
		const result = await work(instance);
		Reflect.deleteProperty(storage.sql, 'exec');
		expect(cursors.length).toBeGreaterThan(0);
		const sum = (of: 'rowsRead' | 'rowsWritten') => cursors.reduce((total, cursor) => total + cursor[of], 0);
		return { result, rows: sum('rowsRead'), written: sum('rowsWritten') };
	});
}

/** What a record's keeper tells of a save. */
function updateOf(name: string, revision: number, tags: readonly string[], changes: Partial<DirectoryUpdate> = {}): DirectoryUpdate {
	const saved = { revision, tags, at: 1000, author: 'operator', token: null, act: 'put', note: '' } as const;
	return { name, revision, state: 'live', tags, at: 1000, attention: null, aliasOf: null, digest: '0', revisions: [saved], ...changes };
}

describe('a directory of a hundred thousand', () => {
	beforeEach(async () => {
		await runInDurableObject(directory(), (_, { storage }) => {
			const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${DIRECTORY_SIZE - 1})`;
			const name = "printf('d%06d.example', n)";
			// Every thousandth record is deleted, and every tenth has the tag `gold`.
			storage.sql.exec(
				`${numbers} INSERT INTO entries (domain, revision, state, tags, at) SELECT ${name}, 1, CASE WHEN n % 1000 = 999 THEN 'deleted' ELSE 'live' END, '[]', 0 FROM numbers`,
			);
			storage.sql.exec(`${numbers} INSERT INTO tags SELECT 'gold', ${name} FROM numbers WHERE n % 10 = 0`);
		});
	});

	it.each<readonly [string, Partial<DirectoryQuery>, string, number]>([
		['a page from the beginning', {}, 'd000000.example', 100],
		['a page from the middle', { after: 'd050000.example' }, 'd050001.example', 100],
		['a search', { prefix: 'd0999' }, 'd099900.example', 99],
		['a search for one', { prefix: 'd077777' }, 'd077777.example', 1],
		['those with a tag', { tag: 'gold', after: 'd050000.example' }, 'd050010.example', 100],
		['the deleted ones', { state: 'deleted', after: 'd050000.example' }, 'd050999.example', 50],
		['whatever state', { state: null, prefix: 'd09' }, 'd090000.example', 100],
		[
			'those of a token',
			{ visible: { names: ['d000001.example', 'd099998.example', 'foreign.example'], tag: null } },
			'd000001.example',
			2,
		],
		['those of a token for a tag', { visible: { names: null, tag: 'gold' }, after: 'd050000.example' }, 'd050010.example', 100],
	])('%s reads no more than it shows', async (_, listing, first, count) => {
		const { result, rows } = await countRows((instance) => instance.listEntries({ ...ALL_LIVE, ...listing }));
		const domains = result.entries.map(({ domain }) => domain);
		expect(domains[0]).toBe(first);
		expect(domains).toHaveLength(count);
		// Each entry costs an index entry, a row and its tags; one more entry tells whether there is another page.
		expect(rows).toBeLessThanOrEqual(4 * (count + 2));
	});

	it.each<readonly [string, readonly DirectoryUpdate[]]>([
		['a new record with tags', [updateOf('new.example', 1, ['gold', 'silver'])]],
		['a record that gets tags', [updateOf('d000001.example', 2, ['gold'])]],
		['a record that loses a tag and gets another', [updateOf('new.example', 1, ['gold']), updateOf('new.example', 2, ['silver'])]],
		['a record that is deleted', [updateOf('new.example', 1, ['gold']), updateOf('new.example', 2, [], { state: 'deleted' })]],
		['an alias', [updateOf('new.example', 1, ['gold'], { aliasOf: 'd000001.example' })]],
		['a wildcard', [updateOf('*.new.example', 1, ['gold'])]],
		['a message that arrives again', [updateOf('new.example', 1, ['gold']), updateOf('new.example', 1, ['gold'])]],
	])('%s costs as much as in an empty one', async (_, updates) => {
		const one = await countRows(async (instance) => {
			for (const update of updates) await instance.updateEntry(update);
		});
		const names = updates.map(({ name }) => name) as [RecordName, ...RecordName[]];
		const batch = await countRows(async (instance) => {
			await instance.beginBatch('1', names);
			await instance.endBatch(
				'1',
				updates.map((update) => ({ ...update, revision: update.revision + 10 })),
			);
		});
		for (const { rows, written } of [one, batch]) {
			expect(rows).toBeLessThanOrEqual(12 * updates.length);
			expect(written).toBeGreaterThan(0);
			expect(written).toBeLessThanOrEqual(16 * updates.length);
		}
		const last = updates.at(-1);
		for (const tag of ['gold', 'silver']) {
			const { result } = await countRows((instance) =>
				instance.listEntries({ ...ALL_LIVE, state: null, tag, prefix: last?.name ?? '', limit: 1 }),
			);
			expect(result.entries.map(({ domain }) => domain)).toEqual(last?.tags.includes(tag) ? [last.name] : []);
		}
	});
});
