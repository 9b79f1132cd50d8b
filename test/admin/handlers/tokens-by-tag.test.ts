/** Tokens for a tag: which records they reach, and that nobody but the operator decides that. */
import { describe, expect, it } from 'vitest';
import { callApi, createRecord, createToken, RECORD, type ReceivedResponse } from '../admin-client.ts';

const TAG = 'access:sales';
const OTHER_RECORD = { ...RECORD, provider: { name: 'Other Mail' } };

async function createTagToken(role: string, token?: string, tag = TAG): Promise<string> {
	const sent = { body: { name: `${role} of ${tag}`, role, tag } };
	const { status, body } = await callApi('POST', '/tokens', token === undefined ? sent : { ...sent, token });
	expect(status).toBe(201);
	return body.secret;
}

async function changeRecord(method: 'PUT' | 'PATCH', domain: string, body: object, token?: string): Promise<ReceivedResponse> {
	const { headers } = await callApi('GET', `/domains/${domain}`);
	const sent = { headers: { 'If-Match': headers.get('ETag') ?? '' }, body };
	return callApi(method, `/domains/${domain}`, token === undefined ? sent : { ...sent, token });
}

async function setTags(domain: string, tags: readonly string[], token?: string): Promise<number> {
	return (await changeRecord('PATCH', domain, { tags }, token)).status;
}

async function tagsOf(domain: string): Promise<readonly string[]> {
	return (await callApi('GET', `/domains/${domain}`)).body.latest?.tags ?? [];
}

