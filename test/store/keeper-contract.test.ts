/** Runs the keepers' contract on Cloudflare: in workerd, over the storage of a Durable Object. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { LogCode } from '../../src/lib/log.ts';
import { objectPlatform } from '../../src/worker/objects/object-platform.ts';
import { describeKeepers } from './contract/keeper-contract.ts';
import { createTestClock } from './contract/platform-under-test.ts';

const DAY_MS = 86_400_000;

describeKeepers(async (test) => {
	// The object's own keeper creates no tables before the first save, so the storage is empty.
	await runInDurableObject(env.KEEPERS.get(env.KEEPERS.idFromName('contract.example')), async (_, { storage }) => {
		const clock = createTestClock(Date.now() + 30 * DAY_MS);
		const logged: LogCode[] = [];
		const platform = { ...objectPlatform(storage), clock, log: (code: LogCode) => void logged.push(code) };
		await test({ platform, advance: clock.advance, readAlarm: () => storage.getAlarm(), logged });
	});
});
