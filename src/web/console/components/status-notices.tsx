/** Notices that a page shows in place of its content: something failed, or is still loading. */
import { createContext } from 'preact';
import { useContext, useLayoutEffect } from 'preact/hooks';
import type { ApiError } from '../api-client.ts';
import { describeApiError } from '../api-client.ts';
import { fieldLabel } from '../form/field-metadata.ts';
import type { ApiQuery } from '../use-api-query.ts';

/** Why a request failed, with a button to repeat it where `retry` is given. */
export function ErrorNotice({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }) {
	return (
		<div class="warn stack" role="alert">
			<p>{describeError(error)}</p>
			{retry === undefined ? null : (
				<button type="button" class="quiet small" onClick={retry}>
					Try again
				</button>
			)}
		</div>
	);
}

/** Errors in the words of the console: fields by their titles, and what was asked instead of a list of all that can be. */
function describeError(error: ApiError): string {
	if (error.code === 'source-unreachable') return 'The servers that had to be asked did not answer. Try again in a minute.';
	const { errors = [] } = error;
	// The provider's own words, in whole sentences.
	if (error.code === 'provider-failed' && errors.length > 0) return errors.map(({ reason }) => reason).join(' ');
	if (errors.length === 0) return describeApiError(error);
	return errors.map(({ path, reason }) => `${path === '' ? 'It' : fieldLabel(path.replace(/^record\./, ''))} ${reason}.`).join(' ');
}

/** In place of what a query loads: that it is under way, or why there is nothing to show. Empty once the answer is there. */
export function QueryNotice({ result, refetch }: ApiQuery<unknown>) {
	if (result === null) return <LoadingNotice />;
	return result.ok ? null : <ErrorNotice error={result.error} retry={refetch} />;
}

/** Told of each notice below it that something is loading: 1 when it appears, -1 when it goes. Null where nobody waits for it. */
export const LoadingListener = createContext<((change: 1 | -1) => void) | null>(null);

export function LoadingNotice() {
	const listener = useContext(LoadingListener);
	useLayoutEffect(() => {
		listener?.(1);
		return () => listener?.(-1);
	}, [listener]);
	return (
		<p class="waiting" role="status">
			Loading…
		</p>
	);
}
