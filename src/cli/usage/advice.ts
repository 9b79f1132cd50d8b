/** The advice that follows a verdict: what to do next, or which setting would make the log tell more. */
import { quoteForShell } from '../shell-quote.ts';
import { sanitizeText } from '../terminal.ts';
import type { UsageVerdict } from './evidence/usage-verdict.ts';

/** How Postfix's services are made to log under names of their own. Debian's master.cf has the first two, commented out. */
export const MASTER_CF_EXAMPLE = `      # /etc/postfix/master.cf, then: postfix reload
      submissions inet n - y - - smtpd
        -o syslog_name=postfix/submissions
        -o smtpd_tls_wrappermode=yes
      submission inet n - y - - smtpd
        -o syslog_name=postfix/submission

  Where Dovecot takes the submissions, add lport=%{local_port} (2.3: lport=%a) to its login_log_format_elements.
`;

/** With more files than this, the advice does not repeat their names in the command that it shows. */
const MAX_REPEATED_FILES = 3;

/** @param files the names of the log files as the command line gave them */
export function renderVerdictAdvice(verdict: UsageVerdict, files: readonly string[]): string {
	switch (verdict.answer) {
		case 'yes': {
			const logs = files.length > MAX_REPEATED_FILES || files.includes('-') ? 'LOGFILE…' : files.map(shellQuoted).join(' ');
			return `Run: signpost usage ${logs} --write RECORD.json (or --write DOMAIN --api URL)\n     It sets "until": from that day on no client is told of 587.\n     signpost usage ${logs} --plan says what else changes that day, and whom it cuts off.\n`;
		}
		case 'no':
			return 'Tell them, or have them set their accounts up anew: every client is told of 465 first. --plan has a text for each.\n';
		case 'cannot-tell':
			return renderDoubtAdvice(verdict);
		case 'no-evidence':
			return 'Is it the log of the server that takes submissions? Postfix logs them as mail.info, with sasl_username= in the line.\n';
		case 'stale':
			return !('host' in verdict)
				? 'Give newer logs too.\n'
				: 'Give its newer logs too; or leave its log out, if it takes no submissions any more.\n';
		case 'soon':
			return '';
	}
}

function renderDoubtAdvice({ lines, setting, reason }: UsageVerdict & { readonly answer: 'cannot-tell' }): string {
	const shown =
		lines.length === 0 ? '' : `\n  The latest of these lines:\n\n${lines.map((line) => `      ${sanitizeText(line, 120)}\n`).join('')}`;
	const set = setting === null ? '' : `\n  What would make it tell: ${setting}\n`;
	const example = reason === 'port' && setting?.includes('syslog_name') === true ? `\n${MASTER_CF_EXAMPLE}` : '';
	return shown + set + example;
}

/** Quotes a file's name for a shell. */
function shellQuoted(file: string): string {
	return /^[\w./@+-]+$/.test(file) ? file : quoteForShell(file);
}
