/** Refusals on the wire. */
import { API_PROBLEMS, type ApiProblem, INTERNAL_FAILURE } from '../contract/api-problems.ts';
import { errorStack } from '../lib/error-message.ts';
import { writeLog } from '../lib/log.ts';

/** The problem as a document; its evidence goes along. */
export function problemDetails(problem: ApiProblem): object {
	const { status, title } = API_PROBLEMS[problem.code];
	return { type: `/admin/reference#${problem.code}`, title, status, ...problem };
}

/** A bug or an outage, said in the log and nowhere else: what the caller is told of it. What was sent is not logged. */
export function reportOutage(failure: unknown): object {
	writeLog(INTERNAL_FAILURE.code, { error: errorStack(failure) });
	return { type: 'about:blank', ...INTERNAL_FAILURE };
}

export function problemResponse(problem: ApiProblem): Response {
	const headers = new Headers({
		'Content-Type': 'application/problem+json',
		'Cache-Control': 'no-store',
		'X-Content-Type-Options': 'nosniff',
	});
	// RFC 6750 §3: the scheme that is asked for.
	if (problem.code === 'unauthenticated') headers.set('WWW-Authenticate', 'Bearer');
	if (problem.code === 'too-many') headers.set('Retry-After', '60');
	if (problem.code === 'method-not-allowed') headers.set('Allow', problem.allow);
	// RFC 9110 §13.1.1: the current validator, so that a client need not ask again.
	if ('revision' in problem) headers.set('ETag', `"${problem.revision}"`);
	return new Response(`${JSON.stringify(problemDetails(problem))}\n`, { status: API_PROBLEMS[problem.code].status, headers });
}
