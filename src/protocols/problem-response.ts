/** How a plain HTTP protocol refuses: a status and one short line, which says nothing of what was sent. */
import type { Problem } from '../model/problem.ts';
import type { WireResponse } from './protocol.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';

/** The one answer for whatever is not here: an unknown domain, an unknown path, a service that is not offered. */
export const NOT_FOUND: WireResponse = { type: TEXT_TYPE, status: 404, body: 'Not found.\n' };

/** HTTP status of a problem, for protocols that have no words of their own. */
export function statusOfProblem(problem: Problem): 400 | 404 | 413 {
	switch (problem.code) {
		case 'unknown-domain':
		case 'not-offered':
		case 'inexpressible':
		// The operator's fault, not an outage: a client that hears 404 goes on to the next place, one that hears 5xx may give up.
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
