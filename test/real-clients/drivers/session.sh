#!/bin/bash
# A desktop session for one client, as an ordinary user inside the Debian tree: X server, session bus, accessibility, window manager, then the driver.
# session.sh NUMBER DRIVER ARGUMENTS…   NUMBER: of the display, so that sessions can run side by side
number=$1
shift
SHOT=$(basename "$1" .py)-$2
export SHOT DISPLAY=:$number HOME=/tmp/session-$number XDG_RUNTIME_DIR=/tmp/session-$number/run PYTHONPATH=/drivers TERM=xterm-256color
export NO_AT_BRIDGE=0 GTK_MODULES=gail:atk-bridge QT_ACCESSIBILITY=1 QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 GTK_A11Y=atspi
export LIBGL_ALWAYS_SOFTWARE=1 GSK_RENDERER=cairo WEBKIT_DISABLE_COMPOSITING_MODE=1 WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1
mkdir -p "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
cd "$HOME" || exit 2
case $1 in
*/thunderbird.py | */aerc.py | */delta-chat.py) exec python3 "$@" ;;
esac
# -r: no key repeats by itself, as it would when the release of a key comes late on a busy machine.
# -noreset: by itself the server begins anew whenever its last client leaves, and whoever connects just then is thrown out: xdotool, below, leaves,
# and on a busy machine it was the window manager that was thrown out. Without one, no window has the keyboard.
Xvfb "$DISPLAY" -r -noreset -screen 0 1280x1000x24 -nolisten tcp >"$HOME/xvfb.log" 2>&1 &
screen=$!
trap 'kill $screen' EXIT
# wait_until COMMAND…: tries it until it is true, for a minute.
wait_until() {
	for _ in $(seq 600); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	echo "this did not become true: $*"
}
export -f wait_until
wait_until xdotool getdisplaygeometry
dbus-run-session -- bash -c 'gsettings set org.gnome.desktop.interface toolkit-accessibility true 2>/dev/null
/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
openbox >openbox.log 2>&1 &
# Answered by a window manager alone.
wait_until xdotool get_num_desktops
wait_until dbus-send --session --print-reply --dest=org.a11y.Bus /org/a11y/bus org.a11y.Bus.GetAddress
exec python3 "$@"' session "$@"
