/** The contract of the keeper of the webhooks on every platform. What it does when things break is tested in test/node/webhook-keeper.test.ts. */
import { expect, it } from 'vitest';
import { createWebhookWorld, newWebhook } from '../../support/webhook-world.ts';
import type { RunOnPlatform } from './platform-under-test.ts';

export function describeWebhookKeeper(run: RunOnPlatform): void {
	it('creates, tells, tries again, lists and removes, over restarts', () =>
		run(async ({ platform, advance, readAlarm }) => {
			const events = [{ name: 'a.example', revision: 7, act: 'put', who: 'operator', token: null, tags: [], state: 'live' }] as const;
			const world = createWebhookWorld(platform, {
				watchRecords: async () => 40,
				unwatchRecords: async () => undefined,
				readRecordEvents: async (after) => ({
					checks: [],
					events: after < 41 ? events.map((event) => ({ ...event, at: platform.clock.now() })) : [],
					lastId: 41,
					hasMore: false,
					wasWatched: true,
				}),
				appendAudit: async () => undefined,
			});
			const ring = async () => {
				await advance(Math.max(0, ((await readAlarm()) ?? 0) - platform.clock.now()));
				await world.start().alarm();
			};
			const created = await world.start().create(newWebhook());
			const id = created?.id ?? '';
			world.answer = () => 500;
			await world.start().recordsChanged();
			for (let time = 0; time < 3; time++) await ring();
			expect(await world.start().list(null, '', 10)).toMatchObject({ webhooks: [{ id, waiting: 1, dropped: 0 }], next: null });
			world.answer = () => 200;
			for (let time = 0; time < 3; time++) await ring();
			const deliveries = await world.start().listDeliveries(id);
			expect(deliveries.at(0)).toMatchObject({ domain: 'a.example', revision: 7, status: 200, nextAt: null });
			expect(await world.start().find(id)).toMatchObject({ waiting: 0, failingSince: null });
			expect(await world.start().sendTest(id)).toMatchObject({ status: 200 });
			expect(await world.start().remove(id, { who: 'operator', token: null })).toBe(true);
			expect(await world.start().remove(id, { who: 'operator', token: null })).toBe(false);
			for (let time = 0; time < 3; time++) if ((await readAlarm()) !== null) await ring();
			expect(await world.start().find(id)).toBeNull();
		}));
}
