/** Every finding of `signpost postfix --check`, by its code. The check adds what to write and where; the advice here says why. */
import type { FindingKind, MailServerFinding } from '../mail-server-finding.ts';

const findingKind = (severity: FindingKind['severity'], clause: string, advice: string): FindingKind => ({ severity, clause, advice });

export const POSTFIX_FINDINGS = {
	'postfix-port-absent': findingKind(
		'error',
		'the record',
		'Add the service that signpost postfix prints to master.cf, or take the port out of the record.',
	),
	'postfix-port-unlisted': findingKind('warning', 'the record', 'Take the service out of master.cf, or offer the port in the record.'),
	'postfix-loopback': findingKind('error', 'the record', 'As it stands only programs of the same machine reach the port.'),
	'postfix-not-wrapped': findingKind('error', 'RFC 8314 §3.3', 'Clients begin with TLS, and hang without it.'),
	'postfix-wrapped': findingKind('error', 'RFC 3207', 'Clients begin in the clear here, and upgrade.'),
	'postfix-tls-optional': findingKind('error', 'RFC 8314 §4.1', 'As it stands mail and passwords may go in the clear.'),
	'postfix-no-starttls': findingKind('error', 'RFC 3207', 'Take "starttls" out of smtpd_discard_ehlo_keywords: clients look for it.'),
	'postfix-no-auth': findingKind('error', 'RFC 6409 §4.3', 'As it stands users cannot log in.'),
	'postfix-no-plain': findingKind('warning', 'the record', '"noplaintext" hides PLAIN and LOGIN inside TLS too, which most clients need.'),
	'postfix-auth-before-tls': findingKind('error', 'RFC 4954 §4, RFC 8314 §4.1', 'As it stands passwords are asked for in the clear.'),
	'postfix-internal-auth': findingKind(
		'advice',
		'RFC 8314 §4.1',
		'Passwords are taken in the clear here: let nothing but your own programs reach this port, or set -o smtpd_tls_auth_only=yes.',
	),
	'postfix-auth-on-25': findingKind(
		'warning',
		'RFC 6409 §3.1, RFC 8314 §3.3',
		'Port 25 is for other servers; a login there is one more place to guess passwords, and no client is sent to it.',
	),
	'postfix-anonymous': findingKind('error', 'RFC 6409 §4.3', 'Without "noanonymous" anybody is let in who asks for ANONYMOUS.'),
	'postfix-client-certificate': findingKind('warning', 'the record', 'Clients that have no certificate of their own are refused.'),
	'postfix-open-relay': findingKind(
		'error',
		'RFC 6409 §4.3',
		'Let smtpd_relay_restrictions end in reject (465, 587) or defer_unauth_destination (25): strangers may send to the whole world here.',
	),
	'postfix-refuses-users': findingKind('error', 'RFC 6409', 'As it stands mail of users who have logged in is refused.'),
	'postfix-may-refuse-users': findingKind(
		'warning',
		'RFC 6409 §3.1',
		'Put permit_sasl_authenticated before it, for this service: people log in from home connections, whose addresses and names such tests refuse.',
	),
	'postfix-networks-class': findingKind(
		'warning',
		'postconf(5), mynetworks_style',
		'Set mynetworks_style = host, or mynetworks: "class" trusts the whole network of your provider.',
	),
	'postfix-ipv6-only': findingKind(
		'warning',
		'the record',
		'Set inet_protocols = all: clients that have IPv4 alone do not reach this server.',
	),
	'postfix-tls-old': findingKind('error', 'RFC 8996', 'TLS 1.0 and 1.1 are taken. Before Postfix 3.6: !SSLv2, !SSLv3, !TLSv1, !TLSv1.1'),
	'postfix-tls-none': findingKind('error', 'RFC 8996', 'Neither TLS 1.2 nor TLS 1.3 is left: clients of today cannot connect.'),
	'postfix-ciphers-weak': findingKind('error', 'RFC 9325 §4.1', 'These ciphers protect nothing, or too little.'),
	'postfix-no-certificate': findingKind('error', 'RFC 8314 §4.3', 'Set smtpd_tls_chain_files: without a certificate there is no TLS.'),
	'postfix-snakeoil': findingKind(
		'error',
		'RFC 9525 §6',
		'Set smtpd_tls_chain_files to a certificate that clients trust; this one comes with the system.',
	),
	'postfix-value': findingKind('error', 'postconf(5)', 'Postfix does not know this value.'),
	'postfix-argument': findingKind(
		'error',
		'master(5)',
		'Take it out: smtpd does not start with such an argument. A comment needs a line of its own.',
	),
	'postfix-log-names': findingKind(
		'advice',
		'signpost usage --help',
		'Give each its own -o syslog_name=postfix/…: the log cannot tell 465 from 587 otherwise.',
	),
} as const satisfies Record<string, FindingKind>;

/** @param remedy the exact setting to write, and where; empty where the advice is enough */
export function postfixFinding(
	code: keyof typeof POSTFIX_FINDINGS,
	place: string,
	wanted: string,
	found: string,
	remedy = '',
): MailServerFinding {
	const { severity, clause, advice } = POSTFIX_FINDINGS[code];
	return { area: 'postfix', code, place, wanted, found, severity, clause, advice: remedy === '' ? advice : `${remedy} ${advice}` };
}
