/** A copy that is missing because all of KV was emptied is nobody's deletion. */
import { env } from 'cloudflare:workers';
import { afterEach, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../src/lib/time.ts';
import { RECORD_KEY_PREFIX } from '../../src/model/record-key.ts';
import { directoryStub } from '../../src/worker/stubs.ts';
import { ADMIN_ORIGIN, callApi, createRecord, OPERATOR_TOKEN, RECORD } from './admin-client.ts';
import { createAdminTestRouter } from './admin-test-router.ts';

afterEach(() => vi.useRealTimers());

it.each([
	[true, 503, { revision: 1, record: RECORD }],
	[false, 200, { revision: 2, record: null }],
] as const)('the deletion is adopted unless KV has lost everything (%s)', async (isLost, status, after) => {
	await createRecord('a.example');
	await env.RECORDS.delete(`${RECORD_KEY_PREFIX}a.example`);
	// A cache of KV may still show a copy, or its absence, some minutes after it was written.
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + DAY_MS });
	const router = createAdminTestRouter({ isStoreLost: async () => isLost });
	const response = await router.request(`${ADMIN_ORIGIN}/admin/api/domains/a.example/adopt`, {
		method: 'POST',
		headers: { Authorization: `Bearer ${OPERATOR_TOKEN}`, 'If-Match': '"1"' },
	});
	expect(response.status).toBe(status);
	if (isLost) expect(await response.json()).toMatchObject({ code: 'store-lost' });
	expect((await callApi('GET', '/domains/a.example')).body).toMatchObject(after);
});

it('a directory that is rebuilt from records put into KV by hand, or from nothing, does not make KV seem lost', async () => {
	for (const name of [null, 'hand.example']) {
		if (name !== null) await env.RECORDS.put(`${RECORD_KEY_PREFIX}${name}`, JSON.stringify(RECORD));
		for (let after = ''; ; ) {
			const { text } = await callApi('POST', `/directory/rebuild${after}`);
			const { next }: { next: string | null } = JSON.parse(text);
			if (next === null) break;
			after = `?after=${encodeURIComponent(next)}`;
		}
		expect(await directoryStub(env.DIRECTORY).storeMarkedAt()).toBeNull();
	}
});
