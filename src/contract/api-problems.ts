/** The errors of the admin API, which are answered as `application/problem+json` (RFC 9457). Codes are stable. */
import type { RecordFault } from '../model/record.ts';

/** An error with its details. */
export type ApiProblem =
	| {
			readonly code:
				| 'unauthenticated'
				| 'cross-site'
				| 'not-found'
				| 'precondition-required'
				| 'too-many'
				| 'not-configured'
				| 'claims-off'
				| 'no-zone'
				| 'plan-changed'
				| 'data-elsewhere'
				| 'store-lost';
	  }
	| { readonly code: 'forbidden'; readonly needed: string }
	| { readonly code: 'method-not-allowed'; readonly allow: string }
	| {
			readonly code:
				| 'bad-domain'
				| 'bad-json'
				| 'domain-registered'
				| 'not-proved'
				| 'claim-void'
				| 'claim-unproved'
				| 'source-unreachable'
				| 'nothing-outside'
				| 'newer-data';
	  }
	| { readonly code: 'too-large'; readonly limit: number }
	| {
			/** Each with what is wrong, and where: fields of a record, or parts of the source of an import. */
			readonly code: 'invalid' | 'bad-xml' | 'source-empty' | 'source-cleartext' | 'provider-failed';
			readonly errors: readonly RecordFault[];
	  }
	/** `current` is the record as it is now, with its revision, so that the client can repeat its change on top of it. */
	| { readonly code: 'stale' | 'exists' | 'edited-outside'; readonly current: object; readonly revision: number };

export type ApiProblemCode = ApiProblem['code'];

interface ProblemMeaning {
	readonly status: number;
	readonly title: string;
}

/** The HTTP status and the title of each code, for the answers and for the reference page. */
export const API_PROBLEMS = {
	unauthenticated: { status: 401, title: 'The request has no valid token, session or Access assertion.' },
	forbidden: { status: 403, title: 'These credentials do not allow this.' },
	'cross-site': { status: 403, title: 'A page of another site tried to write with a browser session.' },
	'not-found': { status: 404, title: 'There is nothing here.' },
	'claims-off': { status: 404, title: 'Domains cannot be claimed here: self-service is off.' },
	'no-zone': { status: 404, title: 'The domain is in no zone that the service may change.' },
	'method-not-allowed': { status: 405, title: 'This path does not support this method.' },
	'domain-registered': { status: 409, title: 'The domain has a record already: its admin or the operator hands out tokens.' },
	'not-proved': { status: 409, title: 'The TXT record that proves the claim was not found in DNS.' },
	'claim-void': {
		status: 409,
		title: 'The claim was used, is older than seven days, or was opened before the domain was last taken: open a new one.',
	},
	'claim-unproved': { status: 403, title: 'The TXT record of the claim is gone from DNS: publish it again, or open a new claim.' },
	'edited-outside': { status: 409, title: 'The copy in KV was edited outside: adopt it or overwrite it first.' },
	'nothing-outside': { status: 409, title: 'The copy in KV was not edited outside.' },
	'plan-changed': { status: 409, title: 'What publishing would change is not what was shown any more: look again.' },
	'newer-data': { status: 409, title: 'The service has newer or other data than the backup.' },
	exists: { status: 412, title: 'There is a record already (If-None-Match: *).' },
	stale: { status: 412, title: 'The record has changed since the revision in If-Match.' },
	'too-large': { status: 413, title: 'The body is larger than allowed.' },
	'bad-json': { status: 400, title: 'The body is not JSON.' },
	'bad-xml': { status: 400, title: 'The body is not the XML document it should be.' },
	'bad-domain': { status: 400, title: 'This is not a domain name, *. followed by one, or * alone.' },
	invalid: { status: 422, title: 'The request is well-formed but wrong; errors name the fields.' },
	'source-empty': { status: 422, title: 'The source names no service that a record can hold.' },
	'source-cleartext': {
		status: 422,
		title: 'The source offers mail without encryption (cleartext) only: a record offers encrypted connections only.',
	},
	'precondition-required': {
		status: 428,
		title: 'The request must say which revision it is based on: If-Match, or If-None-Match: * to create a record.',
	},
	'too-many': { status: 429, title: 'Too many requests: wait a minute.' },
	'source-unreachable': { status: 502, title: 'The name server, web server or Analytics Engine that was queried did not answer.' },
	'provider-failed': { status: 502, title: 'The DNS provider did not do what it was asked for.' },
	'store-lost': { status: 503, title: 'KV has lost the records: signpost rebuild kv publishes them again.' },
	'data-elsewhere': { status: 503, title: 'The data are in another jurisdiction than DATA_JURISDICTION says: set it back.' },
	'not-configured': { status: 503, title: 'The service has no ADMIN_TOKEN of 32 characters or more.' },
} as const satisfies Record<ApiProblemCode, ProblemMeaning>;

/** The answer to a bug or an outage. Only the log says which it was. */
export const INTERNAL_FAILURE = { code: 'failed', status: 503, title: 'Temporarily unavailable.' } as const;
