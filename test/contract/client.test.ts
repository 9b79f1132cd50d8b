import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ApiError, createApiClient, type FetchApi } from '../../src/contract/client.ts';
import { OPERATIONS, operationById } from '../../src/contract/operations.ts';

interface SentRequest {
	readonly url: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | null;
}

/** A client that gets the given answers one after the other, and the requests that it sent. */
function fakeService(...answers: readonly (readonly [number, string] | Error)[]) {
	const sent: SentRequest[] = [];
	const fetchApi: FetchApi = async (url, init) => {
		sent.push({ url, ...init });
		const answer = answers[sent.length - 1] ?? new Error('asked once too often');
		if (answer instanceof Error) throw answer;
		return new Response(answer[0] === 204 ? null : answer[1], { status: answer[0] });
	};
	return { client: createApiClient(fetchApi, (error): ApiError => error), sent };
}

const json = (value: unknown) => [200, JSON.stringify(value)] as const;

const TOKEN = { id: 't', name: 'n', role: 'read', domains: [], createdAt: '', createdBy: '', expiresAt: '', revokedAt: null };

describe('what is sent', () => {
	it('is made of the table: method, path, query, condition and body', async () => {
		const { client, sent } = fakeService([204, ''], [412, '{}'], [412, '{}'], [412, '{}']);
		await client.call('revokeToken', { path: { token: 'a/b?c' } });
		await client.call('deleteDomain', { path: { domain: '*.example.org' }, ifRevision: 3, query: { note: 'gone & done' } });
		await client.call('putDomain', {
			path: { domain: 'example.org' },
			ifRevision: 'create',
			body: { record: { kind: 'alias', of: 'example.net' } },
		});
		await client.call('importAutoconfig', { query: { domain: 'example.org' }, body: '<clientConfig/>' });
		expect(sent).toEqual([
			{ method: 'DELETE', url: '/admin/api/tokens/a%2Fb%3Fc', headers: {}, body: null },
			{ method: 'DELETE', url: '/admin/api/domains/*.example.org?note=gone%20%26%20done', headers: { 'If-Match': '"3"' }, body: null },
			{
				method: 'PUT',
				url: '/admin/api/domains/example.org',
				headers: { 'If-None-Match': '*', 'Content-Type': 'application/json' },
				body: '{"record":{"kind":"alias","of":"example.net"}}',
			},
			{
				method: 'POST',
				url: '/admin/api/import/autoconfig?domain=example.org',
				headers: { 'Content-Type': 'application/xml; charset=utf-8' },
				body: '<clientConfig/>',
			},
		]);
	});

	it('leaves out what is null, undefined or empty', async () => {
		const { client, sent } = fakeService(json({ domains: [], next: null }));
		await client.call('listDomains', { query: { prefix: '', tag: null, after: undefined, limit: 5 } });
		expect(sent[0]?.url).toBe('/admin/api/domains?limit=5');
	});

	it('does not compile without what an operation needs', () => {
		const { client } = fakeService();
		expectTypeOf(client.call<'readSession'>).toBeCallableWith('readSession');
		// @ts-expect-error a path variable is missing
		const noPath = () => client.call('readDomain', {});
		// @ts-expect-error a write needs the revision that it was made from
		const noRevision = () => client.call('deleteDomain', { path: { domain: 'example.org' } });
		// @ts-expect-error there is no such parameter
		const noParameter = () => client.call('listDomains', { query: { colour: 'red' } });
		// @ts-expect-error the operation has no pages
		const noPages = () => client.pages('readSession', {});
		expect([noPath, noRevision, noParameter, noPages]).toHaveLength(4);
	});
});

