/** The admin API for the console: its own service, with the browser's session. */
import { type ApiError, createApiClient } from '../../contract/client.ts';
import type { Result } from '../../lib/result.ts';

export { type ApiError, describeApiError, type OperationOutput } from '../../contract/client.ts';

export type ApiResult<T> = Promise<Result<T, ApiError>>;

/** Called when the service says that nobody is logged in. */
let unauthenticatedListener: () => void = () => {};

export function onUnauthenticated(listener: () => void): void {
	unauthenticatedListener = listener;
}

const client = createApiClient(fetch.bind(globalThis), (error): ApiError => {
	if (error.code === 'unauthenticated') unauthenticatedListener();
	return error.code === 'offline' ? { ...error, title: `${error.title} What you typed is kept; try again.` } : error;
});

/** Calls an operation of the API. */
export const callApi = client.call;

/** Calls an operation that answers in lines; `each` gets every line as it arrives. */
export const callApiLines = client.callLines;
