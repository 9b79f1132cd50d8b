/** Names for people of the client families and protocols that are counted. */
import { PROTOCOLS } from '../../../protocols/registry.ts';

/** What src/protocols/client-family.ts tells apart. */
const CLIENT_NAMES: Readonly<Record<string, string>> = {
	'thunderbird-android': 'Thunderbird for Android, K-9 Mail',
	thunderbird: 'Thunderbird',
	evolution: 'Evolution',
	fairemail: 'FairEmail',
	'delta-chat': 'Delta Chat',
	'em-client': 'eM Client',
	outlook: 'Outlook',
	apple: 'Apple Mail',
	'ios-browser': 'Browser on iPhone or iPad',
	'macos-browser': 'Browser on Mac',
	nextcloud: 'Nextcloud',
	mailspring: 'Mailspring',
	kmail: 'KMail',
	geary: 'Geary',
	go: 'Programs written in Go',
	okhttp: 'Android apps (OkHttp)',
	android: 'Android apps',
	curl: 'curl',
	browser: 'Other browsers',
	none: 'No User-Agent',
	other: 'Others',
};

const OUTCOME_NAMES: Readonly<Record<string, string>> = {
	ok: 'Answered',
	'not-modified': 'Unchanged since the last request',
	'unknown-domain': 'Unknown domain',
	'no-address': 'No address in the request',
	'bad-address': 'Not an address',
	'bad-request': 'Malformed request',
	'unsupported-schema': 'Unsupported Autodiscover schema',
	'unsupported-protocol': 'Unsupported protocol',
	'no-protocol': 'No protocol in the request',
	'not-offered': 'Not offered by the record',
	elsewhere: 'Left to another service',
	inexpressible: 'Not expressible in the format',
	'bad-record': 'Invalid record',
	'not-found': 'No such page',
	redirected: 'Redirected',
	failed: 'Service failure',
	'method-not-allowed': 'Method not allowed',
};

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
	...Object.fromEntries(PROTOCOLS.map(({ id, title }) => [id, title])),
	setup: 'Set-up page',
	zone: 'DNS zone',
	health: 'Health check',
	ask: 'Permission for a certificate',
	exchange: 'Exchange paths',
	none: 'No known path',
};

/** A name that is not known is shown as it was counted, so that it is noticed. */
export const USAGE_NAMES = {
	client: (id: string) => CLIENT_NAMES[id] ?? id,
	protocol: (id: string) => PROTOCOL_NAMES[id] ?? id,
	outcome: (id: string) => OUTCOME_NAMES[id] ?? id,
} as const;

/** The protocols with which mail apps ask; the other words of the count are pages, checks and strangers. */
export const MAIL_APP_PROTOCOLS: ReadonlySet<string> = new Set(PROTOCOLS.map(({ id }) => id));
