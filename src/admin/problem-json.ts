/** Writes the errors of the admin API as `application/problem+json` (RFC 9457). */
import { API_PROBLEMS, type ApiProblem, INTERNAL_FAILURE } from '../contract/api-problems.ts';
import { errorStack } from '../lib/error-message.ts';
import { writeLog } from '../lib/log.ts';

/** The error as a document, with its details. */
export function problemDetails(problem: ApiProblem): object {
	const { status, title } = API_PROBLEMS[problem.code];
	return { type: `/admin/reference#${problem.code}`, title, status, ...problem };
}

/** The answer to a bug or an outage. The cause is written to the log, without anything that the caller sent, and the caller is not told. */
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
	// RFC 6750 §3: a 401 names the scheme that is expected.
	if (problem.code === 'unauthenticated') headers.set('WWW-Authenticate', 'Bearer');
	if (problem.code === 'too-many') headers.set('Retry-After', '60');
	if (problem.code === 'method-not-allowed') headers.set('Allow', problem.allow);
	// The current ETag (RFC 9110 §13.1.1), so that the client need not read the record again.
	if ('revision' in problem) headers.set('ETag', `"${problem.revision}"`);
	return new Response(`${JSON.stringify(problemDetails(problem))}\n`, { status: API_PROBLEMS[problem.code].status, headers });
}
