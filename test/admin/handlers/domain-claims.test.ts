/** The life of a claim: opened, proved, taken by a newer one, released; and what a former holder can still do, which is nothing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPERATIONS } from '../../../src/contract/operations.ts';
import { sentCheck } from '../../support/sent-check.ts';
import { callApi, createRecord, createToken, OPERATOR_TOKEN, RECORD, type ReceivedResponse } from '../admin-client.ts';
import { fakeUpstreams } from '../fake-upstreams.ts';

const DOMAIN = 'a.example';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const upstreams = fakeUpstreams();

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(() => {
	vi.useRealTimers();
});

/** Time passes: in a test two requests would otherwise come within one millisecond. */
function advance(milliseconds: number): void {
	vi.setSystemTime(Date.now() + milliseconds);
}

interface OpenedClaim {
	readonly claim: string;
	readonly record: { readonly name: string; readonly type: string; readonly data: string };
}

async function openClaim(domain = DOMAIN): Promise<OpenedClaim> {
	advance(1000);
	const { status, text } = await callApi('POST', '/claims', { token: null, body: { domain } });
	expect(status).toBe(200);
	return JSON.parse(text);
}

function publish(...claims: readonly OpenedClaim[]): void {
	upstreams.now = { dns: { [`_signpost-claim.${DOMAIN} TXT`]: ['"v=other"', ...claims.map(({ record }) => `"${record.data}"`)] } };
}

function prove({ claim }: Pick<OpenedClaim, 'claim'>, domain = DOMAIN): Promise<ReceivedResponse> {
	advance(1000);
	return callApi('POST', `/claims/${domain}`, { token: null, body: { claim } });
}

/** Claims the domain, as whoever controls its DNS now. */
async function takeDomain(): Promise<{ readonly token: string; readonly id: string; readonly opened: OpenedClaim }> {
	const opened = await openClaim();
	publish(opened);
	const proved = await prove(opened);
	expect(proved).toMatchObject({ status: 201, body: { role: 'admin', domains: [DOMAIN] } });
	return { token: proved.body.secret, id: proved.body.id, opened };
}

const create = (token: string, domain = DOMAIN) =>
	callApi('PUT', `/domains/${domain}`, { token, headers: { 'If-None-Match': '*' }, body: { record: RECORD } });

describe('a claim', () => {
	it('is proved by a TXT record, and gives an admin token for that domain alone', async () => {
		const opened = await openClaim();
		expect(opened.record).toMatchObject({ name: `_signpost-claim.${DOMAIN}`, type: 'TXT' });
		expect(await prove(opened)).toMatchObject({ status: 409, body: { code: 'not-proved' } });
		publish(opened);
		// Who reads the record in DNS cannot use it: the secret is not in it.
		expect(await prove({ claim: 'x'.repeat(43) })).toMatchObject({ status: 409, body: { code: 'claim-void' } });
		const { token } = await takeDomain();
		expect((await create(token)).status).toBe(200);
		expect((await create(token, 'b.example')).status).toBe(403);
		await createToken('write', [DOMAIN], token);
	});

	it('works once', async () => {
		const { opened } = await takeDomain();
		for (let again = 0; again < 3; again += 1) expect(await prove(opened)).toMatchObject({ status: 409, body: { code: 'claim-void' } });
	});

	it('is void after seven days, for another domain, and when its time was changed', async () => {
		const opened = await openClaim();
		publish(opened);
		const later = (opened.claim[5] === 'A' ? 'B' : 'A') + opened.claim.slice(6);
		expect(await prove({ claim: opened.claim.slice(0, 5) + later })).toMatchObject({ status: 409, body: { code: 'claim-void' } });
		expect(await prove(opened, 'b.example')).toMatchObject({ status: 409, body: { code: 'claim-void' } });
		advance(7 * DAY_MS);
		expect(await prove(opened)).toMatchObject({ status: 409, body: { code: 'claim-void' } });
	});

	it('that was opened before the domain was taken is void, though its TXT record still stands in the zone', async () => {
		const stale = await openClaim();
		const fresh = await openClaim();
		publish(stale, fresh);
		expect((await prove(fresh)).status).toBe(201);
		expect(await prove(stale)).toMatchObject({ status: 409, body: { code: 'claim-void' } });
	});

	it('of a domain that has a record of the operator is refused, and of one whose record was deleted is not', async () => {
		await createRecord(DOMAIN);
		const refused = { status: 409, body: { code: 'domain-registered' } };
		expect(await callApi('POST', '/claims', { token: null, body: { domain: DOMAIN } })).toMatchObject(refused);
		expect(await callApi('POST', '/claims', { token: null, body: { domain: '*' } })).toMatchObject({ status: 400 });
		expect((await callApi('DELETE', `/domains/${DOMAIN}`, { headers: { 'If-Match': '"1"' } })).status).toBe(200);
		await takeDomain();
	});
});

