/** The answers of the admin API about webhooks. */
import * as v from 'valibot';
import { DELIVERY_FAILURES, DISABLED_REASONS, WEBHOOK_EVENTS, WEBHOOK_MESSAGE_TYPES, WEBHOOK_STATES } from './webhook-events.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const text = v.string();
const count = v.pipe(v.number(), v.integer());
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());

export const WebhookView = v.object({
	id: text,
	url: text,
	events: list(v.picklist(WEBHOOK_EVENTS)),
	createdAt: time,
	createdBy: text,
	state: v.pipe(
		v.picklist(WEBHOOK_STATES),
		v.description('`failing`: the last attempt failed, and it is tried again. `disabled`: nothing is sent until it is enabled.'),
	),
	failingSince: v.pipe(v.nullable(time), v.description('Since when every attempt has failed.')),
	disabledAt: v.nullable(time),
	disabledReason: v.pipe(
		v.nullable(v.picklist(DISABLED_REASONS)),
		v.description(
			'`failed`: every attempt of five days has. `gone`: the receiver answered 410. `owner-ended`: the token that it was created with is no longer valid.',
		),
	),
	waiting: v.pipe(count, v.description('Messages that are still to be sent.')),
	dropped: v.pipe(count, v.description('Messages that were given up. What they told of is in the audit trail.')),
});

export const CreatedWebhookView = v.object({
	...WebhookView.entries,
	secret: v.pipe(text, v.description('What the receiver checks signatures with. It is shown in this answer alone.')),
});

export const WebhooksView = v.object({
	webhooks: list(WebhookView),
	next: v.pipe(v.nullable(text), v.description('Send this in the next request to get the following page; null on the last page.')),
});

export const DeliveryView = v.object({
	id: v.pipe(text, v.description('The header `webhook-id` of the message.')),
	type: v.picklist(WEBHOOK_MESSAGE_TYPES),
	domain: v.pipe(v.nullable(text), v.description('Null for a test.')),
	revision: v.pipe(v.nullable(count), v.description('Null for what is about no revision: a test, and a check.')),
	at: time,
	attempt: v.pipe(count, v.description('1 for the first.')),
	delivered: v.boolean(),
	status: v.pipe(v.nullable(count), v.description('The HTTP status of the answer; null where there was none.')),
	failure: v.pipe(
		v.nullable(v.picklist(DELIVERY_FAILURES)),
		v.description('Why there was no answer. `url-refused`: webhooks may not have this URL any more.'),
	),
	nextAt: v.pipe(v.nullable(time), v.description('When it is tried again; null where it is not.')),
});

export const DeliveriesView = v.object({ deliveries: list(DeliveryView) });

export type WebhookView = v.InferOutput<typeof WebhookView>;
export type DeliveryView = v.InferOutput<typeof DeliveryView>;
