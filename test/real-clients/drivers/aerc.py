"""aerc's :new-account wizard in a terminal (tmux), to accounts.conf: aerc.py ADDRESS PASSWORD"""
import configparser
import os
import subprocess
import sys
import time
from urllib.parse import unquote, urlsplit

from outcome import package_version, server, tell

address, password = sys.argv[1:3]
tmux = ["tmux", "-L", f"aerc-{os.getpid()}"]
accounts = os.path.expanduser("~/.config/aerc/accounts.conf")


def run(*arguments):
    return subprocess.run([*tmux, *arguments], capture_output=True, text=True, check=False).stdout


def keys(*presses):
    for key in presses:
        run("send-keys", key)
        time.sleep(0.25)


def page_has(words):
    return words in run("capture-pane", "-p")


run("new-session", "-d", "-x", "110", "-y", "45", "aerc 2>aerc.err")
time.sleep(3)
keys("Work", "Tab", "Alice Example", "Tab", address)
time.sleep(2)
# Leaving the address field starts the look-up; what it finds fills the pages behind.
keys("Tab")
time.sleep(4)
keys("Enter")
time.sleep(1)
keys("Tab", "Tab", password)
for _ in range(14):
    keys("Tab", "Enter")
    time.sleep(0.3)
    if page_has("Configure outgoing"):
        break
for _ in range(14):
    keys("Tab", "Enter")
    time.sleep(0.3)
    if not page_has("Configure outgoing"):
        break
for _ in range(8):
    keys("Enter", "Tab")
    time.sleep(0.3)
    if os.path.exists(accounts) and os.path.getsize(accounts) > 0:
        break
time.sleep(2)
screen = run("capture-pane", "-p")
run("kill-server")

# Schemes of aerc-imap(5) and aerc-smtp(5): imaps and smtps are TLS from the first byte; imap and smtp upgrade.
SECURITY = {"imaps": "tls", "smtps": "tls", "imap": "starttls", "smtp": "starttls", "imap+insecure": "plain", "smtp+insecure": "plain"}
PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}


def endpoint(url, kind):
    parts = urlsplit(url)
    scheme = parts.scheme.split("+")[0] if parts.scheme not in SECURITY else parts.scheme
    if not parts.hostname:
        return None
    return {"kind": kind, **server(parts.hostname, parts.port or PORTS.get(scheme, 0), SECURITY.get(scheme, "plain"), unquote(parts.username or ""))}


if not os.path.exists(accounts):
    tell(failed="the wizard wrote no account", screen=screen)
    raise SystemExit(1)
parser = configparser.ConfigParser(interpolation=None, strict=False)
parser.read(accounts)
account = parser[parser.sections()[0]]
tell(
    client="aerc",
    version=package_version("aerc"),
    incoming=endpoint(account.get("source", ""), "imap"),
    outgoing=endpoint(account.get("outgoing", ""), "smtp"),
)
