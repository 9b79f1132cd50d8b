"""Evolution's first-start assistant, to the end; then a message is read in its window, and one sent from its composer."""
import configparser
import glob
import os

from outcome import files_have, package_version, read_task, run_command, server, step, tell, wait_for
from screen import BUTTONS, OPENING, click, fill, find, give_up, keyboard, name, press, press_when_there, role, secret_field, send_until_taken, shown_widgets, start, text, unlock_keyring

task = read_task()
unlock_keyring()
step("opening the assistant")
client = start("evolution", "-c", "mail", log="evolution.log")


def titles():
    return [name(node) for node in shown_widgets("evolution") if name(node) and role(node) in ("frame", "dialog", "window")]


def entries():
    return [text(node) for node in shown_widgets("evolution") if role(node) in ("text", "entry")]


if find("evolution", "Next", BUTTONS, exact=True, wait=OPENING) is None:
    give_up("the assistant did not open")
applied = False
for _ in range(14):
    before = titles()
    step(f"the page {before[-1:]}")
    if "Identity" in before:
        for _ in range(3):
            keyboard("key", "ctrl+a")
            keyboard("type", "--delay", "30", "Alice Example")
            keyboard("key", "Tab")
            keyboard("key", "ctrl+a")
            keyboard("type", "--delay", "30", task.address)
            if wait_for(lambda: task.address in entries(), 3):
                break
            keyboard("key", "shift+Tab")
    if press_when_there("evolution", "Apply", wait=0.5):
        applied = True
        break
    forward = find("evolution", "Next", BUTTONS, exact=True, sensitive=True, wait=25)
    if forward is None:
        give_up(f"no way on from {before}")
    press(forward)
    wait_for(lambda: titles() != before and "Looking" not in " ".join(titles()), 60)
if not applied:
    give_up("the assistant did not end")


def account(section, kind, security):
    method = security.get("Method", "")
    how = {"ssl-on-alternate-port": "tls", "starttls-on-standard-port": "starttls"}.get(method, "plain")
    return {"kind": kind, **server(section.get("Host", ""), section.get("Port", 0), how, section.get("User", ""))}


def read_sources():
    """The account's two servers, as the files of Evolution's configuration have them; nothing until both are written."""
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
    return (incoming, outgoing) if incoming and outgoing else None


step("waiting for the account's files")
incoming, outgoing = wait_for(read_sources, 60) or (None, None)
tell(client="evolution", version=package_version("evolution"), incoming=incoming, outgoing=outgoing)
if incoming is None or outgoing is None:
    raise SystemExit(0)


def answer_password():
    """Fills in the password where it is asked for, and lets it be remembered, as the dialog proposes."""
    field = secret_field("evolution")
    if field is None:
        return
    fill(field, task.password)
    press_when_there("evolution", "OK")
    wait_for(lambda: secret_field("evolution") is None, 10)


def shows_message():
    answer_password()
    # The first is the one of this computer. The account's says how many messages are unread only once it was looked into.
    inboxes = [node for node in shown_widgets("evolution") if role(node) == "table cell" and (name(node) + " ").startswith("Inbox ")]
    if len(inboxes) > 1:
        click(inboxes[-1])
    return files_have(task.subject_to_read, "~/.cache/evolution/mail", "~/.local/share/evolution/mail")


step("waiting for the message to come in")
find("evolution", "Send / Receive", BUTTONS, exact=True, wait=60)
answer_password()
press_when_there("evolution", "Send / Receive")
tell(read=bool(wait_for(shows_message, 120, pause=1)))
step("writing a message")
run_command("evolution", f"mailto:{task.recipient}?subject={task.subject_to_send}&body=A%20message%20that%20was%20sent.")
if find("evolution", "Send", BUTTONS, exact=True, sensitive=True, wait=60) is None:
    give_up("the composer did not open")


def cannot_send():
    answer_password()
    return find("evolution", "An error occurred while sending", wait=0) is not None


send_until_taken("evolution", lambda: press_when_there("evolution", "Send", wait=0), cannot_send)
