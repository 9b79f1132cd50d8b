/** What every platform promises the keepers: transactions, values and the alarm. */
import { expect, it } from 'vitest';
import { hasTable, type Migration, migrateSchema, statements } from '../../../src/store/objects/schema.ts';
import type { RunOnPlatform } from './platform-under-test.ts';

const VERSION_1 = statements('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)');
const VERSION_2: Migration = (sql) => {
	sql.execute("ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'");
};

export function describePlatform(run: RunOnPlatform): void {
	it('binds parameters by place and by number, and gives back what was stored', () =>
		run(async ({ platform: { sql } }) => {
			sql.execute('CREATE TABLE t (a INTEGER NOT NULL, b TEXT, c TEXT)');
			const time = Date.UTC(2026, 10, 28, 12, 34, 56, 789);
			sql.execute('INSERT INTO t VALUES (?, ?, ?)', time, 'größer — 😀', null);
			expect(sql.execute('SELECT * FROM t')).toEqual([{ a: time, b: 'größer — 😀', c: null }]);
			expect(sql.execute('SELECT a - a % 86400000 AS day FROM t WHERE a >= ?1 AND a <= ?1', time)).toEqual([
				{ day: Date.UTC(2026, 10, 28) },
			]);
			expect(sql.execute('SELECT value FROM json_each(?) LIMIT ?', '["x","y","z"]', 2)).toEqual([{ value: 'x' }, { value: 'y' }]);
			expect(sql.execute('SELECT COUNT(*) AS n FROM t WHERE a < ?', Number.MAX_SAFE_INTEGER)).toEqual([{ n: 1 }]);
		}));

	it('rolls back rows, tables and the alarm when a transaction throws, and commits them when it does not', () =>
		run(async ({ platform: { sql, alarm, clock }, readAlarm }) => {
			const work = (failure: Error | null) => () => {
				sql.execute('CREATE TABLE t (a INTEGER)');
				sql.execute('INSERT INTO t VALUES (1)');
				alarm.setAt(clock.now() + 60_000);
				if (failure !== null) throw failure;
				return 'done';
			};
			expect(() => sql.transaction(work(new Error('full disk')))).toThrow('full disk');
			expect(hasTable(sql, 't')).toBe(false);
			expect(await readAlarm()).toBeNull();
			expect(sql.transaction(work(null))).toBe('done');
			expect(sql.execute('SELECT * FROM t')).toEqual([{ a: 1 }]);
			expect(await readAlarm()).toBe(clock.now() + 60_000);
			alarm.cancel();
			expect(await readAlarm()).toBeNull();
		}));

	it('brings tables forward, those of a release without versions too, and refuses those of a newer release', () =>
		run(async ({ platform: { sql } }) => {
			const migrate = (...migrations: readonly Migration[]) => sql.transaction(() => migrateSchema(sql, migrations));
			VERSION_1(sql);
			sql.execute("INSERT INTO notes VALUES (1, 'old')");
			migrate(VERSION_1);
			migrate(VERSION_1);
			migrate(VERSION_1, VERSION_2);
			migrate(VERSION_1, VERSION_2);
			expect(sql.execute('SELECT * FROM notes')).toEqual([{ id: 1, text: 'old', author: 'nobody' }]);
			expect(() => migrate(VERSION_1)).toThrow('newer release');
		}));
}
