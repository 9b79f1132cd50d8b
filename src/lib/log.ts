/**
 * The lines that this service writes to its log: one line of JSON each, with a `level` and a `code` from the list below.
 * Nothing in them identifies a person: no address, no URL, no header of a client's request. They may hold names of records and paths of
 * fields, which the operator chose.
 */

interface LogCodeMeaning {
	readonly level: 'info' | 'warn' | 'error';
	/** What happened, in a sentence. */
	readonly meaning: string;
	/** What the operator should do; empty where there is nothing to do. */
	readonly action: string;
}

/** Every code there is. `docs/operate.md` lists them. */
export const LOG_CODES = {
	request: {
		level: 'info',
		meaning: 'A request was refused or failed: its protocol, family of client, outcome, HTTP status and duration.',
		action: '',
	},
	failed: {
		level: 'error',
		meaning: 'A request ended in 503: a bug, or the store (KV, a Durable Object) did not answer. `error` has the stack.',
		action: 'Look at the status page of the platform; if that is green, report the stack as a bug.',
	},
	'bad-record': {
		level: 'error',
		meaning: 'The record under `key` cannot be used, so that clients of its domain get nothing; `path` and `reason` name the field.',
		action: 'Correct the field in the console or with `signpost push`; a value that was edited in KV by hand can be overwritten there.',
	},
	'check-failed': {
		level: 'error',
		meaning: 'One of the checks of /health threw; `check` names it.',
		action: 'Look at `reason`: usually KV or a Durable Object did not answer and the next check works again.',
	},
	'not-signed': {
		level: 'error',
		meaning: 'An Apple profile was served without a signature: the key pair of `owner` cannot be used, or could not be read.',
		action: 'Run `signpost signing check`; `reason` is the same code that /health shows as `signing-…`.',
	},
	'usage-not-counted': {
		level: 'error',
		meaning: 'A batch of usage counts could not be written; it is added to the next one.',
		action: 'None if it ends by itself; otherwise the numbers of this time will be too low.',
	},
	'copy-owed': {
		level: 'error',
		meaning: 'A saved record could not be copied to KV or announced to the directory; `failures` counts the attempts in a row.',
		action: 'None: it is tried again until it succeeds. If the count keeps growing, look at the state of KV.',
	},
	'wildcards-owed': {
		level: 'error',
		meaning: 'The list of wildcards in KV could not be written. One that was saved a moment ago may not be served yet.',
		action: 'None: it is tried again until it succeeds, and a list that is not renewed counts no more after two hours.',
	},
	'audit-owed': {
		level: 'error',
		meaning: 'Lines of the audit trail could not be delivered to the directory; they are kept and tried again.',
		action: 'None, unless it goes on for hours.',
	},
	'hostnames-owed': {
		level: 'error',
		meaning: 'Custom hostnames could not be brought up to date: Cloudflare, a record or the directory did not answer as it should.',
		action: 'None if it ends by itself; `reason` says what Cloudflare asks for, such as another token.',
	},
	'webhooks-owed': {
		level: 'error',
		meaning:
			'Webhooks could not be told of changes: the directory, a token or a record did not answer. What a receiver does is not logged.',
		action: 'None if it ends by itself: it is tried again until it succeeds.',
	},
	'not-configured': {
		level: 'error',
		meaning: 'A setting has a value that cannot be used; `reason` names it, and what depends on it is off.',
		action: 'Correct the setting and deploy again.',
	},
	'source-unreachable': {
		level: 'error',
		meaning: 'The service named by `source` did not answer as it should: usage numbers are missing, or an export asked every keeper.',
		action: 'Where it is Analytics Engine, check the account id and the API token.',
	},
} as const satisfies Record<string, LogCodeMeaning>;

export type LogCode = keyof typeof LOG_CODES;

/** The fields of a line besides `level` and `code`. Operators' scripts read them, so their names stay. */
interface LogDetails {
	readonly request: {
		readonly protocol: string;
		readonly client: string;
		readonly outcome: string;
		readonly status: number;
		/** Whole milliseconds. */
		readonly ms: number;
	};
	readonly failed: { readonly error: string };
	readonly 'bad-record': { readonly key: string; readonly path: string; readonly reason: string };
	readonly 'check-failed': { readonly check: string; readonly reason: string };
	/** `owner` is the name of the record that the key pair belongs to; it is left out where that is not known. */
	readonly 'not-signed': { readonly owner?: string; readonly reason: string };
	readonly 'usage-not-counted': { readonly error: string };
	readonly 'copy-owed': { readonly failures: number; readonly error: string };
	readonly 'wildcards-owed': { readonly error: string };
	readonly 'audit-owed': { readonly error: string };
	readonly 'hostnames-owed': { readonly reason: string };
	readonly 'webhooks-owed': { readonly error: string };
	readonly 'not-configured': { readonly reason: string };
	readonly 'source-unreachable': { readonly source: string; readonly reason: string };
}

/** Writes one line: errors to standard error, on which platforms can alert, everything else to standard output. */
export function writeLog<C extends LogCode>(code: C, details: LogDetails[C]): void {
	const { level } = LOG_CODES[code];
	const line = JSON.stringify({ level, code, ...details });
	if (level === 'error') console.error(line);
	else console.log(line);
}
