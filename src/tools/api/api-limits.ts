/** The admin API's limits in words, for its reference page and for docs/admin-api.md. */
import * as limits from '../../contract/limits.ts';
import { SECOND_MS } from '../../lib/time.ts';

/** What is limited, and to how much. */
export const API_LIMITS = [
	['A record', `${limits.MAX_RECORD_BYTES} bytes of JSON`],
	['A JSON body', `${limits.MAX_BODY_BYTES} bytes`],
	['An autoconfig document, a seed', `${limits.MAX_IMPORT_SOURCE_BYTES} bytes`],
	[
		'An import',
		`${limits.MAX_IMPORT_BYTES} bytes, ${limits.MAX_LINES_PER_REQUEST} lines taken, ${limits.MAX_IMPORT_LINE_BYTES} bytes a line`,
	],
	['A page', `${limits.DEFAULT_PAGE_SIZE} entries, at most ${limits.MAX_PAGE_SIZE}`],
	['A note', `${limits.MAX_NOTE_LENGTH} characters`],
	['Tags', `${limits.MAX_TAGS} a record`],
	['A token', `${limits.MAX_TOKEN_DOMAINS} domains, ${limits.DEFAULT_TOKEN_DAYS} days, at most ${limits.MAX_TOKEN_DAYS}`],
	['Requests', `${limits.MAX_REQUESTS_PER_MINUTE} a minute with one token, or from one address without; the operator’s are not counted`],
	[
		'Writes',
		`${limits.MAX_REQUESTS_PER_MINUTE} a minute to one record, and as many with one token and all that come from it; lines of an import and records of a bulk edit count each`,
	],
	[
		'Webhooks',
		`${limits.MAX_WEBHOOKS_PER_OWNER} of one token with all that come from it, of one person, or of the operator; ${limits.MAX_WAITING_MESSAGES} messages wait for each; ${limits.WEBHOOK_TIMEOUT_MS / SECOND_MS} seconds for an answer; disabled after ${limits.MAX_FAILING_DAYS} days of failures`,
	],
	['Looks into a zone at its provider', `${limits.MAX_ZONE_REQUESTS_PER_MINUTE} a minute with one token; the operator’s are not counted`],
	['Failed log-ins', `${limits.MAX_LOGIN_FAILURES_PER_MINUTE} a minute from one address`],
] as const;
