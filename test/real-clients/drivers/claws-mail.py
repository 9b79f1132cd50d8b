"""Claws Mail's first-run wizard with its "Auto-configure" button, to the end: claws-mail.py ADDRESS PASSWORD"""
import configparser
import os
import sys
import time

from screen import BUTTONS, OPENING, find, give_up, is_shown, name, package_version, press, role, server, start, tell, text, widgets

address, password = sys.argv[1:3]
client = start("claws-mail", log="claws.log")
end = time.time() + OPENING
while find("claws", "Forward", BUTTONS, wait=0) is None and find("claws", "Next", BUTTONS, wait=0) is None:
    if time.time() > end:
        give_up("the wizard did not open")


def forward():
    button = find("claws", "Forward", BUTTONS, wait=2, sensitive=True) or find("claws", "Next", BUTTONS, wait=1, sensitive=True)
    if button is None:
        return False
    press(button)
    time.sleep(1)
    return True


configured = False
for page in range(8):
    entries = [node for node in widgets("claws") if is_shown(node) and role(node) in ("text", "entry")]
    for node in entries:
        if "@" in text(node):
            node.queryEditableText().setTextContents(address)
    combos = [node for node in widgets("claws") if is_shown(node) and role(node) == "combo box"]
    if combos and not configured and find("claws", "Auto-configure", BUTTONS, wait=1) is not None:
        menu = combos[0].getChildAtIndex(0)
        for index in range(menu.childCount):
            item = menu.getChildAtIndex(index)
            if "IMAP" in name(item):
                item.queryAction().doAction(0)
        time.sleep(1)
    button = find("claws", "Auto-configure", BUTTONS, wait=1)
    if button is not None and not configured:
        press(button)
        time.sleep(5)
        configured = True
    save = find("claws", "Save", BUTTONS, wait=0.5, sensitive=True)
    if save is not None:
        press(save)
        time.sleep(4)
        break
    if not forward():
        break
path = os.path.expanduser("~/.claws-mail/accountrc")
if not os.path.exists(path):
    give_up("the wizard saved no account")
parser = configparser.ConfigParser(interpolation=None, strict=False)
parser.read(path)
account = parser[parser.sections()[0]]
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
client.terminate()
