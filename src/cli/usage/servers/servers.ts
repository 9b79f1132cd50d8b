/** The servers whose logs are read, and those that are only recognised. */
import type { SessionShape } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import { dovecotReader } from './dovecot.ts';
import { eximReader } from './exim.ts';
import { harakaReader } from './haraka.ts';
import { nginxReader } from './nginx-mail.ts';
import { openSmtpdReader } from './opensmtpd.ts';
import { postfixReader } from './postfix.ts';
import { sendmailReader } from './sendmail.ts';
import type { ServerReader } from './server-reader.ts';
import { stalwartReader } from './stalwart.ts';

/** All readers; the first that claims a line reads it. */
export const SERVER_READERS: readonly ServerReader[] = [
	postfixReader,
	dovecotReader,
	openSmtpdReader,
	eximReader,
	nginxReader,
	sendmailReader,
	harakaReader,
	stalwartReader,
];

/** The place among them of the reader of a line; -1 where none claims it. */
export function readerOf(line: LogLine): number {
	for (let nth = 0; nth < SERVER_READERS.length; nth++) if (SERVER_READERS[nth]?.claims(line) === true) return nth;
	return -1;
}

export interface UnreadServer {
	readonly name: string;
	/**
	 * Whether it accepts mail itself, so that a line of it may be a submission. HAProxy passes mail on to a server with a log; Cyrus only has
	 * mailboxes.
	 */
	readonly takesMail: boolean;
	readonly claims: (line: LogLine) => boolean;
}

/** Servers whose logs cannot be read; the report names them. */
export const UNREAD_SERVERS: readonly UnreadServer[] = [
	{
		name: 'mox',
		takesMail: true,
		claims: ({ program, message }) => /\bpkg=(?:smtpserver|submission)\b/.test(`${program} ${message}`.slice(0, 2000)),
	},
	{ name: 'HAProxy', takesMail: false, claims: ({ program }) => program === 'haproxy' },
	{
		name: 'Courier',
		takesMail: true,
		claims: ({ program }) => /^(?:courieresmtpd|esmtpd|esmtpd-ssl|esmtpd-msa|courier-msa)$/.test(program),
	},
	{ name: 'Cyrus', takesMail: false, claims: ({ program }) => /^cyrus\/(?:imaps?|pop3s?|lmtp\w*|nntps?)$/.test(program) },
	{ name: 'qmail', takesMail: true, claims: ({ program }) => /^qmail-(?:smtpd|submission|smtpsd)/.test(program) },
	{ name: 'maddy', takesMail: true, claims: ({ message, program }) => program === 'maddy' || /^submission: /.test(message) },
	{
		name: 'Apache James',
		takesMail: true,
		claims: ({ message }) => message.includes('james.protocols.smtp') || message.includes('JAMES SMTP Server'),
	},
	{ name: 'MailEnable or hMailServer', takesMail: true, claims: ({ message }) => /^"SMTPD"\t/.test(message) },
];

/** Words in lines about submissions, of any server. A line with one of them that is not understood is in doubt. */
const SUBMISSION_MARK = /sasl_username=|submission-login: (?:Login|Logged in)|client logged in|AUTH=server|auth_user=|\(auth\.success\)/;

/** Marks of which both must be there: mail that Postfix's SMTP server took, and Exim. */
const MARK_PAIRS: readonly (readonly [RegExp, RegExp])[] = [
	[/smtpd\[\d{0,10}\]/, /client=/],
	[/ <= /, / P=e?smtpsa?\b/],
];

function hasSubmissionMark(text: string): boolean {
	return SUBMISSION_MARK.test(text) || MARK_PAIRS.some(([first, second]) => first.test(text) && second.test(text));
}

/** A service with a name of 465; its lines that are not understood are not about 587. */
const NAMED_465 = /(?:submissions|smtps)\/smtpd\b/;

/**
 * Whether a line that nothing here has understood could be a submission over 587.
 * @param program as far as it is known; another program may quote such a line (fail2ban, sudo)
 */
export function isSuspicious(program: string, text: string): boolean {
	return (program === '' || /smtp|submission|mail/i.test(program)) && hasSubmissionMark(text) && !NAMED_465.test(text);
}

/** The one setting that would make a service tell its port. @param service as a session's `service` has it */
export function settingOf(service: string, shape: SessionShape): string {
	if (service === 'submission-login') return dovecotReader.setting;
	const reader = SERVER_READERS.find(({ name }) => service.startsWith(name));
	if (reader !== undefined) return reader.setting;
	return shape === 'no-starttls' ? POSTFIX_TLS_SETTING : postfixReader.setting;
}

/** For services whose name or counts are known, and where only TLS is not logged. */
const POSTFIX_TLS_SETTING =
	'smtpd_tls_loglevel = 1 in main.cf: logins without STARTTLS are over 465, or in the clear.\n  Where “postconf smtpd_tls_auth_only” says yes, none is in the clear: run this again with --tls-only';

/**
 * Lines worth taking apart: nearly all others are passed over after this one search. A word of it stands in every line that one of the
 * readers can use. "\u003c=" is Exim's "<=" in JSON as Go writes it.
 * A message that the journal has as an array of bytes is looked at, whatever it says.
 */
export const CANDIDATE =
	/smtpd|"MESSAGE" ?: ?\[|-login: |sasl_username=|connect from | postfix\[| <= | \\u003c= |rejected |: client=|client logg?ed |connected to |sm-mta|AUTH=server|, daemon=|\[core\]|\[auth|listenerId|pkg=s(?:mtp|ubmission)|james\.protocols|JAMES SMTP|"SMTPD"\t|haproxy\[|cyrus\/|qmail-s|maddy|essages? (?:from|due|lost|dropped|discarded)|essage repeated|last message|rate.?limit|missed \d|lost \d|uppressed \d|ropped \d|drop messages|\/master\b|postfix@|postfix\.service/;
