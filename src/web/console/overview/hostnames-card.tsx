/** How far the custom hostnames of a domain are, and what its customer has to publish. Only where the service creates them. */
import { useRef, useState } from 'preact/hooks';
import type { HostnamePhase } from '../../../contract/hostnames/hostname-phases.ts';
import type { DomainHostnamesView, HostnameView } from '../../../contract/hostnames/hostname-views.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { type ApiError, callApi } from '../api-client.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { DottedName } from '../components/dotted-name.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { type Status, StatusBadge } from '../components/status-badge.tsx';
import { ErrorNotice } from '../components/status-notices.tsx';
import { isAllowed, type Session } from '../current-session.ts';
import { useApiQuery } from '../use-api-query.ts';

const STATUSES: Readonly<Record<HostnamePhase, Status>> = {
	queued: { tone: 'plain', text: 'Queued', explanation: 'The service creates it at Cloudflare within some minutes.' },
	'over-limit': { tone: 'bad', text: 'Over the limit', explanation: 'It is not created: there are as many custom hostnames as may be.' },
	waiting: { tone: 'warn', text: 'Waiting', explanation: 'Cloudflare waits for its CNAME, or makes its certificate.' },
	ready: { tone: 'good', text: 'Active', explanation: 'The hostname and its certificate are active.' },
	stuck: { tone: 'warn', text: 'Timed out', explanation: 'A check took too long; the service begins it again.' },
	refused: { tone: 'bad', text: 'Refused', explanation: 'Cloudflare does not take this hostname.' },
	going: { tone: 'bad', text: 'Being removed', explanation: 'Somebody removes it at Cloudflare; after that it is created again.' },
	unknown: { tone: 'warn', text: 'Unknown state', explanation: 'Cloudflare names a state that this release does not know.' },
	leaving: { tone: 'plain', text: 'Leaving', explanation: 'No record asks for it any more.' },
};

export function HostnamesCard({ name, session }: { readonly name: RecordName; readonly session: Session }) {
	const { result, refetch } = useApiQuery(`${name} hostnames`, () => callApi('readHostnames', { path: { domain: name } }));
	const [failure, setFailure] = useState<ApiError | null>(null);
	// Most services create none: nothing is shown until it is known that this one does.
	if (result === null || (result.ok && !result.value.on)) return null;
	const recheck = async () => {
		const asked = await callApi('recheckHostnames', { path: { domain: name } });
		setFailure(asked.ok ? null : asked.error);
		refetch();
	};
	return (
		<section class="card pad stack tall" aria-labelledby="hostnames">
			<h2 id="hostnames">Host names</h2>
			{result.ok ? <HostnameList view={result.value} /> : <ErrorNotice error={result.error} retry={refetch} />}
			{failure === null ? null : <ErrorNotice error={failure} retry={recheck} />}
			{result.ok && isAllowed(session, 'write', name) ? (
				<p class="buttons">
					<button type="button" class="quiet small" onClick={recheck}>
						Check again
					</button>
				</p>
			) : null}
		</section>
	);
}

function HostnameList({ view: { hostnames, usage, failure, pausedUntil } }: { readonly view: DomainHostnamesView }) {
	return (
		<>
			{failure === null ? null : (
				<p role="status">
					{failure}{' '}
					{pausedUntil === null ? null : (
						<>
							The service tries again after <LocalTime at={pausedUntil} />.
						</>
					)}
				</p>
			)}
			{hostnames.length === 0 ? <p class="soft">This record asks for no custom hostname, or was saved a moment ago.</p> : null}
			<ul class="hostnames stack">
				{hostnames.map((hostname) => (
					<HostnameItem key={hostname.hostname} view={hostname} />
				))}
			</ul>
			{usage === null ? null : (
				<p class="hint">
					{usage.used} of {usage.limit} custom hostnames of the service are used; the price includes {usage.included}.
				</p>
			)}
		</>
	);
}

function HostnameItem({ view }: { readonly view: HostnameView }) {
	const isOpen = view.state === 'waiting' || view.state === 'stuck';
	return (
		<li>
			<StatusBadge status={STATUSES[view.state]} />{' '}
			<strong>
				<DottedName text={view.hostname} />
			</strong>
			{view.leavesAt === null ? null : (
				<p class="hint">
					It is removed on <LocalTime at={view.leavesAt} />, unless the record asks for it again by then.
				</p>
			)}
			{[...(view.failure === null ? [] : [view.failure]), ...view.errors].map((text) => (
				<p class="hint" key={text}>
					Cloudflare says: {text}
				</p>
			))}
			{isOpen ? (
				<p class="hint">Its CNAME has to lead to the service. To have the certificate before that, the customer publishes:</p>
			) : null}
			{isOpen ? view.validationRecords.map((text) => <ValidationRecord key={text} text={text} />) : null}
		</li>
	);
}

function ValidationRecord({ text }: { readonly text: string }) {
	const target = useRef<HTMLElement>(null);
	return (
		<p>
			<code ref={target}>
				<DottedName text={text} />
			</code>{' '}
			<CopyButton target={target} description="this DNS record" icon />
		</p>
	);
}
