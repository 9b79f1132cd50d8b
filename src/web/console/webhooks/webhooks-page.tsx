/** Webhooks: created, tested, enabled, deleted, and what became of their messages. */
import { useRef, useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import { callApi, type OperationOutput } from '../api-client.ts';
import { CreatedSecret } from '../components/created-secret.tsx';
import { useFocusOnChange } from '../components/focus.ts';
import { QueryNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import type { Session } from '../current-session.ts';
import { PageLayout } from '../layout/page-layout.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { CreateWebhookForm } from './create-webhook-form.tsx';
import { DeliveryList } from './delivery-list.tsx';
import { WebhookTable } from './webhook-table.tsx';

export interface WebhooksPageProps {
	/** `webhook`: the id of the webhook whose deliveries are shown. */
	readonly query: URLSearchParams;
	readonly session: Session;
}

export function WebhooksPage({ query, session }: WebhooksPageProps) {
	return (
		<PageLayout title="Webhooks">
			<p class="lead">
				With a webhook, a program of yours hears of every change: the service sends a signed message to its URL when a record that you may
				see is saved or deleted.
			</p>
			{roleAllows(session.role, 'admin') ? (
				<ManagedWebhooks chosen={query.get('webhook')} session={session} />
			) : (
				<p class="note">Webhooks need the role admin, and yours is {session.role}. Ask whoever gives out tokens for one with that role.</p>
			)}
		</PageLayout>
	);
}

interface ManagedWebhooksProps {
	/** The webhook whose deliveries are shown; null where none is. */
	readonly chosen: string | null;
	readonly session: Session;
}

function ManagedWebhooks({ chosen, session }: ManagedWebhooksProps) {
	const [created, setCreated] = useState<OperationOutput<'createWebhook'> | null>(null);
	const [deleted, setDeleted] = useState<string | null>(null);
	const [tests, setTests] = useState(0);
	const [after, setAfter] = useState('');
	const { result, refetch } = useApiQuery(after, () => callApi('listWebhooks', { query: { after, limit: 50 } }));
	return (
		<>
			{created === null ? (
				<CreateWebhookForm
					session={session}
					onCreated={(webhook) => {
						setCreated(webhook);
						setDeleted(null);
						refetch();
					}}
				/>
			) : (
				<CreatedSecret
					id={created.id}
					title="Secret of the new webhook"
					secret={created.secret}
					description="the secret"
					onDone={() => setCreated(null)}
				>
					<p>
						Copy it now: it is shown only once. With it and a library of{' '}
						<a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">
							Standard Webhooks
						</a>
						, your program verifies the signature of every message. Then send a test below to <strong class="url">{created.url}</strong>.
					</p>
				</CreatedSecret>
			)}
			{deleted === null ? null : <DeletedNotice url={deleted} />}
			<QueryNotice result={result} refetch={refetch} />
			{result?.ok ? (
				<WebhookTable
					webhooks={result.value.webhooks}
					isOperator={session.domains === 'all'}
					refetch={refetch}
					onTested={() => setTests((count) => count + 1)}
					onDeleted={({ id, url }) => {
						setDeleted(url);
						if (id === chosen) navigate(consolePath('webhooks'), 'replace');
						refetch();
					}}
				/>
			) : null}
			{result?.ok && result.value.next !== null ? (
				<button type="button" class="quiet" onClick={() => setAfter(result.value.next ?? '')}>
					Next page
				</button>
			) : null}
			{chosen === null ? null : (
				<DeliveryList
					key={chosen}
					webhook={chosen}
					url={result?.ok ? (result.value.webhooks.find(({ id }) => id === chosen)?.url ?? null) : null}
					tests={tests}
				/>
			)}
		</>
	);
}

/** Takes the focus, which the deleted webhook's button had. */
function DeletedNotice({ url }: { readonly url: string }) {
	const notice = useRef<HTMLParagraphElement>(null);
	useFocusOnChange(notice, url);
	return (
		<p class="note" role="status" tabIndex={-1} ref={notice}>
			The webhook to <span class="url">{url}</span> is deleted.
		</p>
	);
}