describe('a claimed domain and tokens for tags', () => {
	const TAGGED = { record: RECORD, tags: ['access:sales'] };

	it('loses the tags that it had, and is given none by anybody', async () => {
		await callApi('PUT', `/domains/${DOMAIN}`, { headers: { 'If-None-Match': '*' }, body: TAGGED });
		await callApi('DELETE', `/domains/${DOMAIN}`, { headers: { 'If-Match': '"1"' } });
		const { body } = await callApi('POST', '/tokens', { body: { name: 'sales', role: 'write', tag: 'access:sales' } });
		const seen = async () => (await callApi('GET', `/domains/${DOMAIN}`, { token: body.secret })).status;
		expect(await seen()).toBe(200);
		const { token } = await takeDomain();
		expect((await create(token)).status).toBe(200);
		expect(await seen()).toBe(403);
		const current = async () => (await callApi('GET', `/domains/${DOMAIN}`)).headers.get('ETag') ?? '';
		for (const by of [OPERATOR_TOKEN, token]) {
			const put = await callApi('PUT', `/domains/${DOMAIN}`, { token: by, headers: { 'If-Match': await current() }, body: TAGGED });
			expect(put.status).toBe(by === OPERATOR_TOKEN ? 422 : 403);
			if (by === OPERATOR_TOKEN) expect(put.body.errors.map(({ path }) => path)).toEqual(['tags']);
		}
		// The operator brings the first revision back, and with it no access.
		const restored = await callApi('POST', `/domains/${DOMAIN}/restore`, {
			headers: { 'If-Match': await current() },
			body: { revision: 1 },
		});
		expect(restored).toMatchObject({ status: 200, body: { latest: { tags: [] } } });
		expect(await seen()).toBe(403);
	});
});

