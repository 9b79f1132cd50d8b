/** Who is logged in, and the page that the address bar names. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { consolePath } from '../../contract/console-routes.ts';
import { type ApiError, callApi, onUnauthenticated } from './api-client.ts';
import { lazy } from './components/lazy.tsx';
import { ErrorNotice } from './components/status-notices.tsx';
import { type ConsoleLocation, useConsoleLocation } from './console-router.ts';
import type { Session } from './current-session.ts';
import { DomainsPage } from './domains/domains-page.tsx';
import { AppFrame } from './layout/app-frame.tsx';
import { PageLayout } from './layout/page-layout.tsx';
import { AuditPage } from './pages/audit-page.tsx';
import type { DomainPageProps } from './pages/domain-page.tsx';
import { LogInPage } from './pages/log-in-page.tsx';
import { NewDomainPage } from './pages/new-domain-page.tsx';
import { TokensPage } from './pages/tokens-page.tsx';
import { UsagePage } from './pages/usage-page.tsx';
import { deleteAllDrafts } from './record/draft-storage.ts';
import type { WebhooksPageProps } from './webhooks/webhooks-page.tsx';

const lazyDomainPage = lazy<DomainPageProps>(() => import('./pages/domain-page.tsx').then((module) => module.DomainPage));
const lazyWebhooksPage = lazy<WebhooksPageProps>(() => import('./webhooks/webhooks-page.tsx').then((module) => module.WebhooksPage));

/** A session, or why there is none: `loading` until the service has answered, `logged-out`, or the error of the request. */
type SessionState = Session | 'loading' | 'logged-out' | ApiError;

export function App() {
	const location = useConsoleLocation();
	const [session, setSession] = useState<SessionState>('loading');
	const [logOutError, setLogOutError] = useState<ApiError | null>(null);
	const loadSession = useCallback(() => {
		void callApi('readSession').then((response) => {
			if (response.ok) setSession(response.value);
			else setSession(response.error.code === 'unauthenticated' ? 'logged-out' : response.error);
		});
	}, []);
	useEffect(() => {
		onUnauthenticated(() => setSession('logged-out'));
		loadSession();
		// The code of the domain page is fetched while the service answers who is logged in.
		if (location.route?.domain) lazyDomainPage.preload();
	}, [loadSession]);
	if (session === 'loading') return <p class="waiting" role="status" />;
	if (session === 'logged-out') return <LogInPage onLogIn={setSession} />;
	if ('code' in session)
		return (
			<main id="main" class="alone">
				<PageLayout title="Signpost">
					<p class="warn" role="alert">
						{session.title}
					</p>
					<button type="button" onClick={loadSession}>
						Try again
					</button>
				</PageLayout>
			</main>
		);
	const logOut = () => {
		void callApi('closeSession').then((response) => {
			// The session is in a cookie that only the service can take back: until it has answered, whoever reloads the page is logged in.
			const isOver = response.ok || response.error.code === 'unauthenticated';
			setLogOutError(isOver ? null : { ...response.error, title: `You are still logged in. ${response.error.title}` });
			if (!isOver) return;
			// Unsaved drafts belong to the person who wrote them, not to the next one who uses this browser.
			deleteAllDrafts();
			setSession('logged-out');
		});
	};
	return (
		<AppFrame route={location.route} session={session} logOut={logOut}>
			{logOutError === null ? null : <ErrorNotice error={logOutError} retry={logOut} />}
			<CurrentPage location={location} session={session} />
		</AppFrame>
	);
}

function CurrentPage({ location: { route, query }, session }: { readonly location: ConsoleLocation; readonly session: Session }) {
	if (route === null)
		return (
			<PageLayout title="Page not found">
				<p>
					<a href={consolePath('domains')}>Back to all domains</a>
				</p>
			</PageLayout>
		);
	switch (route.page) {
		case 'domains':
			return <DomainsPage query={query} session={session} />;
		case 'domain':
		case 'record':
		case 'dns':
		case 'history':
			return <lazyDomainPage.Component key={route.domain} name={route.domain} tab={route.page} session={session} />;
		case 'new':
			return <NewDomainPage query={query} />;
		case 'tokens':
			return <TokensPage session={session} />;
		case 'webhooks':
			return <lazyWebhooksPage.Component query={query} session={session} />;
		case 'audit':
			return <AuditPage query={query} session={session} />;
		case 'usage':
			return <UsagePage query={query} />;
	}
}
