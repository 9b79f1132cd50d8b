"""Delta Chat's core over JSON-RPC: configure, then a message to oneself, sent and read: delta-chat.py ADDRESS PASSWORD"""
import json
import os
import subprocess
import sys
import time

from outcome import server, tell

address, password = sys.argv[1:3]
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
for key, value in {"addr": address, "mail_pw": password, "bcc_self": "1"}.items():
    call("set_config", account, key, value)
configured = call("configure", account)
if "error" in configured:
    tell(client="delta-chat", version=version, incoming=None, outgoing=None, failed=str(configured["error"].get("message", ""))[:200])
    raise SystemExit(0)
info = call("get_info", account)["result"]
# "1: ***@example.com imap:[imap.example.com:993:tls] smtp:[smtp.example.com:465:tls, smtp.example.com:587:starttls] cert_automatic": in the
# order in which the core tries them; it stays with the first that takes its log-in.
settings = info.get("used_transport_settings", "")
login = call("get_config", account, "configured_mail_user").get("result") or ""


def first(kind):
    listed = settings.split(f"{kind}:[")[-1].split("]")[0].split(", ")[0] if f"{kind}:[" in settings else ""
    host, port, security = (listed.rsplit(":", 2) + ["", "", ""])[:3] if listed else ("", "", "")
    return {"kind": kind, **server(host, port, security, login)} if host else None


sent = False
call("start_io", account)
chat = call("create_chat_by_contact_id", account, 1).get("result")
if chat is not None:
    message = call("misc_send_text_message", account, chat, "One message, sent and read").get("result")
    # State 26: taken by the outgoing server. (deltachat.h, DC_STATE_OUT_DELIVERED)
    for _ in range(40):
        state = call("get_message", account, message).get("result", {}).get("state")
        if state is not None and state >= 26:
            sent = True
            break
        time.sleep(0.5)
tell(client="delta-chat", version=version, incoming=first("imap"), outgoing=first("smtp"), sent=sent)
rpc.stdin.close()
rpc.terminate()
