/** Where the settings name another jurisdiction than that of the data, the admin neither shows empty objects nor writes any. */
import { expect, it } from 'vitest';
import { OPERATIONS } from '../../src/contract/operations.ts';
import { ADMIN_ORIGIN, callApi, createRecord, OPERATOR_TOKEN, RECORD } from './admin-client.ts';
import { createAdminTestRouter } from './admin-test-router.ts';

it('is said by every operation, and nothing is changed', async () => {
	await createRecord('a.example');
	const router = createAdminTestRouter({ isDataElsewhere: async () => true });
	for (const { method, path, id } of OPERATIONS) {
		if (id === 'readOpenapi') continue;
		const url = `${ADMIN_ORIGIN}/admin/api${path.replace('{domain}', 'a.example').replace(/\{\w+\}/g, '1')}`;
		const response = await router.request(url, {
			method,
			headers: { Authorization: `Bearer ${OPERATOR_TOKEN}`, 'If-Match': '"1"' },
			...(method === 'GET' ? {} : { body: JSON.stringify({ record: { ...RECORD, provider: { name: 'Other' } } }) }),
		});
		const { code }: { code: string } = await response.json();
		expect([id, response.status, code]).toEqual([id, 503, 'data-elsewhere']);
	}
	expect((await callApi('GET', '/domains/a.example')).body).toMatchObject({ revision: 1, record: RECORD });
});
