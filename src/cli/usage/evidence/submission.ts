/** What the readers of the servers' logs report: submissions, and lines that could be one. */
import type { LogLine } from '../forms/log-line.ts';

/**
 * How the session became secure: `implicit` on 465, 993 or 995; `starttls` on 587, 143 or 110 (in the clear, too); `unknown` where the log
 * does not tell.
 */
export type TlsMode = 'implicit' | 'starttls' | 'unknown';

/**
 * Which service a session came to, by what the log calls it: the port itself, or a word for it. `unnamed`: one of Postfix's services that
 * has no name of its own. `other`: a name that stands for no port. `internal`: known to be neither 465 nor 587, whatever its port
 * (webmail's own service). `hidden`: the log tells no port, and has no means to. `proxied`: a proxy in front has taken the session, and its
 * log has the port.
 */
export type ServiceKind = '465' | '587' | '25' | 'internal' | 'unnamed' | 'other' | 'hidden' | 'proxied';

/**
 * What a session says of itself. `implicit`: TLS, and no STARTTLS. `starttls`: STARTTLS. `no-starttls`: no STARTTLS, and whether there was TLS is not logged: 465, or a
 * session in the clear. `untold`: nothing, as this server never tells. `unended`: nothing, as the line that would tell is not in the log: lines were chosen, or the log ends before it.
 */
export type SessionShape = 'implicit' | 'starttls' | 'no-starttls' | 'untold' | 'unended';

export interface Submission {
	/** YYYY-MM-DD. */
	readonly day: string;
	/** HH:MM:SS. */
	readonly time: string;
	readonly host: string;
	/** The name in the log, such as "postfix/submission/smtpd". */
	readonly service: string;
	readonly kind: ServiceKind;
	readonly shape: SessionShape;
	/** Null for mail without a login: from one of the server's own networks, with a client certificate, or over port 25 from anywhere. */
	readonly account: string | null;
	/** The client's IP address; null where the log does not tell. */
	readonly client: string | null;
	/** Whether the client showed a certificate that the server trusts. */
	readonly certificate: boolean;
	/** The number of messages, or of logins without a message. */
	readonly count: number;
	/** The log line that says so. */
	readonly line: string;
}

/** The fields by which a login in a proxy's log is matched with the mail server's session behind it. */
export type ProxyLogin = Readonly<Record<'day' | 'client' | 'account', string>>;

/** Takes in what the readers find. */
export interface EvidenceSink {
	submission(found: Submission): void;
	/**
	 * Whether a line was not read before, in this file or another. A copy has the same second, process and text, and the text has an id of
	 * the message or session.
	 */
	isNew(line: LogLine): boolean;
	/** Somebody logged in to read mail. */
	mailboxLogin(service: 'imap' | 'pop3', mode: TlsMode): void;
	/** A service that takes submissions logged something: there is a log of that day. */
	logged(day: string, host: string): void;
	/** A line that shows that the log of that day has not been filtered down to 465's lines. */
	whole(day: string, host: string): void;
	/** A login in the log of a proxy in front of the mail server, which has the port; the mail server's own line about it adds nothing. */
	proxyLogin(login: ProxyLogin): void;
	/** Dovecot logged something other than a login. */
	dovecotOthers(day: string, host: string): void;
	/** A session of Postfix begins. `inside`: a line tells what happens in one, or its end counts that. */
	session(day: string, host: string, part: 'begins' | 'inside'): void;
	/** A line of a service that logs under this name. */
	serviceSeen(seen: Pick<Submission, 'day' | 'time' | 'host' | 'service' | 'kind'>): void;
	/** This service logs TLS, so that a session without such a line had none. */
	tlsLogged(host: string, service: string): void;
	/** This service had a session with STARTTLS, with or without a submission, so it is not 465. */
	starttlsSeen(seen: Pick<Submission, 'day' | 'time' | 'host' | 'service' | 'kind'>): void;
	/** The server reloaded its configuration, which may have changed names. */
	reloaded(day: string, host: string, time: string): void;
	/** A line that could be a submission and was not understood. */
	unread(day: string, host: string, line: string): void;
	/** The logging daemon says that lines are missing. */
	suppressed(day: string, host: string, line: string): void;
	/** A program that was recognised but whose log cannot be read. */
	notRead(program: string): void;
	/** A program whose log is read, by its display name. */
	read(program: string): void;
}
