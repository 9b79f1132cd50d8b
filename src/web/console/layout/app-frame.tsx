/** The bar above every page: where one is, who is logged in, and the way out. */
import type { ComponentChildren } from 'preact';
import { type ConsolePage, type ConsoleRoute, consolePath } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import type { Session } from '../current-session.ts';
import { CommandPalette } from './command-palette.tsx';
import { HealthProblems } from './health-problems.tsx';

/** The entries of the navigation. `includes` names further pages under which the entry is marked as the current one. */
const NAVIGATION: readonly { readonly page: ConsolePage; readonly title: string; readonly includes: readonly ConsolePage[] }[] = [
	{ page: 'domains', title: 'Domains', includes: ['domain', 'record', 'dns', 'history', 'new'] },
	{ page: 'tokens', title: 'Tokens', includes: [] },
	{ page: 'audit', title: 'Audit log', includes: [] },
	{ page: 'usage', title: 'Usage', includes: [] },
];

interface AppFrameProps {
	/** Null where the address bar names no page of the console. */
	readonly route: ConsoleRoute | null;
	readonly session: Session;
	readonly logOut: () => void;
	readonly children: ComponentChildren;
}

export function AppFrame({ route, session, logOut, children }: AppFrameProps) {
	const entries = NAVIGATION.filter(
		({ page }) => (page !== 'tokens' || roleAllows(session.role, 'admin')) && (page !== 'usage' || session.domains === 'all'),
	);
	return (
		<>
			<a class="skip" href="#main">
				Skip to content
			</a>
			<header class="bar">
				<a class="brand" href={consolePath('domains')}>
					<img src="/assets/icon.svg" alt="" width={28} height={28} />
					<span>Signpost</span>
				</a>
				<nav class="sections" aria-label="Main">
					<ul>
						{entries.map(({ page, title, includes }) => (
							<li key={page}>
								<a href={consolePath(page)} aria-current={route !== null && [page, ...includes].includes(route.page) ? 'page' : undefined}>
									{title}
								</a>
							</li>
						))}
					</ul>
				</nav>
				<a class="reference" href="/admin/reference">
					API reference
				</a>
				<div class="who">
					<span class="soft" title={`Role: ${session.role}`}>
						{session.who}
					</span>
					<button type="button" class="quiet small" onClick={logOut}>
						Log out
					</button>
				</div>
			</header>
			<CommandPalette />
			<main id="main">
				{session.domains === 'all' ? <HealthProblems /> : null}
				{children}
			</main>
		</>
	);
}