describe('what is answered', () => {
	it('is a refusal of the service, with its evidence', async () => {
		const problem = { code: 'invalid', title: 'Wrong.', errors: [{ path: 'name', reason: 'must not be empty' }] };
		const { client } = fakeService([422, JSON.stringify(problem)]);
		expect(await client.call('readSession')).toEqual({ ok: false, error: { ...problem, status: 422 } });
	});

	it.each([
		['a proxy’s page', [502, '<h1>Bad gateway</h1>'], { code: 'failed', status: 502, title: 'The service answered 502.' }],
		['a problem of another program', [400, '{"code":"teapot","title":"No."}'], { code: 'failed', status: 400, title: 'No.' }],
		['no JSON with a 200', [200, '<html>Log in to the wireless network'], { code: 'failed', status: 200 }],
		['another program’s JSON', [200, '{"status":"ok"}'], { code: 'failed', title: expect.stringContaining('(who)') }],
		[
			'nothing',
			new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }),
			{ code: 'offline', cause: 'connect ECONNREFUSED' },
		],
	] as const)('is never taken for what it is not: %s', async (_, answer, error) => {
		const { client } = fakeService(answer);
		expect(await client.call('readSession')).toMatchObject({ ok: false, error });
	});

	it('may have members and words that this version does not know', async () => {
		const session = { who: 'a', token: null, role: 'owner', domains: 'all', expiresAt: null, extra: 1 };
		const { client } = fakeService(json(session));
		expect(await client.call('readSession')).toEqual({ ok: true, value: session });
	});

	it('never throws, whatever it is', async () => {
		const ids = OPERATIONS.map(({ id }) => id);
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...ids),
				fc.oneof(fc.json(), fc.string()),
				fc.integer({ min: 200, max: 599 }),
				async (id, text, status) => {
					const { client } = fakeService([status === 205 || status === 304 ? 204 : status, text]);
					// A call by a name that is only known here: no type says what it needs.
					const call = client.call as (id: string, request: object) => Promise<{ readonly ok: boolean }>;
					expect(typeof (await call(id, {})).ok).toBe('boolean');
				},
			),
		);
	});
});

describe('pages of a list', () => {
	it('are followed to the end, by the parameter that the operation has', async () => {
		const { client, sent } = fakeService(json({ tokens: [TOKEN], next: 'a b' }), json({ tokens: [], next: null }));
		const sizes: number[] = [];
		for await (const page of client.pages('listTokens', { query: { limit: 1 } })) if (page.ok) sizes.push(page.value.tokens.length);
		expect(sizes).toEqual([1, 0]);
		expect(sent.map(({ url }) => url)).toEqual(['/admin/api/tokens?limit=1', '/admin/api/tokens?limit=1&after=a%20b']);
		const history = fakeService(json({ revisions: [], next: '7' }), json({ revisions: [], next: null }));
		for await (const page of history.client.pages('readHistory', { path: { domain: 'example.org' } })) expect(page.ok).toBe(true);
		expect(history.sent[1]?.url).toBe('/admin/api/domains/example.org/history?before=7');
	});

	it('end with the first failure, and do not go round in circles', async () => {
		const failing = fakeService(json({ tokens: [TOKEN], next: 'x' }), [503, '{}']);
		const ends: boolean[] = [];
		for await (const page of failing.client.pages('listTokens', {})) ends.push(page.ok);
		expect(ends).toEqual([true, false]);
		const circle = fakeService(...Array.from({ length: 9 }, () => json({ tokens: [], next: 'x' })));
		for await (const page of circle.client.pages('listTokens', {})) ends.push(page.ok);
		expect(circle.sent).toHaveLength(2);
		expect(ends.at(-1)).toBe(false);
	});
});

describe('lines', () => {
	it('are handed over as they come, and a broken end is told', async () => {
		const line = { domain: 'example.org', revision: 1, tags: [], record: { kind: 'alias' } };
		const { client } = fakeService([200, `${JSON.stringify(line)}\n\n{"next":nu`]);
		const got: unknown[] = [];
		const read = await client.callLines('exportRecords', {}, (each) => got.push(each));
		expect(got).toEqual([line]);
		expect(read).toMatchObject({ ok: false, error: { code: 'offline' } });
	});

	it('may be cut anywhere, in the middle of a letter too', async () => {
		const text = '{"domain":"bücher.example","revision":1,"tags":["ä"],"record":null}\n{"next":null}\n';
		const bytes = new TextEncoder().encode(text);
		for (let cut = 0; cut <= bytes.length; cut++) {
			const body = new ReadableStream<Uint8Array>({
				start(controller) {
					controller.enqueue(bytes.slice(0, cut));
					controller.enqueue(bytes.slice(cut));
					controller.close();
				},
			});
			const client = createApiClient(
				async () => new Response(body),
				(error): ApiError => error,
			);
			const got: unknown[] = [];
			expect((await client.callLines('exportRecords', {}, (each) => got.push(each))).ok).toBe(true);
			expect(got).toHaveLength(2);
		}
	});
});

it('every operation is found by its id', () => {
	for (const operation of OPERATIONS) expect(operationById(operation.id)).toBe(operation);
	expect(() => operationById('mint' as 'mintToken')).toThrow('no operation mint');
});
