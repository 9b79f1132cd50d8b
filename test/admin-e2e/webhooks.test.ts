/** A save reaches a receiver on this machine: the service as `npm start` runs it, and the tool. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR_HEADERS, OPERATOR_TOKEN, sampleRecord, useAdminService, waitUntil } from '../support/admin-service.ts';
import { runSignpost } from '../support/run-signpost.ts';

interface Received {
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

const received: Received[] = [];
let receiver: Server;
let url: string;
/** What the receiver answers. */
let status = 204;

beforeAll(async () => {
	receiver = createServer(async (request, response) => {
		received.push({ headers: request.headers, body: await text(request) });
		response.writeHead(status, status === 302 ? { Location: `${url}elsewhere` } : {}).end();
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
});
afterAll(() => receiver.close());

const service = useAdminService(() => ({}));
const signpost = (...args: readonly string[]) =>
	runSignpost(['webhook', ...args], tmpdir(), { env: { SIGNPOST_TOKEN: OPERATOR_TOKEN, SIGNPOST_API: service.origin } });

async function save(domain: string): Promise<void> {
	const init = {
		method: 'PUT',
		headers: { ...OPERATOR_HEADERS, 'If-None-Match': '*' },
		body: JSON.stringify({ record: sampleRecord('X') }),
	};
	expect((await fetch(`${service.api}/domains/${domain}`, init)).status).toBe(200);
}

it('signed, tried again after a redirect that is not followed, also after the service was killed', async () => {
	expect(await signpost('create', '--url', 'http://192.0.2.1/')).toMatchObject({ code: 2 });
	const created = await signpost('create', '--url', url, '--json');
	const { id, secret } = JSON.parse(created.out);
	expect(await signpost('test', id)).toMatchObject({ code: 0, out: 'delivered, answered 204\n' });
	received.length = 0;
	status = 302;
	await save('a.example');
	await waitUntil('the receiver has been told', async () => received.length > 0);
	await service.crash();
	status = 204;
	await service.restart();
	await waitUntil('the message was sent again', async () => received.length > 1);
	const [first, again] = received;
	if (first === undefined || again === undefined) throw new Error('nothing was received');
	expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
	const headers = Object.fromEntries(Object.entries(again.headers).map(([name, value]) => [name, String(value)]));
	expect(new Webhook(secret).verify(again.body, headers)).toMatchObject({
		type: 'record.saved',
		data: { domain: 'a.example', revision: 1 },
	});
	await waitUntil('the list says so', async () => (await signpost('list')).out.includes('active  0 waiting, 0 dropped'));
	expect((await signpost('deliveries', id)).out).toMatch(/a\.example r1 +attempt \d +delivered, answered 204/);
	const refused = await signpost('delete', id);
	expect(refused).toMatchObject({ code: 2, out: '' });
	expect(refused.err).toContain(`${url}\nNo message waits.`);
	expect(refused.err).toContain('--yes goes on without a question');
	expect((await signpost('list')).out).toContain(id);
	expect(await signpost('delete', id, '--yes')).toMatchObject({ code: 0 });
	expect((await signpost('list')).out.trim()).toBe('');
});
