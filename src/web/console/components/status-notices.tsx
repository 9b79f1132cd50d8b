/** Notices that a page shows in place of its content: something failed, or is still loading. */
import type { ApiError } from '../api-client.ts';
import { describeApiError } from '../api-client.ts';

/** Why a request failed, with a button to repeat it where `retry` is given. */
export function ErrorNotice({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }) {
	return (
		<div class="warn stack" role="alert">
			<p>{describeApiError(error)}</p>
			{retry === undefined ? null : (
				<button type="button" class="quiet small" onClick={retry}>
					Try again
				</button>
			)}
		</div>
	);
}

export function LoadingNotice() {
	return (
		<p class="waiting" role="status">
			Loading…
		</p>
	);
}
