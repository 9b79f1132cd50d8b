/**
 * Carries out a plan for custom hostnames, one request after another. A failure does not stop the others, unless they would fail for the
 * same reason.
 */
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import type { CustomHostnames } from './persistent-hostnames.ts';
import type { HostnamePlan } from './plan-hostnames.ts';

export interface HostnameOutcome {
	readonly hostname: string;
	readonly act: 'create' | 'recheck' | 'remove';
	readonly result: Result<null, Failure>;
}

/** Failures in a row after which the rest is left for the next call: the API is down, or refuses the token. */
const MAX_FAILURES_IN_A_ROW = 5;

/** Carries out the plan. Acts that were not tried are missing from the outcome. */
export async function applyHostnamePlan(
	plan: HostnamePlan,
	api: Pick<CustomHostnames, 'create' | 'recheck' | 'remove'>,
	each: (outcome: HostnameOutcome) => void,
): Promise<readonly HostnameOutcome[]> {
	const outcomes: HostnameOutcome[] = [];
	const acts = [
		// Removals come first, because they free places within the limit for those that are created.
		...plan.remove.map((known) => ({ act: 'remove' as const, hostname: known.hostname, run: () => api.remove(known) })),
		...plan.create.map((hostname) => ({ act: 'create' as const, hostname, run: () => api.create(hostname) })),
		...plan.recheck.map((known) => ({ act: 'recheck' as const, hostname: known.hostname, run: () => api.recheck(known) })),
	];
	let failures = 0;
	for (const { act, hostname, run } of acts) {
		const done = await run();
		const outcome: HostnameOutcome = { act, hostname, result: done.ok ? ok(null) : err(done.error) };
		outcomes.push(outcome);
		each(outcome);
		failures = done.ok ? 0 : failures + 1;
		if (failures >= MAX_FAILURES_IN_A_ROW) break;
	}
	return outcomes;
}
