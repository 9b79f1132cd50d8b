/** Sends the messages that are due, a few at a time, and takes note of how each attempt went. */
import { MAX_FAILING_DAYS } from '../../../contract/limits.ts';
import { type DeliveryFailure, type DisabledReason, isDeliveredStatus } from '../../../contract/webhooks/webhook-events.ts';
import { mapConcurrently } from '../../../lib/concurrency.ts';
import { webhookHeaders } from '../../../lib/http/standard-webhooks.ts';
import type { Result } from '../../../lib/result.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../lib/time.ts';
import type { WebhookDelivery, WebhookOwner } from '../../ports/webhooks.ts';
import type { NewMessage, WaitingMessage, WebhookRow, WebhookTables } from './webhook-tables.ts';

/** From one attempt to the next, as Standard Webhooks proposes. After the last one, a message is given up. */
export const RETRY_WAITS_MS = [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS] as const;
/** Messages that are sent in one go: a Worker on the free plan may call fifty others, and each message costs three. */
const MAX_MESSAGES = 12;
/** Of these, how many may be for one webhook. One that fails has one, so that receivers that do not answer hold up nobody else. */
const MAX_MESSAGES_EACH = 4;
/** Attempts at the same time: a Worker has six connections. */
const CONCURRENT_ATTEMPTS = 6;
/** Between two messages to a webhook whose attempts have failed once, and more than once. */
const FAILED_ONCE_MS = 5 * SECOND_MS;
const FAILED_OFTEN_MS = MINUTE_MS;
/** Until a message is looked at again, where a keeper did not answer. */
const KEEPER_RETRY_MS = MINUTE_MS / 2;
/** RFC 9110 §15.5.11: the receiver wants no more, as Standard Webhooks has it. */
const GONE = 410;

/** Sends a request and follows no redirect. The status of the answer, or why there was none. */
export type WebhookTransport = (request: {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}) => Promise<Result<number, DeliveryFailure>>;

export interface WebhookDeliveriesDependencies {
	readonly send: WebhookTransport;
	/** Whether the service may send to this URL. */
	readonly isUrlAllowed: (url: string) => boolean;
	/** Whether the owner may see a record now; `ended`: what they created the webhook with is no longer valid. */
	readonly readAccess: (owner: WebhookOwner, domain: string) => Promise<'allowed' | 'refused' | 'ended'>;
}

interface Run extends WebhookDeliveriesDependencies {
	readonly tables: WebhookTables;
	readonly now: () => number;
	readonly transaction: (work: () => void) => void;
	/** Called inside a transaction. */
	readonly disable: (row: WebhookRow, reason: DisabledReason) => void;
	readonly logFailure: (failure: unknown) => void;
}

export async function sendDueMessages(run: Run): Promise<void> {
	const { tables, now } = run;
	const due: { readonly webhook: string; readonly message: WaitingMessage }[] = [];
	for (const { id, failures } of tables.nextWebhooks(now(), MAX_MESSAGES)) {
		const room = Math.min(failures > 0 ? 1 : MAX_MESSAGES_EACH, MAX_MESSAGES - due.length);
		for (const message of tables.dueMessages(id, now(), room)) due.push({ webhook: id, message });
	}
	await mapConcurrently(due, CONCURRENT_ATTEMPTS, async ({ webhook, message }) => {
		try {
			await deliver(run, webhook, message);
		} catch (failure) {
			// Not the receiver's fault: the attempt does not count.
			tables.postponeMessage(message.seq, message.attempts, now() + KEEPER_RETRY_MS);
			run.logFailure(failure);
		}
	});
}

async function deliver(run: Run, id: string, message: WaitingMessage): Promise<void> {
	const { tables } = run;
	const before = tables.find(id);
	if (before === null || before.disabledAt !== null) return;
	const access = await run.readAccess(before.owner, message.domain);
	const outcome = access === 'allowed' ? await attempt(run, before, message) : null;
	run.transaction(() => {
		const row = tables.find(id);
		// While that was awaited, somebody may have removed or disabled it.
		if (row === null || row.disabledAt !== null) return;
		if (access === 'ended') run.disable(row, 'owner-ended');
		else if (outcome === null) tables.removeMessage(message.seq);
		else takeNote(run, row, message, outcome);
	});
}

type Outcome = Pick<WebhookDelivery, 'status' | 'failure'>;

/** Sends a message once. */
export async function attempt(
	{ send, isUrlAllowed, now }: Pick<Run, 'send' | 'isUrlAllowed' | 'now'>,
	{ url, secret }: Pick<WebhookRow, 'url' | 'secret'>,
	{ id, body }: Pick<NewMessage, 'id' | 'body'>,
): Promise<Outcome> {
	if (!isUrlAllowed(url)) return { status: null, failure: 'url-refused' };
	const headers = await webhookHeaders({ id, timestamp: Math.floor(now() / SECOND_MS), body }, secret);
	const answer = await send({ url, headers: { ...headers, 'Content-Type': 'application/json' }, body });
	return answer.ok ? { status: answer.value, failure: null } : { status: null, failure: answer.error };
}

/** Called inside a transaction. */
function takeNote({ tables, now, disable }: Run, row: WebhookRow, message: WaitingMessage, outcome: Outcome): void {
	const at = now();
	const attempts = message.attempts + 1;
	const wait = RETRY_WAITS_MS[message.attempts];
	const failingSince = row.failingSince ?? at;
	const isOver = outcome.status === GONE || at - failingSince >= MAX_FAILING_DAYS * DAY_MS;
	const isDelivered = isDeliveredStatus(outcome.status);
	const nextAt = isDelivered || isOver || wait === undefined ? null : at + wait;
	const { id, type, domain, revision } = message;
	tables.addDelivery(row.id, { message: id, type, domain, revision, at, attempt: attempts, ...outcome, nextAt });
	if (isDelivered) {
		tables.removeMessage(message.seq);
		tables.put({ ...row, failures: 0, failingSince: null, notBefore: 0, attemptedAt: at });
		return;
	}
	const failures = row.failures + 1;
	const failed = { ...row, failures, failingSince, notBefore: at + (failures > 1 ? FAILED_OFTEN_MS : FAILED_ONCE_MS), attemptedAt: at };
	if (isOver) disable(failed, outcome.status === GONE ? 'gone' : 'failed');
	else if (nextAt === null) {
		tables.removeMessage(message.seq);
		tables.put({ ...failed, dropped: row.dropped + 1 });
	} else {
		tables.postponeMessage(message.seq, attempts, nextAt);
		tables.put(failed);
	}
}
