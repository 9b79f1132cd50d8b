/** The errors of protocols without an error format of their own: an HTTP status and one short line, which repeats nothing that was sent. */
import type { Problem } from '../model/problem.ts';
import type { WireResponse } from './protocol.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';

/** The answer where there is nothing: for an unknown domain, an unknown path, or a service that is not offered. */
export const NOT_FOUND: WireResponse = { type: TEXT_TYPE, status: 404, body: 'Not found.\n' };

/** The HTTP status of a problem, for protocols without error codes of their own. */
export function statusOfProblem(problem: Problem): 400 | 404 | 413 {
	switch (problem.code) {
		case 'unknown-domain':
		case 'not-offered':
		case 'elsewhere':
		case 'inexpressible':
		// A bad record is a mistake of the operator, not an outage: after a 404 a client tries its next URL; after a 5xx it may give up.
		case 'bad-record':
			return 404;
		case 'no-address':
		case 'bad-address':
		case 'unsupported-schema':
		case 'unsupported-protocol':
		case 'no-protocol':
			return 400;
		case 'bad-request':
			return problem.why === 'too-large' ? 413 : 400;
	}
}

/** The error as plain text, for protocols without an error format of their own. */
export function renderProblemAsText(problem: Problem): WireResponse {
	const status = statusOfProblem(problem);
	switch (status) {
		case 404:
			return NOT_FOUND;
		case 413:
			return { type: TEXT_TYPE, status, body: 'Request too large.\n' };
		case 400:
			return { type: TEXT_TYPE, status, body: problem.code === 'no-address' ? 'An e-mail address is needed.\n' : 'Bad request.\n' };
	}
}
