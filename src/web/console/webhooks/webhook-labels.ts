/** What is said of a webhook's events and state. */
import type { WebhookEvent, WebhookState } from '../../../contract/webhooks/webhook-events.ts';
import type { Status } from '../components/status-badge.tsx';

/** When a message is sent. */
export const EVENT_CLAUSES = {
	'record.saved': 'a record is saved',
	'record.deleted': 'a record is deleted',
	'check.worsened': 'a check got worse',
} as const satisfies Record<WebhookEvent, string>;

/** What a message tells of, as it follows the name of the domain. */
export const EVENT_LABELS = {
	'record.saved': 'saved',
	'record.deleted': 'deleted',
	'check.worsened': 'check got worse',
} as const satisfies Record<WebhookEvent, string>;

export const STATE_STATUSES: Readonly<Record<WebhookState, Status>> = {
	// Whether it works is not known: it may have sent nothing yet, and a test does not count.
	active: { tone: 'plain', text: 'Active', explanation: 'It is told of what happens. No message about it is failing.' },
	failing: { tone: 'warn', text: 'Failing', explanation: 'The last attempt failed. It is tried again.' },
	disabled: { tone: 'bad', text: 'Disabled', explanation: 'Nothing is sent to it.' },
};
