/** The log-in form. The token is exchanged for a session cookie that scripts cannot read. */
import { useState } from 'preact/hooks';
import { type ApiError, callApi } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import type { Session } from '../current-session.ts';
import { LabelledField } from '../form/labelled-field.tsx';
import { PageLayout } from '../layout/page-layout.tsx';

export function LogInPage({ onLogIn }: { readonly onLogIn: (session: Session) => void }) {
	const [token, setToken] = useState('');
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		const response = await callApi('openSession', { body: { token: token.trim() } });
		setBusy(false);
		if (response.ok) onLogIn(response.value);
		else setError(describeWrongToken(response.error));
	};
	return (
		<main id="main" class="alone">
			<PageLayout title="Log in">
				<form class="card stack pad" onSubmit={submit}>
					<LabelledField
						id="token"
						title="Token"
						help="The operator’s token, or one created for you. It is exchanged for a session cookie that lasts twelve hours, and is not stored anywhere else."
					>
						{(control) => (
							<input
								{...control}
								type="password"
								required
								autocomplete="current-password"
								value={token}
								onInput={(event) => setToken(event.currentTarget.value)}
							/>
						)}
					</LabelledField>
					{error === null ? null : <ErrorNotice error={error} />}
					<button type="submit" disabled={busy}>
						{busy ? 'Logging in…' : 'Log in'}
					</button>
				</form>
			</PageLayout>
		</main>
	);
}

/** The API has one error for a missing and a wrong token; here a token was given. */
function describeWrongToken(error: ApiError): ApiError {
	return error.code === 'unauthenticated' ? { ...error, title: 'That token is not valid or has expired.' } : error;
}
