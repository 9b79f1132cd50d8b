/** The last attempts to deliver the messages of one webhook. */
import { useEffect, useRef } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { describeAnswer } from '../../../contract/webhooks/webhook-texts.ts';
import type { DeliveryView } from '../../../contract/webhooks/webhook-views.ts';
import { callApi } from '../api-client.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { useFocusOnChange } from '../components/focus.ts';
import { LocalTime } from '../components/local-time.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { QueryNotice } from '../components/status-notices.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { EVENT_LABELS } from './webhook-labels.ts';

interface DeliveryListProps {
	/** The webhook's id. */
	readonly webhook: string;
	/** Null where it is not known. */
	readonly url: string | null;
	/** Tests that were sent while the page is shown: after each, the list is read again. */
	readonly tests: number;
}

export function DeliveryList({ webhook, url, tests }: DeliveryListProps) {
	const { result, refetch } = useApiQuery(webhook, () => callApi('readDeliveries', { path: { webhook } }));
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, webhook);
	useEffect(() => {
		if (tests > 0) refetch();
	}, [tests]);
	return (
		<section class="stack" aria-labelledby="deliveries">
			<h2 id="deliveries" class="url" tabIndex={-1} ref={heading}>
				Deliveries
				{url === null ? null : (
					<>
						{' to '}
						<DottedName text={url} />
					</>
				)}
			</h2>
			<QueryNotice result={result} refetch={refetch} />
			{result?.ok ? <DeliveryTable deliveries={result.value.deliveries} /> : null}
			<div class="buttons">
				<button type="button" class="quiet small" onClick={refetch}>
					Refresh
				</button>
				<a class="button quiet small" href={consolePath('webhooks')}>
					Close
				</a>
			</div>
		</section>
	);
}

function DeliveryTable({ deliveries }: { readonly deliveries: readonly DeliveryView[] }) {
	if (deliveries.length === 0) return <p class="note">Nothing was sent yet. Send a test, or save a record.</p>;
	return (
		<div class="card list">
			<table>
				<caption class="hidden">The last attempts, newest first</caption>
				<thead>
					<tr>
						<th scope="col">Time</th>
						<th scope="col">Message</th>
						<th scope="col">Attempt</th>
						<th scope="col">Outcome</th>
						<th scope="col">Next attempt</th>
					</tr>
				</thead>
				<tbody>
					{deliveries.map((delivery) => (
						<tr key={`${delivery.id} ${delivery.attempt} ${delivery.at}`}>
							<td>
								<LocalTime at={delivery.at} />
							</td>
							<td data-of="Message">
								<MessageSubject delivery={delivery} />
							</td>
							<td data-of="Attempt">{delivery.attempt}</td>
							<td data-of="Outcome">
								<DeliveryOutcome delivery={delivery} />
							</td>
							<td data-of="Next attempt">{delivery.nextAt === null ? 'none' : <LocalTime at={delivery.nextAt} />}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function MessageSubject({ delivery: { type, domain, revision } }: { readonly delivery: DeliveryView }) {
	if (type === 'webhook.test' || domain === null) return <>Test</>;
	return (
		<>
			<a href={consolePath('history', domain)}>
				<DottedName text={domain} />
			</a>{' '}
			{EVENT_LABELS[type]}
			{revision === null ? null : `, revision ${revision}`}
		</>
	);
}

/** Whether the receiver has taken a message, and what it has answered. */
export function DeliveryOutcome({ delivery }: { readonly delivery: DeliveryView }) {
	const explanation = describeAnswer(delivery);
	return (
		<>
			<StatusBadge
				status={delivery.delivered ? { tone: 'good', text: 'Delivered', explanation } : { tone: 'bad', text: 'Not delivered', explanation }}
			/>{' '}
			{explanation}
		</>
	);
}
