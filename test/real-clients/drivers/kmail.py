"""KMail's account wizard (KDE accountwizard, what KMail starts on first run); then a message is read from Akonadi's store, and one sent."""
import configparser
import glob
import os
import subprocess

from outcome import files_have, package_version, read_task, run_command, server, step, tell, wait_for
from screen import BUTTONS, ENTRIES, OPENING, find, find_all, give_up, press_when_there, secret_field, send_until_taken, start, text, type_into, unlock_keyring

task = read_task()
config = os.path.expanduser("~/.config")
os.makedirs(f"{config}/akonadi", exist_ok=True)
with open(f"{config}/akonadi/akonadiserverrc", "w") as file:
    file.write("[%General]\nDriver=QSQLITE\n")
with open(f"{config}/kwalletrc", "w") as file:
    file.write("[Wallet]\nEnabled=true\nFirst Use=false\nPrompt on Open=false\nDefault Wallet=kdewallet\n")


def dbus(destination, path, method, *arguments):
    """What a method of the session bus answers, as dbus-send prints it."""
    command = ["dbus-send", "--session", "--print-reply", "--reply-timeout=10000", f"--dest={destination}", path, method, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


# Passwords are kept in two places: the wallet has those for reading, the keyring those for sending. Both are opened without asking, as a log-in
# to a desktop does: the wallet by what pam_kwallet calls, with the 56 bytes of a key.
step("opening keyring and wallet")
unlock_keyring()
key = ",".join(str(number) for number in range(56))
WALLET = ("org.kde.kwalletd6", "/modules/kwalletd6")
dbus(*WALLET, "org.kde.KWallet.pamOpen", "string:kdewallet", f"array:byte:{key}", "int32:0")
if not wait_for(lambda: "true" in dbus(*WALLET, "org.kde.KWallet.isOpen", "string:kdewallet"), 30):
    give_up("the wallet does not open")
step("starting Akonadi")
run_command("akonadictl", "start")
if not wait_for(lambda: "true" in dbus("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.Akonadi"), 90):
    give_up("Akonadi does not start")
step("opening the wizard")
wizard = start("accountwizard", log="wizard.log")
label = find("wizard", "E-mail address", ENTRIES, wait=OPENING)
if label is None:
    give_up("the wizard did not open")
type_into(find("wizard", "Full name", ENTRIES), "Alice Example")
type_into(label, task.address)
type_into(secret_field("wizard"), task.password)
step("looking for the account's settings")
press_when_there("wizard", "Next")
# While it looks, and when it has found nothing, the page says "No configuration found".
if find("wizard", "Outgoing", exact=True, wait=60) is None:
    give_up("the wizard found no settings")
# While the second page slides in, the first one is shown beside it, with a button of the same name that would look for the settings once more.
wait_for(lambda: len(list(find_all("wizard", "Next", BUTTONS, exact=True))) == 1, 30)
press_when_there("wizard", "Next")
step("making the account")
if find("wizard", "Resource setup completed", wait=60) is None:
    give_up("the wizard made no account")


def ini(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(path)
    return parser


# KDE writes only what differs from its defaults. mailtransport.kcfg: port 587, encryption SSL; the IMAP and POP3 resources: 993 and 995 with SSL.
TRANSPORT_SECURITY = {"SSL": "tls", "TLS": "starttls"}


def read_outgoing():
    for path in glob.glob(f"{config}/mailtransports"):
        for section in ini(path).values():
            if "host" in section:
                security = TRANSPORT_SECURITY.get(section.get("encryption", "SSL"), "plain")
                return {"kind": "smtp", **server(section["host"], section.get("port", 587), security, section.get("user", section.get("userName", "")))}
    return None


def read_incoming():
    for path in sorted(glob.glob(f"{config}/akonadi_imap_resource_*rc")):
        network = ini(path)["network"] if "network" in ini(path) else {}
        if network.get("ImapServer"):
            security = {"SSL": "tls", "STARTTLS": "starttls"}.get(network.get("Safety", "SSL"), "plain")
            return {"kind": "imap", **server(network["ImapServer"], network.get("ImapPort", 143 if security == "starttls" else 993), security, network.get("UserName", ""))}
    for path in sorted(glob.glob(f"{config}/akonadi_pop3_resource_*rc")):
        general = ini(path)["General"] if "General" in ini(path) else {}
        if general.get("host"):
            security = "starttls" if general.get("useTLS") == "true" else "tls" if general.get("useSSL", "true") == "true" else "plain"
            return {"kind": "pop3", **server(general["host"], general.get("port", 995), security, general.get("login", ""))}
    return None


step("waiting for the account's files")
wait_for(lambda: read_incoming() and read_outgoing(), 30)
incoming, outgoing = read_incoming(), read_outgoing()
tell(client="kmail", version=package_version("accountwizard"), incoming=incoming, outgoing=outgoing)
if incoming is None or outgoing is None:
    raise SystemExit(0)
RESOURCE = (f"org.freedesktop.Akonadi.Resource.akonadi_{incoming['kind']}_resource_0", "/")
AGENT = "org.freedesktop.Akonadi.Agent.Status"


def shows_message():
    dbus(*RESOURCE, "org.freedesktop.Akonadi.Resource.synchronize")
    return wait_for(lambda: files_have(task.subject_to_read, "~/.local/share/akonadi"), 5)


step("waiting for the message to come in")
read = bool(wait_for(shows_message, 60))
if not read:
    print(dbus(*RESOURCE, f"{AGENT}.statusMessage"))
tell(read=read)
step("writing a message")
press_when_there("wizard", "Quit")
wait_for(lambda: wizard.poll() is not None, 60)


def read_identity():
    """The name of the identity that the wizard made; there is a nameless one beside it, and either may be the default."""
    sections = ini(f"{config}/emailidentities").values()
    return next((section["Identity"] for section in sections if section.get("Email Address") == task.address), None)


identity = wait_for(read_identity, 30)
if identity is None:
    give_up("the wizard wrote no identity")
kmail = start("kmail", "--identity", identity, "--subject", task.subject_to_send, "--body", "A message that was sent.", task.recipient, log="kmail.log")
# The composer is filled in after it is shown.
sender = find("kmail", "From:", ENTRIES, wait=OPENING)
if sender is None or not wait_for(lambda: task.address in text(sender), 60):
    give_up("the composer did not open, or knows no sender")
send_until_taken("kmail", lambda: press_when_there("kmail", "Send", wait=0))
