/** The operations on webhooks. Each caller has to do with their own; the operator with all. */
import { CreateWebhookBody } from '../../contract/bodies.ts';
import { MAX_WEBHOOKS_PER_OWNER } from '../../contract/limits.ts';
import { isDeliveredStatus } from '../../contract/webhooks/webhook-events.ts';
import { parseWebhookUrl } from '../../contract/webhooks/webhook-url.ts';
import type { DeliveryView, WebhookView } from '../../contract/webhooks/webhook-views.ts';
import { formatWebhookSecret } from '../../lib/http/standard-webhooks.ts';
import { err, ok } from '../../lib/result.ts';
import { isoTime } from '../../lib/time.ts';
import type { Webhook, WebhookDelivery } from '../../store/ports/webhooks.ts';
import { type Principal, visibleRecords } from '../auth/principal.ts';
import { isWithinOwnerLimit } from '../auth/write-limit.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { parsePageSize, readBody } from '../request-input.ts';

/** Bytes of a secret: Standard Webhooks wants 24 to 64. */
const SECRET_BYTES = 32;

export const listWebhooks: Handler = async ({ url, principal, dependencies: { webhooks } }) => {
	const limit = parsePageSize(url);
	if (!limit.ok) return limit;
	const of = principal.domains === 'all' ? null : actorOf(principal);
	const page = await webhooks.list(of, url.searchParams.get('after') ?? '', limit.value);
	return ok({ body: { webhooks: page.webhooks.map(webhookView), next: page.next } });
};

export const createWebhook: Handler = async ({ request, url: { hostname }, principal, dependencies }) => {
	const body = await readBody(request, CreateWebhookBody);
	if (!body.ok) return body;
	const { webhooks, webhookUrls } = dependencies;
	// Whatever the service is called by whoever asks, it is not told of its own changes.
	const url = parseWebhookUrl(body.value.url, { ...webhookUrls, ownHosts: [...webhookUrls.ownHosts, hostname] });
	if (!url.ok) return err({ code: 'invalid', errors: [{ path: 'url', reason: url.error }] });
	if (!(await isWithinOwnerLimit(principal, dependencies))) return err({ code: 'too-many' });
	const secret = formatWebhookSecret(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
	const owner = { ...actorOf(principal), account: principal.account, visible: visibleRecords(principal) };
	const created = await webhooks.create({ url: url.value, secret, events: [...new Set(body.value.events)], owner });
	if (created === null)
		return err({
			code: 'invalid',
			errors: [{ path: '', reason: `would be one more than the ${MAX_WEBHOOKS_PER_OWNER} that you may have: delete one first` }],
		});
	return ok({ status: 201, body: { ...webhookView(created), secret } });
};

export const deleteWebhook: Handler = async (context) => {
	const webhook = await findOwn(context);
	if (webhook === null) return err({ code: 'not-found' });
	await context.dependencies.webhooks.remove(webhook.id, actorOf(context.principal));
	return ok({ status: 204, body: null });
};

export const enableWebhook: Handler = async (context) => {
	const webhook = await findOwn(context);
	const enabled = webhook === null ? null : await context.dependencies.webhooks.enable(webhook.id, actorOf(context.principal));
	return enabled === null ? err({ code: 'not-found' }) : ok({ body: webhookView(enabled) });
};

export const testWebhook: Handler = async (context) => {
	const webhook = await findOwn(context);
	if (webhook === null) return err({ code: 'not-found' });
	const { webhooks } = context.dependencies;
	if (!(await isWithinOwnerLimit(context.principal, context.dependencies))) return err({ code: 'too-many' });
	const delivery = await webhooks.sendTest(webhook.id);
	if (delivery === 'too-soon') return err({ code: 'too-many' });
	return delivery === null ? err({ code: 'not-found' }) : ok({ body: deliveryView(delivery) });
};

export const readDeliveries: Handler = async (context) => {
	const webhook = await findOwn(context);
	if (webhook === null) return err({ code: 'not-found' });
	const deliveries = await context.dependencies.webhooks.listDeliveries(webhook.id);
	return ok({ body: { deliveries: deliveries.map(deliveryView) } });
};

function actorOf({ who, token }: Principal) {
	return { who, token };
}

/** The webhook in the path, where the caller may have to do with it. Nobody learns which others there are. */
async function findOwn({ pathParameters, principal, dependencies }: HandlerContext): Promise<Webhook | null> {
	const found = await dependencies.webhooks.find(pathParameters.webhook ?? '');
	if (found === null || principal.domains === 'all') return found;
	const isOwn = found.token === principal.token && (principal.token !== null || found.createdBy === principal.who);
	return isOwn ? found : null;
}

function webhookView({ token: _, createdAt, failingSince, disabledAt, ...webhook }: Webhook): WebhookView {
	return {
		...webhook,
		createdAt: isoTime(createdAt),
		state: disabledAt !== null ? 'disabled' : failingSince !== null ? 'failing' : 'active',
		failingSince: timeOrNull(failingSince),
		disabledAt: timeOrNull(disabledAt),
	};
}

function deliveryView({ message, at, nextAt, ...delivery }: WebhookDelivery): DeliveryView {
	return { id: message, ...delivery, delivered: isDeliveredStatus(delivery.status), at: isoTime(at), nextAt: timeOrNull(nextAt) };
}

function timeOrNull(time: number | null): string | null {
	return time === null ? null : isoTime(time);
}
