import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach } from 'vitest';

// Each test begins with empty stores. On a busy machine, a token or records of the test before were still there after one reset, and once
// after two: what that test has still under way may keep a store open. Keys that are left in KV are deleted one by one.
beforeEach(async () => {
	await reset();
	await reset();
	const { keys } = await env.RECORDS.list();
	await Promise.all(keys.map(({ name }) => env.RECORDS.delete(name)));
});
