/** The way in: a token, exchanged for a cookie that no script can read. */
import { useState } from 'preact/hooks';
import { type ApiError, callApi } from '../api-client.ts';
import type { Session } from '../current-session.ts';
import { ErrorNotice, PageLayout } from '../layout/page-layout.tsx';

export function LogInPage({ entered }: { readonly entered: (session: Session) => void }) {
	const [token, setToken] = useState('');
	const [busy, setBusy] = useState(false);
	const [refusal, setRefusal] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		const answered = await callApi('openSession', { body: { token: token.trim() } });
		setBusy(false);
		if (answered.ok) entered(answered.value);
		else setRefusal(describeWrongToken(answered.error));
	};
	return (
		<main id="main" class="alone">
			<PageLayout title="Log in">
				<form class="card stack pad" onSubmit={submit}>
					<div class="input">
						<label for="token">Token</label>
						<input
							id="token"
							type="password"
							required
							autocomplete="current-password"
							aria-describedby="token-help"
							value={token}
							onInput={(event) => setToken(event.currentTarget.value)}
						/>
						<p class="hint" id="token-help">
							The operator's, or one that was minted for you. It is exchanged for a cookie of twelve hours and kept nowhere else.
						</p>
					</div>
					{refusal === null ? null : <ErrorNotice error={refusal} />}
					<button type="submit" disabled={busy}>
						{busy ? 'Logging in…' : 'Log in'}
					</button>
				</form>
			</PageLayout>
		</main>
	);
}

/** The same code says that nothing was shown: here something was. */
function describeWrongToken(refusal: ApiError): ApiError {
	return refusal.code === 'unauthenticated' ? { ...refusal, title: 'That token is not valid, or not any more.' } : refusal;
}
