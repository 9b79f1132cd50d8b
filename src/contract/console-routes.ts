/** The admin console's pages: the Worker serves the same document for each, the console's script tells them apart. */

/** Below `/admin`; parts in braces are variables. */
export const CONSOLE_PAGES = {
	domains: '',
	domain: '/domains/{domain}',
	dns: '/domains/{domain}/dns',
	history: '/domains/{domain}/history',
	new: '/new',
	tokens: '/tokens',
	audit: '/audit',
	usage: '/usage',
} as const satisfies Record<string, string>;

export type ConsolePage = keyof typeof CONSOLE_PAGES;

/** Which page a path is, and its variables decoded; null for none. */
export interface ConsoleRoute {
	readonly page: ConsolePage;
	readonly domain: string;
}

/** Tells the pages apart; a slash at the end does not matter. */
export function parseConsoleRoute(path: string): ConsoleRoute | null {
	const bare = path.endsWith('/') ? path.slice(0, -1) : path;
	for (const page of Object.keys(CONSOLE_PAGES) as readonly ConsolePage[]) {
		const pattern = new RegExp(`^/admin${CONSOLE_PAGES[page].replace('{domain}', '([^/]+)')}$`);
		const found = pattern.exec(bare);
		const domain = found === null ? null : parseUriComponent(found[1] ?? '');
		if (domain !== null) return { page, domain };
	}
	return null;
}

/** The path of a page. */
export function consolePath(page: ConsolePage, domain = ''): string {
	return `/admin${CONSOLE_PAGES[page].replace('{domain}', encodeURIComponent(domain))}`;
}

function parseUriComponent(text: string): string | null {
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}
