/** The keeper of the webhooks, with the receivers on the network and the other keepers. Its Durable Object loads it when it is called. */
import { readWebhookAccess } from '../../admin/webhook-access.ts';
import { WEBHOOK_TIMEOUT_MS } from '../../contract/limits.ts';
import { parseWebhookUrl, type WebhookUrlRules } from '../../contract/webhooks/webhook-url.ts';
import { err, ok } from '../../lib/result.ts';
import type { WebhookTransport } from '../../store/objects/webhooks/webhook-deliveries.ts';
import { WebhookKeeper } from '../../store/objects/webhooks/webhook-keeper.ts';
import type { Directory } from '../../store/ports/directory.ts';
import type { ObjectPlatform } from '../../store/ports/platform.ts';
import type { RecordHistories } from '../../store/ports/record-histories.ts';
import type { Tokens } from '../../store/ports/tokens.ts';

/** The other keepers that it asks. */
interface WebhookKeeperStubs {
	readonly recordHistory: RecordHistories;
	readonly directory: Directory;
	readonly tokens: Tokens;
}

export function createWebhookKeeper(platform: ObjectPlatform, rules: WebhookUrlRules, stubs: WebhookKeeperStubs): WebhookKeeper {
	return new WebhookKeeper(platform, {
		directory: stubs.directory,
		send: sendWebhook,
		isUrlAllowed: (url) => parseWebhookUrl(url, rules).ok,
		readAccess: (owner, domain) => readWebhookAccess(owner, domain, stubs),
		newId: () => crypto.randomUUID(),
	});
}

/** Of the answer, the status alone is looked at: what the receiver writes is nobody's business here. */
const sendWebhook: WebhookTransport = async ({ url, headers, body }) => {
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: { ...headers, 'User-Agent': 'Signpost webhooks' },
			body,
			// A redirect would lead where nobody has looked whether the service may go.
			redirect: 'manual',
			signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
		});
		await response.body?.cancel();
		return ok(response.status);
	} catch (failure) {
		return err(failure instanceof DOMException && failure.name === 'TimeoutError' ? 'timeout' : 'no-connection');
	}
};
