/** Who is logged in, and the page that the address bar names. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type ConsolePage, pathOf } from '../../contract/console-pages.ts';
import { allows } from '../../model/role.ts';
import { Ailments } from './ailments.tsx';
import { ask, onSignedOut, type Refusal } from './api.ts';
import { AuditPage } from './audit-page.tsx';
import type { DomainPageProps } from './domain-page.tsx';
import { DomainsPage } from './domains-page.tsx';
import { forgetAll } from './kept.ts';
import { later } from './later.tsx';
import { LogIn } from './log-in.tsx';
import { NewPage } from './new-page.tsx';
import { Page } from './page.tsx';
import { type Here, useHere } from './place.ts';
import type { Session } from './session.ts';
import { TokensPage } from './tokens-page.tsx';
import { UsagePage } from './usage-page.tsx';

const domainPage = later<DomainPageProps>(() => import('./domain-page.tsx').then((module) => module.DomainPage));

/** `asking`: at the start; `out`: nobody is logged in. */
type Who = Session | 'asking' | 'out' | Refusal;

export function App() {
	const here = useHere();
	const [who, setWho] = useState<Who>('asking');
	const lookAgain = useCallback(() => {
		void ask('readSession').then((answered) => {
			if (answered.ok) setWho(answered.value);
			else setWho(answered.error.code === 'unauthenticated' ? 'out' : answered.error);
		});
	}, []);
	useEffect(() => {
		onSignedOut(() => setWho('out'));
		lookAgain();
		// Meanwhile.
		if (here.place?.domain) domainPage.load();
	}, [lookAgain]);
	if (who === 'asking') return <p class="waiting" role="status" />;
	if (who === 'out') return <LogIn entered={setWho} />;
	if ('code' in who)
		return (
			<main id="main" class="alone">
				<Page title="Signpost">
					<p class="warn" role="alert">
						{who.title}
					</p>
					<button type="button" onClick={lookAgain}>
						Try again
					</button>
				</Page>
			</main>
		);
	const leave = () => {
		void ask('closeSession').then(() => {
			// What was being written belongs to who wrote it.
			forgetAll();
			setWho('out');
		});
	};
	return <Frame here={here} session={who} leave={leave} />;
}

const NAVIGATION: readonly { readonly page: ConsolePage; readonly title: string; readonly also: readonly ConsolePage[] }[] = [
	{ page: 'domains', title: 'Domains', also: ['domain', 'dns', 'history', 'new'] },
	{ page: 'tokens', title: 'Tokens', also: [] },
	{ page: 'audit', title: 'Audit', also: [] },
	{ page: 'usage', title: 'Usage', also: [] },
];

function Frame({ here, session, leave }: { readonly here: Here; readonly session: Session; readonly leave: () => void }) {
	const { place } = here;
	const shown = NAVIGATION.filter(
		({ page }) => (page !== 'tokens' || allows(session.role, 'admin')) && (page !== 'usage' || session.domains === 'all'),
	);
	return (
		<>
			<a class="skip" href="#main">
				Skip to the content
			</a>
			<header class="bar">
				<a class="brand" href={pathOf('domains')}>
					<img src="/assets/icon.svg" alt="" width={28} height={28} />
					Signpost
				</a>
				<nav class="sections" aria-label="Main">
					<ul>
						{shown.map(({ page, title, also }) => (
							<li key={page}>
								<a href={pathOf(page)} aria-current={place !== null && [page, ...also].includes(place.page) ? 'page' : undefined}>
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
				{session.domains === 'all' ? <Ailments /> : null}
				<Shown here={here} session={session} />
			</main>
		</>
	);
}

function Shown({ here: { place, query }, session }: { readonly here: Here; readonly session: Session }) {
	if (place === null)
		return (
			<Page title="There is nothing here">
				<p>
					<a href={pathOf('domains')}>All domains</a>
				</p>
			</Page>
		);
	switch (place.page) {
		case 'domains':
			return <DomainsPage query={query} session={session} />;
		case 'domain':
		case 'dns':
		case 'history':
			return <domainPage.Part key={place.domain} name={place.domain} tab={place.page} session={session} />;
		case 'new':
			return <NewPage />;
		case 'tokens':
			return <TokensPage session={session} />;
		case 'audit':
			return <AuditPage query={query} />;
		case 'usage':
			return <UsagePage query={query} />;
	}
}
