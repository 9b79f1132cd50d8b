/** The pages of the admin console. The Worker serves the same document for each; the console's script renders the page by its path. */

/** Path of each page below `/admin`; parts in braces are variables. */
export const CONSOLE_PAGES = {
	domains: '',
	domain: '/domains/{domain}',
	record: '/domains/{domain}/record',
	dns: '/domains/{domain}/dns',
	history: '/domains/{domain}/history',
	new: '/new',
	tokens: '/tokens',
	webhooks: '/webhooks',
	audit: '/audit',
	usage: '/usage',
} as const satisfies Record<string, string>;

export type ConsolePage = keyof typeof CONSOLE_PAGES;

/** The page of a path, and its domain, decoded; the domain is empty where the page has none. */
export interface ConsoleRoute {
	readonly page: ConsolePage;
	readonly domain: string;
}

/** Finds the page of a path, with or without a slash at the end; null where there is none. */
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
