/** What the lines of a program are good for, by its name alone. */
import { isOtherPostfixDaemon, isPostfixSmtpd } from './postfix-names.ts';

/**
 * `server`: it takes submissions. `dovecot`: the lines of its login processes matter. `bystander`: it takes no submissions, and its lines show at most that the log is whole.
 * `unknown`: the words of the line decide.
 */
export type ProgramRole = 'server' | 'dovecot' | 'bystander' | 'unknown';

/** Programs that write many lines in a mail log and take no mail. */
const BYSTANDERS = new Set([
	'amavis',
	'clamd',
	'CRON',
	'cron',
	'kernel',
	'opendkim',
	'opendmarc',
	'policyd-spf',
	'postgrey',
	'rspamd',
	'spamd',
	'sshd',
]);

export function programRole(program: string): ProgramRole {
	if (isPostfixSmtpd(program)) return 'server';
	if (program === 'dovecot') return 'dovecot';
	return isOtherPostfixDaemon(program) || BYSTANDERS.has(program) ? 'bystander' : 'unknown';
}

const DOVECOT_LOGINS = ['imap-login: ', 'pop3-login: ', 'submission-login: '] as const;

/** Dovecot's processes for mailboxes, where each logs under its own name: "imap(alice)<17><x>". */
const DOVECOT_MAILBOX = /^(?:imap|pop3|submission|lmtp|lda|managesieve)\(/;

/** Whether a line is of Dovecot and of none of its login processes: only a whole log has both. */
export function isOtherDovecotProcess(program: string, message: string): boolean {
	return program === 'dovecot' ? !isDovecotLogin(message, 0) : DOVECOT_MAILBOX.test(program);
}

/** Whether what Dovecot's main process logs is of one of its login processes. @param at where the message begins in `text` */
export function isDovecotLogin(text: string, at: number): boolean {
	return DOVECOT_LOGINS.some((word) => text.startsWith(word, at));
}
