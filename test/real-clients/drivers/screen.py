"""What is on the screen, through the accessibility bus (AT-SPI): find a widget, press it, type into it."""
import os
import subprocess
import time

import gi
import pyatspi
from outcome import await_sending, tell, wait_for

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

# Milliseconds that a client has for an answer, and for its first one: by itself the library gives up after 0.8 seconds, which a client on a
# busy machine takes longer than.
Atspi.set_timeout(8000, 30000)

BUTTONS = ("push button", "button")
ENTRIES = ("text", "entry", "password text")
# Seconds in which a client opens its first window, on a machine that is busy with other things.
OPENING = 150


def shown_widgets(application):
    """Every shown widget of the applications whose name contains the text, in the order of the tree.

    What lies in a hidden widget is not looked at: closed menus and pages to come are most of a program's widgets, and each of them is asked for
    over the bus, which takes many seconds on a busy machine.
    """
    for app in _children(pyatspi.Registry.getDesktop(0)):
        if application in name(app).lower():
            for window in _children(app):
                yield from _shown_below(window, 0)


def _shown_below(node, depth):
    if depth > 40 or not is_shown(node):
        return
    yield node
    for child in _children(node):
        yield from _shown_below(child, depth + 1)


def _children(node):
    """The children that can be had: where one is gone meanwhile, the bus answers with an error of its own for each toolkit."""
    try:
        count = min(node.childCount, 300)
    except Exception:
        return
    for index in range(count):
        try:
            child = node.getChildAtIndex(index)
        except Exception:
            continue
        if child is not None:
            yield child


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


def is_shown(node):
    return has_state(node, pyatspi.STATE_SHOWING)


def has_state(node, state):
    try:
        return node.getState().contains(state)
    except Exception:
        return False


def find(application, label=None, roles=None, wait=20, exact=False, sensitive=False):
    """The first shown widget with such a name and role; None when there is none after `wait` seconds."""
    end = time.time() + wait
    while True:
        node = next(find_all(application, label, roles, exact, sensitive), None)
        if node is not None or time.time() > end:
            return node
        time.sleep(0.3)


def find_all(application, label=None, roles=None, exact=False, sensitive=False):
    """Every widget that is shown now with such a name and role, looked for as they are asked for: each question goes over the bus."""
    for node in shown_widgets(application):
        if roles is not None and role(node) not in roles:
            continue
        called = name(node)
        if label is not None and (called != label if exact else label.lower() not in called.lower()):
            continue
        if not sensitive or has_state(node, pyatspi.STATE_SENSITIVE):
            yield node


def press(node):
    """Presses a button. What a client opens while it is pressed may keep back the answer: whoever presses waits for the consequence."""
    if node is None:
        give_up("there is nothing to press")
    try:
        node.queryAction().doAction(0)
    except Exception as error:  # The bus answers with an error of its own for each toolkit.
        print(f"{name(node)!r} does not answer: {error}")


def press_when_there(application, label, wait=30):
    """Presses a button as soon as it can be pressed, and says whether there was one."""
    button = find(application, label, BUTTONS, exact=True, sensitive=True, wait=wait)
    if button is not None:
        press(button)
    return button is not None


def click(node):
    if node is None:
        give_up("there is nothing to click")
    box = node.queryComponent().getExtents(0)
    keyboard("mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2))
    keyboard("click", "1")


def type_into(node, words):
    """Types as a person does, and looks whether it arrived."""
    for _ in range(4):
        click(node)
        wait_for(lambda: has_state(node, pyatspi.STATE_FOCUSED), 2)
        keyboard("key", "ctrl+a")
        keyboard("type", "--delay", "40", words)
        # What a password field holds is not told; its length is, as bullets.
        if wait_for(lambda: len(text(node)) == len(words) if role(node) == "password text" else text(node) == words, 3):
            return
    give_up(f"{name(node)!r} does not take the text")


def fill(node, words):
    """Puts a text into a field over the bus, which loses no key on a busy machine; types it where the toolkit takes none that way."""
    try:
        node.queryEditableText().setTextContents(words)
    except Exception:  # The bus answers with an error of its own for each toolkit.
        type_into(node, words)
        return
    if not wait_for(lambda: len(text(node)) == len(words), 5):
        type_into(node, words)


def secret_field(application):
    """The first shown field for a password; None where there is none."""
    return next((node for node in shown_widgets(application) if role(node) == "password text"), None)


def unlock_keyring():
    """Opens a keyring without asking, as a log-in to a desktop does."""
    subprocess.run("printf session | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1", shell=True, check=False)


def keyboard(*arguments):
    subprocess.run(["xdotool", *arguments], check=False)


def press_in_window(title, *keys):
    """Gives the keyboard to the window with such a title, and presses keys in it; where there is none, or it does not get it, nothing is pressed."""
    try:
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title], capture_output=True, text=True, timeout=20, check=False)
        windows = found.stdout.split()
        if not windows:
            return
        subprocess.run(["xdotool", "windowactivate", "--sync", windows[-1]], timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return
    keyboard("key", *keys)


def picture(path):
    subprocess.run(["import", "-window", "root", path], check=False)


def start(*command, log):
    return subprocess.Popen(command, stdout=open(log, "w"), stderr=subprocess.STDOUT)


def give_up(reason):
    """Ends the driver without an account, with the reason, what is on the screen, and a picture of it (shots/ of the tree)."""
    # In the order of the screen's tree, each once: a page repeats its texts in the widgets around them.
    words = dict.fromkeys(name(node).strip() for node in shown_widgets(""))
    print(f"on the screen: {' | '.join(word for word in words if word)[:1500]}", flush=True)
    picture(f"/shots/{os.environ.get('SHOT', 'given-up')}.png")
    tell(failed=reason)
    raise SystemExit(1)


def send_until_taken(application, send, answer=lambda: False):
    """The last thing that a driver does: sends the message, and again as long as it is not taken; the session is ended as soon as Postfix has it.

    `send` is called every 15 seconds, and presses what is to be pressed where it is there; `answer` all the time, for dialogs that open, and
    returns true where the client says that it cannot send.
    """
    next_try = 0

    def try_on():
        nonlocal next_try
        if answer():
            return True
        if time.time() >= next_try:
            send()
            next_try = time.time() + 15
        return False

    await_sending(150, failure=try_on)
    titles = [f"{role(node)} {name(node)!r}" for node in shown_widgets(application) if role(node) in ("frame", "dialog", "alert", "window")]
    picture(f"/shots/{os.environ.get('SHOT', 'not-sent')}.png")
    print(f"not sent; on the screen: {', '.join(titles)}", flush=True)
