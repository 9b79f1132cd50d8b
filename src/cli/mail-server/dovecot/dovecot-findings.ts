/** Every finding of `signpost dovecot --check`, by its code. */
import type { FindingKind, MailServerFinding } from '../mail-server-finding.ts';

const findingKind = (severity: FindingKind['severity'], clause: string, advice: string): FindingKind => ({ severity, clause, advice });

export const DOVECOT_FINDINGS = {
	'dovecot-syntax': findingKind(
		'error',
		'Dovecot, "Config file syntax"',
		'Mend the line: Dovecot does not start with it (doveconf -n says the same).',
	),
	'dovecot-port-absent': findingKind(
		'error',
		'the record',
		'Set port and ssl of the inet_listener as signpost dovecot prints them, or take the port out of the record.',
	),
	'dovecot-submission-absent': findingKind(
		'warning',
		'the record',
		'Add an inet_listener with this port to service submission-login, unless another server (Postfix) has the port.',
	),
	'dovecot-port-unlisted': findingKind(
		'advice',
		'RFC 8314 §4.1',
		'Set port = 0 in the inet_listener once nobody uses it: nobody is told of it. With ssl = required it does no harm.',
	),
	'dovecot-loopback': findingKind(
		'error',
		'the record',
		'Set listen = *, :: (of a single listener: address, 2.4: listen): as it stands only programs of the same machine reach the port.',
	),
	'dovecot-not-implicit': findingKind(
		'error',
		'RFC 8314 §3.2',
		'Set ssl = yes in the inet_listener: clients begin with TLS and hang otherwise.',
	),
	'dovecot-implicit': findingKind('error', 'RFC 2595', 'Set ssl = no in the inet_listener: clients begin in the clear here, and upgrade.'),
	'dovecot-tls-off': findingKind('error', 'RFC 8314 §4.1', 'Set ssl = required.'),
	'dovecot-tls-optional': findingKind(
		'warning',
		'RFC 8314 §4.1',
		'Set ssl = required: with "yes" a client may stay in the clear, even if it cannot log in there.',
	),
	'dovecot-auth-before-tls': findingKind(
		'error',
		'RFC 8314 §4.1, RFC 9051 §11.1',
		'Set ssl = required, and disable_plaintext_auth = yes (2.4: auth_allow_cleartext = no).',
	),
	'dovecot-internal-auth': findingKind(
		'advice',
		'RFC 8314 §4.1',
		'Passwords are taken in the clear from these networks: set disable_plaintext_auth = yes (2.4: auth_allow_cleartext = no) for those that people use.',
	),
	'dovecot-trusts-all': findingKind(
		'error',
		'RFC 8314 §4.1',
		'Name single addresses in login_trusted_networks: whoever is trusted needs no TLS, and may pretend to come from anywhere.',
	),
	'dovecot-tls-old': findingKind('error', 'RFC 8996', 'Set ssl_min_protocol = TLSv1.2'),
	'dovecot-ciphers-weak': findingKind(
		'error',
		'RFC 9325 §4.1',
		'Take them out of ssl_cipher_list: these ciphers protect nothing, or too little.',
	),
	'dovecot-no-certificate': findingKind(
		'error',
		'RFC 8314 §4.3',
		'Set ssl_cert and ssl_key (2.4: ssl_server_cert_file and ssl_server_key_file).',
	),
	'dovecot-snakeoil': findingKind(
		'error',
		'RFC 9525 §6',
		'Set ssl_cert and ssl_key (2.4: ssl_server_cert_file and ssl_server_key_file) to a certificate that clients trust.',
	),
	'dovecot-mechanism-missing': findingKind('error', 'the record', 'Add it to auth_mechanisms: clients are told that they can log in so.'),
	'dovecot-anonymous': findingKind('error', 'RFC 4505', 'Take anonymous out of auth_mechanisms: it lets anybody in.'),
	'dovecot-no-password': findingKind(
		'error',
		'Dovecot, "Password database extra fields"',
		'Take nopassword out of the passdb: whatever password is given, it lets the user in.',
	),
	'dovecot-ipv6-only': findingKind('warning', 'the record', 'Set listen = *, ::: clients that have IPv4 alone do not reach this server.'),
	'dovecot-client-certificate': findingKind(
		'warning',
		'the record',
		'Set auth_ssl_require_client_cert = no: clients that have no certificate of their own are refused.',
	),
} as const satisfies Record<string, FindingKind>;

export function dovecotFinding(code: keyof typeof DOVECOT_FINDINGS, place: string, wanted: string, found: string): MailServerFinding {
	return { area: 'dovecot', code, place, wanted, found, ...DOVECOT_FINDINGS[code] };
}
