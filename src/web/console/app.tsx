/** Who is logged in, and the page that the address bar names. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type ConsolePage, consolePath } from '../../contract/console-routes.ts';
import { roleAllows } from '../../contract/roles.ts';
import { type ApiError, callApi, onUnauthenticated } from './api-client.ts';
import { lazy } from './components/lazy.tsx';
import { type ConsoleLocation, useConsoleLocation } from './console-router.ts';
import type { Session } from './current-session.ts';
import { HealthProblems } from './layout/health-problems.tsx';
import { PageLayout } from './layout/page-layout.tsx';
import { AuditPage } from './pages/audit-page.tsx';
import type { DomainPageProps } from './pages/domain-page.tsx';
import { DomainsPage } from './pages/domains-page.tsx';
import { LogInPage } from './pages/log-in-page.tsx';
import { NewDomainPage } from './pages/new-domain-page.tsx';
import { TokensPage } from './pages/tokens-page.tsx';
import { UsagePage } from './pages/usage-page.tsx';
import { deleteAllDrafts } from './record/draft-storage.ts';

const lazyDomainPage = lazy<DomainPageProps>(() => import('./pages/domain-page.tsx').then((module) => module.DomainPage));

/** `asking`: at the start; `out`: nobody is logged in. */
type SessionState = Session | 'asking' | 'out' | ApiError;

export function App() {
	const here = useConsoleLocation();
	const [who, setWho] = useState<SessionState>('asking');
	const lookAgain = useCallback(() => {
		void callApi('readSession').then((answered) => {
			if (answered.ok) setWho(answered.value);
			else setWho(answered.error.code === 'unauthenticated' ? 'out' : answered.error);
		});
	}, []);
	useEffect(() => {
		onUnauthenticated(() => setWho('out'));
		lookAgain();
		// Meanwhile.
		if (here.route?.domain) lazyDomainPage.preload();
	}, [lookAgain]);
	if (who === 'asking') return <p class="waiting" role="status" />;
	if (who === 'out') return <LogInPage entered={setWho} />;
	if ('code' in who)
		return (
			<main id="main" class="alone">
				<PageLayout title="Signpost">
					<p class="warn" role="alert">
						{who.title}
					</p>
					<button type="button" onClick={lookAgain}>
						Try again
					</button>
				</PageLayout>
			</main>
		);
	const leave = () => {
		void callApi('closeSession').then(() => {
			// What was being written belongs to who wrote it.
			deleteAllDrafts();
			setWho('out');
		});
	};
	return <AppFrame here={here} session={who} leave={leave} />;
}

const NAVIGATION: readonly { readonly page: ConsolePage; readonly title: string; readonly also: readonly ConsolePage[] }[] = [
	{ page: 'domains', title: 'Domains', also: ['domain', 'dns', 'history', 'new'] },
	{ page: 'tokens', title: 'Tokens', also: [] },
	{ page: 'audit', title: 'Audit', also: [] },
	{ page: 'usage', title: 'Usage', also: [] },
];

function AppFrame({ here, session, leave }: { readonly here: ConsoleLocation; readonly session: Session; readonly leave: () => void }) {
	const { route } = here;
	const shown = NAVIGATION.filter(
		({ page }) => (page !== 'tokens' || roleAllows(session.role, 'admin')) && (page !== 'usage' || session.domains === 'all'),
	);
	return (
		<>
			<a class="skip" href="#main">
				Skip to the content
			</a>
			<header class="bar">
				<a class="brand" href={consolePath('domains')}>
					<img src="/assets/icon.svg" alt="" width={28} height={28} />
					Signpost
				</a>
				<nav class="sections" aria-label="Main">
					<ul>
						{shown.map(({ page, title, also }) => (
							<li key={page}>
								<a href={consolePath(page)} aria-current={route !== null && [page, ...also].includes(route.page) ? 'page' : undefined}>
									{title}
								</a>
							</li>
						))}
					</ul>
				</nav>
				<div class="who">
					<span class="soft" title={`Role: ${session.role}`}>
						{session.who}
					</span>
					<button type="button" class="quiet small" onClick={leave}>
						Log out
					</button>
				</div>
			</header>
			<main id="main">
				{session.domains === 'all' ? <HealthProblems /> : null}
				<CurrentPage here={here} session={session} />
			</main>
		</>
	);
}

function CurrentPage({ here: { route, query }, session }: { readonly here: ConsoleLocation; readonly session: Session }) {
	if (route === null)
		return (
			<PageLayout title="There is nothing here">
				<p>
					<a href={consolePath('domains')}>All domains</a>
				</p>
			</PageLayout>
		);
	switch (route.page) {
		case 'domains':
			return <DomainsPage query={query} session={session} />;
		case 'domain':
		case 'dns':
		case 'history':
			return <lazyDomainPage.Component key={route.domain} name={route.domain} tab={route.page} session={session} />;
		case 'new':
			return <NewDomainPage />;
		case 'tokens':
			return <TokensPage session={session} />;
		case 'audit':
			return <AuditPage query={query} />;
		case 'usage':
			return <UsagePage query={query} />;
	}
}
