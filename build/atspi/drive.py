"""Drives the release window the way a screen reader does.

The release build opens no door for tests. What it offers everyone is the
accessibility bus: every control has a role and a name there, and a test that
finds "push button 同意" also proves that a blind official finds it.

    build/atspi/run SCENARIO.py --shots DIR -- PROGRAM ARGS…

runs run(window) of the scenario on the program. The wrapper makes the display
and the message bus; this file wants both in its environment. Scenarios import
nothing from here: they get a Window.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
warnings.simplefilter("ignore", DeprecationWarning)
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 20.0  # seconds that anything may take to appear
PAUSE = 0.15  # seconds between two looks


class Missed(Exception):
    """What a scenario waited for did not happen."""


def _roles():
    names = {}
    for value in range(int(Atspi.Role.LAST_DEFINED)):
        role = Atspi.Role(value)
        try:
            names[Atspi.role_get_name(role)] = role
        except (TypeError, GLib.Error):
            continue
    return names


ROLES = None


class Window:
    """One running program with a window."""

    def __init__(self, argv, title="前哨", shots=None):
        global ROLES
        self.argv, self.title, self.shots = argv, title, shots
        self.process = subprocess.Popen(argv, start_new_session=True)
        Atspi.init()
        Atspi.set_timeout(2000, 15000)
        ROLES = ROLES or _roles()
        self._document = None
        self._shot = 0

    # -- finding ----------------------------------------------------------

    def document(self):
        """The page. Found again whenever it was replaced."""
        doc = self._document
        if doc is not None:
            try:
                if doc.get_state_set().contains(Atspi.StateType.SHOWING):
                    return doc
            except GLib.Error:
                pass
        self._document = None
        desk = Atspi.get_desktop(0)
        for i in range(desk.get_child_count()):
            app = desk.get_child_at_index(i)
            if app is not None and app.get_process_id() == self.process.pid:
                for node in self._walk(app):
                    if node.get_role() == Atspi.Role.DOCUMENT_WEB:
                        self._document = node
                        return node
        return None

    def _walk(self, node):
        yield node
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None:
                yield from self._walk(child)

    def _of_role(self, role):
        doc = self.document()
        if doc is None:
            return []
        rule = Atspi.MatchRule.new(
            Atspi.StateSet.new([]), Atspi.CollectionMatchType.ALL,
            {}, Atspi.CollectionMatchType.ALL,
            [ROLES[role]], Atspi.CollectionMatchType.ANY,
            [], Atspi.CollectionMatchType.ALL, False)
        return doc.get_collection_iface().get_matches(
            rule, Atspi.CollectionSortOrder.CANONICAL, 0, True)

    def all(self, role, name=None, part=False):
        """Every control of a role, with that name or with that part in it."""
        if role not in ROLES:
            raise ValueError(f"no such role: {role}")
        found = []
        for node in self._of_role(role):
            node.clear_cache()
            its = node.get_name() or text_of(node)
            if name is None or its == name or (part and name in its):
                found.append(node)
        return found

    def find(self, role, name=None, part=False, patience=PATIENCE):
        """The first such control, waiting until it is there."""
        return self._until(
            lambda: next(iter(self.all(role, name, part)), None),
            f"{role} “{name}”", patience)

    def gone(self, role, name=None, part=False, patience=PATIENCE):
        """Waits until there is no such control."""
        self._until(lambda: not self.all(role, name, part),
                    f"no {role} “{name}” any more", patience)

    def _until(self, look, what, patience=PATIENCE):
        end = time.monotonic() + patience
        last = None
        while True:
            if self.process.poll() is not None:
                raise Missed(f"the program ended with {self.process.returncode} before: {what}")
            try:
                seen = look()
                if seen:
                    return seen
            except GLib.Error as e:  # the page changed under the look
                last = e.message
                self._document = None
            if time.monotonic() > end:
                self.shot("missed")
                note = f" ({last})" if last else ""
                raise Missed(f"waited {patience:.0f} s for: {what}{note}\n{self.outline()}")
            time.sleep(PAUSE)

    # -- acting -----------------------------------------------------------

    def click(self, role, name=None, part=False, patience=PATIENCE):
        """Does what a click on the control does."""
        def act():
            node = self.find(role, name, part, patience)
            if not node.get_state_set().contains(Atspi.StateType.SENSITIVE):
                return False
            return node.get_action_iface().do_action(0)
        self._until(act, f"{role} “{name}” can be pressed", patience)

    def focus(self, role, name=None, part=False):
        """Puts the keyboard on the control."""
        def act():
            self._front()
            node = self.find(role, name, part)
            node.get_component_iface().grab_focus()
            time.sleep(PAUSE)
            node.clear_cache()
            return node.get_state_set().contains(Atspi.StateType.FOCUSED) and node
        return self._until(act, f"{role} “{name}” has the keyboard")

    def type_into(self, role, name, text, part=False):
        """Replaces what stands in a field by text, as typed on a keyboard."""
        for _ in range(3):
            node = self.focus(role, name, part)
            self.press("ctrl+a")
            self._xdotool("type", "--delay", "40", "--", text)
            end = time.monotonic() + 5
            while time.monotonic() < end:
                node.clear_cache()
                # A password field shows as many dots.
                is_secret = node.get_role() == Atspi.Role.PASSWORD_TEXT
                seen = text_of(node)
                if seen == text or (is_secret and len(seen) == len(text)):
                    return
                time.sleep(PAUSE)
        raise Missed(f"{role} “{name}” holds “{text_of(node)}”, typed “{text}”")

    def press(self, keys):
        """Presses keys, e.g. ctrl+Return."""
        self._front()
        self._xdotool("key", "--clearmodifiers", keys)

    def _front(self):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", self.title],
                               capture_output=True, text=True, check=False)
        for window in found.stdout.split():
            self._xdotool("windowfocus", "--sync", window)

    def _xdotool(self, *args):
        subprocess.run(["xdotool", *args], check=True, timeout=30)

    # -- reading ----------------------------------------------------------

    def text(self, role, name=None, part=False):
        """What stands in the control."""
        node = self.find(role, name, part)
        node.clear_cache()
        return text_of(node)

    def wait_text(self, role, name, text, patience=PATIENCE):
        """Waits until the control shows text, and answers all it shows."""
        seen = ""

        def look():
            nonlocal seen
            for node in self.all(role, name):
                seen = text_of(node)
                if text in seen:
                    return seen
            return None
        return self._until(look, f"“{text}” in {role} “{name}”", patience)

    def wait_name(self, role, name, text, patience=PATIENCE):
        """Waits until a control whose name begins like this has text in its
        name, and answers the name: for buttons that show a state."""
        return self._until(
            lambda: next((n for n in self._names(role, name) if text in n), None),
            f"“{text}” in the name of {role} “{name}”", patience)

    def wait_name_without(self, role, name, text, patience=PATIENCE):
        """Waits until such a control has no such text in its name."""
        return self._until(
            lambda: next((n for n in self._names(role, name) if text not in n), None),
            f"no “{text}” in the name of {role} “{name}”", patience)

    def _names(self, role, name):
        return [n.get_name() for n in self.all(role, name, part=True)]

    def wait_page(self, text, patience=PATIENCE):
        """Waits until text stands anywhere on the page."""
        self._until(lambda: text in self.outline(limit=5000), f"“{text}” on the page", patience)

    def wait_any(self, texts, patience=PATIENCE):
        """Waits until one of the texts stands on the page, and answers it."""
        def look():
            page = self.outline(limit=5000)
            return next((t for t in texts if t in page), None)
        return self._until(look, f"one of {'、'.join(texts)} on the page", patience)

    def outline(self, limit=400):
        """The page as roles and names: what to look at when a name is missing."""
        lines = []

        def go(node, depth):
            if len(lines) >= limit:
                return
            node.clear_cache()
            name = node.get_name() or text_of(node)
            if len(name) > 120 and node.get_child_count():
                name = ""  # a frame around others, which say it themselves
            if name:
                lines.append(f"{'  ' * depth}{node.get_role_name()} “{name}”")
            for i in range(node.get_child_count()):
                child = node.get_child_at_index(i)
                if child is not None:
                    go(child, depth + bool(name))
        try:
            doc = self.document()
            if doc is None:
                return "(no page on the accessibility bus)"
            go(doc, 0)
        except GLib.Error as e:
            lines.append(f"(the page changed: {e.message})")
        return "\n".join(lines)

    def shot(self, name):
        """Keeps a picture of the screen and says where."""
        if not self.shots:
            return
        self._shot += 1
        path = os.path.join(self.shots, f"window-{self._shot:02d}-{name}.png")
        subprocess.run(["import", "-window", "root", path], check=True, timeout=30)
        print(f"  picture {path}", flush=True)

    def check(self, holds, otherwise):
        """Fails with a sentence unless it holds."""
        if not holds:
            self.shot("failed")
            raise Missed(otherwise)

    # -- ending -----------------------------------------------------------

    def second_start(self):
        """Starts the program again on the same profile: its exit code."""
        return subprocess.run(self.argv, timeout=30, check=False).returncode

    def end(self):
        """Ends the program as a log-off does; it must go, and without an error."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Missed("the program did not end 15 s after SIGTERM") from None
        if code != 0:
            raise Missed(f"the program ended with {code}")

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, 9)
            self.process.wait(5)


def text_of(node):
    """The text of a control; embedded controls are left out."""
    if "Text" not in node.get_interfaces():
        return ""
    text = node.get_text_iface()
    return text.get_text(0, text.get_character_count()).replace("\ufffc", "").strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", help="python file with run(window)")
    parser.add_argument("--shots", help="folder for pictures")
    parser.add_argument("program", nargs="+", help="after --: the program and its arguments")
    args = parser.parse_args()
    if args.shots:
        os.makedirs(args.shots, exist_ok=True)

    spec = importlib.util.spec_from_file_location("scenario", args.scenario)
    scenario = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scenario)

    window = Window(args.program, shots=args.shots)
    try:
        scenario.run(window)
        window.end()
    except Missed as e:
        print(f"FAILED: {e}", file=sys.stderr)
        return 1
    finally:
        window.kill()
    print(f"ok: {os.path.basename(args.scenario)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
