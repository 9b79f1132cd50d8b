/** Dovecot's settings that bear on how clients reach it, and which of them the review understands. */

/** Families of settings of which a member that is not known here could change what clients are offered. */
const BEARING_FAMILIES = /^(?:ssl(?:$|_)|auth_|login_|listen$|disable_plaintext|haproxy_)/;

// Judged by check-dovecot.ts, check-dovecot-tls.ts and check-dovecot-login.ts, or without bearing on what is judged there: what
// doveconf -d of 2.3.19 and 2.4.1 lists, and what 2.2 had. Left out are those that ask somebody else (auth_policy_server_url,
// login_access_sockets, login_plugins).
const KNOWN = new Set(
	`auth_allow_cleartext auth_allow_weak_schemes auth_anonymous_username auth_cache_negative_ttl auth_cache_size auth_cache_ttl
	auth_cache_verify_password_with_worker auth_debug auth_debug_passwords auth_default_domain auth_default_realm auth_failure_delay
	auth_gssapi_hostname auth_internal_failure_delay auth_krb5_keytab auth_master_user_separator auth_mechanisms
	auth_policy_check_after_auth auth_policy_check_before_auth auth_policy_hash_mech auth_policy_hash_nonce auth_policy_hash_truncate
	auth_policy_log_only auth_policy_reject_on_fail auth_policy_report_after_auth auth_policy_request_attributes auth_policy_server_api_header
	auth_policy_server_timeout_msecs auth_proxy_self auth_realms auth_socket_path auth_ssl_require_client_cert auth_ssl_username_from_cert
	auth_stats auth_use_winbind auth_username_chars auth_username_format auth_username_translation auth_verbose auth_verbose_passwords
	auth_winbind_helper_path auth_worker_max_count disable_plaintext_auth haproxy_timeout haproxy_trusted_networks listen login_greeting
	login_log_format login_log_format_elements login_plugin_dir login_proxy_max_disconnect_delay login_proxy_max_reconnects
	login_proxy_notify_path login_proxy_rawlog_dir login_proxy_timeout login_socket_path login_source_ips login_trusted_networks ssl
	ssl_alt_cert ssl_alt_key ssl_ca ssl_cert ssl_cert_username_field ssl_cipher_list ssl_cipher_suites ssl_client ssl_client_ca_dir
	ssl_client_ca_file ssl_client_cert ssl_client_cert_file ssl_client_key ssl_client_key_file ssl_client_key_password
	ssl_client_require_valid_cert ssl_crypto_device ssl_curve_list ssl_dh ssl_dh_parameters_length ssl_key ssl_key_password ssl_min_protocol
	ssl_options ssl_prefer_server_ciphers ssl_protocols ssl_require_crl ssl_server_alt_cert_file ssl_server_alt_key_file ssl_server_ca_file
	ssl_server_cert_file ssl_server_cert_username_field ssl_server_dh_file ssl_server_key_file ssl_server_key_password
	ssl_server_prefer_ciphers ssl_server_request_client_cert ssl_server_require_crl ssl_verify_client_cert`.split(/\s+/),
);

/** Whether a setting could change what clients are offered and is not one that the review understands. */
export function isUnknownBearingSetting(name: string): boolean {
	return BEARING_FAMILIES.test(name) && !KNOWN.has(name);
}
