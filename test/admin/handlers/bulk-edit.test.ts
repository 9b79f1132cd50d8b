import { describe, expect, it } from 'vitest';
import { callApi, createRecord, createToken, RECORD } from '../admin-client.ts';

const END = { services: { submission: { starttls: false } } };

async function recordOf(domain: string) {
	return (await callApi('GET', `/domains/${domain}`)).body;
}

async function makeThree(): Promise<void> {
	await createRecord('a.example');
	await createRecord('b.example');
	await createRecord('c.example', { kind: 'alias', of: 'a.example' });
}

describe('a bulk edit', () => {
	it('says what it would change, counted, and stores nothing', async () => {
		await makeThree();
		const { status, text } = await callApi('POST', '/bulk-edits?dry=true', {
			body: { domains: ['a.example', 'b.example', 'c.example', 'none.example'], record: END },
		});
		expect(status).toBe(200);
		expect(JSON.parse(text)).toMatchObject({
			dry: true,
			changed: 2,
			unchanged: 0,
			changes: [{ path: 'services.submission.starttls', after: null, count: 2 }],
			refused: [
				{ domain: 'c.example', problem: { code: 'invalid' } },
				{ domain: 'none.example', problem: { code: 'not-found' } },
			],
		});
		expect(await recordOf('a.example')).toMatchObject({ revision: 1 });
	});

	it('is one act in the audit trail, is undone as one, and the undo too', async () => {
		await makeThree();
		const edited = JSON.parse(
			(await callApi('POST', '/bulk-edits', { body: { domains: ['a.example', 'b.example'], record: END, note: '587 ends' } })).text,
		);
		expect(edited).toMatchObject({ changed: 2, refused: [] });
		expect(await recordOf('b.example')).toMatchObject({ revision: 2, latest: { note: `587 ends (bulk edit ${edited.edit})` } });
		const audit = JSON.parse((await callApi('GET', '/audit')).text);
		const lines = audit.lines.filter(({ bulkEdit }: { readonly bulkEdit: string }) => bulkEdit === edited.edit);
		expect(lines.map(({ domain }: { readonly domain: string }) => domain).sort()).toEqual(['a.example', 'b.example']);
		const undone = JSON.parse((await callApi('POST', `/bulk-edits/${edited.edit}/undo`)).text);
		expect(undone).toMatchObject({ changed: 2, refused: [], next: null });
		expect((await recordOf('a.example')).record).toEqual(RECORD);
		const redone = JSON.parse((await callApi('POST', `/bulk-edits/${undone.edit}/undo`)).text);
		expect(redone).toMatchObject({ changed: 2 });
		expect(await recordOf('a.example')).toMatchObject({ revision: 4, record: { services: { submission: { starttls: null } } } });
	});

	it('takes nobody’s later change back', async () => {
		await makeThree();
		const edited = JSON.parse((await callApi('POST', '/bulk-edits', { body: { domains: ['a.example', 'b.example'], record: END } })).text);
		await callApi('PATCH', '/domains/a.example', { headers: { 'If-Match': '"2"' }, body: { record: { provider: { name: 'Later' } } } });
		const undone = JSON.parse((await callApi('POST', `/bulk-edits/${edited.edit}/undo`)).text);
		expect(undone).toMatchObject({ changed: 1, refused: [{ domain: 'a.example', problem: { code: 'stale' } }] });
		expect(await recordOf('a.example')).toMatchObject({ record: { provider: { name: 'Later' } } });
	});

	it('changes and undoes only what the token may write', async () => {
		await makeThree();
		const { secret } = await createToken('write', ['a.example']);
		const mine = JSON.parse(
			(await callApi('POST', '/bulk-edits', { token: secret, body: { domains: ['a.example', 'b.example'], record: END } })).text,
		);
		expect(mine).toMatchObject({ changed: 1, refused: [{ domain: 'b.example', problem: { code: 'forbidden' } }] });
		const all = JSON.parse(
			(await callApi('POST', '/bulk-edits', { body: { domains: ['a.example', 'b.example'], record: { provider: { name: 'New' } } } })).text,
		);
		const undone = JSON.parse((await callApi('POST', `/bulk-edits/${all.edit}/undo`, { token: secret })).text);
		// What the token may not see is not even named.
		expect(undone).toMatchObject({ changed: 1, refused: [] });
		expect(await recordOf('b.example')).toMatchObject({ record: { provider: { name: 'New' } } });
	});
});

describe('a part of a record', () => {
	it('is changed, and nothing else', async () => {
		await createRecord('a.example');
		const patched = await callApi('PATCH', '/domains/a.example', {
			headers: { 'If-Match': '"1"', 'Content-Type': 'application/merge-patch+json' },
			body: { record: END, tags: ['gold'], note: 'why' },
		});
		expect(patched.body).toMatchObject({ revision: 2, record: { provider: RECORD.provider }, latest: { tags: ['gold'], note: 'why' } });
		expect(await callApi('PATCH', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: {} })).toMatchObject({ status: 412 });
		expect(await callApi('PATCH', '/domains/none.example', { headers: { 'If-Match': '"0"' }, body: {} })).toMatchObject({ status: 404 });
		const wrong = await callApi('PATCH', '/domains/a.example', {
			headers: { 'If-Match': '"2"' },
			body: { record: { services: { imap: { host: '' } } } },
		});
		expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'record.services.imap.host' }] } });
	});
});

describe('Prefer: return=minimal', () => {
	it.each([
		['PUT', '/domains/a.example', { record: { ...RECORD, provider: { name: 'Other' } } }],
		['PATCH', '/domains/a.example', { record: END }],
		['POST', '/domains/a.example/restore', { revision: 1 }],
		['DELETE', '/domains/a.example', undefined],
	] as const)('%s %s answers with the revision alone', async (method, path, body) => {
		await createRecord('a.example');
		const sent = { headers: { 'If-Match': '"1"', Prefer: 'respond-async, return=minimal' }, ...(body === undefined ? {} : { body }) };
		const { status, headers, text } = await callApi(method, path, sent);
		expect([status, text]).toEqual([204, '']);
		expect(headers.get('ETag')).toMatch(/^"[12]"$/);
		expect(headers.get('Preference-Applied')).toBe('return=minimal');
	});

	it('leaves a refusal as it is', async () => {
		await createRecord('a.example');
		const { status, body } = await callApi('DELETE', '/domains/a.example', { headers: { 'If-Match': '"9"', Prefer: 'return=minimal' } });
		expect([status, body.revision]).toEqual([412, 1]);
	});
});

describe('a search', () => {
	it('finds parts of names and tags, counts, and puts problems first', async () => {
		await createRecord('fine.example');
		await createRecord('worse.example', { ...RECORD, services: { imap: { host: 'imap.example.com', implicit: null, starttls: 143 } } });
		const { text } = await callApi('GET', '/domains?q=E.exa&sort=problems&count=true');
		expect(JSON.parse(text)).toMatchObject({
			total: 2,
			next: null,
			domains: [{ domain: 'worse.example' }, { domain: 'fine.example', warnings: 0, fallbackEnds: null }],
		});
		expect((await callApi('GET', `/domains?q=${'x'.repeat(201)}`)).status).toBe(422);
		expect((await callApi('GET', '/domains?q=x&prefix=y')).status).toBe(422);
	});
});
