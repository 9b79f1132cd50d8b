/** The list of webhooks, and what can be done with each. */
import { useEffect, useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { DISABLED_EXPLANATIONS, describeDeletion } from '../../../contract/webhooks/webhook-texts.ts';
import type { WebhookView } from '../../../contract/webhooks/webhook-views.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { DottedName } from '../components/dotted-name.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { ErrorNotice } from '../components/status-notices.tsx';
import { DeliveryOutcome } from './delivery-list.tsx';
import { EVENT_CLAUSES, STATE_STATUSES } from './webhook-labels.ts';

interface WebhookActions {
	readonly refetch: () => void;
	readonly onTested: () => void;
	readonly onDeleted: (webhook: WebhookView) => void;
}

interface WebhookTableProps extends WebhookActions {
	readonly webhooks: readonly WebhookView[];
	/** Whether the webhooks of everybody are listed. */
	readonly isOperator: boolean;
}

export function WebhookTable({ webhooks, isOperator, ...actions }: WebhookTableProps) {
	if (webhooks.length === 0)
		return (
			<p class="note">
				No webhooks yet. Without one, a program that follows changes has to ask for them again and again. Enter its URL above, and send it a
				test.
			</p>
		);
	return (
		<div class="card list">
			<table>
				<caption>
					Webhooks
					<span class="hint block">{isOperator ? 'Everybody’s, because you are the operator.' : 'Those that you have created.'}</span>
				</caption>
				<thead>
					<tr>
						<th scope="col">URL</th>
						<th scope="col">State</th>
						<th scope="col">Messages</th>
						<th scope="col">
							<span class="hidden">Actions</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{webhooks.map((webhook) => (
						<WebhookRow key={webhook.id} webhook={webhook} {...actions} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function WebhookRow({ webhook, ...actions }: { readonly webhook: WebhookView } & WebhookActions) {
	const { url, events, createdAt, createdBy, waiting, dropped } = webhook;
	return (
		<tr>
			<th scope="row">
				<DottedName text={url} />
				<span class="hint block">told when {events.map((event) => EVENT_CLAUSES[event]).join(', or ')}</span>
				<span class="hint block">
					created by {createdBy}, <LocalTime at={createdAt} />
				</span>
			</th>
			<td data-of="State">
				<WebhookState webhook={webhook} />
			</td>
			<td data-of="Messages">
				{waiting.toLocaleString('en')} waiting
				{dropped === 0 ? null : (
					<span class="hint block">
						{dropped.toLocaleString('en')} dropped: the <a href={consolePath('audit')}>audit log</a> has what they told of.
					</span>
				)}
			</td>
			<td>
				<WebhookButtons webhook={webhook} {...actions} />
			</td>
		</tr>
	);
}

function WebhookState({ webhook: { state, failingSince, disabledAt, disabledReason } }: { readonly webhook: WebhookView }) {
	const since = state === 'disabled' ? disabledAt : failingSince;
	return (
		<>
			<StatusBadge status={STATE_STATUSES[state]} />
			{since === null ? null : (
				<>
					{' '}
					since <LocalTime at={since} />
				</>
			)}
			<span class="hint block">{disabledReason === null ? STATE_STATUSES[state].explanation : DISABLED_EXPLANATIONS[disabledReason]}</span>
		</>
	);
}

/** What the last click on a button of a webhook has led to. */
type ActionState =
	| { readonly kind: 'none' | 'testing' | 'enabled' }
	| { readonly kind: 'tested'; readonly delivery: OperationOutput<'testWebhook'> }
	| { readonly kind: 'failed'; readonly error: ApiError };

function WebhookButtons({ webhook, refetch, onTested, onDeleted }: { readonly webhook: WebhookView } & WebhookActions) {
	const { id, url, state, disabledReason } = webhook;
	const [action, setAction] = useState<ActionState>({ kind: 'none' });
	const path = { webhook: id };
	const test = async () => {
		setAction({ kind: 'testing' });
		const response = await callApi('testWebhook', { path });
		setAction(response.ok ? { kind: 'tested', delivery: response.value } : { kind: 'failed', error: response.error });
		if (response.ok) onTested();
	};
	const enable = async () => {
		const response = await callApi('enableWebhook', { path });
		setAction(response.ok ? { kind: 'enabled' } : { kind: 'failed', error: response.error });
		if (response.ok) refetch();
	};
	const remove = async () => {
		const response = await callApi('deleteWebhook', { path });
		if (response.ok) onDeleted(webhook);
		else setAction({ kind: 'failed', error: response.error });
	};
	const ofWebhook = <span class="hidden">{url}</span>;
	return (
		<div class="webhook-buttons">
			<div class="buttons">
				<button type="button" class="quiet small" disabled={action.kind === 'testing'} onClick={() => void test()}>
					{action.kind === 'testing' ? 'Sending…' : 'Send test'} {ofWebhook}
				</button>
				<a class="button quiet small" href={`${consolePath('webhooks')}?${new URLSearchParams(path)}`}>
					Deliveries {ofWebhook}
				</a>
				{/* After the token has ended, the next message would disable it again. */}
				{state === 'disabled' && disabledReason !== 'owner-ended' ? (
					<button type="button" class="quiet small" onClick={() => void enable()}>
						Enable {ofWebhook}
					</button>
				) : null}
				<ConfirmDialog
					titleId={`delete-${id}`}
					title="Delete this webhook?"
					label={<>Delete… {ofWebhook}</>}
					confirmLabel="Delete"
					danger
					small
					confirm={() => void remove()}
				>
					{() => <DeletionNotice webhook={webhook} refetch={refetch} />}
				</ConfirmDialog>
			</div>
			<div role="status">
				{action.kind === 'tested' ? <DeliveryOutcome delivery={action.delivery} /> : null}
				{action.kind === 'enabled' ? 'It is told of changes from now on.' : null}
			</div>
			{action.kind === 'failed' ? <ErrorNotice error={action.error} /> : null}
		</div>
	);
}

/** Has the list asked for again: messages may wait since it was read. */
function DeletionNotice({ webhook: { url, waiting }, refetch }: { readonly webhook: WebhookView; readonly refetch: () => void }) {
	useEffect(refetch, []);
	return (
		<>
			<p>
				<strong class="url">{url}</strong> is told of nothing any more.
			</p>
			<p>{describeDeletion(waiting)}</p>
		</>
	);
}
