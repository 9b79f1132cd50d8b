import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/lib/digest.ts';
import { ADMIN_ORIGIN, callApi, createRecord, createToken, OPERATOR_TOKEN, RECORD } from '../admin-client.ts';

describe('a record', () => {
	it('is created, read, changed, and what changed is said', async () => {
		const created = await createRecord('a.example');
		expect(created.status).toBe(200);
		expect(created.headers.get('ETag')).toBe('"1"');
		expect(created.body).toMatchObject({ revision: 1, state: 'live', copy: 'current', changed: true });
		expect(created.body.changes.dns.add.map(({ name }) => name)).toContain('_submissions._tcp.a.example');
		const read = await callApi('GET', '/domains/a.example');
		expect(read.body.record).toEqual(RECORD);
		const record = { ...RECORD, services: { ...RECORD.services, submission: { host: 'smtp.example.com', starttls: null } } };
		const put = await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: { record, note: 'no more 587' } });
		expect(put.body).toMatchObject({ revision: 2, changed: true, latest: { author: 'operator', kind: 'operator', note: 'no more 587' } });
		const autoconfig = put.body.changes.clients.find(({ protocol }) => protocol === 'autoconfig');
		expect(autoconfig?.changed).toBe(true);
		expect(autoconfig?.endpoints[0]?.diff).toContain('-      <port>587</port>');
		const mtaSts = put.body.changes.clients.find(({ protocol }) => protocol === 'mta-sts');
		expect(mtaSts).toMatchObject({ changed: false });
		expect(put.body.changes.dns).toMatchObject({
			add: [
				{ name: '_submission._tcp.a.example', data: '0 0 0 .' },
				{ name: '_smtps._tcp.a.example', data: '10 1 465 smtp.example.com.' },
			],
			remove: [{ name: '_submission._tcp.a.example' }],
		});
	});

	it('needs a precondition, and refuses a stale one with the record as it is', async () => {
		await createRecord('a.example');
		expect(await callApi('PUT', '/domains/a.example', { body: { record: RECORD } })).toMatchObject({ status: 428 });
		const stale = await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"7"' }, body: { record: RECORD } });
		expect(stale).toMatchObject({ status: 412, body: { code: 'stale', current: { revision: 1, record: RECORD } } });
		expect(stale.headers.get('ETag')).toBe('"1"');
		expect(await createRecord('a.example', { ...RECORD, provider: { name: 'Other' } })).toMatchObject({
			status: 412,
			body: { code: 'exists' },
		});
	});

	it('is refused with the path to each field at fault', async () => {
		const record = { ...RECORD, services: { imap: { host: 'not a host', port: 1 } }, colour: 'red' };
		const refused = await createRecord('a.example', record);
		expect(refused.status).toBe(422);
		expect(refused.headers.get('Content-Type')).toBe('application/problem+json');
		expect(refused.body.errors.map(({ path }) => path).sort()).toEqual([
			'record.colour',
			'record.services.imap.host',
			'record.services.imap.port',
		]);
	});

	it('has at most 32 KB, and its body 128', async () => {
		const record = { ...RECORD, mtaSts: { mode: 'testing', mx: Array.from({ length: 32 }, () => `${'m'.repeat(60)}.example`) } };
		expect((await createRecord('a.example', record)).status).toBe(200);
		expect(await createRecord('a.example', { ...RECORD, $schema: 'x'.repeat(140_000) })).toMatchObject({
			status: 413,
			body: { code: 'too-large' },
		});
	});

	it('is deleted, and restored from its history', async () => {
		await createRecord('a.example');
		const deleted = await callApi('DELETE', '/domains/a.example?note=gone', { headers: { 'If-Match': '"1"' } });
		expect(deleted.body).toMatchObject({ revision: 2, state: 'deleted', record: null });
		const history = await callApi('GET', '/domains/a.example/history');
		expect(history.body.revisions).toMatchObject([{ act: 'delete', note: 'gone' }, { act: 'put' }]);
		const restored = await callApi('POST', '/domains/a.example/restore', { headers: { 'If-Match': '"2"' }, body: { revision: 1 } });
		expect(restored.body).toMatchObject({ revision: 3, state: 'live', record: RECORD });
		const diff = await callApi('GET', '/domains/a.example/revisions/3?against=2');
		expect(diff.body.diff.record).toContain('+  "kind": "domain"');
		expect(await callApi('GET', '/domains/a.example/revisions/9')).toMatchObject({ status: 404 });
	});

	it('edited outside is shown, stops a save, and is adopted', async () => {
		await createRecord('a.example');
		const byHand = { ...RECORD, provider: { name: 'By hand' } };
		await env.RECORDS.put('record:a.example', JSON.stringify(byHand));
		expect((await callApi('GET', '/domains/a.example')).body).toMatchObject({ copy: 'edited-outside' });
		const record = { ...RECORD, provider: { name: 'Mine' } };
		const refused = await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: { record } });
		expect(refused).toMatchObject({ status: 409, body: { code: 'edited-outside' } });
		const adopted = await callApi('POST', '/domains/a.example/adopt', { headers: { 'If-Match': '"1"' } });
		expect(adopted.body).toMatchObject({ revision: 2, record: byHand, latest: { act: 'adopt' } });
		expect(adopted.body.changes.clients.every(({ changed }: { changed: boolean }) => !changed)).toBe(true);
		expect(await callApi('POST', '/domains/a.example/adopt', { headers: { 'If-Match': '"2"' } })).toMatchObject({ status: 409 });
	});

	it('edited outside beyond recognition is overwritten', async () => {
		await createRecord('a.example');
		await env.RECORDS.put('record:a.example', '{"kind":"nonsense"}');
		const adopt = await callApi('POST', '/domains/a.example/adopt', { headers: { 'If-Match': '"1"' } });
		expect(adopt).toMatchObject({ status: 422, body: { errors: [{ path: 'outside.kind' }] } });
		const overwritten = await callApi('POST', '/domains/a.example/overwrite', { headers: { 'If-Match': '"1"' }, body: { note: 'mine' } });
		expect(overwritten.body).toMatchObject({ revision: 2, record: RECORD });
	});

	it('may be a wildcard, or an alias whose target is followed', async () => {
		expect((await createRecord('*.a.example')).body.dns.length).toBeGreaterThan(3);
		expect((await createRecord('*')).status).toBe(200);
		const lost = await createRecord('b.example', { kind: 'alias', of: 'a.example' });
		expect(lost.body.warnings).toMatchObject([{ code: 'alias-target' }]);
		await createRecord('a.example');
		const { body } = await callApi('GET', '/domains/b.example');
		expect(body.warnings).toEqual([]);
		expect(body.dns.map(({ name }) => name)).toContain('autoconfig.b.example');
		expect(await createRecord('c.example', { kind: 'alias', of: 'c.example' })).toMatchObject({ status: 422 });
	});

	it('is warned of as an alias that takes over an enforced policy, until it has one of its own', async () => {
		await createRecord('a.example', { ...RECORD, mtaSts: { mode: 'enforce', mx: ['mx.a.example'] } });
		const warned = (await createRecord('b.example', { kind: 'alias', of: 'a.example' })).body.warnings;
		expect(warned).toMatchObject([{ code: 'alias-enforces', text: expect.stringContaining('mail reaches it at mx.a.example alone') }]);
		const own = await createRecord('c.example', { kind: 'alias', of: 'a.example', mtaSts: { mode: 'testing', mx: ['mx.c.example'] } });
		expect(own.body.warnings).toEqual([]);
	});

	it('changed a moment ago keeps its old PACC digest in the zone', async () => {
		await createRecord('a.example');
		const record = { ...RECORD, provider: { name: 'Other' } };
		const put = await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: { record } });
		expect(put.body.changes.dns).toMatchObject({ add: [{ protocol: 'pacc' }], remove: [], removeLater: [{ protocol: 'pacc' }] });
		expect(put.body.dns.filter(({ name }) => name === '_ua-auto-config.a.example')).toHaveLength(2);
		await expect
			.poll(
				async () => (await (await exports.default.fetch('https://admin.signpost.example/zone/a.example')).text()).match(/UAAC1/g)?.length,
				{
					timeout: 5000,
				},
			)
			.toBe(2);
	});
});

