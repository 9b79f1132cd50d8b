/** Which family of client a request comes from: a word for logs and counters, never a reason to answer differently. */

/** Characters of a User-Agent that are looked at: real ones have 300 at most, and what stands behind them is a stranger's. */
export const MAX_USER_AGENT_LENGTH = 512;

const CLIENT_FAMILIES: readonly (readonly [RegExp, string])[] = [
	// Android's Thunderbird and K-9 send OkHttp's User-Agent, or their own.
	[/K-9|k9mail/i, 'thunderbird-android'],
	[/Thunderbird\//, 'thunderbird'],
	[/Evolution\//i, 'evolution'],
	[/FairEmail/i, 'fairemail'],
	[/Delta ?Chat/i, 'delta-chat'],
	[/eM ?Client/i, 'em-client'],
	[/Microsoft Office|Microsoft Outlook|MSOffice|Outlook-/i, 'outlook'],
	[/profiled|com\.apple|dataaccessd|accountsd|CFNetwork/i, 'apple'],
	[/iPhone|iPad/, 'ios-browser'],
	[/Macintosh/, 'macos-browser'],
	[/Nextcloud/i, 'nextcloud'],
	[/Mailspring/i, 'mailspring'],
	[/kmail|akonadi/i, 'kmail'],
	[/Geary/i, 'geary'],
	[/Go-http-client/, 'go'],
	[/okhttp/i, 'okhttp'],
	[/Dalvik/i, 'android'],
	[/curl\//, 'curl'],
	[/Mozilla\//, 'browser'],
];

/** A family from a User-Agent: `none` where there is none, `other` where it is not known. Never any part of what was sent. */
export function clientFamily(userAgent: string): string {
	if (userAgent === '') return 'none';
	if (isThunderbirdForAndroid(userAgent)) return 'thunderbird-android';
	return CLIENT_FAMILIES.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other';
}

/** `Thunderbird` and, anywhere behind it, `Android`: two searches, where one pattern would begin again at every `Thunderbird`. */
function isThunderbirdForAndroid(userAgent: string): boolean {
	const lower = userAgent.toLowerCase();
	const at = lower.indexOf('thunderbird');
	return at >= 0 && lower.includes('android', at);
}
