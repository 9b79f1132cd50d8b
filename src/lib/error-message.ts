/** Texts from caught values. JavaScript can throw any value, so a caught value is `unknown`. */

/** The message of an error; the value itself as text where it is no Error. */
export function errorMessage(failure: unknown): string {
	return failure instanceof Error ? failure.message : String(failure);
}

/** The message of an error's cause, or its own where it has none: the error of `fetch` says "fetch failed", and only its cause says why. */
export function errorCauseMessage(failure: unknown): string {
	return errorMessage(failure instanceof Error ? (failure.cause ?? failure) : failure);
}

/** The first line of the message: some parsers add an excerpt of the text on further lines, which does not fit into a sentence. */
export function firstErrorLine(failure: unknown): string {
	return errorMessage(failure).split('\n')[0] ?? '';
}

/** The message with the stack, for a log: the stack says where a bug is. */
export function errorStack(failure: unknown): string {
	return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}

/** Whether a failure has this error code of the operating system or of Node: `ENOENT`, `EEXIST` … */
export function hasErrorCode(failure: unknown, code: string): boolean {
	return failure instanceof Error && 'code' in failure && failure.code === code;
}