describe('an alias', () => {
	it('has the old digests of what it replaced, and of what its target replaced, as the public zone has', async () => {
		const named = (name: string) => ({ ...RECORD, provider: { name } });
		await createRecord('target.example', named('One'));
		await createRecord('a.example', named('Own'));
		const headers = { 'If-Match': '"1"' };
		const put = await callApi('PUT', '/domains/a.example', { headers, body: { record: { kind: 'alias', of: 'target.example' } } });
		expect(put.body.changes.dns).toMatchObject({ add: [{ protocol: 'pacc' }], removeLater: [{ protocol: 'pacc' }] });
		await callApi('PUT', '/domains/target.example', { headers, body: { record: named('Two') } });
		const digests = async () => {
			const zone = await (await exports.default.fetch(`${ADMIN_ORIGIN}/zone/a.example`)).text();
			return [...zone.matchAll(/"v=UAAC1[^"]*"/g)].map(([text]) => text);
		};
		await expect.poll(async () => (await digests()).length, { timeout: 5000 }).toBe(3);
		const { body } = await callApi('GET', '/domains/a.example');
		expect(body.dns.filter(({ protocol, type }) => protocol === 'pacc' && type === 'TXT').map(({ data }) => data)).toEqual(await digests());
	});
});

describe('an alias with fields of its own', () => {
	const own = { provider: { name: 'Customer' }, mtaSts: { mode: 'testing', mx: ['mx.customer.example'] } };

	it('is previewed, saved and published with them; its target knows it', async () => {
		await createRecord('target.example');
		const plain = await createRecord('a.example', { kind: 'alias', of: 'target.example' });
		expect(plain.status).toBe(200);
		const record = { kind: 'alias', of: 'target.example', ...own };
		const put = await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: { record } });
		const changed = put.body.changes.clients.filter((protocol) => protocol.changed).map(({ protocol }) => protocol);
		expect(changed).toEqual(expect.arrayContaining(['autoconfig', 'mobileconfig', 'pacc', 'mta-sts']));
		expect(put.body.changes.dns.add.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['mta-sts.a.example', '_mta-sts.a.example', '_ua-auto-config.a.example']),
		);
		expect(put.body.changes.dns.removeLater).toMatchObject([{ protocol: 'pacc' }]);
		const readAutoconfig = async (name: string) => (await exports.default.fetch(`https://autoconfig.${name}/mail/config-v1.1.xml`)).text();
		await expect.poll(() => readAutoconfig('a.example'), { timeout: 5000 }).toContain('<displayName>Customer</displayName>');
		const policy = await exports.default.fetch('https://mta-sts.a.example/.well-known/mta-sts.txt');
		expect(await policy.text()).toContain('mx: mx.customer.example');
		// The target is served as before.
		expect(await readAutoconfig('target.example')).toContain(`<displayName>${RECORD.provider.name}</displayName>`);
		const aliases = await callApi('GET', '/domains/target.example/aliases');
		expect(JSON.parse(aliases.text)).toMatchObject({ aliases: ['a.example'] });
	});

	it('has the same old digests in the API and in the public zone', async () => {
		await createRecord('target.example');
		await createRecord('a.example', { kind: 'alias', of: 'target.example' });
		const record = { kind: 'alias', of: 'target.example', ...own };
		await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: { record } });
		const other = { ...RECORD, services: { ...RECORD.services, imap: { host: 'imap2.example.com' } } };
		await callApi('PUT', '/domains/target.example', { headers: { 'If-Match': '"1"' }, body: { record: other } });
		const digests = async () => {
			const zone = await (await exports.default.fetch(`${ADMIN_ORIGIN}/zone/a.example`)).text();
			return [...zone.matchAll(/"v=UAAC1[^"]*"/g)].map(([text]) => text);
		};
		// Both are new, each of them was old with the other new or old: four documents.
		await expect.poll(async () => (await digests()).length, { timeout: 5000 }).toBe(4);
		const { body } = await callApi('GET', '/domains/a.example');
		const inApi = body.dns.filter(({ protocol, type }) => protocol === 'pacc' && type === 'TXT').map(({ data }) => data);
		expect(inApi).toEqual(await digests());
		const dns = JSON.parse((await callApi('GET', '/domains/a.example/dns/records?site=signpost.example.net')).text);
		expect(dns.given.filter(({ type, data }: { type: string; data: string }) => type === 'TXT' && data.includes('STSv1'))).toHaveLength(1);
	});

	it('is refused where a field of its own is wrong for the domain', async () => {
		const website = `https://${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.%EMAILDOMAIN%/`;
		const created = await createRecord('a-long-name.example', { kind: 'alias', of: 'target.example', provider: { name: 'x', website } });
		expect(created).toMatchObject({ status: 422, body: { errors: [{ path: 'record.provider.website' }] } });
	});
});

