"""aerc's :new-account wizard in a terminal (tmux), to accounts.conf; then a message is read on its screen, and one sent."""
import configparser
import os
import subprocess
import time
from urllib.parse import unquote, urlsplit

from outcome import await_sending, package_version, read_task, run_command, server, step, tell, wait_for

task = read_task()
tmux = ["tmux", "-L", f"aerc-{os.getpid()}"]
accounts = os.path.expanduser("~/.config/aerc/accounts.conf")


def run(*arguments):
    return subprocess.run([*tmux, *arguments], capture_output=True, text=True, check=False).stdout


def look():
    """The screen with its colours and its cursor: every key changes something of it."""
    return run("capture-pane", "-p", "-e") + run("display-message", "-p", "#{cursor_x},#{cursor_y}")


def keys(*presses):
    for key in presses:
        before = look()
        run("send-keys", key)
        wait_for(lambda: look() != before, 1, pause=0.05)


def page_has(words):
    return words in run("capture-pane", "-p")


step("opening the wizard")
# The editor leaves the message as it is.
run("new-session", "-d", "-x", "110", "-y", "45", "env EDITOR=true aerc 2>aerc.err")
if not wait_for(lambda: page_has("Welcome to aerc"), 60):
    tell(failed="the wizard did not open")
    raise SystemExit(1)
step("the wizard's pages")
keys("Work", "Tab", "Alice Example", "Tab", task.address)
# Leaving the address field starts the look-up; what it finds fills the pages behind. Nothing on the screen says that it is done.
keys("Tab")
time.sleep(10)
keys("Enter", "Tab", "Tab", task.password)
for _ in range(14):
    keys("Tab", "Enter")
    if page_has("Configure outgoing"):
        break
for _ in range(14):
    keys("Tab", "Enter")
    if not page_has("Configure outgoing"):
        break


def is_written():
    return os.path.exists(accounts) and os.path.getsize(accounts) > 0


for _ in range(8):
    keys("Enter", "Tab")
    if wait_for(is_written, 1):
        break
screen = run("capture-pane", "-p")

# Schemes of aerc-imap(5) and aerc-smtp(5): imaps and smtps are TLS from the first byte; imap and smtp upgrade.
SECURITY = {"imaps": "tls", "smtps": "tls", "imap": "starttls", "smtp": "starttls", "imap+insecure": "plain", "smtp+insecure": "plain"}
PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}


def endpoint(url, kind):
    parts = urlsplit(url)
    scheme = parts.scheme.split("+")[0] if parts.scheme not in SECURITY else parts.scheme
    if not parts.hostname:
        return None
    return {"kind": kind, **server(parts.hostname, parts.port or PORTS.get(scheme, 0), SECURITY.get(scheme, "plain"), unquote(parts.username or ""))}


if not is_written():
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
step("waiting for the message to come in")
tell(read=bool(wait_for(lambda: page_has(task.subject_to_read), 40)))
step("writing a message")
run_command("aerc", f"mailto:{task.recipient}?subject={task.subject_to_send}&body=A%20message%20that%20was%20sent.")
if wait_for(lambda: page_has("Send this email?"), 30):
    keys("y")
    await_sending(failure=lambda: page_has("send:") or page_has("Connection failed"))
print(run("capture-pane", "-p"))
