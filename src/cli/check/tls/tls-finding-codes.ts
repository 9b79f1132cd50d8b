/**
 * The findings of `check` about the TLS of mail ports, certificates included. The advice names the servers' settings where there are any.
 */
import { details, type FindingDetails } from '../finding-details.ts';
import {
	CERTIFICATE_SETTINGS,
	CIPHER_SETTINGS,
	CLIENT_CERTIFICATE_SETTINGS,
	CURVE_SETTINGS,
	GROUP_SETTINGS,
	OLD_ONLY_SETTINGS,
	RENEGOTIATION_SETTINGS,
	renderServerSettings,
	type ServerSettings,
	UNPROTECTED_SETTINGS,
	VERSION_SETTINGS,
} from './tls-settings.ts';

/** The settings that the advice prints, by the finding, where servers have one. */
export const TLS_FINDING_SETTINGS = {
	'tls-old-only': OLD_ONLY_SETTINGS,
	'tls-old-too': VERSION_SETTINGS,
	'tls-anonymous': UNPROTECTED_SETTINGS,
	'tls-unencrypted': UNPROTECTED_SETTINGS,
	'tls-broken-cipher': CIPHER_SETTINGS,
	'tls-no-forward-secrecy': CIPHER_SETTINGS,
	'tls-static-rsa': CIPHER_SETTINGS,
	'tls-cbc-only': CIPHER_SETTINGS,
	'dh-broken': GROUP_SETTINGS,
	'dh-small': GROUP_SETTINGS,
	'curve-small': CURVE_SETTINGS,
	'tls-renegotiation': RENEGOTIATION_SETTINGS,
	'client-certificate': CLIENT_CERTIFICATE_SETTINGS,
	'cert-untrusted': CERTIFICATE_SETTINGS,
	'cert-chain': CERTIFICATE_SETTINGS,
	'cert-chain-expired': CERTIFICATE_SETTINGS,
} as const satisfies Record<string, ServerSettings>;

const settingsFor = (code: keyof typeof TLS_FINDING_SETTINGS) => renderServerSettings(TLS_FINDING_SETTINGS[code]);