describe('a wildcard in force', () => {
	it('is what clients had before a domain got a record of its own, and have after that is deleted', async () => {
		await createRecord('*');
		// The answers are the same, so nothing changes for clients or in DNS.
		const created = await createRecord('a.example');
		expect(created.body.changes.clients.some(({ changed }) => changed)).toBe(false);
		expect(created.body.changes.dns).toEqual({ add: [], remove: [], removeLater: [] });
		const other = { ...RECORD, services: { imap: { host: 'imap.a.example' } } };
		const put = await callApi('PUT', '/domains/a.example', { headers: { 'If-Match': '"1"' }, body: { record: other } });
		expect(put.body.changes.clients.find(({ protocol }) => protocol === 'autoconfig')?.changed).toBe(true);
		const deleted = await callApi('DELETE', '/domains/a.example', { headers: { 'If-Match': '"2"' } });
		// A record without submission is no account, so that Autodiscover and PACC had no names.
		expect(deleted.body.changes.dns.add.map(({ name }) => name.replace('.a.example', ''))).toEqual([
			'autodiscover',
			'_autodiscover._tcp',
			'ua-auto-config',
			'_ua-auto-config',
			'_imaps._tcp',
			'_submissions._tcp',
			'_submission._tcp',
		]);
	});
});

describe('the list', () => {
	it('has what was saved a moment ago, however fast the saves', async () => {
		const states = async () => (await callApi('GET', '/domains?state=any')).body.domains;
		await createRecord('a.example');
		await callApi('DELETE', '/domains/a.example', { headers: { 'If-Match': '"1"' } });
		expect(await states()).toMatchObject([{ revision: 2, state: 'deleted' }]);
		await callApi('POST', '/domains/a.example/restore', { headers: { 'If-Match': '"2"' }, body: { revision: 1 } });
		expect(await states()).toMatchObject([{ revision: 3, state: 'live' }]);
	});

	it('has the digest of each record as it is stored, and after a rebuild of those that an earlier release has saved', async () => {
		const digests = async () => (await callApi('GET', '/domains?state=any')).body.domains.map(({ digest }) => digest);
		await createRecord('a.example');
		const { record } = (await callApi('GET', '/domains/a.example')).body;
		const expected = await sha256Hex(JSON.stringify(record));
		expect(await digests()).toEqual([expected]);
		const directory = env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));
		await runInDurableObject(directory, (_, { storage }) => void storage.sql.exec('UPDATE entries SET digest = NULL'));
		expect(await digests()).toEqual([null]);
		await callApi('POST', '/directory/rebuild');
		expect(await digests()).toEqual([expected]);
		await callApi('DELETE', '/domains/a.example', { headers: { 'If-Match': '"1"' } });
		expect(await digests()).toEqual([null]);
	});

	it('is paged, searched and filtered', async () => {
		for (const name of ['a.example', 'ab.example', 'b.example']) await createRecord(name);
		expect((await callApi('GET', '/domains')).body.domains).toHaveLength(3);
		const page = await callApi('GET', '/domains?prefix=a&limit=1');
		expect(page.body).toMatchObject({ domains: [{ domain: 'a.example', revision: 1, state: 'live' }], next: 'a.example' });
		expect((await callApi('GET', '/domains?prefix=a&limit=1&after=a.example')).body).toMatchObject({
			domains: [{ domain: 'ab.example' }],
			next: null,
		});
		expect(await callApi('GET', '/domains?limit=1001')).toMatchObject({ status: 422, body: { errors: [{ path: 'limit' }] } });
	});

	it('is rebuilt from the keepers, and then has what was put into KV by hand', async () => {
		await createRecord('a.example');
		await env.RECORDS.put('record:b.example', JSON.stringify(RECORD));
		const first = await callApi('POST', '/directory/rebuild');
		// The keys of deleted records follow those of the records in KV, on a page of their own.
		expect(first.body).toEqual({ seen: 2, next: 'deleted ' });
		const last = await callApi('POST', '/directory/rebuild?after=deleted+');
		expect(last.body).toMatchObject({ next: null });
		expect((await callApi('GET', '/domains?state=any')).body.domains).toMatchObject([
			{ state: 'live' },
			{ domain: 'b.example', state: 'outside' },
		]);
	});
});

