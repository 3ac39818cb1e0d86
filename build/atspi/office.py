"""The product's own window: sign in, read, lose the server, sign, see 待送达, get
the server back, see it delivered; then a second start.

    QS_USER, QS_PASSWORD_FILE   who signs in
    QS_SERVE                    the command that starts the server
    QS_SERVER_PID               the server that runs at the beginning

Names are the page's accessible names in Chinese. A name that is missed prints
the page as roles and names: take the right one from there.
"""

import os
import shlex
import signal
import subprocess

# The sign-in page. Its fields' names hold more than the label: matched in part.
ACCOUNT = ("entry", "账号")
PASSWORD = ("password text", "密码")
ENTER = ("push button", "登录")
# The workbench: what is to be signed is a list of links.
TITLE = "关于汛前物资储备的请示"
# The document.
OPINION = ("entry", "领导批示意见")
SIGN = ("push button", "提交意见")
WORDS = "同意，请抓紧办理。"
# The sync line, one button; a zero is left out of it.
SYNC = ("push button", "同步状态")
OFF_LINE = "离线"
WAITING = "1 件待送达"


def run(w):
    w.shot("sign-in")
    with open(os.environ["QS_PASSWORD_FILE"], encoding="utf-8") as f:
        password = f.read().strip()
    w.type_into(*ACCOUNT, os.environ["QS_USER"], part=True)
    w.type_into(*PASSWORD, password, part=True)
    w.click(*ENTER)
    w.find("link", TITLE, part=True, patience=60)
    w.shot("workbench")

    os.kill(int(os.environ["QS_SERVER_PID"]), signal.SIGTERM)
    w.wait_name(*SYNC, OFF_LINE, patience=120)

    w.click("link", TITLE, part=True)
    w.find("heading", TITLE)
    w.type_into(*OPINION, WORDS)
    w.shot("document")
    w.click(*SIGN, part=True)
    name = w.wait_name(*SYNC, WAITING)
    w.check(OFF_LINE in name, f"signed off line, the sync line says {name!r}")
    w.shot("signed")
    w.check(w.second_start() == 5, "a second start did not end with 5")

    server = subprocess.Popen(shlex.split(os.environ["QS_SERVE"]))
    try:
        w.wait_name_without(*SYNC, WAITING, patience=150)
        w.shot("delivered")
    finally:
        server.terminate()
        server.wait(20)
