/**
 * Configurations that people run, as excerpts of what these projects ship or document: what bears on clients is kept, as it stands there,
 * placeholders are filled in. Each of them is good, except where `findings` says otherwise.
 */

export interface PostfixExample {
	/** The source of the configuration. */
	readonly source: string;
	readonly main: string;
	readonly master: string;
	/** The findings that are right, without advice. */
	readonly findings: readonly string[];
	/** One change that makes it bad, and the findings that follow. */
	readonly fault: { readonly of: 'main' | 'master'; readonly from: string; readonly to: string; readonly finds: string };
}

export interface DovecotExample {
	readonly source: string;
	readonly text: string;
	readonly findings: readonly string[];
	readonly fault: { readonly from: string; readonly to: string; readonly finds: string };
}

const open = '$' + '{';

export const POSTFIX_EXAMPLES: readonly PostfixExample[] = [
	{
		source: 'Debian 13, /etc/postfix with a certificate and the submission services of its master.cf switched on',
		main: `smtpd_banner = $myhostname ESMTP $mail_name (Debian)
biff = no
append_dot_mydomain = no
readme_directory = no
compatibility_level = 3.9
smtpd_tls_cert_file=/etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_tls_key_file=/etc/letsencrypt/live/mail.example.com/privkey.pem
smtpd_tls_security_level=may
smtp_tls_CAfile=/etc/ssl/certs/ca-certificates.crt
smtp_tls_session_cache_database = btree:${open}data_directory}/smtp_scache
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
mydestination = $myhostname, localhost
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
inet_interfaces = all
inet_protocols = all
`,
		master: `smtp      inet  n       -       y       -       -       smtpd
submission inet n       -       y       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_forbid_unauth_pipelining=no
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes
  -o local_header_rewrite_clients=static:all
  -o smtpd_hide_client_session=yes
  -o smtpd_reject_unlisted_recipient=no
  -o smtpd_client_restrictions=$mua_client_restrictions
  -o smtpd_helo_restrictions=$mua_helo_restrictions
  -o smtpd_sender_restrictions=$mua_sender_restrictions
  -o smtpd_recipient_restrictions=
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o milter_macro_daemon_name=ORIGINATING
submissions     inet  n       -       y       -       -       smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=$mua_client_restrictions
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
relay     unix  -       -       y       -       -       smtp
        -o syslog_name=${open}multi_instance_name?{$multi_instance_name}:{postfix}}/$service_name
maildrop  unix  -       n       n       -       -       pipe
  flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${open}recipient}
`,
		// Measured: Debian 13's Postfix takes TLS 1.1 with its defaults.
		findings: ['postfix-tls-old', 'postfix-tls-old'],
		fault: { of: 'master', from: 'smtpd_tls_security_level=encrypt', to: 'smtpd_tls_security_level=may', finds: 'postfix-tls-optional' },
	},
	{
		source: 'mailcow-dockerized, data/conf/postfix/main.cf and master.cf',
		main: `smtpd_tls_cert_file = /etc/ssl/mail/cert.pem
smtpd_tls_key_file = /etc/ssl/mail/key.pem
tls_server_sni_maps = hash:/opt/postfix/conf/sni.map
smtpd_use_tls=yes
smtpd_tls_received_header = yes
smtpd_tls_session_cache_database = btree:${open}data_directory}/smtpd_scache
smtpd_relay_restrictions = permit_mynetworks,
  permit_sasl_authenticated,
  defer_unauth_destination
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 [fe80::]/10 [fc00::]/7
inet_interfaces = all
broken_sasl_auth_clients = yes
postscreen_access_list = permit_mynetworks,
  cidr:/opt/postfix/conf/postscreen_access.cidr,
  tcp:127.0.0.1:10027
postscreen_greet_banner = $smtpd_banner
smtpd_data_restrictions = reject_unauth_pipelining, permit
smtpd_delay_reject = yes
smtpd_hard_error_limit = ${open}stress?1}${open}stress:5}
smtpd_helo_required = yes
smtpd_recipient_restrictions = permit_sasl_authenticated,
  permit_mynetworks,
  check_recipient_access proxy:mysql:/opt/postfix/conf/sql/mysql_tls_enforce_in_policy.cf,
  reject_invalid_helo_hostname,
  reject_unknown_reverse_client_hostname,
  reject_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_sasl_authenticated_header = yes
smtpd_sasl_path = inet:dovecot:10001
smtpd_sasl_type = dovecot
smtpd_sender_login_maps = proxy:mysql:/opt/postfix/conf/sql/mysql_virtual_sender_acl.cf
smtpd_sender_restrictions = reject_authenticated_sender_login_mismatch,
  permit_mynetworks,
  permit_sasl_authenticated,
  reject_unlisted_sender,
  reject_unknown_sender_domain
smtpd_tls_auth_only = yes
smtpd_tls_dh1024_param_file = /etc/ssl/mail/dhparams.pem
smtpd_tls_eecdh_grade = auto
smtpd_tls_exclude_ciphers = ECDHE-RSA-RC4-SHA, RC4, aNULL, DES-CBC3-SHA, ECDHE-RSA-DES-CBC3-SHA, EDH-RSA-DES-CBC3-SHA
smtpd_tls_loglevel = 1
smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1
smtpd_tls_mandatory_ciphers = high
smtpd_tls_protocols = !SSLv2, !SSLv3
smtpd_tls_security_level = may
tls_preempt_cipherlist = yes
tls_ssl_options = NO_COMPRESSION, NO_RENEGOTIATION
smtpd_milters = inet:rspamd:9900
compatibility_level = 2
`,
		master: `smtp       inet  n       -       n       -       1       postscreen
smtpd      pass  -       -       n       -       -       smtpd
  -o smtpd_helo_restrictions=permit_mynetworks,reject_non_fqdn_helo_hostname
  -o smtpd_sasl_auth_enable=no
smtps    inet  n       -       n       -       -       smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_client_restrictions=permit_mynetworks,permit_sasl_authenticated,reject
  -o tls_preempt_cipherlist=yes
submission inet n       -       n       -       -       smtpd
  -o smtpd_client_restrictions=permit_mynetworks,permit_sasl_authenticated,reject
  -o smtpd_enforce_tls=yes
  -o smtpd_tls_security_level=encrypt
  -o tls_preempt_cipherlist=yes
588 inet n      -       n       -       -       smtpd
  -o smtpd_client_restrictions=permit_mynetworks,permit_sasl_authenticated,reject
  -o smtpd_tls_auth_only=no
  -o smtpd_sender_restrictions=check_sasl_access,regexp:/opt/postfix/conf/allow_mailcow_local.regexp,reject_authenticated_sender_login_mismatch,permit_mynetworks,permit_sasl_authenticated,reject_unlisted_sender,reject_unknown_sender_domain
590 inet n      -       n       -       -       smtpd
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o smtpd_tls_auth_only=no
  -o smtpd_milters=
  -o non_smtpd_milters=
tlsproxy   unix  -       -       n       -       0       tlsproxy
pickup     fifo  n       -       n       60      1       pickup
127.0.0.1:10026 inet  n       -       n       -       10      smtpd
  -o content_filter=
  -o smtpd_helo_restrictions=
  -o smtpd_client_restrictions=
  -o smtpd_sender_restrictions=
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
  -o mynetworks=127.0.0.0/8
  -o smtpd_authorized_xforward_hosts=127.0.0.0/8
127.0.0.1:10027 inet n n n - 0 spawn user=nobody argv=/usr/local/bin/whitelist_forwardinghosts.sh
`,
		findings: [],
		fault: {
			of: 'master',
			from: '  -o smtpd_sasl_auth_enable=no\n',
			to: '  -o smtpd_tls_auth_only=no\n',
			finds: 'postfix-auth-before-tls',
		},
	},
	{
		source: 'docker-mailserver, target/postfix/main.cf and master.cf, with SSL_TYPE=letsencrypt',
		main: `mynetworks = 127.0.0.0/8 [::1]/128 [fe80::]/64
inet_interfaces = all
smtpd_tls_chain_files = /etc/letsencrypt/live/mail.example.com/privkey.pem /etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_tls_security_level = may
tls_ssl_options = NO_COMPRESSION, NO_RENEGOTIATION
tls_high_cipherlist = ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384
tls_preempt_cipherlist = yes
smtpd_tls_protocols = !SSLv2,!SSLv3,!TLSv1,!TLSv1.1
smtpd_tls_mandatory_ciphers = high
smtpd_tls_mandatory_protocols = !SSLv2,!SSLv3,!TLSv1,!TLSv1.1
smtpd_tls_exclude_ciphers = aNULL, SEED, CAMELLIA, RSA+AES, SHA1
smtpd_tls_dh1024_param_file = /etc/postfix/dhparams.pem
smtpd_tls_CApath = /etc/ssl/certs
smtpd_helo_required = yes
smtpd_delay_reject = yes
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname, permit
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
smtpd_recipient_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination, reject_unauth_pipelining, reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname, reject_unknown_recipient_domain
smtpd_client_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, reject_unauth_pipelining
smtpd_sender_restrictions = $dms_smtpd_sender_restrictions
smtpd_discard_ehlo_keywords = silent-discard, dsn
dms_smtpd_sender_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_unknown_sender_domain
mua_sender_restrictions = reject_authenticated_sender_login_mismatch, $dms_smtpd_sender_restrictions
smtpd_sasl_auth_enable = no
smtpd_sasl_path = /dev/shm/sasl-auth.sock
smtpd_sasl_type = dovecot
smtpd_sasl_security_options = noanonymous
smtpd_sasl_local_domain = $mydomain
broken_sasl_auth_clients = yes
smtpd_milters =
compatibility_level = 2
`,
		master: `smtp      inet  n       -       n       -       -       smtpd
submission inet n       -       n       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_reject_unlisted_recipient=no
  -o smtpd_sasl_authenticated_header=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=$mua_sender_restrictions
  -o milter_macro_daemon_name=ORIGINATING
smtps     inet  n       -       n       -       -       smtpd
  -o syslog_name=postfix/smtps
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
policyd-spf  unix  -       n       n       -       0       spawn
    user=policyd-spf argv=/usr/bin/policyd-spf
127.0.0.1:10025 inet    n       -       n       -       -       smtpd
  -o content_filter=
  -o smtpd_restriction_classes=
  -o smtpd_delay_reject=no
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
  -o mynetworks=127.0.0.0/8
`,
		findings: [],
		fault: {
			of: 'main',
			from: 'smtpd_sasl_security_options = noanonymous',
			to: 'smtpd_sasl_security_options =',
			finds: 'postfix-anonymous',
		},
	},
	{
		source: 'Mail-in-a-Box, setup/mail-postfix.sh',
		main: `inet_interfaces=all
mydestination=localhost
smtpd_relay_restrictions=permit_sasl_authenticated,permit_mynetworks,reject_unauth_destination
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
smtpd_forbid_bare_newline=normalize
smtpd_tls_security_level=may
smtpd_tls_auth_only=yes
smtpd_tls_cert_file=/home/user-data/ssl/ssl_certificate.pem
smtpd_tls_key_file=/home/user-data/ssl/ssl_private_key.pem
smtpd_tls_dh1024_param_file=/home/user-data/ssl/dh4096.pem
smtpd_tls_protocols=>=TLSv1
smtpd_tls_ciphers=medium
tls_medium_cipherlist=@SECLEVEL=0:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:AES256-SHA:DES-CBC3-SHA
smtpd_tls_exclude_ciphers=aNULL RC4
tls_preempt_cipherlist=yes
smtpd_tls_received_header=yes
smtpd_tls_mandatory_protocols=>=TLSv1.2
smtpd_tls_mandatory_ciphers=high
tls_high_cipherlist=ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384
smtpd_tls_mandatory_exclude_ciphers=aNULL DES 3DES MD5 DES+MD5 RC4 CAMELLIA
smtpd_sender_restrictions=reject_non_fqdn_sender,reject_unknown_sender_domain,reject_authenticated_sender_login_mismatch,reject_rhsbl_sender dbl.spamhaus.org=127.0.1.[2..99]
smtpd_recipient_restrictions=permit_sasl_authenticated,permit_mynetworks,reject_rbl_client zen.spamhaus.org=127.0.0.[2..11],reject_unlisted_recipient,check_policy_service inet:127.0.0.1:10023,check_policy_service inet:127.0.0.1:12340
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = no
compatibility_level = 2
`,
		master: `smtp      inet  n       -       y       -       -       smtpd
smtps     inet n       -       -       -       -       smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o syslog_name=postfix/submission
  -o smtpd_milters=inet:127.0.0.1:8891
  -o cleanup_service_name=authclean
submission inet n       -       -       -       -       smtpd
  -o smtpd_sasl_auth_enable=yes
  -o syslog_name=postfix/submission
  -o smtpd_milters=inet:127.0.0.1:8891
  -o smtpd_tls_security_level=encrypt
  -o cleanup_service_name=authclean
authclean unix  n       -       -       -       0       cleanup
  -o header_checks=pcre:/etc/postfix/outgoing_mail_header_filters
  -o nested_header_checks=
`,
		findings: [],
		fault: { of: 'main', from: 'permit_mynetworks,reject_unauth_destination', to: 'permit', finds: 'postfix-open-relay' },
	},
	{
		source: 'iRedMail, samples/postfix/main.cf and master.cf',
		main: `inet_protocols = all
inet_interfaces = all
smtpd_tls_key_file = /etc/ssl/private/iRedMail.key
smtpd_tls_cert_file = /etc/ssl/certs/iRedMail.crt
smtpd_tls_CAfile = /etc/ssl/certs/iRedMail.crt
smtpd_tls_CApath = /etc/ssl/certs
smtpd_tls_protocols = !SSLv2 !SSLv3 !TLSv1 !TLSv1.1
smtpd_tls_mandatory_protocols = !SSLv2 !SSLv3 !TLSv1 !TLSv1.1
smtpd_tls_dh512_param_file = /etc/ssl/dh512_param.pem
smtpd_tls_dh1024_param_file = /etc/ssl/dh2048_param.pem
tls_random_source = dev:/dev/urandom
smtpd_tls_loglevel = 1
smtpd_tls_security_level = may
smtpd_reject_unlisted_recipient = yes
smtpd_reject_unlisted_sender = yes
smtpd_command_filter = pcre:/etc/postfix/command_filter.pcre
smtpd_helo_required = yes
smtpd_helo_restrictions =
    permit_mynetworks
    permit_sasl_authenticated
    check_helo_access pcre:/etc/postfix/helo_access.pcre
    reject_non_fqdn_helo_hostname
    reject_unknown_helo_hostname
smtpd_sender_restrictions =
    reject_non_fqdn_sender
    reject_unlisted_sender
    permit_mynetworks
    permit_sasl_authenticated
    check_sender_access pcre:/etc/postfix/sender_access.pcre
    reject_unknown_sender_domain
smtpd_recipient_restrictions =
    reject_non_fqdn_recipient
    reject_unlisted_recipient
    check_policy_service inet:127.0.0.1:7777
    permit_mynetworks
    permit_sasl_authenticated
    reject_unauth_destination
    check_policy_service inet:127.0.0.1:12340
smtpd_end_of_data_restrictions =
    check_policy_service inet:127.0.0.1:7777
smtpd_data_restrictions = reject_unauth_pipelining
mynetworks = 127.0.0.1
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/dovecot-auth
compatibility_level = 2
`,
		master: `smtp inet n - - - 1 postscreen
smtpd pass - - - - - smtpd
submission inet n       -       n       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
465 inet  n       -       n       -       -       smtpd
  -o syslog_name=postfix/smtps
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
127.0.0.1:10025 inet n  -   n   -   -  smtpd
    -o syslog_name=postfix/10025
    -o content_filter=
    -o mynetworks_style=host
    -o mynetworks=127.0.0.0/8
    -o smtpd_tls_security_level=none
    -o smtpd_restriction_classes=
    -o smtpd_delay_reject=no
    -o smtpd_client_restrictions=permit_mynetworks,reject
    -o smtpd_recipient_restrictions=permit_mynetworks,reject
`,
		findings: [],
		fault: { of: 'master', from: '465 inet', to: '127.0.0.1:465 inet', finds: 'postfix-loopback' },
	},
];

