/** The names that Postfix's services log under (syslog_name in master.cf), and what they say of the port. */
import type { ServiceKind } from '../evidence/submission.ts';

/**
 * Words that stand for a port wherever they are part of a name. smtps is 465's name until Postfix 3.6 (2021), submissions since; others name a service by its port; mailcow
 * has "smtps-haproxy" and "submission-haproxy" behind a proxy.
 */
const PORT_WORDS: Readonly<Record<string, ServiceKind>> = {
	submissions: '465',
	smtps: '465',
	ssmtp: '465',
	'465': '465',
	submission: '587',
	'587': '587',
	smtp: '25',
	'25': '25',
};

/**
 * Names of distributions that are known to be neither: mailcow's services for its webmail (588, 590, 591) and its watchdog (589), and the ports on which content filters
 * hand mail back (amavis, and what iRedMail and Zimbra make of it).
 */
const INTERNAL_WORDS = new Set([
	'sogo',
	'watchdog',
	'amavis',
	'reinject',
	'smtp-amavis',
	'dkimmilter',
	'10025',
	'10026',
	'10027',
	'10028',
	'10029',
	'10030',
]);

/** The service that a program's name stands for: "postfix/submission/smtpd", "postfix-submission/smtpd", "mx-submission/smtpd", "postfix/smtpd" … */
export function postfixServiceKind(program: string): ServiceKind {
	const name = program.slice(0, program.lastIndexOf('/'));
	const words = name
		.toLowerCase()
		.split('/')
		.flatMap((part) => [part, ...part.split(/[-_.@]/)]);
	// The last word that says something counts: in "postfix-smtp/submission" the instance is called smtp.
	for (const word of words.toReversed()) {
		const kind = PORT_WORDS[word];
		if (kind !== undefined) return kind;
		if (INTERNAL_WORDS.has(word)) return 'internal';
	}
	// "postfix" alone, or an instance of its own (postfix-out), which postmulti(1) wants to begin so.
	return /^postfix(-\w+)?$/.test(name) ? 'unnamed' : 'other';
}

/** Whether a program is Postfix's SMTP server. "smtpd" alone is OpenSMTPD's. */
export function isPostfixSmtpd(program: string): boolean {
	return program.endsWith('/smtpd') && program.length > '/smtpd'.length;
}
