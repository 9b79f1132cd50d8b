"""What is on the screen, through the accessibility bus (AT-SPI): find a widget, press it, type into it."""
import os
import subprocess
import time

import pyatspi
from outcome import package_version, server, tell  # noqa: F401  (drivers take them from here)

BUTTONS = ("push button", "button")
ENTRIES = ("text", "entry", "password text")
# Seconds in which a client opens its first window, on a machine that is busy with other things.
OPENING = 150


def widgets(application):
    """Every widget of the applications whose name contains the text, in the order of the tree."""
    desktop = pyatspi.Registry.getDesktop(0)
    for app in desktop:
        if app is not None and application in (app.name or "").lower():
            yield from _below(app, 0)


def _below(node, depth):
    if node is None or depth > 40:
        return
    yield node
    try:
        count = min(node.childCount, 300)
    except Exception:  # The widget is gone: the bus answers with an error of its own for each toolkit.
        return
    for index in range(count):
        try:
            child = node.getChildAtIndex(index)
        except Exception:
            continue
        yield from _below(child, depth + 1)


def role(node):
    try:
        return node.getRoleName()
    except Exception:
        return ""


def name(node):
    try:
        return node.name or ""
    except Exception:
        return ""


def text(node):
    try:
        return node.queryText().getText(0, -1)
    except Exception:
        return ""


def is_shown(node, state=pyatspi.STATE_SHOWING):
    try:
        return node.getState().contains(state)
    except Exception:
        return False


def find(application, label=None, roles=None, wait=20, exact=False, sensitive=False):
    """The first shown widget with such a name and role; None when there is none after `wait` seconds."""
    end = time.time() + wait
    while True:
        for node in widgets(application):
            if roles is not None and role(node) not in roles:
                continue
            called = name(node)
            if label is not None and (called != label if exact else label.lower() not in called.lower()):
                continue
            if is_shown(node) and (not sensitive or is_shown(node, pyatspi.STATE_SENSITIVE)):
                return node
        if time.time() > end:
            return None
        time.sleep(0.3)


def press(node):
    if node is None:
        give_up("there is nothing to press")
    try:
        node.queryAction().doAction(0)
    except Exception as error:  # The bus answers with an error of its own for each toolkit.
        give_up(f"{name(node)!r} does not answer: {error}")
    time.sleep(0.5)


def click(node):
    if node is None:
        give_up("there is nothing to click")
    box = node.queryComponent().getExtents(0)
    keyboard("mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2))
    keyboard("click", "1")
    time.sleep(0.4)


def type_into(node, words):
    """Types as a person does, and looks whether it arrived."""
    for _ in range(4):
        click(node)
        keyboard("key", "ctrl+a")
        keyboard("type", "--delay", "40", words)
        time.sleep(0.8)
        if role(node) == "password text" or text(node) == words:
            return
    give_up(f"{name(node)!r} does not take the text")


def keyboard(*arguments):
    subprocess.run(["xdotool", *arguments], check=False)


def picture(path):
    subprocess.run(["import", "-window", "root", path], check=False)


def start(*command, log):
    return subprocess.Popen(command, stdout=open(log, "w"), stderr=subprocess.STDOUT)


def give_up(reason):
    """Ends the driver without an account, with the reason and a picture of the screen (shots/ of the tree)."""
    picture(f"/shots/{os.environ.get('SHOT', 'given-up')}.png")
    tell(failed=reason)
    raise SystemExit(1)
