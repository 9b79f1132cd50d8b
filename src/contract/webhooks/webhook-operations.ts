/** The operations on webhooks: who is told of changes to records, and of checks that got worse. */
import { CreateWebhookBody } from '../bodies.ts';
import { AFTER_PARAMETER, LIMIT_PARAMETER } from '../domain-operations.ts';
import type { Operation } from '../operation.ts';
import { CreatedWebhookView, DeliveriesView, DeliveryView, WebhooksView, WebhookView } from './webhook-views.ts';

export const WEBHOOK_OPERATIONS = [
	{
		id: 'listWebhooks',
		method: 'GET',
		path: '/webhooks',
		title: 'List webhooks',
		permission: { kind: 'scope', role: 'admin' },
		query: [AFTER_PARAMETER, LIMIT_PARAMETER],
		status: 200,
		view: WebhooksView,
		description: 'The operator sees all, everybody else those that they have created. Secrets are never shown.',
	},
	{
		id: 'createWebhook',
		method: 'POST',
		path: '/webhooks',
		title: 'Create a webhook',
		permission: { kind: 'scope', role: 'admin' },
		body: CreateWebhookBody,
		status: 201,
		view: CreatedWebhookView,
		description:
			'From now on, each revision of a record that the caller may see, and each check of its domain that got worse, is told to this URL, signed as Standard Webhooks has it. What the caller may see is asked again before each message; with a token that ends, its webhooks end. The secret is shown once.',
	},
	{
		id: 'deleteWebhook',
		method: 'DELETE',
		path: '/webhooks/{webhook}',
		title: 'Delete a webhook',
		permission: { kind: 'scope', role: 'admin' },
		status: 204,
		view: null,
		problems: ['not-found'],
		description: 'Ends it at once. Messages that wait are not sent.',
	},
	{
		id: 'enableWebhook',
		method: 'POST',
		path: '/webhooks/{webhook}/enable',
		title: 'Enable a webhook',
		permission: { kind: 'scope', role: 'admin' },
		status: 200,
		view: WebhookView,
		problems: ['not-found'],
		description:
			'Has one that was disabled told again, of what happens from now on. What happened before is in the audit trail. Nothing changes where it is not disabled.',
	},
	{
		id: 'testWebhook',
		method: 'POST',
		path: '/webhooks/{webhook}/test',
		title: 'Test a webhook',
		permission: { kind: 'scope', role: 'admin' },
		status: 200,
		view: DeliveryView,
		problems: ['not-found'],
		description: 'Sends a message of the type `webhook.test` at once, once, and answers how that went. Every five seconds at most.',
	},
	{
		id: 'readDeliveries',
		method: 'GET',
		path: '/webhooks/{webhook}/deliveries',
		title: 'Read the deliveries of a webhook',
		permission: { kind: 'scope', role: 'admin' },
		status: 200,
		view: DeliveriesView,
		problems: ['not-found'],
		description: 'The last fifty attempts, newest first.',
	},
] as const satisfies readonly Operation[];
