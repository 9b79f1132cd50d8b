/** What the visitor probably reads mail with, from the User-Agent. A guess that preselects; every choice stays open. */

/** The choices of the page, in its order. */
export const MAIL_APPS = ['iphone', 'mac', 'finder', 'outlook', 'other'] as const;
export type MailApp = (typeof MAIL_APPS)[number];

const USER_AGENT_PATTERNS: readonly (readonly [RegExp, MailApp])[] = [
	[/iPhone|iPad|iPod/, 'iphone'],
	// An iPad that asks for desktop sites says so too; the page's script knows better (it can be touched).
	[/Macintosh/, 'mac'],
	[/Windows/, 'outlook'],
];

/** Everything else, Android and Linux, has apps that find the settings. */
export function detectMailApp(userAgent: string): MailApp {
	return USER_AGENT_PATTERNS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'finder';
}

export function parseMailApp(text: string): MailApp | null {
	return MAIL_APPS.find((way) => way === text) ?? null;
}

// Firefox for iOS hands profiles to nobody (mozilla-mobile/firefox-ios#25476, 2025-03); nor do DuckDuckGo and the web views of Facebook,
// Instagram, Line, WeChat and the Google app.
const BROWSERS_WITHOUT_PROFILES = /FxiOS|Focus\/|DuckDuckGo|Ddg\/|FBAN|FBAV|Instagram|\bLine\/|MicroMessenger|GSA\//;

/** Whether the browser is one on an iPhone or iPad that cannot install profiles. */
export function cannotInstallProfiles(userAgent: string): boolean {
	return detectMailApp(userAgent) === 'iphone' && BROWSERS_WITHOUT_PROFILES.test(userAgent);
}
