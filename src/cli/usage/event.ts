/** A log line that says: somebody logged in to submit (or to read) mail. Everything else in a log is passed over. */

/** How the session became secure: `implicit` on 465, 993 or 995; `starttls` on 587, 143 or 110; `unknown` where the line does not tell. */
export type Way = 'implicit' | 'starttls' | 'unknown';

export interface Event {
	readonly service: 'submission' | 'imap' | 'pop3';
	readonly way: Way;
	readonly account: string;
	/** The client's IP address. */
	readonly client: string;
}

// Postfix, smtpd(8): "postfix/submissions/smtpd[812]: 4F2A: client=host[192.0.2.7], sasl_method=PLAIN, sasl_username=alice@example.org".
// The word between is syslog_name's: master.cf sets it a service. An instance of its own (postfix-out) may stand in front.
const POSTFIX =
	/\bpostfix(?:-[\w-]+)?\/(?:([\w-]+)\/)?smtpd\[\d+\]: (?:[0-9A-F]{5,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,}): client=[^[]*\[([^\]]+)\].*?\bsasl_username=(\S+)/;

// Names that Postfix's own master.cf has had for the two services: smtps until 3.6 (2021), submissions since.
const IMPLICIT_NAMES = new Set(['submissions', 'smtps']);

// Dovecot: "imap-login: Login: user=<alice@example.org>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=17, TLS, session=<…>".
// 2.4 says "Login: user=<…>" or "Logged in: user=<…>". lport= is there where login_log_format_elements has it.
const DOVECOT = /\b(imap|pop3|submission)-login: (?:Info: )?(?:Login|Logged in): user=<([^>]*)>.*?\brip=([^,\s]+)/;

const IMPLICIT_PORTS = new Set(['993', '995', '465']);
const STARTTLS_PORTS = new Set(['143', '110', '587']);

/** What a line says, or null for the many that say nothing of the kind. Never throws. */
export function parseEvent(line: string): Event | null {
	// Nearly all lines are others: two searches for a word are cheaper than the patterns.
	if (line.includes('sasl_username=')) return postfix(line);
	return line.includes('-login: ') ? dovecot(line) : null;
}

function postfix(line: string): Event | null {
	const match = POSTFIX.exec(line);
	if (match === null) return null;
	const [, name, client = '', account = ''] = match;
	return { service: 'submission', way: wayOfName(name), account: account.replace(/,$/, ''), client };
}

function wayOfName(name: string | undefined): Way {
	if (name === undefined) return 'unknown';
	if (IMPLICIT_NAMES.has(name)) return 'implicit';
	return name === 'submission' ? 'starttls' : 'unknown';
}

function dovecot(line: string): Event | null {
	const match = DOVECOT.exec(line);
	if (match === null) return null;
	const [, service = '', account = '', client = ''] = match;
	if (service !== 'imap' && service !== 'pop3' && service !== 'submission') return null;
	const port = /\blport=(\d+)/.exec(line)?.[1] ?? '';
	return { service, way: IMPLICIT_PORTS.has(port) ? 'implicit' : STARTTLS_PORTS.has(port) ? 'starttls' : 'unknown', account, client };
}
