// What this page may and may not do, found out from inside and told to Go.
const probe = window.go.main.Probe
const words = document.getElementById('words')
const status = document.getElementById('status')

document.getElementById('sign').addEventListener('click', async () => {
  try {
    status.textContent = await probe.Sign(words.value)
  } catch (e) {
    const refusal = JSON.parse(e.message)
    status.textContent = `${refusal.code} ${refusal.field} ${refusal.message}`
  }
})

const heard = new Promise((resolve) => window.runtime.EventsOn('changed', resolve))
window.runtime.EventsOn('changed', (w) => {
  document.getElementById('event').textContent = `事件：${w}`
})

const attempt = async (f) => {
  try {
    return String(await f())
  } catch (e) {
    return e.message.startsWith('{') ? e.message : 'stopped'
  }
}

addEventListener('load', async () => {
  const found = {
    inlineScript: String(Boolean(window.ranInline)),
    attachmentScript: String(Boolean(window.ranAttachment)),
    eval: await attempt(() => new Function('return "ran"')()),
    remote: await attempt(async () => (await fetch('http://127.0.0.1:9/')).status),
    text: await attempt(async () => (await fetch('/local/text')).text()),
    echo: await attempt(async () => (await fetch('/local/echo', { method: 'POST', body: '附件' })).text()),
    script: await attempt(async () => (await fetch('/local/script.js')).headers.get('Content-Type')),
    folder: await attempt(async () => (await fetch('/local/')).status),
    policy: await attempt(async () => (await fetch('/')).headers.get('Content-Security-Policy')),
    call: await attempt(() => probe.Sign('试')),
    event: await Promise.race([heard, new Promise((r) => setTimeout(r, 3000, 'none'))]),
    refusal: await attempt(() => probe.Sign('')),
    fault: await attempt(() => probe.Break()),
    agent: navigator.userAgent,
  }
  await probe.Report(found)
})
