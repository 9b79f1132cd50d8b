/** The port to the webhooks: who is told of changes to records, and how that went. Plain data only, because calls may go over RPC. */
import type { DeliveryFailure, DisabledReason, WebhookEvent, WebhookMessageType } from '../../contract/webhooks/webhook-events.ts';
import type { VisibleRecords } from './directory.ts';
import type { Actor } from './tokens.ts';

/** Who has created a webhook. It tells of the records that they may see at the time when a message is sent. */
export interface WebhookOwner extends Actor {
	/** The account that its webhooks are counted under: a token shares it with all that it was created with or has created. */
	readonly account: string;
	/** The records that they could see when they created it: a token never comes to see others. */
	readonly visible: VisibleRecords;
}

export interface NewWebhook {
	readonly url: string;
	/** As `formatWebhookSecret` writes it. */
	readonly secret: string;
	readonly events: readonly WebhookEvent[];
	readonly owner: WebhookOwner;
}

/** A webhook without its secret. */
export interface Webhook {
	readonly id: string;
	readonly url: string;
	readonly events: readonly WebhookEvent[];
	readonly createdBy: string;
	/** The token that it was created with; null where a person has. */
	readonly token: string | null;
	/** Unix time in milliseconds, as are the other times. */
	readonly createdAt: number;
	/** Since when every attempt has failed; null where the last one did not. */
	readonly failingSince: number | null;
	readonly disabledAt: number | null;
	readonly disabledReason: DisabledReason | null;
	/** Messages that wait to be sent. */
	readonly waiting: number;
	/** Messages that were given up: refused too often, or too many waited. */
	readonly dropped: number;
}

/** One attempt to deliver a message. */
export interface WebhookDelivery {
	/** The message's `webhook-id`. */
	readonly message: string;
	readonly type: WebhookMessageType;
	/** Null for a test. */
	readonly domain: string | null;
	readonly revision: number | null;
	readonly at: number;
	/** 1 for the first. */
	readonly attempt: number;
	/** The HTTP status of the answer; null where there was none. */
	readonly status: number | null;
	readonly failure: DeliveryFailure | null;
	/** When it is tried again; null where it is not. */
	readonly nextAt: number | null;
}

export interface WebhookPage {
	readonly webhooks: readonly Webhook[];
	/** The `after` of the next page; null on the last page. */
	readonly next: string | null;
}

export interface Webhooks {
	/** Null where the owner's account has as many as it may have. */
	create(webhook: NewWebhook): Promise<Webhook | null>;
	/** A page of webhooks in the order of their ids. @param of only those that this actor has created; null for all */
	list(of: Actor | null, after: string, limit: number): Promise<WebhookPage>;
	find(id: string): Promise<Webhook | null>;
	/** Removes a webhook with its secret and all that waits for it; false where there is none. */
	remove(id: string, by: Actor): Promise<boolean>;
	/** Has a disabled one told again, of what happens from now on. Null where there is none. */
	enable(id: string, by: Actor): Promise<Webhook | null>;
	/** The last attempts, newest first; empty where there is no such webhook. */
	listDeliveries(id: string): Promise<readonly WebhookDelivery[]>;
	/** Sends a test message at once, and says how that went. `too-soon`: the last test was a moment ago. Null where there is no such webhook. */
	sendTest(id: string): Promise<WebhookDelivery | 'too-soon' | null>;
	/** Records have changed: the directory is asked what, soon. */
	recordsChanged(): Promise<void>;
}
