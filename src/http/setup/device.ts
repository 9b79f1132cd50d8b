/** What the visitor probably reads mail with, from the User-Agent. A guess that preselects; every choice stays open. */

/** The choices of the page, in its order. */
export const WAYS = ['iphone', 'mac', 'finder', 'outlook', 'other'] as const;
export type Way = (typeof WAYS)[number];

const GUESSES: readonly (readonly [RegExp, Way])[] = [
	[/iPhone|iPad|iPod/, 'iphone'],
	// An iPad that asks for desktop sites says so too; the page's script knows better (it can be touched).
	[/Macintosh/, 'mac'],
	[/Windows/, 'outlook'],
];

/** Everything else, Android and Linux, has apps that find the settings. */
export function guessWay(userAgent: string): Way {
	return GUESSES.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'finder';
}

export function parseWay(text: string): Way | null {
	return WAYS.find((way) => way === text) ?? null;
}

// Firefox for iOS hands profiles to nobody (mozilla-mobile/firefox-ios#25476, 2025-03); nor do DuckDuckGo and the web views of Facebook,
// Instagram, Line, WeChat and the Google app.
const CANNOT_INSTALL = /FxiOS|Focus\/|DuckDuckGo|Ddg\/|FBAN|FBAV|Instagram|\bLine\/|MicroMessenger|GSA\//;

/** Whether the browser is one on an iPhone or iPad that cannot install profiles. */
export function cannotInstall(userAgent: string): boolean {
	return guessWay(userAgent) === 'iphone' && CANNOT_INSTALL.test(userAgent);
}
