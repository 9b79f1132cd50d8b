/** The devices that the set-up page has steps for, and which of them the visitor probably uses. */

/** The choices of the page, in its order. `other` stands for every app that has no steps of its own. */
export const MAIL_APPS = ['iphone', 'mac', 'android', 'windows', 'linux', 'other'] as const;
export type MailApp = (typeof MAIL_APPS)[number];

const USER_AGENT_PATTERNS: readonly (readonly [RegExp, MailApp])[] = [
	[/iPhone|iPad|iPod/, 'iphone'],
	// Also an iPad that asks for desktop sites. The page's script corrects that, because a Mac has no touch screen.
	[/Macintosh/, 'mac'],
	[/Android/, 'android'],
	[/Windows/, 'windows'],
	[/Linux|X11|CrOS/, 'linux'],
];

/** The device that a User-Agent names. It only preselects: every choice stays open. */
export function detectMailApp(userAgent: string): MailApp {
	return USER_AGENT_PATTERNS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other';
}

/** Values that earlier versions of the page posted. A page that is still open in a browser may post them. */
const FORMER_VALUES: Readonly<Record<string, MailApp>> = { finder: 'other', outlook: 'windows' };

export function parseMailApp(text: string): MailApp | null {
	return MAIL_APPS.find((app) => app === text) ?? (Object.hasOwn(FORMER_VALUES, text) ? (FORMER_VALUES[text] ?? null) : null);
}

// Firefox for iOS passes profiles to no other app (mozilla-mobile/firefox-ios#25476, 2025-03); nor do DuckDuckGo and the web views of
// Facebook, Instagram, Line, WeChat and the Google app.
const BROWSERS_WITHOUT_PROFILES = /FxiOS|Focus\/|DuckDuckGo|Ddg\/|FBAN|FBAV|Instagram|\bLine\/|MicroMessenger|GSA\//;

/** Whether the browser is one on an iPhone or iPad that cannot install profiles. Not known of an iPad that asks for desktop sites. */
export function cannotInstallProfiles(userAgent: string): boolean {
	return detectMailApp(userAgent) === 'iphone' && BROWSERS_WITHOUT_PROFILES.test(userAgent);
}
