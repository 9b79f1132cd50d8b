/** What webhooks tell of, and what becomes of a webhook. */

/** The events that a webhook can be for. */
export const WEBHOOK_EVENTS = ['record.saved', 'record.deleted', 'check.worsened'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** The `type` of a message: an event, or the test that somebody asked for. */
export const WEBHOOK_MESSAGE_TYPES = [...WEBHOOK_EVENTS, 'webhook.test'] as const;
export type WebhookMessageType = (typeof WEBHOOK_MESSAGE_TYPES)[number];

/** `failing`: the last attempt failed, and it is tried again. `disabled`: nothing is sent until somebody enables it. */
export const WEBHOOK_STATES = ['active', 'failing', 'disabled'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

/** `failed`: for five days every attempt has. `gone`: the receiver answered 410. `owner-ended`: what it was created with is no longer valid. */
export const DISABLED_REASONS = ['failed', 'gone', 'owner-ended'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** `timeout`: no answer in time. `no-connection`: the receiver could not be reached. `url-refused`: the URL is none that the service may send to any more. */
export const DELIVERY_FAILURES = ['timeout', 'no-connection', 'url-refused'] as const;
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number];

/** Whether a receiver that has answered with this HTTP status has taken the message. @param status null where there was no answer */
export function isDeliveredStatus(status: number | null): boolean {
	return status !== null && status >= 200 && status < 300;
}
