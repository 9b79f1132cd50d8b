/** `GET /health`: whether the service works, and the list of what is wrong. Public, and therefore without secrets. */
import type { HealthProblem } from '../contract/health-problem.ts';
import { writeLog } from '../lib/log.ts';
import { NOT_FOUND } from '../protocols/problem-response.ts';
import { type HealthCheck, type HttpDependencies, isServiceHost } from './dependencies.ts';
import { renderUncachedResponse } from './responses.ts';
import { type RouteHandler, routeResponse } from './route-handler.ts';

/** Milliseconds for which the result of a look is repeated: however often strangers ask, the checks run no more often than this. */
const CACHE_MS = 10_000;

/** Milliseconds after which a look that has not ended is given up: the request that began it may have been cancelled. */
const LOOK_TIMEOUT_MS = 30_000;

interface HealthReport {
	readonly at: number;
	readonly problems: readonly HealthProblem[];
}

/**
 * The handler of `/health`, which answers on the service's own host names only: 503 where there is an error, 200 with warnings or nothing.
 *
 * What is kept between requests is the result of a finished look, never the promise of one that is under way: Workers tie I/O to the
 * request that began it, and a promise of a request that has ended may never settle for the others. While a look is under way, others
 * repeat the result before it; only where there is none yet do they look themselves.
 */
export function createHealthHandler(dependencies: HttpDependencies): RouteHandler {
	let latest: HealthReport | null = null;
	/** When the look that is under way began. */
	let lookStarted = Number.NEGATIVE_INFINITY;

	async function look(at: number): Promise<readonly HealthProblem[]> {
		lookStarted = at;
		const problems = await runHealthChecks(dependencies.healthChecks);
		latest = { at, problems };
		lookStarted = Number.NEGATIVE_INFINITY;
		return problems;
	}

	/** A report from the future is none: the clock was set back, and would repeat it until that time has come. */
	function isCurrent(at: number, now: number): boolean {
		return (now >= at && now - at < CACHE_MS) || now - lookStarted < LOOK_TIMEOUT_MS;
	}

	return async ({ url }) => {
		if (!isServiceHost(dependencies, url.hostname)) return routeResponse(renderUncachedResponse(NOT_FOUND, false), 'not-found');
		const now = dependencies.now();
		const problems = latest !== null && isCurrent(latest.at, now) ? latest.problems : await look(now);
		const isFailing = problems.some(({ severity }) => severity === 'error');
		const status = isFailing ? 'failing' : problems.length > 0 ? 'warning' : 'ok';
		const body = `${JSON.stringify({ status, problems }, null, '  ')}\n`;
		const response = renderUncachedResponse({ type: 'application/json', status: isFailing ? 503 : 200, body }, false);
		return routeResponse(response, isFailing ? 'failed' : 'ok');
	};
}

/** Never throws: a check that cannot look is a problem of its own. */
async function runHealthChecks(checks: readonly HealthCheck[]): Promise<readonly HealthProblem[]> {
	const found = await Promise.all(
		checks.map(({ title, findProblems }) =>
			findProblems().catch((failure: unknown): readonly HealthProblem[] => {
				writeLog('check-failed', { check: title, reason: String(failure) });
				return [{ severity: 'error', code: 'check-failed', text: `${title}: could not look; the log says why.` }];
			}),
		),
	);
	return found.flat();
}
