/** A keeper of webhooks, with a directory, receivers and owners that a test changes. */
import { type DeliveryFailure, WEBHOOK_EVENTS } from '../../src/contract/webhooks/webhook-events.ts';
import { err, ok } from '../../src/lib/result.ts';
import { WebhookKeeper, type WebhookKeeperDependencies } from '../../src/store/objects/webhooks/webhook-keeper.ts';
import type { ObjectPlatform } from '../../src/store/ports/platform.ts';
import type { NewWebhook } from '../../src/store/ports/webhooks.ts';

/** A request that a receiver has got. */
export interface ReceivedWebhook {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	readonly at: number;
}

export const WEBHOOK_URL = 'https://hooks.example.net/signpost';
export const WEBHOOK_SECRET = 'whsec_dGhpcy1rZXktaXMtb2YtYW4tZXhhbXBsZS1vbmx5LiE=';

/** A webhook of the operator. */
export function newWebhook(changed: Partial<NewWebhook> = {}): NewWebhook {
	return {
		url: WEBHOOK_URL,
		secret: WEBHOOK_SECRET,
		events: WEBHOOK_EVENTS,
		owner: { who: 'operator', token: null, account: 'operator', visible: { names: null, tag: null } },
		...changed,
	};
}

type WatchedDirectory = WebhookKeeperDependencies['directory'];

export function createWebhookWorld(platform: ObjectPlatform, directory: WatchedDirectory) {
	const received: ReceivedWebhook[] = [];
	const world = {
		received,
		/** What a receiver answers: a status, or why it does not. */
		answer: (_url: string): number | DeliveryFailure => 204,
		/** What happens while a message is under way. */
		during: async (): Promise<void> => undefined,
		access: (_domain: string): 'allowed' | 'refused' | 'ended' => 'allowed',
		/** Another instance over the same data, as after a restart. */
		start: () => new WebhookKeeper(platform, dependencies),
	};
	let ids = 0;
	const dependencies = {
		directory,
		async send({ url, headers, body }: Omit<ReceivedWebhook, 'at'>) {
			received.push({ url, headers, body, at: platform.clock.now() });
			await world.during();
			const answer = world.answer(url);
			return typeof answer === 'number' ? ok(answer) : err(answer);
		},
		isUrlAllowed: () => true,
		readAccess: async (_owner: unknown, domain: string) => world.access(domain),
		newId: () => {
			ids += 1;
			return `id-${ids}`;
		},
	};
	return world;
}
