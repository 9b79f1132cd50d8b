/** The messages about what the audit trail has, and which webhooks get them. They hold nothing of a record: whoever may see it reads it. */
import { actorKind } from '../../../contract/acts.ts';
import type { WebhookEvent } from '../../../contract/webhooks/webhook-events.ts';
import { sha256Hex } from '../../../lib/digest.ts';
import { isoTime, MINUTE_MS } from '../../../lib/time.ts';
import type { CheckEvent, RecordEvent } from '../../ports/directory.ts';
import type { NewMessage, WebhookRow } from './webhook-tables.ts';

/** How far the clocks of two objects may be apart. */
const CLOCK_SKEW_MS = MINUTE_MS;

/** A message, and what decides who gets it. */
export interface EventMessage {
	/** When it happened, Unix time in milliseconds. */
	readonly at: number;
	/** The tags that the record has now. */
	readonly tags: readonly string[];
	readonly message: NewMessage;
}

export async function messageAboutRevision(event: RecordEvent): Promise<EventMessage> {
	const { name, revision, act, at, who, token, tags } = event;
	const type = eventType(event);
	const data = { domain: name, revision, act, by: actorKind(who, token) };
	const body = JSON.stringify({ type, timestamp: isoTime(at), data });
	return { at, tags, message: { id: await messageId(`${name}:${revision}`), type, domain: name, revision, body } };
}

export async function messageAboutCheck({ line, name, areas, at, who, token, tags }: CheckEvent): Promise<EventMessage> {
	const type = 'check.worsened';
	const data = { domain: name, areas, by: actorKind(who, token) };
	const body = JSON.stringify({ type, timestamp: isoTime(at), data });
	return { at, tags, message: { id: await messageId(line), type, domain: name, revision: null, body } };
}

export function isToBeTold(
	{ events, activeSince, owner: { visible } }: Pick<WebhookRow, 'events' | 'activeSince' | 'owner'>,
	{ at, tags, message: { type, domain } }: EventMessage,
): boolean {
	return (
		at >= activeSince - CLOCK_SKEW_MS &&
		events.some((event) => event === type) &&
		(visible.names === null || visible.names.includes(domain)) &&
		(visible.tag === null || tags.includes(visible.tag))
	);
}

/** The identifier of a message: equal for one thing that happened, in whichever trail it stands. An identifier must have no full stop, which names have. */
async function messageId(of: string): Promise<string> {
	return `msg_${(await sha256Hex(of)).slice(0, 32)}`;
}

/**
 * Where the revision has been replaced since, its act alone is known: an act other than `delete` removes a record only where a backup or a copy
 * without it was taken over, and the newer revision is told of next.
 */
function eventType({ act, state }: RecordEvent): WebhookEvent {
	return (state === null ? act === 'delete' : state === 'deleted') ? 'record.deleted' : 'record.saved';
}
