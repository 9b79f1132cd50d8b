/** What the console and the tool say of webhooks. */
import { MAX_FAILING_DAYS } from '../limits.ts';
import type { DisabledReason } from './webhook-events.ts';
import type { DeliveryView } from './webhook-views.ts';

/** What a receiver has answered, or why it has not, as it follows "delivered" or "not delivered". */
export function describeAnswer({ status, failure }: Pick<DeliveryView, 'status' | 'failure'>): string {
	if (status !== null) return `answered ${status}`;
	switch (failure) {
		case 'timeout':
			return 'no answer in time';
		case 'url-refused':
			return 'webhooks may not lead there any more';
		case 'no-connection':
		case null:
			return 'the receiver could not be reached';
	}
}

/** Why nothing is sent to a webhook any more, and what to do about it. */
export const DISABLED_EXPLANATIONS: Readonly<Record<DisabledReason, string>> = {
	failed: `Every attempt of ${MAX_FAILING_DAYS} days failed. Send a test; when it is delivered, enable it again.`,
	gone: 'The receiver answered that it wants no more messages (410). Enable it again if that was a mistake.',
	'owner-ended': 'The token that it was created with is no longer valid. Delete it; create another with a valid token.',
};

/** What is lost with a webhook that is deleted. @param waiting messages that are still to be sent */
export function describeDeletion(waiting: number): string {
	const verb = waiting === 1 ? 'message waits and is' : 'messages wait and are';
	const messages = waiting === 0 ? 'No message waits' : `${waiting.toLocaleString('en')} ${verb} not sent`;
	return `${messages}. Its secret and the list of its deliveries go with it.`;
}
