/** Unknown query parameters are refused by name and never ignored: an import with `dryrun=true` would really import. */
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/contract/operation.ts';
import { OPERATIONS } from '../../src/contract/operations.ts';
import { callApi, createRecord } from './admin-client.ts';

const ALL: readonly Operation[] = OPERATIONS.filter(({ id }) => id !== 'readOpenapi');

function pathOf({ path }: Operation): string {
	return path.replace('{domain}', 'a.example').replace('{revision}', '1').replace('{token}', 'none').replace('{edit}', 'none');
}

describe('a query parameter that an operation does not have', () => {
	it.each(ALL.map((operation) => [operation.id, operation] as const))('is refused by name: %s', async (_, operation) => {
		for (const name of ['dryrun', 'Dry', 'of', 'limit ', '__proto__']) {
			const { status, body } = await callApi(operation.method, `${pathOf(operation)}?${encodeURIComponent(name)}=true`);
			expect(status, name).toBe(422);
			expect(body).toMatchObject({ code: 'invalid', errors: [{ path: name }] });
		}
	});

	it.each(ALL.flatMap(({ query = [], ...operation }) => query.map(({ name }) => [`${operation.id} ${name}`, operation, name] as const)))(
		'and one that is there twice: %s',
		async (_, operation, name) => {
			const { status, body } = await callApi(operation.method, `${pathOf(operation)}?${name}=1&${name}=2`);
			expect(status).toBe(422);
			expect(body).toMatchObject({ errors: [{ path: name, reason: 'is there twice' }] });
		},
	);

	it('keeps an import from being done', async () => {
		const line = JSON.stringify({ domain: 'b.example', record: { kind: 'alias', of: 'a.example' } });
		await createRecord('a.example');
		expect((await callApi('POST', '/import?dryrun=true', { body: line })).status).toBe(422);
		expect((await callApi('GET', '/domains/b.example')).body).toMatchObject({ revision: 0 });
	});
});
