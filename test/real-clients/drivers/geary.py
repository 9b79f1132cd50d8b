"""Geary's first-run dialog, to a logged-in account; then a message is read from its store, and one sent from its composer."""
import configparser
import glob
import os

from outcome import files_have, package_version, read_task, run_command, server, step, tell, wait_for
from screen import BUTTONS, OPENING, click, fill, find, give_up, press, press_when_there, secret_field, send_until_taken, start, unlock_keyring

task = read_task()
unlock_keyring()
step("opening the dialog")
client = start("geary", log="geary.log")
add = find("geary", "Add", BUTTONS, exact=True, wait=OPENING)
if add is None:
    give_up("the dialog did not open")
press(add)
entry = find("geary", None, ("text", "entry"), wait=60)
if entry is None:
    give_up("there is no field for the address")
fill(entry, task.address)
step("looking for the account's settings")
press_when_there("geary", "Next")
# The next page asks for the password, and for the servers where none were found.
field = wait_for(lambda: secret_field("geary"), 60)
if not field:
    give_up("the dialog asks for no password")
fill(field, task.password)
step("logging in")
# It logs in before it keeps the account. Where servers are missing, it cannot be pressed.
if not press_when_there("geary", "Create", wait=10):
    give_up("the dialog wants the servers typed in")
paths = wait_for(lambda: glob.glob(os.path.expanduser("~/.config/geary/*/geary.ini")), 60)


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
step("waiting for the message to come in")
tell(read=bool(wait_for(lambda: files_have(task.subject_to_read, "~/.local/share/geary"), 60)))
step("writing a message")
press_when_there("geary", "Close", wait=5)
# The composer opens once a folder is shown.
inbox = find("geary", "Inbox", ("table cell",), exact=True, wait=30)
if inbox is not None:
    click(inbox)
run_command("geary", f"mailto:{task.recipient}?subject={task.subject_to_send}&body=A%20message%20that%20was%20sent.")
if find("geary", "Send", BUTTONS, exact=True, sensitive=True, wait=60) is None:
    give_up("the composer did not open")
send_until_taken("geary", lambda: press_when_there("geary", "Send", wait=0), lambda: find("geary", "encountered a problem sending", wait=0) is not None)
