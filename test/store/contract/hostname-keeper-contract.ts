/** The contract of the keeper of custom hostnames on every platform. What it does at Cloudflare is tested in test/node/hostname-keeper.test.ts. */
import { expect, it } from 'vitest';
import { createFakeCustomHostnames } from '../../support/fake-custom-hostnames.ts';
import { createHostnameWorld } from '../../support/hostname-world.ts';
import type { RunOnPlatform } from './platform-under-test.ts';

const DAY_MS = 86_400_000;
const ALL = { phase: null, after: '', limit: 10 } as const;

export function describeHostnameKeeper(run: RunOnPlatform): void {
	it('creates, lists by pages and states, and removes, over restarts', () =>
		run(async ({ platform, advance, readAlarm }) => {
			const cloudflare = createFakeCustomHostnames([]);
			const world = createHostnameWorld(platform, { transport: cloudflare.transport, limit: 3, graceMs: DAY_MS });
			const ring = async () => {
				for (let time = 0; time < 8; time++) {
					await advance(Math.max(0, ((await readAlarm()) ?? 0) - platform.clock.now()));
					await world.start().alarm();
				}
			};
			for (const domain of ['a.example', 'b.example']) world.save(domain, [`autoconfig.${domain}`, `autodiscover.${domain}`]);
			await world.start().recordsChanged(['a.example', 'b.example']);
			await ring();
			const keeper = world.start();
			const first = await keeper.listHostnames({ ...ALL, limit: 1 });
			expect(first).toMatchObject({
				entries: [{ hostname: 'autoconfig.a.example', domain: 'a.example', phase: 'waiting', status: 'pending' }],
				next: 'autoconfig.a.example',
				counts: { waiting: 3, 'over-limit': 1 },
				usage: { used: 3, limit: 3 },
			});
			const rest = await keeper.listHostnames({ ...ALL, after: 'autoconfig.a.example' });
			expect([rest.entries.length, rest.next]).toEqual([3, null]);
			expect((await keeper.listHostnames({ ...ALL, phase: 'over-limit' })).entries.map(({ hostname }) => hostname)).toEqual([
				'autodiscover.b.example',
			]);
			await keeper.recheckDomain('a.example');
			world.save('a.example', null);
			await keeper.recordsChanged(['a.example']);
			await ring();
			expect((await keeper.readDomain('a.example')).entries.map(({ phase }) => phase)).toEqual(['leaving', 'leaving']);
			await advance(DAY_MS);
			await ring();
			expect(cloudflare.hostnames.map(({ hostname }) => hostname).toSorted()).toEqual(['autoconfig.b.example', 'autodiscover.b.example']);
		}));
}
