/** How often /health looks, and what it says meanwhile. */
import { describe, expect, it, vi } from 'vitest';
import type { HealthProblem } from '../../src/contract/health-problem.ts';
import { err } from '../../src/lib/result.ts';
import { createTestRouter } from '../support/test-router.ts';

const HOST = 'admin.signpost.example';
const PROBLEM: HealthProblem = { severity: 'error', code: 'store-lost', text: 'KV has lost the records.' };

function startService(findProblems: () => Promise<readonly HealthProblem[]>) {
	const clock = { now: Date.UTC(2026, 0, 2) };
	const records = { find: async () => err({ code: 'unknown-domain' } as const) };
	const router = createTestRouter({
		records,
		adminHosts: [HOST],
		healthChecks: [{ title: 'records', findProblems }],
		now: () => clock.now,
	});
	const readStatus = async () => (await router.fetch(new Request(`https://${HOST}/health`))).status;
	return { clock, readStatus };
}

describe('/health', () => {
	it('repeats what it found for ten seconds, and then looks again', async () => {
		let problems: readonly HealthProblem[] = [PROBLEM];
		const { clock, readStatus } = startService(async () => problems);
		expect(await readStatus()).toBe(503);
		problems = [];
		clock.now += 9_999;
		expect(await readStatus()).toBe(503);
		clock.now += 1;
		expect(await readStatus()).toBe(200);
	});

	it('looks again where the clock was set back', async () => {
		let problems: readonly HealthProblem[] = [PROBLEM];
		const { clock, readStatus } = startService(async () => problems);
		expect(await readStatus()).toBe(503);
		problems = [];
		clock.now -= 60_000;
		expect(await readStatus()).toBe(200);
	});

	it('repeats what it found before while a look is under way, for half a minute', async () => {
		let look: Promise<readonly HealthProblem[]> = Promise.resolve([]);
		const findProblems = vi.fn(() => look);
		const { clock, readStatus } = startService(findProblems);
		expect(await readStatus()).toBe(200);
		const { promise, resolve } = Promise.withResolvers<readonly HealthProblem[]>();
		look = promise;
		clock.now += 10_000;
		const slow = readStatus();
		expect(await readStatus()).toBe(200);
		expect(findProblems).toHaveBeenCalledTimes(2);
		// The request that looks may have been cancelled: another one takes its place.
		clock.now += 30_000;
		look = Promise.resolve([PROBLEM]);
		expect(await readStatus()).toBe(503);
		resolve([]);
		expect(await slow).toBe(200);
	});

	it('names a check that cannot look, and fails', async () => {
		vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const { readStatus } = startService(() => Promise.reject(new Error('KV is down')));
		expect(await readStatus()).toBe(503);
		vi.restoreAllMocks();
	});
});
