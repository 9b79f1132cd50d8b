/** A save, and a check that got worse, reach a receiver on this machine: the service as `npm start` runs it, and the tool. */
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR_HEADERS, OPERATOR_TOKEN, sampleRecord, useAdminService, waitUntil } from '../support/admin-service.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { sentCheck } from '../support/sent-check.ts';
import { startWebhookReceiver, verifyMessage, type WebhookReceiver } from '../support/webhook-receiver.ts';

let receiver: WebhookReceiver;
beforeAll(async () => {
	receiver = await startWebhookReceiver();
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

async function sendCheck(domain: string, severity: 'error' | undefined): Promise<void> {
	const init = { method: 'PUT', headers: OPERATOR_HEADERS, body: JSON.stringify(sentCheck(severity)) };
	expect((await fetch(`${service.api}/domains/${domain}/check`, init)).status).toBe(200);
}

it('signed, tried again after a redirect that is not followed, also after the service was killed', async () => {
	expect(await signpost('create', '--url', 'http://192.0.2.1/')).toMatchObject({ code: 2 });
	const { url, received } = receiver;
	const created = await signpost('create', '--url', url, '--json');
	const { id, secret } = JSON.parse(created.out);
	expect(await signpost('test', id)).toMatchObject({ code: 0, out: 'delivered, answered 204\n' });
	received.length = 0;
	receiver.status = 302;
	await save('a.example');
	await waitUntil('the receiver has been told', async () => received.length > 0);
	await service.crash();
	receiver.status = 204;
	await service.restart();
	await waitUntil('the message was sent again', async () => received.length > 1);
	const [first, again] = received;
	if (first === undefined || again === undefined) throw new Error('nothing was received');
	expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
	expect(verifyMessage(again, secret)).toMatchObject({ type: 'record.saved', data: { domain: 'a.example', revision: 1 } });
	await waitUntil('the list says so', async () => (await signpost('list')).out.includes('active  0 waiting, 0 dropped'));
	expect((await signpost('deliveries', id)).out).toMatch(/a\.example r1 +attempt \d +delivered, answered 204/);
	for (const severity of [undefined, 'error'] as const) await sendCheck('a.example', severity);
	await waitUntil('the receiver has been told of the check', async () => received.length > 2);
	const worse = received.at(-1);
	if (worse === undefined) throw new Error('nothing was received');
	const areas = [{ area: 'mail', from: 'A', to: 'D', atBest: 'D' }];
	expect(verifyMessage(worse, secret)).toMatchObject({ type: 'check.worsened', data: { domain: 'a.example', areas, by: 'operator' } });
	const delivered = /check\.worsened +a\.example +attempt 1 +delivered, answered 204/;
	await waitUntil('the deliveries say so', async () => delivered.test((await signpost('deliveries', id)).out));
	const refused = await signpost('delete', id);
	expect(refused).toMatchObject({ code: 2, out: '' });
	expect(refused.err).toContain(`${url}\nNo message waits.`);
	expect(refused.err).toContain('--yes goes on without a question');
	expect((await signpost('list')).out).toContain(id);
	expect(await signpost('delete', id, '--yes')).toMatchObject({ code: 0 });
	expect((await signpost('list')).out.trim()).toBe('');
});
