/** The directory with as many records as it is made for. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryQuery } from '../../../src/store/ports/directory.ts';

const DIRECTORY_SIZE = 100_000;
const ALL_LIVE: DirectoryQuery = { prefix: '', tag: null, state: 'live', after: '', limit: 100, visible: { names: null, tag: null } };

const directory = () => env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));

/** Lists records and counts the rows that SQLite read, which is what is billed and what takes time. */
async function listCountingRows(listing: Partial<DirectoryQuery>): Promise<{ readonly domains: readonly string[]; readonly rows: number }> {
	return runInDurableObject(directory(), async (instance, { storage }) => {
		const cursors: { readonly rowsRead: number }[] = [];
		const exec = storage.sql.exec.bind(storage.sql);
		Reflect.set(storage.sql, 'exec', (...parameters: Parameters<typeof exec>) => {
			const cursor = exec(...parameters);
			cursors.push(cursor);
			return cursor;
		});
		const { entries } = await instance.listEntries({ ...ALL_LIVE, ...listing });
		Reflect.deleteProperty(storage.sql, 'exec');
		expect(cursors.length).toBeGreaterThan(0);
		return { domains: entries.map(({ domain }) => domain), rows: cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0) };
	});
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
		const { domains, rows } = await listCountingRows(listing);
		expect(domains[0]).toBe(first);
		expect(domains).toHaveLength(count);
		// Each entry costs an index entry, a row and its tags; one more entry tells whether there is another page.
		expect(rows).toBeLessThanOrEqual(4 * (count + 2));
	});
});