export const DOVECOT_EXAMPLES: readonly DovecotExample[] = [
	{
		source: 'Debian 13, what doveconf -n prints of the packages as they are, with a certificate',
		text: `# 2.4.1-4 (7d8c0e5759): /etc/dovecot/dovecot.conf
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
fts_autoindex = yes
mail_driver = mbox
mail_home = /home/%{user | username}
protocols {
  imap = yes
  lmtp = yes
  sieve = yes
  pop3 = yes
}
passdb pam {
}
userdb passwd {
}
service imap-login {
  inet_listener imap {
  }
  inet_listener imaps {
  }
}
service lmtp {
  unix_listener lmtp {
  }
}
ssl_server {
  cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
  key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
}
protocol lmtp {
  auth_username_format = %{user | username | lower}
}
`,
		// Nobody can log in without TLS, but a client may stay in the clear: a warning.
		findings: ['dovecot-tls-optional'],
		fault: { from: 'ssl_server {', to: 'auth_allow_cleartext = yes\nssl_server {', finds: 'dovecot-auth-before-tls' },
	},
	{
		source: 'mailcow-dockerized, data/conf/dovecot/dovecot.conf',
		text: `auth_mechanisms = plain login
#auth_debug = yes
disable_plaintext_auth = yes
login_log_format_elements = "user=<%u> method=%m rip=%r lip=%l mpid=%e %c %k"
mail_plugins = </etc/dovecot/mail_plugins
ssl_min_protocol = TLSv1.2
ssl_prefer_server_ciphers = yes
ssl_cipher_list = ALL:!ADH:!LOW:!SSLv2:!SSLv3:!EXP:!aNULL:!eNULL:!3DES:!MD5:!PSK:!DSS:!RC4:!SEED:!IDEA:+HIGH:+MEDIUM
ssl_options = no_compression no_ticket
ssl_dh = </etc/ssl/mail/dhparams.pem
log_timestamp = "%Y-%m-%d %H:%M:%S "
auth_master_user_separator = *
passdb {
  driver = lua
  args = file=/etc/dovecot/auth/passwd-verify.lua blocking=yes
}
service doveadm {
  inet_listener {
    port = 12345
  }
  vsz_limit=2048 MB
}
protocols = imap sieve lmtp pop3
service managesieve-login {
  inet_listener sieve {
    port = 4190
  }
  inet_listener sieve_haproxy {
    port = 14190
    haproxy = yes
  }
}
service imap-login {
  service_count = 1
  inet_listener imap_haproxy {
    port = 10143
    haproxy = yes
  }
  inet_listener imaps_haproxy {
    port = 10993
    ssl = yes
    haproxy = yes
  }
}
listen = *,[::]
ssl_cert = </etc/ssl/mail/cert.pem
ssl_key = </etc/ssl/mail/key.pem
plugin {
  listescape_char = "\\\\"
  quota_rule2 = Trash:storage=+100%%
}
remote 127.0.0.1 {
  disable_plaintext_auth = no
}
submission_host = postfix:588
!include_try /etc/dovecot/extra.conf
`,
		findings: ['dovecot-tls-optional'],
		fault: { from: 'remote 127.0.0.1 {', to: 'remote 0.0.0.0/0 {', finds: 'dovecot-auth-before-tls' },
	},
	{
		source: 'docker-mailserver, target/dovecot/10-ssl.conf, with the defaults of its image',
		text: `protocols = imap lmtp pop3 sieve
auth_mechanisms = plain login
ssl_cert = </etc/dovecot/ssl/dovecot.pem
ssl_key = </etc/dovecot/ssl/dovecot.key
ssl_dh = </etc/dovecot/dh.pem
ssl_min_protocol = TLSv1.2
ssl_cipher_list = ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-SHA256
ssl_prefer_server_ciphers = yes
`,
		findings: ['dovecot-tls-optional'],
		fault: { from: 'ssl_min_protocol = TLSv1.2', to: 'ssl_min_protocol = TLSv1.1', finds: 'dovecot-tls-old' },
	},
	{
		source: 'Mail-in-a-Box, setup/mail-dovecot.sh (IMAP in the clear is for programs of the machine itself)',
		text: `protocols = imap pop3 lmtp sieve
disable_plaintext_auth=yes
auth_mechanisms=plain login
ssl=required
ssl_cert=</home/user-data/ssl/ssl_certificate.pem
ssl_key=</home/user-data/ssl/ssl_private_key.pem
ssl_min_protocol=TLSv1.2
ssl_cipher_list=ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384
ssl_prefer_server_ciphers=no
ssl_dh_parameters_length=2048
ssl_dh=</home/user-data/ssl/dh2048.pem
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = 143
  }
}
service pop3-login {
  inet_listener pop3 {
    port = 0
  }
}
`,
		findings: [],
		fault: { from: 'port = 0', to: 'port = 0 }', finds: 'dovecot-syntax' },
	},
	{
		source: 'iRedMail, samples/dovecot/dovecot-2.4-mariadb.conf',
		text: `dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
listen = * [::]
protocols = pop3 imap sieve lmtp
mail_plugins {
    acl = yes
    quota = yes
}
auth_mechanisms = PLAIN LOGIN
auth_allow_cleartext = no
login_trusted_networks =
mail_driver = %{userdb:mail_driver | default("maildir") | lower}
ssl = required
ssl_min_protocol = TLSv1.2
ssl_server_cert_file = /etc/ssl/certs/iRedMail.crt
ssl_server_key_file = /etc/ssl/private/iRedMail.key
ssl_server_dh_file = /etc/ssl/dh2048_param.pem
ssl_server_prefer_ciphers = server
ssl_cipher_list = ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256
auth_master_user_separator = *
passdb sql {
    query = SELECT mailbox.password, mailbox.allow_nets \\
        FROM mailbox,domain \\
       WHERE mailbox.username='%{user | lower}'
}
protocol imap {
    mail_plugins {
        imap_quota = yes
    }
}
service imap-login {
    inet_listener imap {
        name = imap
        port = 143
    }
    inet_listener imaps {
        name = imaps
        port = 993
        ssl = yes
    }
}
`,
		findings: [],
		fault: { from: 'auth_mechanisms = PLAIN LOGIN', to: 'auth_mechanisms = PLAIN LOGIN ANONYMOUS', finds: 'dovecot-anonymous' },
	},
];
