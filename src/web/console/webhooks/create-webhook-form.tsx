/** The form that creates a webhook. */
import { useState } from 'preact/hooks';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../../contract/webhooks/webhook-events.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import type { Session } from '../current-session.ts';
import { LabelledField } from '../form/labelled-field.tsx';
import { EVENT_CLAUSES } from './webhook-labels.ts';

interface CreateWebhookFormProps {
	readonly session: Session;
	readonly onCreated: (webhook: OperationOutput<'createWebhook'>) => void;
}

export function CreateWebhookForm({ session, onCreated }: CreateWebhookFormProps) {
	const [url, setUrl] = useState('');
	const [events, setEvents] = useState<readonly WebhookEvent[]>(WEBHOOK_EVENTS);
	const [error, setError] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		const response = await callApi('createWebhook', { body: { url: url.trim(), events } });
		setError(response.ok ? null : response.error);
		if (response.ok) onCreated(response.value);
	};
	return (
		<form class="card pad stack" aria-labelledby="create-webhook" onSubmit={submit}>
			<h2 id="create-webhook">Create a webhook</h2>
			<div class="columns">
				<LabelledField
					id="webhook-url"
					title="URL"
					help="Where your program takes messages: https, without a port, at a host name that everybody can reach."
				>
					{(control) => (
						<input
							{...control}
							type="url"
							required
							autocomplete="off"
							autocapitalize="none"
							spellcheck={false}
							placeholder="https://hooks.example.org/signpost"
							value={url}
							onInput={(event) => setUrl(event.currentTarget.value)}
						/>
					)}
				</LabelledField>
				<fieldset class="events">
					<legend>Send a message when</legend>
					{WEBHOOK_EVENTS.map((known) => (
						<label key={known}>
							<input
								type="checkbox"
								checked={events.includes(known)}
								onChange={({ currentTarget: { checked } }) =>
									setEvents(WEBHOOK_EVENTS.filter((each) => (each === known ? checked : events.includes(each))))
								}
							/>
							{EVENT_CLAUSES[known]}
						</label>
					))}
				</fieldset>
			</div>
			{session.domains === 'all' ? null : (
				<p class="hint">It is told of the records that you may see at that time. If you logged in with a token, it ends with the token.</p>
			)}
			{error === null ? null : <ErrorNotice error={error} />}
			<div class="buttons">
				<button type="submit">Create webhook</button>
			</div>
		</form>
	);
}
