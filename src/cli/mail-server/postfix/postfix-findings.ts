/** Everything that `signpost postfix --check` can find. */
import type { FindingKind, MailServerFinding } from '../mail-server-finding.ts';

const findingKind = (severity: FindingKind['severity'], clause: string, advice: string): FindingKind => ({ severity, clause, advice });

export const POSTFIX_FINDINGS = {
	'postfix-port-absent': findingKind(
		'error',
		'the record',
		'Add the service that signpost postfix prints to master.cf, or take the port out of the record.',
	),
	'postfix-port-unlisted': findingKind('warning', 'the record', 'Take the service out of master.cf, or offer the port in the record.'),
	'postfix-not-wrapped': findingKind(
		'error',
		'RFC 8314 §3.3',
		'Set -o smtpd_tls_wrappermode=yes: clients begin with TLS and hang otherwise.',
	),
	'postfix-wrapped': findingKind('error', 'RFC 3207', 'Remove smtpd_tls_wrappermode=yes: clients begin in the clear here, and upgrade.'),
	'postfix-tls-optional': findingKind(
		'error',
		'RFC 8314 §4.1',
		'Set -o smtpd_tls_security_level=encrypt: mail and passwords may go in the clear.',
	),
	'postfix-no-auth': findingKind('error', 'RFC 6409 §4.3', 'Set -o smtpd_sasl_auth_enable=yes: users cannot log in.'),
	'postfix-auth-before-tls': findingKind(
		'error',
		'RFC 4954 §4, RFC 8314 §4.1',
		'Set smtpd_tls_auth_only = yes in main.cf: passwords are asked for in the clear.',
	),
	'postfix-tls-old': findingKind('error', 'RFC 8996', 'Set it to >=TLSv1.2; with a Postfix before 3.6: !SSLv2, !SSLv3, !TLSv1, !TLSv1.1'),
	'postfix-no-certificate': findingKind('error', 'RFC 8314 §4.3', 'Set smtpd_tls_chain_files: without a certificate there is no TLS.'),
	'postfix-snakeoil': findingKind(
		'error',
		'RFC 9525 §6',
		'Set smtpd_tls_chain_files to a certificate that clients trust; this one comes with the system.',
	),
	'postfix-log-names': findingKind(
		'advice',
		'signpost usage --help',
		'Give each its own -o syslog_name=postfix/…: the log cannot tell 465 from 587 otherwise.',
	),
} as const satisfies Record<string, FindingKind>;

export function postfixFinding(code: keyof typeof POSTFIX_FINDINGS, place: string, wanted: string, found: string): MailServerFinding {
	return { area: 'postfix', code, place, wanted, found, ...POSTFIX_FINDINGS[code] };
}
