/** The page of one domain: an overview, its record, its DNS records and its history. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { type ConsolePage, consolePath } from '../../../contract/console-routes.ts';
import type { DomainView } from '../../../contract/views.ts';
import { utcDay } from '../../../lib/time.ts';
import { parseRecordName, type RecordName } from '../../../model/record-name.ts';
import { callApi } from '../api-client.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { ErrorNotice, LoadingNotice } from '../components/status-notices.tsx';
import { isAllowed, type Session } from '../current-session.ts';
import { DnsTab } from '../dns/dns-tab.tsx';
import { PageLayout } from '../layout/page-layout.tsx';
import { OverviewTab } from '../overview/overview-tab.tsx';
import { useRecordEditor } from '../record/record-editor.ts';
import { recordStatuses } from '../record/record-status.ts';
import { RecordTab } from '../record/record-tab.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { HistoryTab } from './history-tab.tsx';

type DomainTab = 'domain' | 'record' | 'dns' | 'history';

export interface DomainPageProps {
	readonly name: string;
	readonly tab: DomainTab;
	readonly session: Session;
}

export function DomainPage({ name, tab, session }: DomainPageProps) {
	const parsed = parseRecordName(name);
	const { result, refetch } = useApiQuery(name, () => callApi('readDomain', { path: { domain: name } }));
	if (parsed === null)
		return (
			<PageLayout title={name}>
				<p class="note">That is not a valid domain name.</p>
			</PageLayout>
		);
	if (result === null)
		return (
			<PageLayout title={name}>
				<LoadingNotice />
			</PageLayout>
		);
	if (!result.ok)
		return (
			<PageLayout title={name}>
				<ErrorNotice error={result.error} retry={refetch} />
			</PageLayout>
		);
	return <LoadedDomain name={parsed} tab={tab} session={session} loaded={result.value} />;
}

const TABS: readonly { readonly page: DomainTab & ConsolePage; readonly title: string }[] = [
	{ page: 'domain', title: 'Overview' },
	{ page: 'record', title: 'Record' },
	{ page: 'dns', title: 'DNS' },
	{ page: 'history', title: 'History' },
];

/** How long to wait, in milliseconds, before checking whether a save has reached the copy that clients are answered from. */
const PROPAGATION_POLL_MS = 1500;

interface LoadedDomainProps {
	readonly name: RecordName;
	readonly tab: DomainTab;
	readonly session: Session;
	readonly loaded: DomainView;
}

function LoadedDomain({ name, tab, session, loaded }: LoadedDomainProps) {
	// Every response to a write carries the current record, which replaces the loaded one.
	const [view, setView] = useState(loaded);
	const editor = useRecordEditor(view);
	// Without unsaved changes the form shows the latest revision; with them, the record tab offers to merge. This happens before
	// the next paint, because a reset that came after it would take back what was typed in between.
	useLayoutEffect(() => {
		if (!editor.isDirty && editor.draft.revision !== view.revision) editor.reset(view);
	}, [view, editor]);
	useEffect(() => {
		if (view.copy !== 'propagating') return;
		let isCurrent = true;
		const poll = async () => {
			const response = await callApi('readDomain', { path: { domain: name } });
			// What was asked before a save must not replace what the save has returned.
			if (!isCurrent) return;
			if (response.ok) setView(response.value);
			else waiting = setTimeout(poll, PROPAGATION_POLL_MS);
		};
		let waiting = setTimeout(poll, PROPAGATION_POLL_MS);
		return () => {
			isCurrent = false;
			clearTimeout(waiting);
		};
	}, [view, name]);
	const today = utcDay(Date.now());
	const mayWrite = isAllowed(session, 'write', name);
	const badges = (
		<span class="badges">
			{recordStatuses(view, today).map((status) => (
				<StatusBadge key={status.code + status.explanation} status={status} />
			))}
		</span>
	);
	return (
		<PageLayout title={name} aside={badges}>
			<nav class="tabs" aria-label={name}>
				<ul>
					{TABS.map(({ page, title }) => (
						<li key={page}>
							<a href={consolePath(page, name)} aria-current={page === tab ? 'page' : undefined}>
								{title}
								{page === 'record' && editor.isDirty ? <span class="dot" role="img" aria-label="unsaved changes" /> : null}
							</a>
						</li>
					))}
				</ul>
			</nav>
			{tab === 'domain' ? <OverviewTab name={name} view={view} session={session} hasDraft={editor.isDirty} /> : null}
			{tab === 'record' ? <RecordTab name={name} view={view} setView={setView} editor={editor} mayWrite={mayWrite} /> : null}
			{tab === 'dns' ? <DnsTab name={name} view={view} editor={editor} mayWrite={mayWrite} /> : null}
			{tab === 'history' ? <HistoryTab name={name} view={view} setView={setView} mayWrite={mayWrite} /> : null}
		</PageLayout>
	);
}
