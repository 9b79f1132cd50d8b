"""KMail's account wizard (KDE accountwizard, what KMail starts on first run): kmail.py ADDRESS PASSWORD"""
import configparser
import glob
import os
import subprocess
import sys
import time

from screen import BUTTONS, ENTRIES, OPENING, find, give_up, package_version, press, server, start, tell, type_into

address, password = sys.argv[1:3]
config = os.path.expanduser("~/.config")
os.makedirs(f"{config}/akonadi", exist_ok=True)
with open(f"{config}/akonadi/akonadiserverrc", "w") as file:
    file.write("[%General]\nDriver=QSQLITE\n")
with open(f"{config}/kwalletrc", "w") as file:
    file.write("[Wallet]\nEnabled=false\nFirst Use=false\n")
subprocess.run(["akonadictl", "start"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90, check=False)
time.sleep(4)
wizard = start("accountwizard", log="wizard.log")
label = find("wizard", "E-mail address", ENTRIES, wait=OPENING)
if label is None:
    give_up("the wizard did not open")
type_into(find("wizard", "Full name", ENTRIES), "Alice Example")
type_into(label, address)
secret = find("wizard", "Password", ENTRIES, wait=2)
if secret is not None:
    type_into(secret, password)
time.sleep(2)
for page in range(5):
    button = find("wizard", "Next", BUTTONS, exact=True, sensitive=True, wait=10 if page == 0 else 4) or find("wizard", "Finish", BUTTONS, sensitive=True, wait=1)
    if button is None:
        break
    press(button)
    # The wizard looks for settings behind the first page, and makes the resources behind the last.
    time.sleep(8 if page == 0 else 4)


def ini(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(path)
    return parser


# KDE writes only what differs from its defaults. mailtransport.kcfg: port 587, encryption SSL; the IMAP and POP3 resources: 993 and 995 with SSL.
TRANSPORT_SECURITY = {"SSL": "tls", "TLS": "starttls"}
outgoing = None
for path in glob.glob(f"{config}/mailtransports"):
    for section in ini(path).values():
        if "host" in section:
            outgoing = {"kind": "smtp", **server(section["host"], section.get("port", 587), TRANSPORT_SECURITY.get(section.get("encryption", "SSL"), "plain"), section.get("user", section.get("userName", "")))}
incoming = None
for path in sorted(glob.glob(f"{config}/akonadi_imap_resource_*rc")):
    network = ini(path)["network"] if "network" in ini(path) else {}
    if network.get("ImapServer"):
        security = {"SSL": "tls", "STARTTLS": "starttls"}.get(network.get("Safety", "SSL"), "plain")
        incoming = {"kind": "imap", **server(network["ImapServer"], network.get("ImapPort", 143 if security == "starttls" else 993), security, network.get("UserName", ""))}
for path in sorted(glob.glob(f"{config}/akonadi_pop3_resource_*rc")):
    general = ini(path)["General"] if "General" in ini(path) else {}
    if general.get("host"):
        security = "starttls" if general.get("useTLS") == "true" else "tls" if general.get("useSSL", "true") == "true" else "plain"
        incoming = incoming or {"kind": "pop3", **server(general["host"], general.get("port", 995), security, general.get("login", ""))}
tell(client="kmail", version=package_version("accountwizard"), incoming=incoming, outgoing=outgoing)
wizard.terminate()
subprocess.run(["akonadictl", "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False)
