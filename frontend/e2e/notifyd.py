"""A notification service for tests: owns org.freedesktop.Notifications on the
session's bus, writes each notification as a line of JSON to a file, presses the
first one whose summary or body holds the word PRESS as soon as there is a file
FILE.press, and ends with the program that it starts once the service is there.

    notifyd.py FILE PRESS PROGRAM ARGS…
"""
import json
import os
import subprocess
import sys
import threading

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

INTERFACE = """
<node><interface name="org.freedesktop.Notifications">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>
"""
out, press, program = sys.argv[1], sys.argv[2], sys.argv[3:]
count = 0
loop = GLib.MainLoop()


def pressed(bus, path, interface, number):
    if not os.path.exists(out + ".press"):
        return True
    bus.emit_signal(None, path, interface, "ActionInvoked", GLib.Variant("(us)", (number, "default")))
    return False


def call(bus, _sender, path, interface, method, args, answer):
    global count, press
    if method == "Notify":
        count += 1
        _app, _replaces, _icon, summary, body, actions, _hints, _timeout = args.unpack()
        with open(out, "a", encoding="utf-8") as f:
            f.write(json.dumps({"summary": summary, "body": body, "actions": actions}, ensure_ascii=False) + "\n")
        answer.return_value(GLib.Variant("(u)", (count,)))
        if press and press in summary + body:
            press = ""
            # The test says when: its browser must be there to hear of it.
            GLib.timeout_add(100, pressed, bus, path, interface, count)
    elif method == "GetCapabilities":
        answer.return_value(GLib.Variant("(as)", (["body", "actions"],)))
    elif method == "GetServerInformation":
        answer.return_value(GLib.Variant("(ssss)", ("test", "test", "1", "1.2")))
    else:
        answer.return_value(None)


def ready(bus, _name):
    node = Gio.DBusNodeInfo.new_for_xml(INTERFACE)
    bus.register_object("/org/freedesktop/Notifications", node.interfaces[0], call, None, None)


def run():
    subprocess.run(program, check=False)
    loop.quit()


def owned(_bus, _name):
    threading.Thread(target=run).start()


Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE, ready, owned, None)
loop.run()
