import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach } from 'vitest';
import { directoryStub, tokensStub } from '../../src/worker/stubs.ts';

/** Resets after which a test fails rather than begins with what another has left. */
const MAX_RESETS = 10;

// Each test begins with empty stores. On a busy machine, a token or records of the test before were still there after one reset, and after
// two: what that test has still under way keeps an object open. So it is looked whether they are empty.
beforeEach(async () => {
	for (let resets = 0; resets < MAX_RESETS; resets += 1) {
		await reset();
		if (await areStoresEmpty()) return;
		await scheduler.wait(50 * resets);
	}
	throw new Error('what an earlier test has left in the stores does not go away');
});

async function areStoresEmpty(): Promise<boolean> {
	const [{ keys }, tokens, { entries }] = await Promise.all([
		env.RECORDS.list({ limit: 1 }),
		tokensStub(env.TOKENS).list({ kind: 'all' }, '', 1),
		directoryStub(env.DIRECTORY).listEntries({
			...{ prefix: '', tag: null, state: null, after: '', limit: 1 },
			visible: { names: null, tag: null },
		}),
	]);
	return keys.length === 0 && tokens.tokens.length === 0 && entries.length === 0;
}
