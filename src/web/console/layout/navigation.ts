/** Which pages the console leads to, for the bar above every page and the command palette. */
import type { ConsolePage } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import type { Session } from '../current-session.ts';

export interface NavigationEntry {
	readonly page: ConsolePage;
	readonly title: string;
	/** Further pages under which the entry is marked as the current one. */
	readonly includes: readonly ConsolePage[];
}

const NAVIGATION: readonly NavigationEntry[] = [
	{ page: 'domains', title: 'Domains', includes: ['domain', 'record', 'dns', 'history', 'new'] },
	{ page: 'tokens', title: 'Tokens', includes: [] },
	{ page: 'webhooks', title: 'Webhooks', includes: [] },
	{ page: 'audit', title: 'Audit log', includes: [] },
	{ page: 'usage', title: 'Usage', includes: [] },
];

/** The entries that the session may use. The service decides; this only hides what it would refuse. */
export function navigationFor(session: Session): readonly NavigationEntry[] {
	return NAVIGATION.filter(({ page }) => isPageAllowed(session, page));
}

function isPageAllowed({ role, domains }: Session, page: ConsolePage): boolean {
	if (page === 'tokens' || page === 'webhooks') return roleAllows(role, 'admin');
	return page !== 'usage' || domains === 'all';
}
