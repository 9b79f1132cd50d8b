"""Thunderbird: what its account hub looks up, made into an account; then a message is read, and one sent.

Drives the modules that the account hub calls (FindConfig, CreateInBackend), in a real, headless Thunderbird over Marionette, and reads the
account's preferences back; the hub's own dialog is not clicked through.
"""
import json
import os
import socket
import subprocess

from outcome import read_task, server, step, tell, wait_for

task = read_task()
profile = os.path.expanduser("~/profile")
os.makedirs(profile)
PREFERENCES = {
    "remote.prefs.recommended": False,
    "marionette.port": 0,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "app.update.enabled": False,
    "app.donation.eoy.version.viewed": 999,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.manage-offline-status": False,
    "network.proxy.type": 0,
    "network.trr.mode": 5,
    "services.settings.server": "data:,#none/v1",
    "toolkit.telemetry.enabled": False,
}
with open(f"{profile}/user.js", "w") as file:
    for key, value in PREFERENCES.items():
        file.write(f"user_pref({json.dumps(key)}, {json.dumps(value)});\n")
client = subprocess.Popen(
    ["thunderbird", "--headless", "-profile", profile, "-no-remote", "--marionette", "-remote-allow-system-access"],
    stdout=open("thunderbird.log", "w"),
    stderr=subprocess.STDOUT,
)


