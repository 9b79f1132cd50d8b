/** The bar above every page: where one is, who is logged in, and the way out. */
import type { ComponentChildren } from 'preact';
import { type ConsoleRoute, consolePath } from '../../../contract/console-routes.ts';
import type { Session } from '../current-session.ts';
import { CommandPalette } from './command-palette.tsx';
import { HealthProblems } from './health-problems.tsx';
import { navigationFor } from './navigation.ts';

interface AppFrameProps {
	/** Null where the address bar names no page of the console. */
	readonly route: ConsoleRoute | null;
	readonly session: Session;
	readonly logOut: () => void;
	readonly children: ComponentChildren;
}

export function AppFrame({ route, session, logOut, children }: AppFrameProps) {
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
						{navigationFor(session).map(({ page, title, includes }) => (
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
			<CommandPalette session={session} />
			<main id="main">
				{session.domains === 'all' ? <HealthProblems /> : null}
				{children}
			</main>
		</>
	);
}
