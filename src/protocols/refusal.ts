/** How a plain HTTP protocol refuses: a status and one short line, which says nothing of what was sent. */
import type { Problem } from '../model/problem.ts';
import type { Rendition } from './protocol.ts';

const TEXT = 'text/plain; charset=utf-8';

/** The one answer for whatever is not here: an unknown domain, an unknown path, a service that is not offered. */
export const NOT_FOUND: Rendition = { type: TEXT, status: 404, body: 'Not found.\n' };

/** HTTP status of a problem, for protocols that have no words of their own. */
export function statusOf(problem: Problem): 400 | 404 | 413 {
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

export function refuseInText(problem: Problem): Rendition {
	const status = statusOf(problem);
	switch (status) {
		case 404:
			return NOT_FOUND;
		case 413:
			return { type: TEXT, status, body: 'Request too large.\n' };
		case 400:
			return { type: TEXT, status, body: problem.code === 'no-address' ? 'An e-mail address is needed.\n' : 'Bad request.\n' };
	}
}
