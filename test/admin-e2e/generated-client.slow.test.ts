/** A client generated from the OpenAPI document that the service itself serves. */
import { type AxiosRequestConfig, OpenAPIClientAxios } from 'openapi-client-axios';
import { describe, expect, it } from 'vitest';
import { OPERATOR_HEADERS, sampleRecord, useAdminService, waitUntil } from '../support/admin-service.ts';

const service = useAdminService(() => ({}));

describe('a generated client', () => {
	it('creates, reads, conflicts, previews, restores, mints and exports', async () => {
		const api = new OpenAPIClientAxios({
			definition: `${service.api}/openapi.json`,
			axiosConfigDefaults: { headers: OPERATOR_HEADERS, validateStatus: () => true },
			withServer: { url: service.api },
		});
		const client = await api.init();
		const call = async (id: string, parameters: Record<string, string | number> = {}, body?: unknown, config: AxiosRequestConfig = {}) => {
			const operation = client[id];
			if (operation === undefined) throw new Error(`the document has no operation ${id}`);
			return operation(parameters, body, config);
		};
		const domain = 'client.example';
		const absent = { headers: { 'If-None-Match': '*' } };
		expect(await call('putDomain', { domain }, { record: sampleRecord('One') }, absent)).toMatchObject({
			status: 200,
			data: { revision: 1 },
		});
		expect(await call('putDomain', { domain }, { record: sampleRecord('Two') })).toMatchObject({ status: 428 });
		const stale = await call('putDomain', { domain, 'If-Match': '"7"' }, { record: sampleRecord('Two') });
		expect(stale).toMatchObject({ status: 412, data: { code: 'stale', current: { revision: 1 } } });
		const put = await call('putDomain', { domain, 'If-Match': '"1"' }, { record: sampleRecord('Two') });
		expect(put).toMatchObject({ status: 200, data: { revision: 2, changes: { dns: { removeLater: [{ protocol: 'pacc' }] } } } });
		expect(await call('readHistory', { domain })).toMatchObject({ data: { revisions: [{ revision: 2 }, { revision: 1 }] } });
		expect(await call('readRevision', { domain, revision: 2, against: 1 })).toMatchObject({ data: { diff: { against: 1 } } });
		expect(await call('restoreDomain', { domain, 'If-Match': '"2"' }, { revision: 1 })).toMatchObject({ data: { revision: 3 } });
		expect((await call('preview', {}, { domain, record: sampleRecord('Three') })).data.formats.length).toBeGreaterThan(10);
		const minted = await call('mintToken', {}, { name: 'ci', role: 'read', domains: [domain] });
		expect(minted).toMatchObject({ status: 201, data: { role: 'read' } });
		const asToken = { headers: { Authorization: `Bearer ${minted.data.secret}` } };
		expect((await call('listDomains', {}, undefined, asToken)).data.domains).toMatchObject([{ domain }]);
		expect(await call('deleteDomain', { domain, 'If-Match': '"3"' }, undefined, asToken)).toMatchObject({ status: 403 });
		expect(await call('revokeToken', { token: minted.data.id })).toMatchObject({ status: 204 });
		expect(await call('readSession', {}, undefined, asToken)).toMatchObject({ status: 401, data: { code: 'unauthenticated' } });
		expect((await call('exportRecords', { prefix: 'client' })).data).toContain('"domain":"client.example"');
		const acts = async () =>
			(await call('readAudit', { domain })).data.lines
				.map(({ act }: { act: string }) => act)
				.toSorted()
				.join();
		await waitUntil('the audit trail has it all', async () => (await acts()) === 'mint,put,put,restore,revoke');
	});

	it('reads how often clients have asked', async () => {
		const total = async () => {
			const answer = (await (await fetch(`${service.api}/usage`, { headers: OPERATOR_HEADERS })).json()) as {
				readonly source: string;
				readonly rows: readonly { readonly protocol: string; readonly count: number }[];
			};
			expect(answer.source).toBe('counter');
			return answer.rows.filter(({ protocol }) => protocol === 'pacc').reduce((sum, { count }) => sum + count, 0);
		};
		for (let times = 0; times < 3; times += 1) await fetch(`${service.origin}/.well-known/user-agent-configuration.json`);
		await waitUntil('all three are counted', async () => (await total()) === 3);
	});
});
