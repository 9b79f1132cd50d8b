import fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { formatWebhookSecret, webhookHeaders } from '../../../src/lib/http/standard-webhooks.ts';

const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
const id = fc.stringMatching(/^msg_[0-9a-z_-]{1,60}$/);
const now = () => Math.floor(Date.now() / 1000);

it('another library verifies every signature', async () => {
	await fc.assert(
		fc.asyncProperty(key, id, fc.object(), async (bytes, messageId, value) => {
			const secret = formatWebhookSecret(bytes);
			const body = JSON.stringify(value);
			const headers = await webhookHeaders({ id: messageId, timestamp: now(), body }, secret);
			expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
		}),
	);
});

it('and refuses another key, another text, another identifier and another time', async () => {
	await fc.assert(
		fc.asyncProperty(key, key, id, async (bytes, otherBytes, messageId) => {
			fc.pre(String(bytes) !== String(otherBytes));
			const secret = formatWebhookSecret(bytes);
			const timestamp = now();
			const headers = await webhookHeaders({ id: messageId, timestamp, body: '{}' }, secret);
			const verify = (withSecret: string, body: string, changed: object) => () =>
				new Webhook(withSecret).verify(body, { ...headers, ...changed });
			expect(verify(secret, '{}', {})).not.toThrow();
			expect(verify(formatWebhookSecret(otherBytes), '{}', {})).toThrow(WebhookVerificationError);
			expect(verify(secret, '{ }', {})).toThrow(WebhookVerificationError);
			expect(verify(secret, '{}', { 'webhook-id': `${messageId}x` })).toThrow(WebhookVerificationError);
			expect(verify(secret, '{}', { 'webhook-timestamp': String(timestamp - 1) })).toThrow(WebhookVerificationError);
		}),
	);
});
