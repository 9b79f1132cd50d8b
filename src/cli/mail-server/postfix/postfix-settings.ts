/** Postfix's settings that bear on how clients reach it: their defaults, and which of them the review understands. */

/** The defaults of Postfix 3.6 to 3.10 (postconf -d). */
export const POSTFIX_DEFAULTS: ReadonlyMap<string, string> = new Map([
	['broken_sasl_auth_clients', 'no'],
	['compatibility_level', '0'],
	['content_filter', ''],
	['inet_interfaces', 'all'],
	['inet_protocols', 'all'],
	['master_service_disable', ''],
	['multi_instance_name', ''],
	['mynetworks', ''],
	['mynetworks_style', '$({$compatibility_level} <level {2} ? {subnet} : {host})'],
	[
		'parent_domain_matches_subdomains',
		'debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps',
	],
	['relay_domains', ''],
	['smtpd_authorized_xclient_hosts', ''],
	['smtpd_client_restrictions', ''],
	['smtpd_command_filter', ''],
	['smtpd_data_restrictions', ''],
	['smtpd_delay_reject', 'yes'],
	['smtpd_discard_ehlo_keyword_address_maps', ''],
	['smtpd_discard_ehlo_keywords', ''],
	['smtpd_end_of_data_restrictions', ''],
	['smtpd_enforce_tls', 'no'],
	['smtpd_helo_restrictions', ''],
	['smtpd_milters', ''],
	['smtpd_proxy_filter', ''],
	['smtpd_recipient_restrictions', ''],
	[
		'smtpd_relay_restrictions',
		'$({$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination})',
	],
	['smtpd_restriction_classes', ''],
	['smtpd_sasl_auth_enable', 'no'],
	['smtpd_sasl_exceptions_networks', ''],
	['smtpd_sasl_mechanism_filter', '!external, static:rest'],
	['smtpd_sasl_security_options', 'noanonymous'],
	['smtpd_sasl_tls_security_options', '$smtpd_sasl_security_options'],
	['smtpd_sender_login_maps', ''],
	['smtpd_sender_restrictions', ''],
	['smtpd_tls_auth_only', 'no'],
	['smtpd_tls_cert_file', ''],
	['smtpd_tls_chain_files', ''],
	['smtpd_tls_ciphers', 'medium'],
	['smtpd_tls_eccert_file', ''],
	['smtpd_tls_eecdh_grade', 'auto'],
	['smtpd_tls_exclude_ciphers', ''],
	['smtpd_tls_mandatory_ciphers', 'medium'],
	['smtpd_tls_mandatory_exclude_ciphers', ''],
	['smtpd_tls_mandatory_protocols', '>=TLSv1'],
	['smtpd_tls_protocols', '>=TLSv1'],
	['smtpd_tls_req_ccert', 'no'],
	['smtpd_tls_security_level', ''],
	['smtpd_tls_wrappermode', 'no'],
	['smtpd_upstream_proxy_protocol', ''],
	['smtpd_use_tls', 'no'],
	['stress', ''],
	['virtual_alias_domains', ''],
	['virtual_mailbox_domains', ''],
	['syslog_name', '$(multi_instance_name?{$multi_instance_name}:{postfix})'],
	// The examples in Debian's master.cf refer to these settings, which are empty unless the operator sets them.
	['mua_client_restrictions', ''],
	['mua_helo_restrictions', ''],
	['mua_sender_restrictions', ''],
]);

/** Families of settings in which an unknown member could change what clients are offered. */
const BEARING_FAMILIES =
	/^(?:smtpd_(?!milter)|tls_|tlsproxy_|inet_|master_service_|mynetworks|postscreen_(?:upstream|discard|tls|use_tls|enforce_tls))/;