describe('a domain that changes hands', () => {
	it('has one holder: tokens of the one before, and those created with them, are refused everything', async () => {
		const before = await takeDomain();
		const child = await createToken('admin', [DOMAIN], before.token);
		const grandchild = await createToken('write', [DOMAIN], child.secret);
		const session = await callApi('POST', '/session', { token: null, body: { token: before.token } });
		const cookie = (session.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
		const { token } = await takeDomain();
		expect((await create(token)).status).toBe(200);
		for (const old of [before.token, child.secret, grandchild.secret]) {
			expect((await callApi('GET', `/domains/${DOMAIN}`, { token: old })).status).toBe(401);
			const put = { token: old, headers: { 'If-Match': '"1"' }, body: { record: RECORD } };
			expect((await callApi('PUT', `/domains/${DOMAIN}`, put)).status).toBe(401);
			expect((await callApi('POST', '/tokens', { token: old, body: { name: 'x', role: 'admin', domains: [DOMAIN] } })).status).toBe(401);
		}
		expect((await callApi('GET', '/session', { token: null, headers: { Cookie: cookie } })).status).toBe(401);
		expect((await callApi('GET', `/domains/${DOMAIN}`, { token })).body).toMatchObject({ revision: 1 });
	});

	it('can be claimed with its record, and is not the former holder’s to save during a request that began before', async () => {
		const { token: old } = await takeDomain();
		expect((await create(old)).status).toBe(200);
		let fresh: { readonly token: string } | null = null;
		// The former holder was let in, and sends the body later.
		const body = new ReadableStream<Uint8Array>(
			{
				async pull(controller) {
					fresh = await takeDomain();
					controller.enqueue(
						new TextEncoder().encode(`${JSON.stringify({ domain: DOMAIN, record: { ...RECORD, provider: { name: 'Evil' } } })}\n`),
					);
					controller.close();
				},
			},
			// Nothing of it is made before the service reads it.
			{ highWaterMark: 0 },
		);
		const imported = await callApi('POST', '/import?existing=replace', { token: old, body });
		expect(imported.text).toContain('"code":"unauthenticated"');
		expect(fresh).not.toBeNull();
		expect(await callApi('GET', `/domains/${DOMAIN}`)).toMatchObject({ body: { revision: 2, record: { provider: RECORD.provider } } });
	});

	it('shows its holder every token for it, and lets him revoke each', async () => {
		const former = await takeDomain();
		const ofOperator = await createToken('write', [DOMAIN]);
		const shared = await createToken('write', [DOMAIN, 'b.example']);
		const { token, id } = await takeDomain();
		const { tokens } = (await callApi('GET', '/tokens', { token })).body;
		expect(new Set(tokens.map((each) => each.id))).toEqual(new Set([former.id, ofOperator.id, shared.id, id]));
		expect(tokens.find((each) => each.id === former.id)?.revokedAt).not.toBeNull();
		// What else a token is for is nobody's business.
		for (const each of tokens) expect(each.domains).toEqual([DOMAIN]);
		for (const { id: other } of [ofOperator, shared]) expect((await callApi('DELETE', `/tokens/${other}`, { token })).status).toBe(204);
		expect((await callApi('GET', '/session', { token: ofOperator.secret })).status).toBe(401);
		expect((await callApi('GET', `/domains/${DOMAIN}`, { token: shared.secret })).status).toBe(403);
		expect((await callApi('GET', '/domains/b.example', { token: shared.secret })).status).toBe(200);
		const foreign = await createToken('write', ['b.example']);
		expect((await callApi('DELETE', `/tokens/${foreign.id}`, { token })).status).toBe(404);
	});

	it('is given up by its holder, and by no token that was created with the holder’s', async () => {
		const { token, opened } = await takeDomain();
		expect((await create(token)).status).toBe(200);
		const child = await createToken('admin', [DOMAIN], token);
		expect((await callApi('DELETE', `/domains/${DOMAIN}/claim`, { token: child.secret })).status).toBe(403);
		expect((await callApi('GET', `/domains/${DOMAIN}/claim`, { token: child.secret })).body).toMatchObject({ state: 'held' });
		expect((await callApi('DELETE', `/domains/${DOMAIN}/claim`, { token })).status).toBe(204);
		for (const old of [token, child.secret]) expect((await callApi('GET', '/session', { token: old })).status).toBe(401);
		expect((await callApi('GET', `/domains/${DOMAIN}/claim`)).body).toMatchObject({ state: 'released', record: null });
		// The old proof stays used.
		expect(await prove(opened)).toMatchObject({ status: 409, body: { code: 'claim-void' } });
		await takeDomain();
		expect((await callApi('DELETE', `/domains/${DOMAIN}/claim`)).status).toBe(204);
		expect((await callApi('DELETE', `/domains/${DOMAIN}/claim`)).status).toBe(404);
		// Once the operator has saved a record for it, the domain is the operator's.
		const put = { headers: { 'If-Match': '"2"' }, body: { record: { ...RECORD, provider: { name: 'Operator' } } } };
		expect((await callApi('PUT', `/domains/${DOMAIN}`, put)).status).toBe(200);
		expect(await callApi('POST', '/claims', { token: null, body: { domain: DOMAIN } })).toMatchObject({ status: 409 });
	});
});

describe('what the holder before has done', () => {
	const MARK = 'of-the-holder-before';

	/** The old holder saves two records, deletes or keeps the last, and has a token: all of it carries the mark but the last record. */
	async function takeAfter(end: 'live' | 'deleted' | 'released'): Promise<string> {
		const { token } = await takeDomain();
		const put = (revision: number, name: string) =>
			callApi('PUT', `/domains/${DOMAIN}`, {
				token,
				headers: revision === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision}"` },
				body: { record: { ...RECORD, provider: { name } }, note: MARK, tags: [MARK] },
			});
		expect((await put(0, MARK)).status).toBe(200);
		expect((await put(1, 'The last')).status).toBe(200);
		const check = sentCheck('error', { place: MARK });
		expect((await callApi('PUT', `/domains/${DOMAIN}/check`, { token, body: check })).status).toBe(200);
		const edit = { domains: [DOMAIN], record: { login: '%EMAILLOCALPART%' }, note: MARK, edit: 'editofbefore' };
		expect(await callApi('POST', '/bulk-edits', { token, body: edit })).toMatchObject({ status: 200, body: { changed: 1 } });
		expect((await callApi('POST', '/tokens', { token, body: { name: 'another', role: 'read', domains: [DOMAIN] } })).status).toBe(201);
		if (end === 'deleted')
			expect((await callApi('DELETE', `/domains/${DOMAIN}?note=${MARK}`, { token, headers: { 'If-Match': '"3"' } })).status).toBe(200);
		if (end === 'released') expect((await callApi('DELETE', `/domains/${DOMAIN}/claim`, { token })).status).toBe(204);
		advance(1000);
		return (await takeDomain()).token;
	}

	it.each(['live', 'deleted', 'released'] as const)('is not to be seen by the next one, and not to be restored: %s', async (end) => {
		const token = await takeAfter(end);
		const first = end === 'deleted' ? 5 : 4;
		const history = await callApi('GET', `/domains/${DOMAIN}/history`, { token });
		expect(history.body.revisions.map(({ revision }) => revision)).toEqual([first]);
		const seen = [history];
		for (const { method, path, permission } of OPERATIONS) {
			if (method !== 'GET' || permission.kind === 'operator') continue;
			for (const revision of Array.from({ length: first }, (_, at) => String(at + 1)))
				for (const query of path.endsWith('{revision}') ? ['', '?against=1', `?against=${first}`] : [''])
					seen.push(
						await callApi('GET', path.replace('{domain}', DOMAIN).replace('{revision}', revision).replace('{token}', 'x') + query, {
							token,
						}),
					);
		}
		for (let revision = 1; revision < first; revision += 1)
			seen.push(await callApi('POST', `/domains/${DOMAIN}/restore`, { token, headers: { 'If-Match': `"${first}"` }, body: { revision } }));
		seen.push(await callApi('POST', '/bulk-edits/editofbefore/undo', { token, body: {} }));
		seen.push(await callApi('POST', '/bulk-edits/editofbefore/undo?dry=true', { token, body: {} }));
		for (const { text } of seen) expect(text).not.toContain(MARK);
		const now = await callApi('GET', `/domains/${DOMAIN}`, { token });
		expect(now).toMatchObject({ body: { revision: first, latest: { author: `owner of ${DOMAIN}`, tags: [] } } });
		expect(now.body.record?.kind === 'domain' ? now.body.record.provider.name : null).toBe(end === 'deleted' ? null : 'The last');
		// The operator still has everything.
		expect((await callApi('GET', `/domains/${DOMAIN}/history`)).text).toContain(MARK);
		// The new holder's own deletion is his to undo.
		if (end === 'deleted') return;
		const deleted = await callApi('DELETE', `/domains/${DOMAIN}`, { token, headers: { 'If-Match': `"${first}"` } });
		expect(deleted.status).toBe(200);
		const undo = { token, headers: { 'If-Match': `"${first + 1}"` }, body: { revision: first } };
		expect((await callApi('POST', `/domains/${DOMAIN}/restore`, undo)).status).toBe(200);
	});
});

