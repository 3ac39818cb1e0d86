"""The probe's page: the mechanism itself, before any page of the product.

What the page may and may not do under its policy is found out by the page and
kept in the file after --report; what people do is done here.
"""

import json

POLICY = (
    "default-src 'none'; script-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "connect-src 'self'"
)

FOUND = {
    "inlineScript": "false",
    "attachmentScript": "false",  # an attachment named script.js
    "eval": "stopped",
    "remote": "stopped",
    "text": "正文",
    "echo": "附件",  # a body sent to Go
    "script": "application/octet-stream",
    "policy": POLICY,
    "call": "待送达：试",
    "event": "试",
    "refusal": '{"code":"invalid","message":"请填写意见","field":"words"}',
    "fault": '{"code":"internal","message":"","field":""}',
}


def run(w):
    w.find("heading", "关于开展充电桩安装工作的通知")
    w.click("push button", "同意")
    w.wait_text("status bar", "办理状态", "invalid words 请填写意见")
    w.type_into("entry", "意见", "同意，请抓紧办理。")
    w.click("push button", "同意")
    w.wait_text("status bar", "办理状态", "待送达：同意，请抓紧办理。")
    w.wait_page("事件：同意，请抓紧办理。")
    w.shot("probe")

    with open(w.argv[w.argv.index("--report") + 1], encoding="utf-8") as f:
        report = json.load(f)
    for name, want in FOUND.items():
        w.check(report.get(name) == want, f"the page found {name} = {report.get(name)!r}, want {want!r}")
