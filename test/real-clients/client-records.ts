/** The records that real clients are set up from, one mail domain each, and how DNS and the web differ for each. */

/** A mail domain as the service, DNS and the web have it. */
export interface ClientRecord {
	/** What the table calls it. */
	readonly title: string;
	readonly domain: string;
	/** Null: the domain has no record of its own. */
	readonly record: object | null;
	/** The address that is set up; its local part and domain as a person types them. */
	readonly address: string;
	/** Lines of a zone file beside those that the service prints, for instance an MX. */
	readonly extraDns?: readonly string[];
	/** Types that are left out of the printed zone. */
	readonly withoutDns?: readonly string[];
	/** What the mail server calls the mailbox of a user, which is what logs in to it; the address where this is left out. */
	readonly mailbox?: (user: string) => string;
	/** Whether the web servers of the domain's names answer nothing at all. */
	readonly deadWeb?: true;
}

const IMAP = 'imap.example.com';
const SMTP = 'smtp.example.com';
const POP3 = 'pop.example.com';

function record(services: object, more: object = {}): object {
	return { kind: 'domain', provider: { name: 'Example Mail' }, services, ...more };
}

const BOTH_PORTS = { imap: { host: IMAP }, submission: { host: SMTP } };
const OAUTH = {
	issuer: 'https://login.example.com',
	authUrl: 'https://login.example.com/authorize',
	tokenUrl: 'https://login.example.com/token',
	scope: 'mail',
};

export const CLIENT_RECORDS: readonly ClientRecord[] = [
	{ title: '465 and 587', domain: 'example.com', record: record(BOTH_PORTS), address: 'alice@example.com' },
	{
		title: '587 only',
		domain: 'only587.example',
		record: record({ imap: { host: IMAP }, submission: { host: SMTP, implicit: null } }),
		address: 'alice@only587.example',
	},
	{
		title: 'fallback ended',
		domain: 'ended.example',
		record: record({ imap: { host: IMAP }, submission: { host: SMTP, starttls: { port: 587, until: '2026-01-01' } } }),
		address: 'alice@ended.example',
	},
	{
		title: 'POP3 only',
		domain: 'pop3.example',
		record: record({ pop3: { host: POP3 }, submission: { host: SMTP } }),
		address: 'alice@pop3.example',
	},
	{
		title: 'IMAP and POP3, with all STARTTLS ports',
		domain: 'all.example',
		record: record({ imap: { host: IMAP, starttls: 143 }, pop3: { host: POP3, starttls: 110 }, submission: { host: SMTP } }),
		address: 'alice@all.example',
	},
	{
		title: 'login from the local part',
		domain: 'local.example',
		record: record(BOTH_PORTS, { login: '%EMAILLOCALPART%' }),
		address: 'alice@local.example',
		mailbox: (user) => user,
	},
	{
		title: 'OAuth 2.0 first, then password',
		domain: 'oauth.example',
		record: record(BOTH_PORTS, { oauth: OAUTH }),
		address: 'alice@oauth.example',
	},
	{
		title: 'OAuth 2.0 alone',
		domain: 'oauthonly.example',
		record: record({ imap: { host: IMAP, auth: ['oauth2'] }, submission: { host: SMTP, auth: ['oauth2'] } }, { oauth: OAUTH }),
		address: 'alice@oauthonly.example',
	},
	{ title: 'no submission', domain: 'receive.example', record: record({ imap: { host: IMAP } }), address: 'alice@receive.example' },
	{ title: 'alias', domain: 'alias.example', record: { kind: 'alias', of: 'example.com' }, address: 'alice@alias.example' },
	{
		title: 'alias with a name and a login of its own',
		domain: 'reseller.example',
		record: { kind: 'alias', of: 'example.com', provider: { name: 'Reseller Mail' }, login: '%EMAILLOCALPART%.reseller' },
		address: 'alice@reseller.example',
		mailbox: (user) => `${user}.reseller`,
	},
	{ title: 'wildcard', domain: '*.wild.example', record: record(BOTH_PORTS), address: 'alice@a.wild.example' },
	{
		title: 'international name (A-labels)',
		domain: 'xn--bcher-kva.example',
		record: record(BOTH_PORTS),
		address: 'alice@xn--bcher-kva.example',
	},
	{
		title: 'international name, login in U-labels',
		domain: 'xn--mller-kva.example',
		record: record(BOTH_PORTS, { loginDomain: 'u-label' }),
		address: 'alice@xn--mller-kva.example',
		mailbox: (user) => `${user}@müller.example`,
	},
	{
		title: 'calendars and address books, the user in the URL',
		domain: 'dav.example',
		record: record({
			...BOTH_PORTS,
			caldav: { url: 'https://dav.example.com/calendars/%EMAILADDRESS%/' },
			carddav: { url: 'https://dav.example.com/contacts/%EMAILLOCALPART%/' },
		}),
		address: 'alice@dav.example',
	},
	{
		title: 'through MX',
		domain: 'hosted.example',
		record: null,
		address: 'alice@hosted.example',
		extraDns: ['hosted.example. 60 IN MX 10 mx.example.com.'],
	},
	{
		title: 'SRV alone',
		domain: 'srv.example',
		record: record(BOTH_PORTS),
		address: 'alice@srv.example',
		withoutDns: ['CNAME', 'TXT'],
		deadWeb: true,
	},
	{ title: 'web servers dead', domain: 'dead.example', record: record(BOTH_PORTS), address: 'alice@dead.example', deadWeb: true },
];

/** The hosts that mail runs on: they need a name, and a certificate for it. */
export const MAIL_HOSTS = [IMAP, SMTP, POP3, 'mx.example.com'] as const;

/** The mail domain that a record serves in these tests: below a wildcard, the address's own. */
export function servedDomain({ domain, address }: ClientRecord): string {
	return domain.startsWith('*.') ? (address.split('@')[1] ?? domain) : domain;
}

/** The name of a user's mailbox. */
export function mailboxName(record: ClientRecord, user: string): string {
	return record.mailbox?.(user) ?? `${user}@${servedDomain(record)}`;
}