describe('a claim whose TXT record is gone from DNS', () => {
	it('changes nothing any more, and may be read; with the record it goes on', async () => {
		const { token, opened } = await takeDomain();
		expect((await create(token)).status).toBe(200);
		const child = await createToken('write', [DOMAIN], token);
		const put = (secret: string, name: string) =>
			callApi('PUT', `/domains/${DOMAIN}`, {
				token: secret,
				headers: { 'If-Match': '"1"' },
				body: { record: { ...RECORD, provider: { name } } },
			});
		upstreams.now = { dns: {} };
		advance(HOUR_MS);
		for (const secret of [token, child.secret])
			expect(await put(secret, 'X')).toMatchObject({ status: 403, body: { code: 'claim-unproved' } });
		expect(await callApi('POST', '/import', { token, body: '' })).toMatchObject({ status: 403, body: { code: 'claim-unproved' } });
		expect((await callApi('GET', `/domains/${DOMAIN}`, { token })).status).toBe(200);
		publish(opened);
		expect((await put(token, 'X')).status).toBe(200);
	});

	it('is not gone because DNS does not answer, for a day', async () => {
		const { token } = await takeDomain();
		upstreams.now = { down: true };
		advance(2 * HOUR_MS);
		expect((await create(token)).status).toBe(200);
		advance(DAY_MS);
		const remove = () => callApi('DELETE', `/domains/${DOMAIN}`, { token, headers: { 'If-Match': '"1"' } });
		expect(await remove()).toMatchObject({ status: 502, body: { code: 'source-unreachable' } });
	});
});

it('the operator’s own tokens for a domain are no claim', async () => {
	const { secret } = await createToken('admin', [DOMAIN]);
	expect((await callApi('DELETE', `/domains/${DOMAIN}/claim`, { token: secret })).status).toBe(403);
	expect((await callApi('GET', `/domains/${DOMAIN}/claim`, { token: OPERATOR_TOKEN })).body).toMatchObject({ state: 'unclaimed' });
});
