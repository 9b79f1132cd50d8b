/** Webhooks through the API and the real keepers: who may have which, and that a save reaches the receiver, signed. */
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callApi, createRecord, createToken, RECORD } from '../admin-client.ts';

const HOOK = 'https://hooks.example.net/signpost?key=of-the-receiver';

interface ReceivedRequest {
	readonly method: string;
	readonly url: string;
	readonly redirect: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** What the receivers got, and what they answer. */
const receivers = { status: 204, requests: [] as ReceivedRequest[] };

beforeEach(() => {
	receivers.status = 204;
	receivers.requests = [];
	vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
		// A request can be read by the object alone that has made it.
		const request = new Request(String(url), init);
		const { method, redirect, headers } = request;
		receivers.requests.push({ method, url: request.url, redirect, headers: Object.fromEntries(headers), body: await request.text() });
		return new Response(receivers.status === 204 ? null : 'nobody reads this', { status: receivers.status });
	});
});
afterEach(() => void vi.restoreAllMocks());

const webhookObject = () => env.WEBHOOKS.get(env.WEBHOOKS.idFromName('webhooks'));

/** Lets the alarm of the keeper go off until everything is told that was changed before. */
async function deliver(): Promise<void> {
	for (let time = 0; time < 3; time++) {
		await webhookObject().recordsChanged();
		// A second after a change, its time has come.
		await scheduler.wait(1100);
		await runDurableObjectAlarm(webhookObject());
	}
}

async function createWebhook(token?: string, url = HOOK): Promise<{ readonly id: string; readonly secret: string }> {
	const { status, text, body } = await callApi('POST', '/webhooks', { ...(token === undefined ? {} : { token }), body: { url } });
	expect([status, text]).toEqual([201, expect.any(String)]);
	return body;
}

describe('a save', () => {
	it('reaches the receiver, whose library verifies it; also after the keeper has been restarted', async () => {
		const { id, secret } = await createWebhook();
		expect(secret).toMatch(/^whsec_/);
		await createRecord('a.example');
		await evictDurableObject(webhookObject());
		await deliver();
		expect(receivers.requests).toHaveLength(1);
		const [request] = receivers.requests;
		if (request === undefined) throw new Error('nothing was sent');
		expect([request.method, request.url, request.redirect]).toEqual(['POST', HOOK, 'manual']);
		const message = new Webhook(secret).verify(request.body, { ...request.headers });
		expect(message).toMatchObject({ type: 'record.saved', data: { domain: 'a.example', revision: 1, act: 'put', by: 'operator' } });
		const { text } = await callApi('GET', `/webhooks/${id}/deliveries`);
		expect(JSON.parse(text).deliveries).toMatchObject([{ domain: 'a.example', delivered: true, status: 204, attempt: 1, nextAt: null }]);
	});

	it('also of an import, and of nothing but what a token may see as long as it is valid', async () => {
		await createRecord('own.example');
		const own = await createToken('admin', ['own.example']);
		await createWebhook(own.secret);
		const lines = ['b.example', 'c.example'].map((domain) => JSON.stringify({ domain, record: RECORD }));
		await callApi('POST', '/import', { body: lines.join('\n') });
		await callApi('PATCH', '/domains/own.example', { headers: { 'If-Match': '"1"' }, body: { record: { provider: { name: 'New' } } } });
		await deliver();
		const bodies = receivers.requests.map(({ body }) => JSON.parse(body));
		expect(bodies).toMatchObject([{ data: { domain: 'own.example', revision: 2 } }]);
		await callApi('DELETE', `/tokens/${own.id}`);
		await callApi('DELETE', '/domains/own.example', { headers: { 'If-Match': '"2"' } });
		await deliver();
		expect(receivers.requests).toHaveLength(1);
		const { text } = await callApi('GET', '/webhooks');
		expect(JSON.parse(text).webhooks).toMatchObject([{ state: 'disabled', disabledReason: 'owner-ended' }]);
		expect((await callApi('GET', '/audit')).text).toContain('"act":"disable-webhook"');
	});

	it('tells of a record that a tag has put into reach, and not once the tag is off', async () => {
		await createRecord('a.example', RECORD, ['access:sales']);
		const { body } = await callApi('POST', '/tokens', { body: { name: 'Sales', role: 'admin', tag: 'access:sales' } });
		await createWebhook(body.secret);
		const patch = (revision: number, sent: object) =>
			callApi('PATCH', '/domains/a.example', { headers: { 'If-Match': `"${revision}"` }, body: sent });
		await patch(1, { record: { provider: { name: 'New' } } });
		await deliver();
		await patch(2, { tags: [] });
		await deliver();
		expect(receivers.requests).toHaveLength(1);
	});
});

describe('a webhook', () => {
	it('is seen, tested, enabled and deleted by its owner and the operator alone', async () => {
		const [own, other] = [await createToken('admin', ['own.example']), await createToken('admin', ['other.example'])];
		const { id } = await createWebhook(own.secret);
		const operators = await createWebhook();
		const listed = async (token?: string) => {
			const { text } = await callApi('GET', '/webhooks', token === undefined ? {} : { token });
			expect(text).not.toContain('whsec_');
			return JSON.parse(text).webhooks.map((webhook: { readonly id: string }) => webhook.id);
		};
		expect(await listed(own.secret)).toEqual([id]);
		expect(await listed(other.secret)).toEqual([]);
		expect((await listed()).toSorted()).toEqual([id, operators.id].toSorted());
		for (const [method, path] of [
			['GET', 'deliveries'],
			['POST', 'test'],
			['POST', 'enable'],
			['DELETE', ''],
		] as const) {
			const call = (token: string, webhook: string) => callApi(method, `/webhooks/${webhook}/${path}`.replace(/\/$/, ''), { token });
			expect((await call(other.secret, id)).status).toBe(404);
			expect((await call(own.secret, operators.id)).status).toBe(404);
			expect((await call(own.secret, id)).status).toBe(method === 'DELETE' ? 204 : 200);
		}
		expect(receivers.requests).toHaveLength(1);
		expect(await listed(own.secret)).toEqual([]);
	});

	it('leaves lines in the audit trail that name the receiver and not its URL', async () => {
		const { id } = await createWebhook();
		await callApi('DELETE', `/webhooks/${id}`);
		await deliver();
		const { text } = await callApi('GET', '/audit');
		expect(text).toContain(`webhook ${id} to hooks.example.net`);
		expect(text).toContain('"act":"remove-webhook"');
		expect(text).not.toContain('of-the-receiver');
	});

	it('is tested at once, every few seconds at most', async () => {
		const { id } = await createWebhook();
		receivers.status = 302;
		const { status, text } = await callApi('POST', `/webhooks/${id}/test`);
		expect([status, JSON.parse(text)]).toMatchObject([200, { type: 'webhook.test', delivered: false, status: 302 }]);
		expect((await callApi('POST', `/webhooks/${id}/test`)).status).toBe(429);
	});

	it.each([
		['http://hooks.example.net/', 'must start with https://'],
		['https://169.254.169.254/', 'needs a domain name for its host'],
		['https://admin.signpost.example/admin/api/tokens', 'must not lead to this service itself'],
	])('may not be %s', async (url, reason) => {
		const { status, body } = await callApi('POST', '/webhooks', { body: { url } });
		expect([status, body.errors]).toEqual([422, [{ path: 'url', reason }]]);
	});
});
