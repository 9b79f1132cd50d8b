/** The family of client that a request comes from, for logs and usage counts. Answers never depend on it. */

/** Characters of a User-Agent that are searched: real ones have 300 at most, and a stranger could send far more to use up CPU time. */
export const MAX_USER_AGENT_LENGTH = 512;

const CLIENT_FAMILIES: readonly (readonly [RegExp, string])[] = [
	// Thunderbird for Android and K-9 send OkHttp's User-Agent, or their own.
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

/** The family for a User-Agent: `none` where it is empty, `other` where it is not known. The result never contains a part of the header. */
export function clientFamily(userAgent: string): string {
	if (userAgent === '') return 'none';
	if (isThunderbirdForAndroid(userAgent)) return 'thunderbird-android';
	return CLIENT_FAMILIES.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other';
}

/** Whether `Android` follows `Thunderbird` anywhere. Two searches take linear time; one pattern would start again at every `Thunderbird`. */
function isThunderbirdForAndroid(userAgent: string): boolean {
	const lower = userAgent.toLowerCase();
	const at = lower.indexOf('thunderbird');
	return at >= 0 && lower.includes('android', at);
}
