/**
 * KV for `workerd serve` with as many records as wanted: a SQLite database behind a server of this process. It answers the wire forms of
 * KV's get, for one key (GET /KEY) and for several (POST /bulk/get with the keys in JSON).
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { STORE_MARK_KEY } from '../../src/store/kv/store-mark.ts';

export interface KvDatabase {
	readonly port: number;
	/** Keys read so far. */
	readonly keysRead: () => number;
	readonly close: () => Promise<void>;
}

/**
 * @param file of the database, which must not be there yet
 * @param count how many records there are, under the keys `keyOf(0)` to `keyOf(count - 1)`
 * @param value of each of them
 */
export async function startKvDatabase(file: string, count: number, keyOf: (at: number) => string, value: string): Promise<KvDatabase> {
	const database = new DatabaseSync(file);
	database.exec(
		'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID; BEGIN',
	);
	const insert = database.prepare('INSERT INTO kv VALUES (?, ?)');
	for (let at = 0; at < count; at += 1) insert.run(keyOf(at), value);
	// Without the mark, the store counts as one that has lost its records.
	insert.run(STORE_MARK_KEY, '1');
	database.exec('COMMIT');
	const select = database.prepare('SELECT value FROM kv WHERE key = ?');
	let keysRead = 0;
	const find = (key: string): string | null => {
		keysRead += 1;
		const found = select.get(key)?.value;
		return typeof found === 'string' ? found : null;
	};

	async function answerBulk(body: Promise<string>): Promise<string> {
		const { keys } = JSON.parse(await body) as { readonly keys: readonly string[] };
		return JSON.stringify(Object.fromEntries(keys.map((key) => [key, find(key)])));
	}

	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://kv/');
		if (request.method === 'POST' && pathname === '/bulk/get') {
			response.setHeader('Content-Type', 'application/json');
			void answerBulk(text(request)).then((answer) => response.end(answer));
			return;
		}
		const value = request.method === 'GET' ? find(decodeURIComponent(pathname.slice(1))) : null;
		response.statusCode = value === null ? 404 : 200;
		response.end(value ?? '');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		keysRead: () => keysRead,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			database.close();
		},
	};
}
