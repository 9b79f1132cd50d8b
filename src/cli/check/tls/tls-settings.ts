/**
 * The settings with which a server loses a fault of its TLS, line by line as they stand in its configuration. Advice prints them; the tests put
 * them into real servers, in which the fault is gone then.
 */

const SERVERS = {
	postfix: 'Postfix, in main.cf and wherever master.cf has it behind -o',
	dovecot: 'Dovecot, in local_name too where that has it',
	// What 2.4 has under other names than 2.3; the rest it has as `dovecot` says.
	dovecot24: 'Dovecot 2.4',
	eximGnutls: 'Exim with GnuTLS, as Debian builds it (exim4 -bV says which)',
	eximOpenssl: 'Exim with OpenSSL',
	nginx: 'nginx',
	haproxy: 'haproxy, on the bind line',
	stunnel: 'stunnel',
	cyrus: 'Cyrus, in imapd.conf',
} as const;

export type TlsServerName = keyof typeof SERVERS;

/** Lines of the configuration by the server; without the semicolon at the end of nginx’s. */
export type ServerSettings = Readonly<Partial<Record<TlsServerName, readonly string[]>>>;

export function renderServerSettings(settings: ServerSettings): string {
	const parts = Object.entries(SERVERS).flatMap(([key, name]) => {
		const lines = settings[key as TlsServerName];
		return lines === undefined ? [] : [`${name}: ${lines.join(' and ')}`];
	});
	return `${parts.join('; ')}.`;
}

/** Forward secrecy for every cipher, and AES-GCM before CBC, as OpenSSL writes it (openssl-ciphers(1)). */
const GOOD_CIPHERS = 'ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:!eNULL';

/**
 * Forward secrecy for every cipher and no old version of TLS, as GnuTLS writes it: what is not named here is not in NORMAL, or good.
 */
const GOOD_PRIORITY = 'NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:-RSA:-DHE-RSA';

export const VERSION_SETTINGS: ServerSettings = {
	postfix: ['smtpd_tls_mandatory_protocols = >=TLSv1.2', 'smtpd_tls_protocols = >=TLSv1.2'],
	dovecot: ['ssl_min_protocol = TLSv1.2'],
	eximGnutls: ['tls_require_ciphers = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1'],
	eximOpenssl: ['openssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1'],
	nginx: ['ssl_protocols TLSv1.2 TLSv1.3'],
	haproxy: ['ssl-min-ver TLSv1.2'],
	stunnel: ['sslVersionMin = TLSv1.2'],
	cyrus: ['tls_versions: tls1_2 tls1_3'],
};

/** What allows old versions alone has a highest version too, below which the lowest one cannot be raised: these two refuse to start then. */
export const OLD_ONLY_SETTINGS: ServerSettings = {
	...VERSION_SETTINGS,
	haproxy: ['ssl-min-ver TLSv1.2', 'ssl-max-ver TLSv1.3'],
	stunnel: ['sslVersionMin = TLSv1.2', 'sslVersionMax = TLSv1.3'],
};

export const CIPHER_SETTINGS: ServerSettings = {
	postfix: ['smtpd_tls_mandatory_ciphers = high', `tls_high_cipherlist = ${GOOD_CIPHERS}`],
	dovecot: [`ssl_cipher_list = ${GOOD_CIPHERS}`],
	eximGnutls: [`tls_require_ciphers = ${GOOD_PRIORITY}`],
	eximOpenssl: [`tls_require_ciphers = ${GOOD_CIPHERS}`],
	nginx: [`ssl_ciphers ${GOOD_CIPHERS}`],
	haproxy: [`ciphers ${GOOD_CIPHERS}`],
	stunnel: [`ciphers = ${GOOD_CIPHERS}`],
	cyrus: [`tls_ciphers: ${GOOD_CIPHERS}`],
};

/** Postfix has anonymous ciphers unless they are excluded; its list of ciphers can stay as it is. */
export const UNPROTECTED_SETTINGS: ServerSettings = { ...CIPHER_SETTINGS, postfix: ['smtpd_tls_exclude_ciphers = aNULL, eNULL'] };

/** The ciphers that are left have no group but that of a curve; Postfix has a group of 2048 bits of its own (3.1 and later). */
export const GROUP_SETTINGS: ServerSettings = { ...CIPHER_SETTINGS, postfix: ['smtpd_tls_dh1024_param_file ='] };

export const CURVE_SETTINGS: ServerSettings = {
	postfix: ['tls_eecdh_auto_curves = X25519, prime256v1, secp384r1'],
	dovecot: ['ssl_curve_list = X25519:P-256:P-384'],
	eximGnutls: ['tls_require_ciphers = NORMAL:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1'],
	eximOpenssl: ['tls_eccurve = X25519:P-256:P-384'],
	nginx: ['ssl_ecdh_curve X25519:prime256v1:secp384r1'],
	haproxy: ['curves X25519:P-256:P-384'],
	stunnel: ['curves = X25519:P-256:P-384'],
	cyrus: ['tls_eccurve: prime256v1'],
};

/** FULLCHAIN.pem and PRIVKEY.pem stand for the files of the certificate with its intermediates, and of its key. */
export const CERTIFICATE_SETTINGS: ServerSettings = {
	postfix: ['smtpd_tls_chain_files = PRIVKEY.pem, FULLCHAIN.pem'],
	dovecot: ['ssl_cert = <FULLCHAIN.pem', 'ssl_key = <PRIVKEY.pem'],
	dovecot24: ['ssl_server_cert_file = FULLCHAIN.pem', 'ssl_server_key_file = PRIVKEY.pem'],
	eximGnutls: ['tls_certificate = FULLCHAIN.pem', 'tls_privatekey = PRIVKEY.pem'],
	eximOpenssl: ['tls_certificate = FULLCHAIN.pem', 'tls_privatekey = PRIVKEY.pem'],
	nginx: ['ssl_certificate FULLCHAIN.pem', 'ssl_certificate_key PRIVKEY.pem'],
	haproxy: ['crt FULLCHAIN-AND-PRIVKEY.pem'],
	stunnel: ['cert = FULLCHAIN.pem', 'key = PRIVKEY.pem'],
	cyrus: ['tls_server_cert: FULLCHAIN.pem', 'tls_server_key: PRIVKEY.pem'],
};

export const CLIENT_CERTIFICATE_SETTINGS: ServerSettings = {
	postfix: ['smtpd_tls_req_ccert = no'],
	// It asks for one all the same where this is yes, whatever ssl_verify_client_cert (2.4: ssl_server_request_client_cert) says.
	dovecot: ['auth_ssl_require_client_cert = no'],
	eximGnutls: ['tls_verify_hosts ='],
	eximOpenssl: ['tls_verify_hosts ='],
	nginx: ['ssl_verify_client off'],
	haproxy: ['verify none'],
	stunnel: ['verifyChain = no'],
	cyrus: ['tls_client_certs: optional'],
};

export const RENEGOTIATION_SETTINGS: ServerSettings = { postfix: ['tls_ssl_options = NO_RENEGOTIATION'] };
