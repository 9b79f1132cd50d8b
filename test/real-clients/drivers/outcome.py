"""What every driver needs, with a screen or without: its task, how it tells the outcome, how it waits."""
import json
import os
import subprocess
import sys
import time
from collections import namedtuple

# The account to set up; the subject of a message that waits in its mailbox; whom to write to, and with which subject.
Task = namedtuple("Task", "address password subject_to_read recipient subject_to_send")

BEGUN = time.time()


def read_task():
    return Task(*sys.argv[1:6])


def package_version(package):
    done = subprocess.run(["dpkg-query", "--show", "--showformat", "${Version}", package], capture_output=True, text=True, check=False)
    return done.stdout.split(":")[-1].split("-")[0].split("+")[0]


def tell(**outcome):
    """A part of the outcome: what the client wrote into its own configuration, or whether it reads the message."""
    print("OUTCOME " + json.dumps(outcome), flush=True)


def ask_for_message():
    """Has the message to read delivered once more, for a client that does not look at what was in the mailbox before."""
    print("DELIVER", flush=True)


def await_sending(seconds=90, failure=lambda: False):
    """The last thing that a driver does: it leaves the client alone with its message. The session is ended as soon as Postfix has it."""
    print("SENDING", flush=True)
    wait_for(failure, seconds)


def run_command(*command, seconds=120):
    """Runs a command in silence, for instance one that hands something to the client that runs already; where it takes longer, the driver goes on."""
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        print(f"{command[0]} did not end within {seconds} seconds", flush=True)


def files_have(word, *folders):
    """Whether a file below the home's folders has the word in it: a client's own store."""
    homes = [os.path.expanduser(folder) for folder in folders]
    return subprocess.run(["grep", "--recursive", "--quiet", "--no-messages", "--fixed-strings", word, *homes], check=False).returncode == 0


def step(doing):
    """Says what the driver does next, after how many seconds: where a session hangs, this is where."""
    print(f"STEP {doing} (after {time.time() - BEGUN:.0f} s)", flush=True)


def server(host, port, security, username):
    return {"host": host, "port": int(port), "security": security, "username": username}


def wait_for(condition, seconds, pause=0.3):
    """What the condition returns, as soon as it is true or some other thing; its last value when the time is over."""
    end = time.time() + seconds
    while True:
        value = condition()
        if value or time.time() > end:
            return value
        time.sleep(pause)
