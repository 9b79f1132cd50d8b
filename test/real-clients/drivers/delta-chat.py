"""Delta Chat's core over JSON-RPC: configure, read a message, send one."""
import json
import os
import subprocess

from outcome import ask_for_message, read_task, server, step, tell, wait_for

task = read_task()
rpc = subprocess.Popen(
    ["/drivers/deltachat-rpc-server"],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    stderr=open("delta-chat.log", "w"),
    text=True,
    env={**os.environ, "DC_ACCOUNTS_PATH": os.path.expanduser("~/accounts")},
)
calls = 0


def call(method, *parameters):
    global calls
    calls += 1
    rpc.stdin.write(json.dumps({"jsonrpc": "2.0", "id": calls, "method": method, "params": parameters}) + "\n")
    rpc.stdin.flush()
    for line in rpc.stdout:
        answer = json.loads(line)
        if answer.get("id") == calls:
            return answer
    raise SystemExit("the core ended")


account = call("add_account")["result"]
version = call("get_system_info")["result"]["deltachat_core_version"].lstrip("v")
# By itself it takes and sends encrypted messages alone; those who write to ordinary mailboxes switch that off.
for key, value in {"addr": task.address, "mail_pw": task.password, "force_encryption": "0"}.items():
    call("set_config", account, key, value)
step("configuring the account")
configured = call("configure", account)
if "error" in configured:
    tell(client="delta-chat", version=version, incoming=None, outgoing=None, failed=str(configured["error"].get("message", ""))[:200])
    raise SystemExit(0)
info = call("get_info", account)["result"]
# "1: ***@example.com imap:[imap.example.com:993:tls] smtp:[smtp.example.com:465:tls, smtp.example.com:587:starttls] cert_automatic": in the
# order in which the core tries them; it stays with the first that takes its log-in. Which login it uses, the log of Dovecot says.
settings = info.get("used_transport_settings", "")


def first(kind):
    listed = settings.split(f"{kind}:[")[-1].split("]")[0].split(", ")[0] if f"{kind}:[" in settings else ""
    host, port, security = (listed.rsplit(":", 2) + ["", "", ""])[:3] if listed else ("", "", "")
    return {"kind": kind, **server(host, port, security, "")} if host else None


tell(client="delta-chat", version=version, incoming=first("imap"), outgoing=first("smtp"))
call("start_io", account)
# It shows what comes in from now on, and nothing older. 4000: connected, and idle. (deltachat.h, DC_CONNECTIVITY_CONNECTED)
step("connecting to the incoming server")
wait_for(lambda: call("get_connectivity", account).get("result", 0) >= 4000, 120)
ask_for_message()
step("waiting for the message to come in")
# A message that no chat program has written is shown as "Subject – text".
tell(read=bool(wait_for(lambda: call("search_messages", account, task.subject_to_read, None).get("result"), 120)))
step("sending a message")
contact = call("create_contact", account, task.recipient, "Bob Example")["result"]
chat = call("create_chat_by_contact_id", account, contact)["result"]
message = call("misc_send_text_message", account, chat, task.subject_to_send)["result"]
# State 26: taken by the outgoing server. (deltachat.h, DC_STATE_OUT_DELIVERED)
wait_for(lambda: call("get_message", account, message)["result"]["state"] >= 26, 120)
rpc.stdin.close()
rpc.terminate()
