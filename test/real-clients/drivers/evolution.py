"""Evolution's first-start assistant, to the end: evolution.py ADDRESS PASSWORD"""
import configparser
import glob
import os
import sys
import time

from screen import BUTTONS, OPENING, find, give_up, is_shown, keyboard, name, package_version, press, server, start, tell, widgets

address, password = sys.argv[1:3]
client = start("evolution", "-c", "mail", log="evolution.log")


def titles():
    return [name(node) for node in widgets("evolution") if name(node) and is_shown(node) and node.getRoleName() in ("frame", "dialog", "window")]


end = time.time() + OPENING
while time.time() < end and find("evolution", "Next", BUTTONS, exact=True, wait=1) is None:
    pass
applied = False
for _ in range(14):
    before = titles()
    if "Identity" in before:
        keyboard("key", "ctrl+a")
        keyboard("type", "--delay", "30", "Alice Example")
        keyboard("key", "Tab")
        keyboard("type", "--delay", "30", address)
        time.sleep(1)
    apply = find("evolution", "Apply", BUTTONS, exact=True, sensitive=True, wait=0.5)
    if apply is not None:
        press(apply)
        applied = True
        break
    forward = find("evolution", "Next", BUTTONS, exact=True, sensitive=True, wait=25)
    if forward is None:
        give_up(f"no way on from {before}")
    press(forward)
    for _ in range(40):
        time.sleep(0.7)
        now = titles()
        if now != before and "Looking" not in " ".join(now):
            break
if not applied:
    give_up("the assistant did not end")
time.sleep(4)


def account(section, kind, security):
    method = security.get("Method", "")
    how = {"ssl-on-alternate-port": "tls", "starttls-on-standard-port": "starttls"}.get(method, "plain")
    return {"kind": kind, **server(section.get("Host", ""), section.get("Port", 0), how, section.get("User", ""))}


incoming = outgoing = None
for path in glob.glob(os.path.expanduser("~/.config/evolution/sources/*.source")):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(path)
    backend = parser.get("Mail Account", "BackendName", fallback="")
    security = parser["Security"] if "Security" in parser else {}
    if backend in ("imapx", "pop") and "Authentication" in parser:
        incoming = account(parser["Authentication"], "imap" if backend == "imapx" else "pop3", security)
    if parser.get("Mail Transport", "BackendName", fallback="") == "smtp" and "Authentication" in parser:
        outgoing = account(parser["Authentication"], "smtp", security)
tell(client="evolution", version=package_version("evolution"), incoming=incoming, outgoing=outgoing)
client.terminate()
