/** What is said of a webhook's events and state. */
import type { WebhookEvent, WebhookState } from '../../../contract/webhooks/webhook-events.ts';
import type { Status } from '../components/status-badge.tsx';

/** What has happened to a record. */
export const EVENT_LABELS = { 'record.saved': 'saved', 'record.deleted': 'deleted' } as const satisfies Record<WebhookEvent, string>;

export const STATE_STATUSES: Readonly<Record<WebhookState, Status>> = {
	// Whether it works is not known: it may have sent nothing yet, and a test does not count.
	active: { tone: 'plain', text: 'Active', explanation: 'It is told of changes. No message about one is failing.' },
	failing: { tone: 'warn', text: 'Failing', explanation: 'The last attempt failed. It is tried again.' },
	disabled: { tone: 'bad', text: 'Disabled', explanation: 'Nothing is sent to it.' },
};
