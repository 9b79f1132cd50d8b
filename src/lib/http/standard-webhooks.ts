/** Signatures of webhooks, as the specification Standard Webhooks 1.0 has them (github.com/standard-webhooks/standard-webhooks). */
import { decodeBase64, encodeBase64 } from '../base64.ts';

/** What a secret begins with: scanners of repositories and logs find it by this. */
export const WEBHOOK_SECRET_PREFIX = 'whsec_';

/** One message to a receiver. */
export interface WebhookMessage {
	/** Equal each time that the message is sent, so that a receiver knows one that comes twice. Without a full stop, which separates. */
	readonly id: string;
	/** When it is sent, Unix time in seconds: receivers refuse old ones. */
	readonly timestamp: number;
	readonly body: string;
}

/** The secret as receivers are given it. @param key random bytes, 24 to 64 of them */
export function formatWebhookSecret(key: Uint8Array): string {
	return WEBHOOK_SECRET_PREFIX + encodeBase64(key);
}

/** The headers that a message is sent with. @param secret from `formatWebhookSecret` */
export async function webhookHeaders(message: WebhookMessage, secret: string): Promise<Readonly<Record<string, string>>> {
	const { id, timestamp, body } = message;
	const bytes = decodeBase64(secret.slice(WEBHOOK_SECRET_PREFIX.length));
	const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	const signature = await crypto.subtle.sign({ name: 'HMAC' }, key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
	return {
		'webhook-id': id,
		'webhook-timestamp': String(timestamp),
		'webhook-signature': `v1,${encodeBase64(new Uint8Array(signature))}`,
	};
}