class Marionette:
    """The part of the protocol that runs privileged JavaScript."""

    def __init__(self, port):
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=300)
        self.file = self.stream.makefile("rb")
        self.calls = 0
        self._read()

    def _read(self):
        size = b""
        while not size.endswith(b":"):
            size += self.file.read(1)
        return json.loads(self.file.read(int(size[:-1])))

    def call(self, name, **parameters):
        self.calls += 1
        body = json.dumps([0, self.calls, name, parameters]).encode()
        self.stream.sendall(str(len(body)).encode() + b":" + body)
        while True:
            kind, number, error, result = self._read()
            if kind == 1 and number == self.calls:
                break
        if error:
            raise RuntimeError(f"{name}: {error.get('message')}")
        return result

    def run(self, body, *arguments):
        script = "const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1);" + (
            "(async () => {" + body + "})().then(value => done(JSON.stringify(value ?? null)), error => done(JSON.stringify({error: String(error)})));"
        )
        answer = self.call("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments), sandbox="system")
        return json.loads(answer["value"])


def marionette_port():
    try:
        with open(f"{profile}/MarionetteActivePort") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


step("starting Thunderbird")
port = wait_for(marionette_port, 150)
if port is None:
    tell(failed="Thunderbird opened no Marionette port")
    raise SystemExit(1)
thunderbird = Marionette(port)
thunderbird.call("WebDriver:NewSession", capabilities={})
thunderbird.call("Marionette:SetContext", value="chrome")
thunderbird.call("WebDriver:SetTimeouts", script=240000)
with open("/usr/local/share/ca-certificates/signpost-tests.crt") as file:
    der = "".join(line.strip() for line in file if "-----" not in line)
thunderbird.run('Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(args[0], "C,,");', der)
step("looking for the account's settings")
found = thunderbird.run(
    """
const module = name => ChromeUtils.importESModule(`resource:///modules/${name}.sys.mjs`);
const [email, password] = args;
const { FindConfig } = module("accountcreation/FindConfig");
const { AccountConfig } = module("accountcreation/AccountConfig");
const run = FindConfig.parallelAutoDiscovery(email.split("@").pop(), email, new AbortController().signal, password, undefined);
let step = await run.next();
const asked = !step.done && step.value?.isRedirect ? String(step.value.host ?? step.value.redirectURL ?? "another domain") : null;
if (asked !== null) step = await run.next({ acceptRedirect: false });
const config = step.value;
const version = Services.appinfo.version;
if (!config) return { version, asked, found: false };
AccountConfig.replaceVariables(config, "Alice Example", email, password);
if (config.incoming.type === "exchange" || config.incoming.type === "ews")
  return { version, asked, found: true, exchange: true };
if (!config.isComplete()) return { version, asked, found: true, incomplete: true, source: String(config.source) };
const { MailServices } = module("MailServices");
const account = await module("accountcreation/CreateInBackend").CreateInBackend.createAccountInBackend(config);
const incoming = account.incomingServer, identity = account.defaultIdentity;
const outgoing = MailServices.outgoingServer.getServerByKey?.(identity.smtpServerKey) ?? MailServices.outgoingServer.defaultServer;
return {
  version, asked, found: true,
  incoming: { kind: incoming.type, host: incoming.hostname, port: incoming.port, socket: incoming.socketType, username: incoming.username },
  outgoing: outgoing && { host: outgoing.serverURI.host, port: outgoing.serverURI.port, socket: outgoing.socketType, username: outgoing.username },
};
""",
    task.address,
    task.password,
)
# nsMsgSocketType: 0 plain, 2 alwaysSTARTTLS, 3 SSL.
SECURITY = {2: "starttls", 3: "tls"}


def endpoint(read, kind):
    if not read:
        return None
    return {"kind": kind, **server(read["host"], read["port"], SECURITY.get(read["socket"], "plain"), read["username"])}


incoming = found.get("incoming")
tell(
    client="thunderbird",
    version=found.get("version", ""),
    incoming=endpoint(incoming, incoming["kind"]) if incoming else None,
    outgoing=endpoint(found.get("outgoing"), "smtp"),
    asks=found.get("asked"),
    exchange=bool(found.get("exchange")),
    failed=found.get("error"),
)
PRELUDE = """
const module = name => ChromeUtils.importESModule(`resource:///modules/${name}.sys.mjs`);
const { MailServices } = module("MailServices");
const [email, password, ...more] = args;
const account = MailServices.accounts.accounts.find(each => each.defaultIdentity?.email === email);
const identity = account.defaultIdentity, incoming = account.incomingServer;
"""
if found.get("incoming") and found.get("outgoing"):
    step("waiting for the message to come in")
    read = thunderbird.run(
        PRELUDE
        + """
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
const [subject] = more;
incoming.password = password;
const inbox = incoming.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox) ?? incoming.rootFolder.getChildNamed("INBOX");
for (let tries = 0; tries < 60; tries += 1) {
  if (incoming.type === "pop3") incoming.getNewMessages(inbox, null, null);
  else inbox.updateFolder(null);
  await new Promise(resolve => setTimeout(resolve, 1000));
  if ([...inbox.messages].some(header => header.subject === subject)) return true;
}
return false;
""",
        task.address,
        task.password,
        task.subject_to_read,
    )
    tell(read=read is True)
    step("sending a message")
    status = thunderbird.run(
        PRELUDE
        + """
const [recipient, subject] = more;
const outgoing = MailServices.outgoingServer.getServerByKey(identity.smtpServerKey);
outgoing.password = password;
const file = Services.dirsvc.get("TmpD", Ci.nsIFile);
file.append("signpost-message.eml");
file.createUnique(Ci.nsIFile.NORMAL_FILE_TYPE, 0o600);
await IOUtils.writeUTF8(file.path, `From: ${email}\\r\\nTo: ${recipient}\\r\\nSubject: ${subject}\\r\\n\\r\\nA message that was sent.\\r\\n`);
return new Promise(resolve => outgoing.sendMailMessage(
  file, MailServices.headerParser.makeFromDisplayAddress(recipient), [], identity, email, password, null, false, "",
  { QueryInterface: ChromeUtils.generateQI(["nsIMsgOutgoingListener"]), onSendStart() {}, onSendStop: (server, code) => resolve(code) }));
""",
        task.address,
        task.password,
        task.recipient,
        task.subject_to_send,
    )
    print(f"read: {read}; status of sending: {status}")
try:
    thunderbird.call("Marionette:Quit", flags=["eForceQuit"])
except Exception:  # It may close the connection before it answers.
    pass
client.wait(20)