describe('what a token for a tag reaches', () => {
	it('is what carries the tag at that moment', async () => {
		await createRecord('a.example', RECORD, [TAG]);
		await createRecord('b.example');
		const token = await createTagToken('write');
		const read = async (domain: string) => (await callApi('GET', `/domains/${domain}`, { token })).status;
		expect([await read('a.example'), await read('b.example')]).toEqual([200, 403]);
		await setTags('b.example', ['gold', TAG]);
		await setTags('a.example', []);
		expect([await read('a.example'), await read('b.example')]).toEqual([403, 200]);
		expect((await changeRecord('PUT', 'b.example', { record: OTHER_RECORD }, token)).status).toBe(200);
		expect((await changeRecord('PUT', 'a.example', { record: OTHER_RECORD }, token)).status).toBe(403);
	});

	it('is what lists, searches, exports and the audit trail show', async () => {
		await createRecord('a.example', RECORD, [TAG]);
		await createRecord('b.example', RECORD, ['access:other']);
		await createRecord('c.example', RECORD, [TAG, 'gold']);
		const token = await createTagToken('admin');
		const names = async (query: string) => (await callApi('GET', `/domains?${query}`, { token })).body.domains.map(({ domain }) => domain);
		expect(await names('')).toEqual(['a.example', 'c.example']);
		expect(await names('tag=gold')).toEqual(['c.example']);
		expect(await names('tag=access:other')).toEqual([]);
		expect(await names('q=example&count=true')).toEqual(['a.example', 'c.example']);
		const exported = (await callApi('GET', '/export', { token })).text;
		expect([...exported.matchAll(/"domain":"([^"]+)"/g)].map(([, name]) => name)).toEqual(['a.example', 'c.example']);
		const { text } = await callApi('GET', '/audit', { token });
		expect(text).toContain('a.example');
		expect(text).not.toContain('b.example');
		// The line about the token itself names no record, and is for those who see all.
		expect(text).not.toContain('for the tag');
		expect((await callApi('GET', '/audit')).text).toContain(`for the tag ${TAG}`);
	});

	it('is what the session says', async () => {
		const token = await createTagToken('read');
		expect((await callApi('GET', '/session', { token })).body).toMatchObject({ domains: [], tag: TAG });
	});

	it('does not grow by what its holder does', async () => {
		await createRecord('a.example', RECORD, [TAG]);
		await createRecord('b.example');
		const token = await createTagToken('admin');
		const created = await callApi('PUT', '/domains/new.example', {
			token,
			headers: { 'If-None-Match': '*' },
			body: { record: RECORD, tags: [TAG] },
		});
		expect(created.status).toBe(403);
		const lines = ['a.example', 'b.example', 'new.example'].map((domain) => JSON.stringify({ domain, record: OTHER_RECORD, tags: [TAG] }));
		for (const dry of ['true', 'false']) {
			const imported = await callApi('POST', `/import?existing=replace&dry=${dry}`, { token, body: lines.join('\n') });
			expect([...imported.text.matchAll(/"result":"(\w+)"/g)].map(([, result]) => result)).toEqual(['changed', 'refused', 'refused']);
		}
		const edited = await callApi('POST', '/bulk-edits', {
			token,
			body: { domains: ['a.example', 'b.example'], record: { provider: { name: 'X' } } },
		});
		expect(edited.body).toMatchObject({ changed: 1, refused: [{ domain: 'b.example', problem: { code: 'forbidden' } }] });
		expect((await callApi('GET', '/domains/b.example', { token })).status).toBe(403);
		for (const body of [{ domains: ['b.example'] }, { tag: 'access:other' }, { domains: ['a.example', 'b.example'] }])
			expect((await callApi('POST', '/tokens', { token, body: { name: 'x', role: 'read', ...body } })).status, JSON.stringify(body)).toBe(
				403,
			);
	});

	it('ends where the tag is taken off, for all tokens that come from it', async () => {
		await createRecord('a.example', RECORD, [TAG]);
		const token = await createTagToken('admin');
		const byTag = await createTagToken('write', token);
		const { secret: byName } = await createToken('write', ['a.example'], token);
		const statuses = async () =>
			Promise.all([token, byTag, byName].map(async (each) => (await callApi('GET', '/domains/a.example', { token: each })).status));
		expect(await statuses()).toEqual([200, 200, 200]);
		await setTags('a.example', []);
		expect(await statuses()).toEqual([403, 403, 403]);
	});

	it('ends with the token that created it', async () => {
		await createRecord('a.example', RECORD, [TAG]);
		const { body } = await callApi('POST', '/tokens', { body: { name: 'root', role: 'admin', tag: TAG } });
		const child = await createTagToken('read', body.secret);
		expect((await callApi('DELETE', `/tokens/${body.id}`)).status).toBe(204);
		expect((await callApi('GET', '/domains/a.example', { token: child })).status).toBe(401);
	});

	it('does not show other records of a bulk edit that it undoes a part of', async () => {
		await createRecord('a.example', RECORD, [TAG]);
		await createRecord('b.example');
		const edited = await callApi('POST', '/bulk-edits', {
			body: { domains: ['a.example', 'b.example'], record: { provider: { name: 'X' } } },
		});
		const { edit } = JSON.parse(edited.text);
		const undone = await callApi('POST', `/bulk-edits/${edit}/undo`, { token: await createTagToken('write') });
		expect(undone.body).toMatchObject({ changed: 1, refused: [] });
		expect(undone.text).not.toContain('b.example');
	});
});

describe('the tag itself', () => {
	it.each(['a token for the domain', 'a token for the tag'])('is added and removed by the operator, and not by %s', async (kind) => {
		await createRecord('a.example', RECORD, [TAG, 'gold']);
		const token = kind === 'a token for the tag' ? await createTagToken('admin') : (await createToken('admin', ['a.example'])).secret;
		expect(await setTags('a.example', ['gold'], token)).toBe(403);
		expect(await setTags('a.example', [TAG, 'gold', 'access:mine'], token)).toBe(403);
		expect((await changeRecord('PUT', 'a.example', { record: OTHER_RECORD, tags: [] }, token)).status).toBe(403);
		const line = JSON.stringify({ domain: 'a.example', record: OTHER_RECORD, tags: ['gold'] });
		expect((await callApi('POST', '/import?existing=replace', { token, body: line })).text).toContain('"code":"forbidden"');
		expect(await tagsOf('a.example')).toEqual([TAG, 'gold']);
		expect(await setTags('a.example', ['silver', TAG], token)).toBe(200);
		expect(await tagsOf('a.example')).toEqual(['silver', TAG]);
	});

	it('is on no record that a token creates', async () => {
		const { secret: token } = await createToken('admin', ['new.example']);
		const create = (tags: readonly string[]) =>
			callApi('PUT', '/domains/new.example', { token, headers: { 'If-None-Match': '*' }, body: { record: RECORD, tags } });
		expect((await create([TAG])).status).toBe(403);
		expect((await create(['gold'])).status).toBe(200);
	});

	it('does not come back with an old revision, nor go with one, unless the operator restores it', async () => {
		await createRecord('a.example', RECORD, ['gold', TAG]);
		await setTags('a.example', ['access:other']);
		const { secret: token } = await createToken('write', ['a.example']);
		const restore = (sent: object, revision: number) =>
			callApi('POST', '/domains/a.example/restore', { ...sent, headers: { 'If-Match': `"${revision}"` }, body: { revision: 1 } });
		expect((await restore({ token }, 2)).status).toBe(200);
		expect(await tagsOf('a.example')).toEqual(['gold', 'access:other']);
		expect((await restore({}, 3)).status).toBe(200);
		expect(await tagsOf('a.example')).toEqual(['gold', TAG]);
	});

	it.each([
		['without the beginning that guards it', { tag: 'sales' }, 'tag'],
		['with the beginning alone', { tag: 'access:' }, 'tag'],
		['beside domains', { tag: TAG, domains: ['a.example'] }, 'tag'],
		['and no domain either', {}, 'domains'],
	])('is refused %s', async (_, reach, path) => {
		const { status, body } = await callApi('POST', '/tokens', { body: { name: 'x', role: 'read', ...reach } });
		expect(status).toBe(422);
		expect(body.errors.map((fault) => fault.path)).toEqual([path]);
	});

	it('is for no token that has domains by name alone', async () => {
		await createRecord('a.example', RECORD, [TAG]);
		const { secret: token } = await createToken('admin', ['a.example']);
		expect((await callApi('POST', '/tokens', { token, body: { name: 'x', role: 'read', tag: TAG } })).status).toBe(403);
	});

	it('is in a backup, and comes back with it', async () => {
		await createTagToken('read');
		const { text } = await callApi('GET', '/backup?part=tokens');
		const line = text.split('\n').find((each) => each.includes('"kind":"token"')) ?? '';
		expect(JSON.parse(line)).toMatchObject({ tag: TAG, domains: [] });
		const changed = JSON.stringify({ ...JSON.parse(line), id: 'restored', hash: 'a'.repeat(64) });
		expect((await callApi('POST', '/backup/restore', { body: changed })).text).toContain('"created"');
		const { body } = await callApi('GET', '/tokens');
		expect(body.tokens.find(({ id }) => id === 'restored')).toMatchObject({ tag: TAG });
	});
});
