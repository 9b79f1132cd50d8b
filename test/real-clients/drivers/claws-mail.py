"""Claws Mail's first-run wizard with its "Auto-configure" button, to the end; then a message is read from its cache, and one sent."""
import configparser
import os
import socket

import pyatspi
from outcome import files_have, package_version, read_task, run_command, server, step, tell, wait_for
from screen import BUTTONS, OPENING, fill, find, give_up, has_state, keyboard, name, press, press_in_window, press_when_there, role, secret_field, send_until_taken, shown_widgets, start, text

task = read_task()
step("opening the wizard")
client = start("claws-mail", log="claws.log")


def forward_button(wait):
    return wait_for(lambda: find("claws", "Forward", BUTTONS, wait=0, sensitive=True) or find("claws", "Next", BUTTONS, wait=0, sensitive=True), wait)


def entries():
    return [node for node in shown_widgets("claws") if role(node) in ("text", "entry")]


def labels():
    return [name(node) for node in shown_widgets("claws") if role(node) == "label"]


if not forward_button(OPENING):
    give_up("the wizard did not open")
configured = False
for page in range(8):
    step(f"page {page + 1} of the wizard")
    for node in entries():
        if "@" in text(node):
            node.queryEditableText().setTextContents(task.address)
    button = find("claws", "Auto-configure", BUTTONS, wait=0)
    if button is not None and not configured:
        kinds = [node for node in shown_widgets("claws") if role(node) == "combo box"]
        menu = kinds[0].getChildAtIndex(0)
        for index in range(menu.childCount):
            item = menu.getChildAtIndex(index)
            if "IMAP" in name(item):
                item.queryAction().doAction(0)
        button = find("claws", "Auto-configure", BUTTONS, wait=10, sensitive=True)
        press(button)
        # The label beside the button says "Done." or "Failed."
        wait_for(lambda: any(label.startswith(("Done", "Failed")) for label in labels()), 60)
        configured = True
    # Where the wizard is given no password, it is asked for at every login.
    password = secret_field("claws")
    if password is not None and has_state(password, pyatspi.STATE_SENSITIVE):
        fill(password, task.password)
    save = find("claws", "Save", BUTTONS, wait=0, sensitive=True)
    if save is not None:
        press(save)
        break
    before = labels()
    button = forward_button(5)
    if not button:
        break
    press(button)
    wait_for(lambda: labels() != before, 10)
path = os.path.expanduser("~/.claws-mail/accountrc")


def read_account():
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read(path)
    return parser[parser.sections()[0]] if parser.sections() else None


step("waiting for the account's file")
account = wait_for(read_account, 30)
if account is None:
    give_up("the wizard saved no account")
# SSLType: 0 none, 1 from the first byte, 2 STARTTLS.
security = {"1": "tls", "2": "starttls"}
imap = security.get(account.get("ssl_imap", "0"), "plain")
smtp = security.get(account.get("ssl_smtp", "0"), "plain")
incoming = outgoing = None
if account.get("receive_server"):
    port = account.get("imap_port") if account.get("set_imapport") == "1" else ("993" if imap == "tls" else "143")
    incoming = {"kind": "imap", **server(account["receive_server"], port, imap, account.get("user_id", ""))}
if account.get("smtp_server"):
    port = account.get("smtp_port") if account.get("set_smtpport") == "1" else ("465" if smtp == "tls" else "25")
    outgoing = {"kind": "smtp", **server(account["smtp_server"], port, smtp, account.get("smtp_user_id") or account.get("user_id", ""))}
tell(client="claws-mail", version=package_version("claws-mail"), incoming=incoming, outgoing=outgoing)


def exists(host):
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False


# Without SRV records it makes a server up, of the domain or of the machine's name: there is nobody to talk to.
if incoming is None or not exists(incoming["host"]):
    raise SystemExit(0)


def complains_of_dictionary():
    return find("claws", "Spell checker could not be started", wait=0) is not None


def answer_dialogs():
    """Fills in the password where it is asked for, and closes what complains that there is no dictionary."""
    field = secret_field("claws")
    if field is not None:
        fill(field, task.password)
        # Not pressed over the bus: the program logs in before it answers there, and waits for ever.
        keyboard("key", "Return")
        wait_for(lambda: secret_field("claws") is None, 10)
    if complains_of_dictionary():
        press_when_there("claws", "Close")


def command(*arguments):
    """Has the program that runs already do something; it does not answer while a dialog is open, which is answered next."""
    run_command("claws-mail", *arguments, seconds=20)


def shows_message():
    answer_dialogs()
    # What the list of a folder shows is written into its cache when another folder is shown.
    for folder in ("INBOX", "Sent"):
        command("--select", f"#imap/{account['account_name']}/{folder}")
    return files_have(task.subject_to_read, "~/.claws-mail/imapcache")


step("waiting for the message to come in")
tell(read=bool(wait_for(shows_message, 90, pause=1)))
step("writing a message")
command("--compose", f"mailto:{task.recipient}?subject={task.subject_to_send}&body=A%20message%20that%20was%20sent.")


def composer():
    answer_dialogs()
    return find("claws", "Compose message", ("frame",), wait=0)


if not wait_for(composer, 90):
    give_up("the composer did not open")


def send():
    """Presses Send where the composer is there, and has what waits in the queue sent otherwise."""
    if secret_field("claws") is not None:
        return
    if composer():
        # By its shortcut: pressed over the bus, the button would answer when the message is sent, and not at all where a dialog opens.
        press_in_window("Compose message", "ctrl+Return")
    elif files_have(task.subject_to_send, "~/Mail/queue"):
        command("--send")


def cannot_send():
    """Answers the dialogs; true where one says that the message cannot be sent, because there is no such server."""
    answer_dialogs()
    if find("claws", "Error", ("frame",), wait=0, exact=True) is None or complains_of_dictionary():
        return False
    if outgoing is None or not exists(outgoing["host"]):
        return True
    press_when_there("claws", "Close", wait=0)
    return False


send_until_taken("claws", send, cannot_send)
