/** Webhooks in every state, as the service would answer: it takes five days to come to some of them. */
import type { Page } from 'playwright-core';
import { WEBHOOK_EVENTS } from '../../src/contract/webhooks/webhook-events.ts';
import type { DeliveryView, WebhookView } from '../../src/contract/webhooks/webhook-views.ts';

/** The id of the webhook that has deliveries. */
export const FAILING_WEBHOOK = 'failing';

const ACTIVE: WebhookView = {
	id: 'active',
	url: 'https://hooks.example.org/signpost',
	events: WEBHOOK_EVENTS,
	createdAt: '2026-11-02T08:00:00.000Z',
	createdBy: 'operator',
	state: 'active',
	failingSince: null,
	disabledAt: null,
	disabledReason: null,
	waiting: 0,
	dropped: 0,
};

const DISABLED = {
	...ACTIVE,
	state: 'disabled',
	failingSince: '2026-11-12T03:14:00.000Z',
	disabledAt: '2026-11-17T03:20:00.000Z',
	dropped: 10_412,
} as const;

const WEBHOOKS: readonly WebhookView[] = [
	ACTIVE,
	{
		...ACTIVE,
		id: FAILING_WEBHOOK,
		url: 'https://automation.customers.example.net/tenants/4711/hooks/signpost-changes-of-mail-domains?key=0123456789abcdef0123456789abcdef',
		events: ['record.deleted'],
		createdBy: 'Deploy script',
		state: 'failing',
		failingSince: '2026-11-28T22:05:00.000Z',
		waiting: 3,
		dropped: 1,
	},
	{ ...DISABLED, id: 'failed', url: 'https://gone.example.org/', disabledReason: 'failed' },
	{ ...DISABLED, id: 'gone', url: 'https://moved.example.org/', disabledReason: 'gone', dropped: 0 },
	{ ...DISABLED, id: 'ended', url: 'https://former.example.org/', createdBy: 'ada@own.example', disabledReason: 'owner-ended' },
];

const DELIVERED: DeliveryView = {
	id: 'msg_1',
	type: 'record.saved',
	domain: 'look.example',
	revision: 7,
	at: '2026-11-28T22:00:00.000Z',
	attempt: 1,
	delivered: true,
	status: 204,
	failure: null,
	nextAt: null,
};

const DELIVERIES: readonly DeliveryView[] = [
	{ ...DELIVERED, id: 'msg_test', type: 'webhook.test', domain: null, revision: null, delivered: false, status: 503 },
	{
		...DELIVERED,
		id: 'msg_2',
		type: 'record.deleted',
		attempt: 2,
		delivered: false,
		status: null,
		failure: 'timeout',
		nextAt: '2026-11-28T22:35:00.000Z',
	},
	{
		...DELIVERED,
		id: 'msg_3',
		domain: 'a-name-that-is-about-as-long-as-names-of-customers-really-are.widths.example',
		delivered: false,
		status: null,
		failure: 'no-connection',
		nextAt: '2026-11-28T22:05:05.000Z',
	},
	DELIVERED,
	{ ...DELIVERED, id: 'msg_4', type: 'check.worsened', revision: null },
];

/** Has the page answered so in place of the service. */
export async function stubWebhookAnswers(page: Page): Promise<void> {
	await page.route('**/admin/api/webhooks?*', async (route) => route.fulfill({ json: { webhooks: WEBHOOKS, next: null } }));
	await page.route('**/admin/api/webhooks/*/deliveries', async (route) => route.fulfill({ json: { deliveries: DELIVERIES } }));
}
