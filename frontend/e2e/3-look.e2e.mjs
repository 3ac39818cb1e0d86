// The content policy, and the window in its other lights: dark, large, English.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { go, openWindow, shot, story } from './lib.mjs'

const test = story(() => w)
let w
before(async () => {
  w = await openWindow()
  await w.page.getByRole('heading', { name: '待签' }).waitFor()
})
after(async () => w?.browser.close())

test('the policy refuses eval, inline scripts and the world outside', async () => {
  const { page } = w
  const found = await page.evaluate(async () => {
    const out = {}
    for (const [name, run] of [
      ['eval', () => (0, eval)('1')],
      ['Function', () => new Function('return 1')()],
    ]) {
      // In a task of its own: what a debugger evaluates is free of the policy.
      await new Promise((done) =>
        setTimeout(() => {
          try {
            run()
            out[name] = 'ran'
          } catch {
            out[name] = 'refused'
          }
          done()
        }),
      )
    }
    const s = document.createElement('script')
    s.textContent = 'window.inline = 1'
    document.head.append(s)
    out.inline = window.inline ? 'ran' : 'refused'
    out.fetch = await fetch('https://example.com/').then(
      () => 'ran',
      () => 'refused',
    )
    const img = new Image()
    out.image = await new Promise((done) => {
      img.onload = () => done('ran')
      img.onerror = () => done('refused')
      img.src = 'https://example.com/x.png'
    })
    return out
  })
  assert.deepEqual(found, { eval: 'refused', Function: 'refused', inline: 'refused', fetch: 'refused', image: 'refused' })
  await page.evaluate(() => (window.breaches.length = 0))
  w.faults.length = 0
})

test('the page says its policy in its own head and by the server', async () => {
  const { page } = w
  const want = ["default-src 'none'", "script-src 'self'", "img-src 'self' data: blob:", "font-src 'self' data:", "style-src 'self' 'unsafe-inline'"]
  const meta = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
  const header = (await page.request.get(page.url().split('#')[0])).headers()['content-security-policy']
  for (const policy of [meta, header]) for (const part of want) assert.ok(policy.includes(part), `${part} in ${policy}`)
})

async function settings(change) {
  const { page } = w
  await page.getByRole('button', { name: /个人设置$|, settings$/ }).click()
  const pop = page.getByRole('dialog', { name: /^个人设置$|^Settings$/ })
  await change(pop)
  await page.keyboard.press('Escape')
  await pop.waitFor({ state: 'hidden' }).catch(() => page.mouse.click(640, 5))
}
const choose = (name) => settings((pop) => pop.getByText(name, { exact: true }).click())

const pages = [
  ['workbench', '/'],
  ['todo', '/todo'],
  ['documents', '/documents/in'],
  ['calendar', '/calendar'],
  ['contacts', '/contacts'],
  ['reconcile', '/reconcile'],
  ['sync', '/sync/here'],
  ['settings', '/settings'],
  ['profile', '/profile'],
]

test('dark', async () => {
  const { page } = w
  await choose('深色')
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark')
  for (const [name, path] of pages) {
    await go(page, path)
    await page.waitForTimeout(300)
    await shot(page, `dark-${name}`)
  }
  await choose('浅色')
})

test('text at 160 % re-flows and nothing is lost at the side', async () => {
  const { page } = w
  await choose('160%')
  for (const [name, path] of pages) {
    await go(page, path)
    await page.waitForTimeout(300)
    await shot(page, `large-${name}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.ok(wide <= 0, `${name} is ${wide} px wider than the window`)
    const lost = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, input, h1, h2')]
        .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest('[inert], .week, .hits, .tab-strip'))
        .map((e) => [e.getAttribute('aria-label') || e.textContent.trim().slice(0, 20), e.getBoundingClientRect()])
        .filter(([, r]) => r.width > 0 && (r.left < -1 || r.right > innerWidth + 1))
        .map(([n]) => n),
    )
    assert.deepEqual(lost, [], `${name}: beyond the window's edge`)
  }
  await choose('100%')
})

test('English', async () => {
  const { page } = w
  await choose('English')
  await go(page, '/')
  await page.getByRole('heading', { name: 'To sign' }).waitFor()
  await page.getByRole('button', { name: /^Sync state/ }).waitFor()
  await shot(page, 'english-workbench')
  await choose('中文')
  await page.getByRole('heading', { name: '待签' }).waitFor()
})

test('every control has a name', async () => {
  const { page } = w
  for (const [name, path] of pages) {
    await go(page, path)
    await page.waitForTimeout(300)
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], input, select, textarea, [role=tab], [role=option], [role=checkbox]')]
        .filter((e) => e.checkVisibility() && !e.closest('[aria-hidden=true], [inert]'))
        .filter((e) => {
          const label = e.getAttribute('aria-label') || e.getAttribute('title') || e.textContent.trim() || e.closest('label')?.textContent.trim()
          const by = e.getAttribute('aria-labelledby')
          return !label && !(by && document.getElementById(by)) && !(e.id && document.querySelector(`label[for="${CSS.escape(e.id)}"]`))
        })
        .map((e) => e.outerHTML.slice(0, 120)),
    )
    assert.deepEqual(nameless, [], name)
  }
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})
