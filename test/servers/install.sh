#!/bin/sh
# Installs the real servers of test/servers, the browsers of test/other-browsers, and the programs with which test/lib/cms.test.ts and
# test/protocols/golden-validators.test.ts check what we make, from Debian's packages. Where they cannot be had, the tests say what they skip.
set -eu
missing=
for pair in postfix:/usr/sbin/postfix dovecot-imapd:/usr/lib/dovecot/imap dovecot-pop3d:/usr/lib/dovecot/pop3 \
	dovecot-managesieved:/usr/lib/dovecot/managesieve swaks:/usr/bin/swaks libnet-ssleay-perl:/usr/share/doc/libnet-ssleay-perl \
	debootstrap:/usr/sbin/debootstrap zsh:/usr/bin/zsh fish:/usr/bin/fish man-db:/usr/bin/man bind9:/usr/sbin/named bind9-utils:/usr/bin/named-checkzone bind9-dnsutils:/usr/bin/nsupdate \
	pdns-server:/usr/sbin/pdns_server pdns-backend-lmdb:/usr/share/doc/pdns-backend-lmdb nsd:/usr/sbin/nsd-checkzone knot:/usr/sbin/knotd \
	gnutls-bin:/usr/bin/gnutls-serv stunnel4:/usr/bin/stunnel testssl.sh:/usr/bin/testssl bind9-host:/usr/bin/host \
	firefox-esr:/usr/bin/firefox-esr webkit2gtk-driver:/usr/bin/WebKitWebDriver xvfb:/usr/bin/Xvfb \
	nginx-light:/usr/sbin/nginx libnginx-mod-stream:/usr/lib/nginx/modules/ngx_stream_module.so haproxy:/usr/sbin/haproxy apache2:/usr/sbin/apache2 caddy:/usr/bin/caddy \
	openssl:/usr/bin/openssl python3-asn1crypto:/usr/share/doc/python3-asn1crypto python3-cryptography:/usr/share/doc/python3-cryptography; do
	[ -e "${pair#*:}" ] || missing="$missing ${pair%%:*}"
done
# Of the browsers an old one is no use: puppeteer wants a Firefox that has its commands (OLDEST_FIREFOX in test/other-browsers/firefox.ts).
firefox=$(dpkg-query -W -f '${Version}' firefox-esr 2>/dev/null || true)
[ -z "$firefox" ] || dpkg --compare-versions "$firefox" ge 153 || missing="$missing firefox-esr"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
	echo "not installed, as this is not root on Debian:$missing"
	exit 0
fi
# What is installed must not start: exit code 101 of policy-rc.d says so (invoke-rc.d(8)).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
	trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
# With old lists apt would install what security updates have replaced, and the tests say what the present versions do.
apt-get update -qq >/dev/null 2>&1 || echo 'apt-get update failed: what is installed may be old'
# shellcheck disable=SC2086
apt-get install -qq -y --no-install-recommends $missing >/dev/null 2>&1 || echo "could not be installed:$missing"