describe('the admin', () => {
	it('is nowhere but on its own host', async () => {
		for (const host of ['autoconfig.a.example', 'a.example', 'localhost']) {
			const headers = { Authorization: `Bearer ${OPERATOR_TOKEN}` };
			const response = await exports.default.fetch(`https://${host}/admin/api/domains`, { headers });
			expect(response.status).toBe(404);
		}
	});

	it('serves a save to clients', async () => {
		await createRecord('a.example');
		const response = await exports.default.fetch('https://autoconfig.a.example/mail/config-v1.1.xml');
		expect(await response.text()).toContain('imap.example.com');
	});

	it('says which methods a path has, and that there is nothing elsewhere', async () => {
		const refused = await callApi('POST', '/domains');
		expect(refused.status).toBe(405);
		expect(refused.headers.get('Allow')).toBe('GET');
		expect(await callApi('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'not-found' } });
		expect((await exports.default.fetch(`${ADMIN_ORIGIN}/admin/nothing`)).status).toBe(404);
	});

	it('previews without storing', async () => {
		const { body } = await callApi('POST', '/preview', { body: { domain: 'a.example', record: RECORD, address: 'ada@a.example' } });
		expect(body.formats.find(({ endpoint }) => endpoint === 'autodiscover-xml')?.body).toContain('ada@a.example');
		expect(body.zone).toContain('_submissions._tcp.a.example.');
		expect((await callApi('GET', '/domains/a.example')).body).toMatchObject({ state: 'absent', revision: 0 });
	});
});

describe('restoring a deletion', () => {
	it('restores the record before it, and never deletes', async () => {
		await createRecord('undo.example');
		expect((await callApi('DELETE', '/domains/undo.example', { headers: { 'If-Match': '"1"' } })).status).toBe(200);
		const restore = (ifMatch: number, revision: number) =>
			callApi('POST', '/domains/undo.example/restore', { headers: { 'If-Match': `"${ifMatch}"` }, body: { revision } });
		expect(await restore(2, 2)).toMatchObject({
			status: 200,
			body: { state: 'live', revision: 3, latest: { act: 'restore', note: 'revision 1' } },
		});
		expect(await restore(3, 2)).toMatchObject({ status: 200, body: { state: 'live', changed: false } });
	});
});

describe('the aliases of a domain', () => {
	it('are listed for whoever may read it; those that the caller may not read are counted', async () => {
		await createRecord('target.example');
		for (const name of ['one.example', 'two.example']) await createRecord(name, { kind: 'alias', of: 'target.example' });
		const { secret } = await createToken('read', ['target.example', 'two.example']);
		const read = async (token: string) => JSON.parse((await callApi('GET', '/domains/target.example/aliases', { token })).text);
		expect(await read(OPERATOR_TOKEN)).toMatchObject({ aliases: ['one.example', 'two.example'], hidden: 0, unknown: 0 });
		expect(await read(secret)).toMatchObject({ aliases: ['two.example'], hidden: 1 });
	});
});
