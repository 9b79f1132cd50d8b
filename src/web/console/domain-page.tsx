/** One domain: its record, its place in DNS, its history. */
import { useEffect, useState } from 'preact/hooks';
import { type ConsolePage, pathOf } from '../../contract/console-pages.ts';
import type { DomainView } from '../../contract/views.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import { ask } from './api.ts';
import { Badge } from './badge.tsx';
import { DnsTab } from './dns-tab.tsx';
import { useEditing } from './editing.ts';
import { HistoryTab } from './history-tab.tsx';
import { useLoad } from './load.ts';
import { Page, Refused, Waiting } from './page.tsx';
import { RecordTab } from './record-tab.tsx';
import { may, type Session } from './session.ts';
import { standings } from './standing.ts';

type Tab = 'domain' | 'dns' | 'history';

export interface DomainPageProps {
	readonly name: string;
	readonly tab: Tab;
	readonly session: Session;
}

export function DomainPage({ name, tab, session }: DomainPageProps) {
	const parsed = parseRecordName(name);
	const { result, again } = useLoad(name, () => ask('readDomain', { path: { domain: name } }));
	if (parsed === null)
		return (
			<Page title={name}>
				<p class="note">That is no domain name.</p>
			</Page>
		);
	if (result === null)
		return (
			<Page title={name}>
				<Waiting />
			</Page>
		);
	if (!result.ok)
		return (
			<Page title={name}>
				<Refused refusal={result.error} again={again} />
			</Page>
		);
	return <Domain name={parsed} tab={tab} session={session} loaded={result.value} />;
}

const TABS: readonly { readonly page: Tab & ConsolePage; readonly title: string }[] = [
	{ page: 'domain', title: 'Record' },
	{ page: 'dns', title: 'DNS' },
	{ page: 'history', title: 'History' },
];

/** Milliseconds after which to look whether a save has reached the copy that clients are answered from. */
const SETTLES = 1500;

interface DomainProps {
	readonly name: RecordName;
	readonly tab: Tab;
	readonly session: Session;
	readonly loaded: DomainView;
}

function Domain({ name, tab, session, loaded }: DomainProps) {
	// Every answer to a write carries the record as it now stands.
	const [view, setView] = useState(loaded);
	const editing = useEditing(view);
	useEffect(() => {
		// Nothing of one's own to merge: the form follows what is live.
		if (!editing.dirty && editing.kept.revision !== view.revision) editing.begin(view);
	}, [view, editing]);
	useEffect(() => {
		if (view.copy !== 'propagating') return;
		const waiting = setTimeout(async () => {
			const answered = await ask('readDomain', { path: { domain: name } });
			if (answered.ok) setView(answered.value);
		}, SETTLES);
		return () => clearTimeout(waiting);
	}, [view, name]);
	const today = new Date().toISOString().slice(0, 10);
	const mayWrite = may(session, 'write', name);
	const badges = (
		<span class="badges">
			{standings(view, today).map((standing) => (
				<Badge key={standing.code + standing.why} standing={standing} />
			))}
		</span>
	);
	return (
		<Page title={name} aside={badges}>
			<nav class="tabs" aria-label={name}>
				<ul>
					{TABS.map(({ page, title }) => (
						<li key={page}>
							<a href={pathOf(page, name)} aria-current={page === tab ? 'page' : undefined}>
								{title}
								{page === 'domain' && editing.dirty ? <span class="dot" role="img" aria-label="unsaved changes" /> : null}
							</a>
						</li>
					))}
				</ul>
			</nav>
			{tab === 'domain' ? <RecordTab name={name} view={view} setView={setView} editing={editing} mayWrite={mayWrite} /> : null}
			{tab === 'dns' ? <DnsTab name={name} view={view} editing={editing} /> : null}
			{tab === 'history' ? <HistoryTab name={name} view={view} setView={setView} editing={editing} mayWrite={mayWrite} /> : null}
		</Page>
	);
}
