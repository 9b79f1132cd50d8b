#!/bin/sh
# Installs the mail clients of test/real-clients: a Debian 13 tree with those that Debian packages, and Delta Chat's core from npm.
# Needs root on Debian, some ten minutes and 5 GB the first time; what is there is kept. SIGNPOST_CLIENTS names the folder.
# Where it cannot install, it says why in the file `missing`, and the tests are skipped with that reason.
set -eu
folder=${SIGNPOST_CLIENTS:-${HOME:-/root}/.cache/signpost-clients}
tree=$folder/debian-13
mkdir -p "$folder"
rm -f "$folder/missing"
missing() {
	echo "$1" >"$folder/missing"
	echo "not installed: $1"
	exit 0
}
[ "$(id -u)" -eq 0 ] || missing 'this is not root'
command -v apt-get >/dev/null || missing 'this is not Debian'
unshare --net true 2>/dev/null || missing 'this machine allows no network namespaces'

# The version of this list: a changed list installs into the same tree again.
wanted='evolution evolution-data-server gnome-keyring dconf-gsettings-backend geary
	kmail kdepim-runtime akonadi-server akonadi-backend-sqlite accountwizard
	claws-mail aerc tmux thunderbird
	dovecot-imapd dovecot-pop3d postfix
	python3 python3-pyatspi at-spi2-core xvfb xauth xdotool openbox imagemagick fonts-dejavu-core ca-certificates dbus-x11 openssl'
# A tree without the archive of security updates has clients of the day that the release came out: it is brought up to date.
if [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$wanted" ] || [ ! -e "$tree/etc/apt/sources.list.d/security.list" ]; then
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >/dev/null 2>&1 || missing 'apt-get update failed'
	command -v debootstrap >/dev/null && command -v ip >/dev/null && command -v setpriv >/dev/null || {
		apt-get install -qq -y --no-install-recommends debootstrap iproute2 util-linux >/dev/null 2>&1 || missing 'debootstrap and iproute2 cannot be had'
	}
	# The archive that this machine is set up for, whichever that is.
	site() { apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk -v kind="$1" '($2 ~ /-security$/) == kind { print $1; exit }'; }
	archive=$(site 0)
	security=$(site 1)
	[ -n "$archive" ] || missing 'apt has no archive of Debian'
	[ -e "$tree/usr/bin/apt-get" ] || debootstrap --variant=minbase --include=ca-certificates trixie "$tree" "$archive" >"$folder/install.log" 2>&1 || missing "debootstrap failed, see $folder/install.log"
	[ -z "$security" ] || echo "deb $security trixie-security main" >"$tree/etc/apt/sources.list.d/security.list"
	# Nothing that is installed may start: exit code 101 of policy-rc.d says so (invoke-rc.d(8)).
	printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
	chmod 755 "$tree/usr/sbin/policy-rc.d"
	cp /etc/resolv.conf "$tree/etc/resolv.conf"
	mountpoint -q "$tree/proc" || mount -t proc proc "$tree/proc"
	trap 'umount "$tree/proc" 2>/dev/null || true' EXIT
	chroot "$tree" apt-get update -qq >>"$folder/install.log" 2>&1 || missing 'apt-get update failed in the tree'
	chroot "$tree" apt-get upgrade -qq -y >>"$folder/install.log" 2>&1 || missing "apt-get upgrade failed, see $folder/install.log"
	# shellcheck disable=SC2086
	chroot "$tree" apt-get install -qq -y --no-install-recommends $wanted >>"$folder/install.log" 2>&1 || missing "apt-get install failed, see $folder/install.log"
	chroot "$tree" apt-get clean
	chroot "$tree" id user >/dev/null 2>&1 || chroot "$tree" useradd --create-home --shell /bin/bash user
	chroot "$tree" id vmail >/dev/null 2>&1 || chroot "$tree" useradd --system vmail
	printf '%s' "$wanted" >"$folder/installed"
fi

if [ ! -e "$folder/npm/node_modules/@deltachat/stdio-rpc-server" ]; then
	mkdir -p "$folder/npm"
	(cd "$folder/npm" && { [ -e package.json ] || npm init -y >/dev/null; } && npm install --ignore-scripts --no-audit --no-fund @deltachat/stdio-rpc-server@2.57.0 >/dev/null) ||
		missing 'Delta Chat cannot be had from npm'
fi
