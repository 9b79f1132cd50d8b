/** What a caught value says. In JavaScript anything can be thrown, so that what is caught is `unknown`. */

/** The message of an error; the value itself as text where it is no Error. */
export function errorMessage(failure: unknown): string {
	return failure instanceof Error ? failure.message : String(failure);
}

/** The message of what an error was caused by, or its own: `fetch` says "fetch failed" and why only in the cause. */
export function errorCauseMessage(failure: unknown): string {
	return errorMessage(failure instanceof Error ? (failure.cause ?? failure) : failure);
}

/** The first line of the message: parsers add a picture of the place, which is of no use in the middle of a sentence. */
export function firstErrorLine(failure: unknown): string {
	return errorMessage(failure).split('\n')[0] ?? '';
}

/** The message with the stack, for a log: it says where a bug is. */
export function errorStack(failure: unknown): string {
	return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}

/** Whether a failure is the one that the system (Node) calls by this code: `ENOENT`, `EEXIST` … */
export function hasErrorCode(failure: unknown, code: string): boolean {
	return failure instanceof Error && 'code' in failure && failure.code === code;
}
