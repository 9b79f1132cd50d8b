"""Geary's first-run dialog, to a logged-in account: geary.py ADDRESS PASSWORD"""
import configparser
import glob
import os
import subprocess
import sys
import time

from screen import BUTTONS, OPENING, click, find, give_up, is_shown, keyboard, package_version, press, role, server, start, tell, widgets

address, password = sys.argv[1:3]
subprocess.run("printf session | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1", shell=True, check=False)
client = start("geary", log="geary.log")
add = find("geary", "Add", BUTTONS, exact=True, wait=OPENING)
if add is None:
    give_up("the dialog did not open")
press(add)
time.sleep(2)
entries = [node for node in widgets("geary") if is_shown(node) and role(node) in ("text", "entry")]
entries[0].queryEditableText().setTextContents(address)
time.sleep(2)
press(find("geary", "Next", BUTTONS, exact=True, sensitive=True))
time.sleep(5)
secrets = [node for node in widgets("geary") if role(node) == "password text" and is_shown(node)]
if secrets:
    click(secrets[0])
    keyboard("type", "--delay", "30", password)
    time.sleep(1)
create = find("geary", "Create", BUTTONS, exact=True, sensitive=True, wait=5)
if create is not None:
    press(create)
paths = []
# It logs in before it keeps the account.
for _ in range(120):
    paths = glob.glob(os.path.expanduser("~/.config/geary/*/geary.ini"))
    if paths:
        break
    time.sleep(0.5)


def endpoint(section, kind):
    security = {"transport": "tls", "start-tls": "starttls"}.get(section.get("transport_security", ""), "plain")
    return {"kind": kind, **server(section["host"], section["port"], security, section.get("login", ""))}


incoming = outgoing = None
for path in paths:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read(path)
    if "Incoming" in parser:
        incoming = endpoint(parser["Incoming"], "imap")
    if "Outgoing" in parser and "host" in parser["Outgoing"]:
        outgoing = endpoint(parser["Outgoing"], "smtp")
    for which in ("Incoming", "Outgoing"):
        side = incoming if which == "Incoming" else outgoing
        if side is not None and side["username"] == "" and which in parser:
            side["username"] = parser[which].get("login", parser["Incoming"].get("login", ""))
if not paths:
    give_up("no account was made: the dialog shows why")
tell(client="geary", version=package_version("geary"), incoming=incoming, outgoing=outgoing)
client.terminate()