export const TLS_FINDING_CODES = {
	'tls-old-only': details('error', 'mail', 'RFC 8996, RFC 8997', `Offer TLS 1.2 and 1.3. ${settingsFor('tls-old-only')}`),
	'tls-old-too': details('warning', 'mail', 'RFC 8996, RFC 9325 §3.1.1', `Switch TLS 1.0 and 1.1 off. ${settingsFor('tls-old-too')}`),
	'tls13-absent': details(
		'advice',
		'mail',
		'RFC 9325 §3.1.1',
		'Offer TLS 1.3: with OpenSSL 1.1.1 or later, or GnuTLS 3.6.5 or later, it is there.',
	),
	// Postfix offers them unless told otherwise; no mail client asks for them by itself.
	'tls-anonymous': details(
		'warning',
		'mail',
		'RFC 9325 §4.1',
		`Take anonymous ciphers out: a client that takes them does not know with whom it speaks. Postfix has them by default. ${settingsFor('tls-anonymous')}`,
	),
	'tls-unencrypted': details(
		'error',
		'mail',
		'RFC 9325 §4.1',
		`Take ciphers without encryption (eNULL) out: the password goes over in the clear. ${settingsFor('tls-unencrypted')}`,
	),
	'tls-broken-cipher': details(
		'error',
		'mail',
		'RFC 9325 §4.1, RFC 7465',
		`Take 3DES, RC4, DES and export ciphers out. ${settingsFor('tls-broken-cipher')}`,
	),
	'tls-no-forward-secrecy': details(
		'warning',
		'mail',
		'RFC 9325 §4.1',
		`Offer ECDHE: without it, whoever gets the key one day reads all that was recorded before. ${settingsFor('tls-no-forward-secrecy')}`,
	),
	'tls-static-rsa': details(
		'advice',
		'mail',
		'RFC 9325 §4.1',
		`Take RSA key exchange (kRSA) out when no old device needs it. ${settingsFor('tls-static-rsa')}`,
	),
	'tls-cbc-only': details(
		'warning',
		'mail',
		'RFC 9325 §4.2',
		`Offer AES-GCM: CBC ciphers alone are what is left of TLS 1.0. ${settingsFor('tls-cbc-only')}`,
	),
	'dh-broken': details(
		'error',
		'mail',
		'RFC 9325 §4.1, CVE-2015-4000',
		`Use a group of 2048 bits or more, or ECDHE alone: most clients end the handshake. ${settingsFor('dh-broken')}`,
	),
	'dh-small': details('warning', 'mail', 'RFC 9325 §4.1', `Use a group of 2048 bits or more, or ECDHE alone. ${settingsFor('dh-small')}`),
	'curve-small': details('warning', 'mail', 'RFC 9325 §4.2', `Offer X25519, P-256 and P-384 alone. ${settingsFor('curve-small')}`),
	'tls-sha1-signature': details(
		'advice',
		'mail',
		'RFC 9155',
		'Sign handshakes with SHA-256 or better alone: OpenSSL 3 does so at security level 1 and above (@SECLEVEL=0 in a cipher list takes it away).',
	),
	'tls-no-ems': details(
		'advice',
		'mail',
		'RFC 7627, RFC 9325 §3.5',
		'Update the TLS library: OpenSSL 1.1.0 and GnuTLS 3.4 have the extended master secret.',
	),
	'tls-renegotiation': details(
		'warning',
		'mail',
		'RFC 9325 §3.5, CVE-2011-1473',
		`Refuse renegotiation by clients: it costs the server far more than them. With OpenSSL 3 it is off unless switched on; with GnuTLS, TLS 1.3 alone has none. ${settingsFor('tls-renegotiation')}`,
	),
	'tls-renegotiation-old': details(
		'error',
		'mail',
		'RFC 5746',
		'Update the TLS library: clients with OpenSSL 3 refuse a server that does not know secure renegotiation.',
	),
	'tls-early-data': details(
		'warning',
		'mail',
		'RFC 8446 §8',
		'Switch early data (0-RTT) off: whoever records it can play it again. In haproxy take allow-0rtt out.',
	),
	'sni-needed': details(
		'advice',
		'mail',
		'RFC 9325 §3.7',
		'Show this host’s certificate to clients that send no server name too: old scanners and printers send none. Make it the default one.',
	),
	'client-certificate': details(
		'error',
		'mail',
		'RFC 8446 §4.4.2.4',
		`Demand no certificate of clients. ${settingsFor('client-certificate')}`,
	),
	'cert-untrusted': details(
		'error',
		'mail',
		'RFC 8314 §4.4',
		`Get a certificate from a public authority, and install it with its intermediates. ${settingsFor('cert-untrusted')}`,
	),
	'cert-chain': details(
		'error',
		'mail',
		'RFC 8446 §4.4.2',
		`Install the intermediate certificates too (fullchain.pem, not cert.pem). ${settingsFor('cert-chain')}`,
	),
	'cert-chain-expired': details(
		'error',
		'mail',
		'RFC 5280 §6.1',
		`An intermediate certificate has expired: install the present ones. ${settingsFor('cert-chain-expired')}`,
	),
	'cert-expired': details('error', 'mail', 'RFC 5280 §4.1.2.5', 'Renew the certificate, and reload the server.'),
	'cert-expires': details(
		'warning',
		'mail',
		'RFC 5280 §4.1.2.5',
		'See why it has not been renewed, or whether the server was reloaded since.',
	),
	'cert-not-yet': details(
		'error',
		'mail',
		'RFC 5280 §4.1.2.5',
		'The certificate is not valid yet: look at the clock of the machine that made it.',
	),
	'cert-name': details('error', 'mail', 'RFC 7817 §3', 'Get a certificate that covers this name.'),
	'cert-no-alternative-name': details(
		'error',
		'mail',
		'RFC 9525 §2, support.apple.com/103769',
		'Get a certificate that has the name as a subject alternative name: clients no longer look at the common name.',
	),
	'cert-usage': details(
		'advice',
		'mail',
		'RFC 5280 §4.2.1.12, support.apple.com/103769',
		'Get a certificate with the extended key usage serverAuth: Apple’s systems ask for it.',
	),
	'cert-key-small': details(
		'error',
		'mail',
		'RFC 9325 §4.1, support.apple.com/103769',
		'Get a certificate with an RSA key of 2048 bits or a P-256 key.',
	),
	'cert-signature-weak': details(
		'error',
		'mail',
		'RFC 9155, support.apple.com/103769',
		'Get a certificate that is signed with SHA-256: clients have refused SHA-1 since 2017.',
	),
	'cert-life': details(
		'error',
		'mail',
		'support.apple.com/103769',
		'Get a certificate of 398 days or less: Apple’s systems refuse one of more than 825 days.',
	),
	'cert-long': details(
		'warning',
		'mail',
		'CA/Browser Forum BR §6.3.2, support.apple.com/102028',
		'Get a certificate of 398 days or less: Apple’s systems refuse a longer one under a public root.',
	),
	'cert-staple-missing': details(
		'error',
		'mail',
		'RFC 7633 §4.2.3',
		'The certificate promises a stapled OCSP response (must-staple), and Thunderbird refuses it without: get one that does not promise it, or staple. Exim: tls_ocsp_file; haproxy: ocsp-update on. Postfix and Dovecot cannot.',
	),
} as const satisfies Record<string, FindingDetails>;
