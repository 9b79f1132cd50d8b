/** A log line that says: somebody logged in to submit (or to read) mail. Everything else in a log is passed over. */

/** How the session became secure: `implicit` on 465, 993 or 995; `starttls` on 587, 143 or 110; `unknown` where the line does not tell. */
export type TlsMode = 'implicit' | 'starttls' | 'unknown';

export interface LoginEvent {
	readonly service: 'submission' | 'imap' | 'pop3';
	/** `unnamed`: Postfix's service has no name of its own. What that means depends on whether that of 587 has one. `elsewhere`: port 25. */
	readonly tlsMode: TlsMode | 'unnamed' | 'elsewhere';
	readonly account: string;
	/** The client's IP address. */
	readonly client: string;
}

/** What a line says. Of no submission: that a service which takes them was there and logged (`other`), and that it is the one of 587 (`fallback`). */
export type ParsedLogLine = LoginEvent | 'other' | 'fallback';

// What may stand between the stamp and the service: a host name, and a facility where syslogd writes one. No word of it ends in a colon, so
// that nothing a client has sent (a HELO name, an address) can stand at the place of the service: those come behind the first "]: ".
const LINE_PREFIX = String.raw`^(?:\S*[^\s:] ){0,2}`;

// Postfix, smtpd(8): "postfix/submissions/smtpd[812]: 4F2A9: client=…". The word between is syslog_name's, which master.cf sets a service;
// "postfix-submission/smtpd" is how some set-up guides have it. An instance of its own (postfix-out) may stand in front.
const SMTPD_LINE = new RegExp(`${LINE_PREFIX}postfix(?:-([\\w-]+))?(?:/([\\w-]+))?/smtpd\\[\\d+\\]: (.*)`);

// "4F2A9: client=host[192.0.2.7]:51234, sasl_method=PLAIN, sasl_username=alice@example.org"; with long queue ids (enable_long_queue_ids), or
// NOQUEUE before a proxy filter (smtpd_proxy_filter). What comes behind the account was forwarded by another server.
const SMTPD_CLIENT =
	/^(?:[0-9A-F]{5,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,}|NOQUEUE): client=[^\s[]*\[([\da-fA-F.:]+|unknown)\](?::\w+)?, /;
const SASL_USERNAME = /\bsasl_username=(.+?)(?:, (?:sasl_sender|orig_queue_id|orig_client)=|\s*$)/;

/**
 * Names of the services in master.cf: smtps until Postfix 3.6 (2021), submissions since; and those who name them by the port. Where main.cf
 * has syslog_name = postfix/$service_name, port 25 has a name too.
 */
const SERVICE_NAMES: Readonly<Record<string, LoginEvent['tlsMode']>> = {
	smtp: 'elsewhere',
	'25': 'elsewhere',
	smtps: 'implicit',
	submissions: 'implicit',
	'465': 'implicit',
	submission: 'starttls',
	'587': 'starttls',
};

// Dovecot: "dovecot: imap-login: Login: user=<alice@example.org>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=17, TLS, session=<…>";
// in a log file of its own "imap-login: Info: Login: …". From 2.4 on it says "Logged in:" (seen in 2.4.1). lport= is there where
// login_log_format_elements has it: neither TLS nor anything else in the line tells the ports apart.
const DOVECOT_LOGIN = new RegExp(
	`${LINE_PREFIX}(?:dovecot(?:\\[\\d+\\])?: )?(imap|pop3|submission)-login: (?:Info: )?(?:(?:Login|Logged in): user=<([^>]*)>(.*))?`,
);
const REMOTE_IP = /, rip=([\da-fA-F.:]+)/;

const TLS_MODES_BY_PORT: Readonly<Record<string, TlsMode>> = {
	'465': 'implicit',
	'993': 'implicit',
	'995': 'implicit',
	'587': 'starttls',
	'143': 'starttls',
	'110': 'starttls',
};

/** Whether a line is worth parsing: two searches for a word are cheaper than a stamp and the patterns, and nearly all lines are others. */
export function isCandidateLine(line: string): boolean {
	return line.includes('smtpd') || line.includes('-login: ');
}

/**
 * What a line says. Never throws.
 * @param text the line behind its stamp
 * @returns null for a line of any other service
 */
export function parseLogLine(text: string): ParsedLogLine | null {
	const match = SMTPD_LINE.exec(text);
	return match === null ? parseDovecotLine(text) : parsePostfixLine(match[3] ?? '', match[2] ?? match[1]);
}

function parsePostfixLine(message: string, name: string | undefined): ParsedLogLine {
	const client = SMTPD_CLIENT.exec(message)?.[1];
	const account = client === undefined ? undefined : SASL_USERNAME.exec(message)?.[1];
	const tlsMode = name === undefined ? 'unnamed' : (SERVICE_NAMES[name] ?? 'unknown');
	if (client === undefined || account === undefined) return tlsMode === 'starttls' ? 'fallback' : 'other';
	return { service: 'submission', tlsMode, account, client };
}

function parseDovecotLine(text: string): ParsedLogLine | null {
	const match = DOVECOT_LOGIN.exec(text);
	if (match === null) return null;
	const [, service, account, rest = ''] = match;
	const client = REMOTE_IP.exec(rest)?.[1];
	const said = account === undefined || client === undefined ? 'other' : { tlsMode: tlsModeOfPort(rest), account, client };
	if (service === 'submission') return said === 'other' ? said : { service, ...said };
	return said === 'other' || (service !== 'imap' && service !== 'pop3') ? null : { service, ...said };
}

function tlsModeOfPort(rest: string): TlsMode {
	return TLS_MODES_BY_PORT[/, lport=(\d+)/.exec(rest)?.[1] ?? ''] ?? 'unknown';
}
