/** The findings of `check` about mail ports, other than those about TLS (tls/tls-finding-codes.ts). */
import { details, type FindingDetails } from './finding-details.ts';

export const MAIL_FINDING_CODES = {
	'host-unknown': details('error', 'mail', 'RFC 5321 §5.1', 'Give the name an A or AAAA record.'),
	'address-unlooked': details(
		'advice',
		'mail',
		'RFC 8305',
		'Check from a machine that has a way to this address (IPv6?): many clients take it first.',
	),
	'auth-unlooked': details(
		'warning',
		'mail',
		'RFC 8314 §4.1',
		'Check from another machine: a server treats its own address as trusted (Dovecot does), so that this cannot be judged from here.',
	),
	'port-closed': details('error', 'mail', 'the record', 'Start the service, open the firewall, or take the port out of the record.'),
	'port-hangs': details(
		'error',
		'mail',
		'RFC 5321 §4.5.3.2',
		'The server accepts and then says too little, too slowly, or too much: look at its log.',
	),
	'greeting-strange': details('error', 'mail', 'the protocol’s greeting', 'Something else listens on this port.'),
	'tls-cleartext': details(
		'error',
		'mail',
		'RFC 8314 §3.3',
		'Start TLS from the first byte here: in Postfix, smtpd_tls_wrappermode=yes for this service.',
	),
	'tls-fails': details(
		'error',
		'mail',
		'RFC 8314 §4',
		'The handshake fails: look at the certificate, the key and the versions the server takes.',
	),
	'auth-before-tls': details(
		'error',
		'mail',
		'RFC 8314 §4.1',
		'Offer no login in the clear: smtpd_tls_auth_only=yes (Postfix), disable_plaintext_auth=yes (Dovecot 2.3), auth_allow_cleartext=no (2.4).',
	),
	'starttls-absent': details(
		'error',
		'mail',
		'RFC 3207, RFC 3501 §6.2.1, RFC 2595',
		'Offer STARTTLS: smtpd_tls_security_level=encrypt (Postfix), ssl=required (Dovecot).',
	),
	'starttls-fails': details('error', 'mail', 'RFC 8314 §4', 'STARTTLS is offered but fails: look at the certificate and the key.'),
	'starttls-smuggling': details('error', 'mail', 'CVE-2011-0411', 'The server runs commands sent in the clear behind STARTTLS: update it.'),
	'starttls-early': details('error', 'mail', 'RFC 3207 §4.2', 'The server speaks on in the clear after granting STARTTLS: update it.'),
	'starttls-again': details('warning', 'mail', 'RFC 3207 §4.2', 'STARTTLS is still offered inside TLS.'),
	preauth: details(
		'error',
		'mail',
		'RFC 3501 §7.1.4, RFC 9051 §11.1',
		'A PREAUTH greeting rules STARTTLS out: clients go on in the clear.',
	),
	'auth-missing': details('error', 'mail', 'the record', 'Offer the login that clients are told of, or change "auth" in the record.'),
	'auth-partly': details('warning', 'mail', 'the record', 'Offer every login that clients are told of, or change "auth" in the record.'),
	'auth-old-spelling': details(
		'warning',
		'mail',
		'RFC 4954 §3',
		'Say "AUTH LOGIN PLAIN" too: many clients do not read "AUTH=". In Postfix, broken_sasl_auth_clients=yes says both; a filter in front may have cut one out.',
	),
	'capabilities-refused': details('warning', 'mail', 'RFC 5321 §4.1.1.1, RFC 9051 §6.1.1, RFC 2449', 'Let the server list what it can do.'),
	'implicit-unlisted': details(
		'advice',
		'mail',
		'RFC 8314 §3',
		'The server has implicit TLS: put the port into the record, before STARTTLS.',
	),
	'starttls-unlisted': details(
		'advice',
		'mail',
		'RFC 8314 §3.3',
		'Clients are no longer told of this port: signpost usage says whether anybody still uses it.',
	),
} as const satisfies Record<string, FindingDetails>;
