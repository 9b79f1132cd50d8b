/** The first tab of a domain: what needs doing, the state of its DNS, what mail apps are offered, and the link for its users. */
import type { DomainCheckView } from '../../../contract/checks/check-results.ts';
import { consolePath } from '../../../contract/console-routes.ts';
import type { DnsView, DomainView } from '../../../contract/views.ts';
import { isWildcardName, type RecordName } from '../../../model/record-name.ts';
import { callApi } from '../api-client.ts';
import { LocalTime } from '../components/local-time.tsx';
import { StatusMark } from '../components/status-badge.tsx';
import type { Session } from '../current-session.ts';
import { ACT_LABELS } from '../pages/act-labels.ts';
import { sampleAddress, useResolvedRecord } from '../record/use-resolved-record.ts';
import { SERVICE_HOST } from '../service-host.ts';
import { useApiQuery } from '../use-api-query.ts';
import { AliasesCard } from './aliases-card.tsx';
import { CHECK_CARD_ID, CheckCard } from './check-card.tsx';
import type { CheckResult } from './check-summary.ts';
import { DnsCard } from './dns-card.tsx';
import { HostnamesCard } from './hostnames-card.tsx';
import { OffersCard } from './offers-card.tsx';
import { type DnsResult, describeNoTasks, overviewTasks } from './overview-tasks.ts';
import { RecentClientsCard } from './recent-clients-card.tsx';
import { SetupPageCard } from './setup-page-card.tsx';

interface OverviewTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly session: Session;
	readonly hasDraft: boolean;
}

export function OverviewTab({ name, view, session, hasDraft }: OverviewTabProps) {
	const isWildcard = isWildcardName(name);
	const isComparable = !isWildcard && view.record !== null;
	const live = useApiQuery<DnsView | null>(`${name} ${view.revision}`, () =>
		isComparable ? callApi('readDns', { path: { domain: name } }) : Promise.resolve({ ok: true, value: null }),
	);
	const checked = useApiQuery<DomainCheckView | null>(`${name} ${view.revision} check`, () =>
		isComparable ? callApi('readCheck', { path: { domain: name } }) : Promise.resolve({ ok: true, value: null }),
	);
	const sample = sampleAddress(name);
	const resolved = useResolvedRecord(view.record, name, sample.domain);
	const dns: DnsResult = live.result === null ? 'loading' : live.result.ok ? (live.result.value ?? 'none') : 'failed';
	const check: CheckResult = checked.result === null ? 'loading' : checked.result.ok ? (checked.result.value ?? 'none') : 'failed';
	const now = Date.now();
	const tasks = overviewTasks(view, dns, check, SERVICE_HOST !== null, hasDraft, now);
	return (
		<div class="overview">
			<section class="card pad stack wide" aria-labelledby="to-do">
				<h2 id="to-do">To do</h2>
				{tasks.length === 0 ? <p role="status">{describeNoTasks(dns, check)}</p> : null}
				{tasks.length === 0 ? null : (
					<ul class="tasks">
						{tasks.map(({ tone, text, page, action }) => (
							<li key={text}>
								<StatusMark tone={tone} />
								<span>{text}</span>
								{page === null ? null : <a href={page === 'check' ? `#${CHECK_CARD_ID}` : consolePath(page, name)}>{action}</a>}
							</li>
						))}
					</ul>
				)}
			</section>
			{view.record === null ? null : <DnsCard name={name} live={live} />}
			{isComparable ? <CheckCard name={name} check={checked} now={now} /> : null}
			{isWildcard ? null : <HostnamesCard name={name} session={session} />}
			{view.record === null ? null : <OffersCard name={name} record={view.record} resolved={resolved} />}
			{view.record?.kind === 'domain' ? <AliasesCard name={name} /> : null}
			{view.record === null || isWildcard ? null : <SetupPageCard name={name} />}
			{session.domains === 'all' ? <RecentClientsCard /> : null}
			{view.latest === null ? null : (
				<section class="card pad stack" aria-labelledby="latest">
					<h2 id="latest">Latest change</h2>
					<p>
						<strong>{view.latest.author}</strong> {ACT_LABELS[view.latest.act]} revision {view.latest.revision},{' '}
						<LocalTime at={view.latest.at} />
					</p>
					{view.latest.note === '' ? null : <p class="why">{view.latest.note}</p>}
					<p>
						<a href={consolePath('history', name)}>All revisions</a>
					</p>
				</section>
			)}
		</div>
	);
}