// Members of these families that do not affect anything that is judged here (postconf -d of 3.7 and 3.10).
const WITHOUT_BEARING = new Set(
	`smtpd_authorized_verp_clients smtpd_authorized_xclient_hosts smtpd_authorized_xforward_hosts smtpd_banner smtpd_client_auth_rate_limit
	smtpd_client_connection_count_limit smtpd_client_connection_rate_limit smtpd_client_event_limit_exceptions smtpd_client_ipv4_prefix_length
	smtpd_client_ipv6_prefix_length smtpd_client_message_rate_limit smtpd_client_new_tls_session_rate_limit smtpd_client_port_logging
	smtpd_client_recipient_rate_limit smtpd_delay_open_until_valid_rcpt smtpd_delay_reject smtpd_dns_reply_filter smtpd_error_sleep_time
	smtpd_etrn_restrictions smtpd_expansion_filter smtpd_forbid_bare_newline smtpd_forbid_bare_newline_exclusions
	smtpd_forbid_bare_newline_reject_code smtpd_forbid_unauth_pipelining smtpd_forbidden_commands smtpd_hard_error_limit smtpd_helo_required
	smtpd_hide_client_session smtpd_history_flush_threshold smtpd_junk_command_limit smtpd_log_access_permit_actions smtpd_min_data_rate
	smtpd_noop_commands smtpd_null_access_lookup_key smtpd_peername_lookup smtpd_per_record_deadline smtpd_per_request_deadline
	smtpd_policy_service_default_action smtpd_policy_service_max_idle smtpd_policy_service_max_ttl smtpd_policy_service_policy_context
	smtpd_policy_service_request_limit smtpd_policy_service_retry_delay smtpd_policy_service_timeout smtpd_policy_service_try_limit
	smtpd_proxy_ehlo smtpd_proxy_options smtpd_proxy_timeout smtpd_recipient_limit smtpd_recipient_overshoot_limit smtpd_reject_footer
	smtpd_reject_footer_maps smtpd_reject_unlisted_recipient smtpd_reject_unlisted_sender smtpd_relay_before_recipient_restrictions
	smtpd_sasl_authenticated_header smtpd_sasl_local_domain smtpd_sasl_path smtpd_sasl_response_limit smtpd_sasl_service smtpd_sasl_type
	smtpd_sender_login_maps smtpd_service_name smtpd_soft_error_limit smtpd_starttls_timeout smtpd_timeout smtpd_tls_CAfile smtpd_tls_CApath
	smtpd_tls_always_issue_session_ids smtpd_tls_ask_ccert smtpd_tls_ccert_verifydepth smtpd_tls_dcert_file smtpd_tls_dh1024_param_file
	smtpd_tls_dh512_param_file smtpd_tls_dkey_file smtpd_tls_eckey_file smtpd_tls_eecdh_grade smtpd_tls_enable_rpk
	smtpd_tls_fingerprint_digest smtpd_tls_key_file smtpd_tls_loglevel smtpd_tls_received_header smtpd_tls_session_cache_database
	smtpd_tls_session_cache_timeout smtpd_upstream_proxy_timeout smtpd_tls_exclude_ciphers smtpd_tls_mandatory_exclude_ciphers
	tls_append_default_CA tls_daemon_random_bytes tls_dane_digests tls_eecdh_auto_curves tls_eecdh_strong_curve
	tls_eecdh_ultra_curve tls_fast_shutdown_enable tls_ffdhe_auto_groups tls_legacy_public_key_fingerprints tls_preempt_cipherlist
	tls_random_bytes tls_random_exchange_name tls_random_prng_update_period tls_random_reseed_period tls_random_source tls_required_enable
	tls_session_ticket_cipher tls_wildcard_matches_multiple_labels tls_export_cipherlist tls_low_cipherlist tls_null_cipherlist
	tlsproxy_service_name tlsproxy_watchdog_timeout postscreen_discard_ehlo_keywords postscreen_tls_security_level postscreen_use_tls
	postscreen_enforce_tls postscreen_upstream_proxy_timeout`.split(/\s+/),
);

/** Members that check-postfix.ts, check-tls.ts, check-login.ts and check-relay.ts judge. */
const JUDGED = new Set([
	...POSTFIX_DEFAULTS.keys(),
	'tls_high_cipherlist',
	'tls_medium_cipherlist',
	'tls_ssl_options',
	'tls_server_sni_maps',
]);

/** Whether a setting could change what clients are offered and is not one that the review understands. */
export function isUnknownBearingSetting(name: string): boolean {
	if (!BEARING_FAMILIES.test(name) || /^tlsproxy_(?:tls|client)_/.test(name)) return false;
	return !JUDGED.has(name) && !WITHOUT_BEARING.has(name);
}

/** Postfix's booleans are yes and no, in any letter case. */
export function isYes(value: string): boolean {
	return value.toLowerCase() === 'yes';
}

const YES_OR_NO = ['yes', 'no'];
const CIPHER_GRADES = ['export', 'low', 'medium', 'high', 'null'];

/** Settings that accept only a few words. Postfix has no comments after a value; such a comment becomes part of the value. */
export const ENUMERATED_SETTINGS: ReadonlyMap<string, readonly string[]> = new Map([
	['smtpd_tls_wrappermode', YES_OR_NO],
	['smtpd_tls_auth_only', YES_OR_NO],
	['smtpd_sasl_auth_enable', YES_OR_NO],
	['smtpd_enforce_tls', YES_OR_NO],
	['smtpd_use_tls', YES_OR_NO],
	['smtpd_tls_req_ccert', YES_OR_NO],
	['smtpd_tls_security_level', ['', 'none', 'may', 'encrypt']],
	['smtpd_tls_ciphers', CIPHER_GRADES],
	['smtpd_tls_mandatory_ciphers', CIPHER_GRADES],
]);
