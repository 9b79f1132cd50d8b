/** What the readers of the servers' logs report: submissions, and what could be one. */
import type { LogLine } from '../forms/log-line.ts';

/** How the session became secure: `implicit` on 465, 993 or 995; `starttls` on 587, 143 or 110 (in the clear, too); `unknown` where the log does not tell. */
export type TlsMode = 'implicit' | 'starttls' | 'unknown';

/**
 * Which service a session came to, by what the log calls it: the port itself, or a word for it.
 * `unnamed`: one of Postfix's services that has no name of its own. `other`: a name that stands for no port. `internal`: known to be neither 465 nor 587, whatever
 * its port (webmail's own service). `hidden`: the log tells no port, and has no means to. `proxied`: a proxy in front has taken the session, and its log has the port.
 */
export type ServiceKind = '465' | '587' | '25' | 'internal' | 'unnamed' | 'other' | 'hidden' | 'proxied';

/**
 * What a session says of itself. `implicit`: TLS, and no STARTTLS. `starttls`: STARTTLS. `no-starttls`: no STARTTLS, and whether there was TLS is not logged: 465, or a
 * session in the clear. `untold`: nothing.
 */
export type SessionShape = 'implicit' | 'starttls' | 'no-starttls' | 'untold';

export interface Submission {
	/** YYYY-MM-DD. */
	readonly day: string;
	/** HH:MM:SS. */
	readonly time: string;
	readonly host: string;
	/** As the log calls it: "postfix/submission/smtpd". */
	readonly service: string;
	readonly kind: ServiceKind;
	readonly shape: SessionShape;
	/** Null for mail without a login: from one of the server's own networks, with a client certificate, or over port 25 from anywhere. */
	readonly account: string | null;
	/** The client's IP address; null where the log does not tell. */
	readonly client: string | null;
	/** Whether the client showed a certificate that the server trusts. */
	readonly certificate: boolean;
	/** Messages, or logins without one. */
	readonly count: number;
	/** The log line that says so. */
	readonly line: string;
}

/** By what a proxy's login and the mail server's session behind it are known to be one. */
export type ProxyLogin = Readonly<Record<'day' | 'client' | 'account', string>>;

/** Where the readers put what they find. */
export interface EvidenceSink {
	submission(found: Submission): void;
	/** Whether a line was not read before, in this file or another. A copy has the same second, process and text, and the text has an id of the message or session. */
	isNew(line: LogLine): boolean;
	/** Somebody read mail. */
	mailboxLogin(service: 'imap' | 'pop3', mode: TlsMode): void;
	/** A service that takes submissions logged something: there is a log of that day. */
	logged(day: string, host: string): void;
	/** A line that a log of 465's lines alone would not have: the log of that day was not cut down to them. */
	whole(day: string, host: string): void;
	/** A proxy in front of the mail server took a login, and its log has the port: the mail server's own line about it says nothing more. */
	proxyLogin(login: ProxyLogin): void;
	/** Postfix's SMTP server logs on this host. */
	postfixSeen(host: string): void;
	/** A service was seen under this name, by whatever line. */
	serviceSeen(seen: Pick<Submission, 'day' | 'time' | 'host' | 'service' | 'kind'>): void;
	/** This service's log has lines about TLS: a session without one had none. */
	tlsLogged(host: string, service: string): void;
	/** A session with STARTTLS came to this service, whether anything was submitted or not: it is not 465. */
	starttlsSeen(seen: Pick<Submission, 'day' | 'time' | 'host' | 'service' | 'kind'>): void;
	/** The server read its configuration anew: names may have changed. */
	reloaded(day: string, host: string, time: string): void;
	/** A line that could be a submission and is not understood. */
	unread(day: string, host: string, line: string): void;
	/** The logging daemon says that lines are missing. */
	suppressed(day: string, host: string, line: string): void;
	/** A program that is recognised and whose log is not read. */
	notRead(program: string): void;
	/** A program that is read, by its name for people. */
	read(program: string): void;
}
