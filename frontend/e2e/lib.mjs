// What the tests of the window share: a browser on the page of the real Go
// program, and other people at their own desks through the desk program.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { settled } from './axe.mjs'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
export const root = join(here, '..', '..')
export const out = process.env.QS_SHOTS ?? join(here, 'out')

function need(name) {
  const v = process.env[name]
  if (!v) throw new Error(`${name} is not set: run through build/lib/devwindow.sh -- npm --prefix frontend run e2e`)
  return v
}
export const url = need('QS_URL')
export const server = need('QS_SERVER')
export const passwordFile = need('QS_PASSWORD_FILE')

/** Window is the page of the program, with every breach of the content policy noted. */
export async function openWindow({ width = 1280, height = 800, scale, at = url } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', deviceScaleFactor: scale ?? 1 })
  await context.addInitScript(() => {
    window.breaches = []
    document.addEventListener('securitypolicyviolation', (e) => window.breaches.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000) // what a person would wait for on a loaded machine
  const faults = []
  page.on('pageerror', (e) => {
    if (!String(e.stack).includes('/wails/')) faults.push(String(e.stack)) // the dev overlay of Wails is not ours
  })
  page.on('dialog', (d) => {
    faults.push(`dialog: ${d.message()}`)
    void d.dismiss()
  })
  page.on('request', (r) => {
    const to = new URL(r.url())
    if (['http:', 'https:', 'ws:'].includes(to.protocol) && to.host !== new URL(at).host) faults.push(`request to ${r.url()}`)
  })
  await page.goto(at)
  // The router hears of a new address only once its first page is there.
  await page.locator('main.main > *, main.signin').first().waitFor({ state: 'attached' })
  return { browser, context, page, faults }
}

/** pageOf is the page of another signed-in person (build/lib/devwindow.sh --user NAME). */
export function pageOf(user) {
  return need(`QS_URL_${user.toUpperCase()}`)
}

/** corpus is what nobody should write and somebody will. */
export const corpus = {
  html: `<img src=x onerror="document.title='broken'"><script>window.broken=1</script>&lt;b&gt;`,
  sql: `'; DROP TABLE todo;-- " OR 1=1 \\ %s {{7*7}}`,
  long: '长'.repeat(60),
  han: '䶮喆𠮷𪚥㙍祎',
  rtl: 'שלום مرحبا \u202eabc',
}

/** wordsKept waits until the opinion that is being written is kept on this desk. */
export const wordsKept = (page) =>
  page.evaluate(async () => {
    for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) {
      const box = document.querySelector('textarea.words')
      if (box && (await window.go.bridge.Approvals.KeptWords(box.id.slice('words-'.length))) === box.value) return
    }
    throw new Error('the words were not kept')
  })

/** within is a text as it stands inside a sentence of the window: what turns the direction ends with it. */
export const within = (text) => (/[\u0590-\u08ff\u202a-\u202e]/.test(text) ? `\u2068${text}\u2069` : text)

/**
 * upright fails where a text that turns the direction of writing (U+202E) has
 * turned what stands behind it in the same line: \`tail\` is how such a text ends.
 * It looks at where each character is drawn.
 */
export async function upright(page, where, tail = '\u202eabc') {
  const turned = await page.evaluate((tail) => {
    const block = (n) => {
      let e = n.parentElement
      while (e && /^inline$|^contents$/.test(getComputedStyle(e).display)) e = e.parentElement
      return e
    }
    const at = (n, i) => {
      const r = document.createRange()
      r.setStart(n, i)
      r.setEnd(n, i + 1)
      return r.getBoundingClientRect()
    }
    const out = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const nodes = []
    while (walk.nextNode()) nodes.push(walk.currentNode)
    nodes.forEach((n, k) => {
      const from = n.data.indexOf(tail)
      if (from < 0 || !n.parentElement.checkVisibility() || n.parentElement.closest('svg')) return
      const own = block(n)
      const end = from + tail.length
      const behind = []
      // As far as the next text that turns: that one may turn itself.
      around: for (let m = n, j = k, i = end; m && block(m) === own; m = nodes[++j], i = 0)
        for (; i < m.data.length; i++)
          if (/[\u2068\u0590-\u08ff]/.test(m.data[i])) break around
          else if (/[\p{L}\p{N}“”]/u.test(m.data[i])) behind.push([m.data[i], at(m, i)])
      let last = at(n, end - 1) // the text's own end is drawn left of what it begins with
      for (const [c, r] of behind) {
        if (!r.width || Math.abs(r.top - last.top) > r.height / 2) {
          if (r.width) last = r
          continue
        }
        if (r.left < last.left - 0.5) return out.push(`${c} in ${own.textContent.trim().slice(0, 160)}`)
        last = r
      }
    })
    return out
  }, tail)
  assert.deepEqual(turned, [], `${where}: turned by what stands before it`)
}

/** go opens a route of the page. */
export async function go(page, path) {
  await page.evaluate((p) => {
    location.hash = p
  }, `#${path}`)
}

export async function shot(page, name) {
  mkdirSync(out, { recursive: true })
  await page.screenshot({ path: join(out, `${name}.png`) })
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * audit holds the page as it stands against axe's rules (WCAG 2.1 A and AA and
 * its best practices) and fails with every rule that is broken and where. No rule
 * is off everywhere.
 * `within` is a selector, the whole page by default; `off` are rules that do not
 * hold there, with the reason beside the call.
 */
export async function audit(page, name, { within, off = [] } = {}) {
  // The page's policy lets no script in from outside; the debugger may.
  await page.evaluate(`window.axe || (() => { ${axe} })()`)
  await settled(page)
  const found = await page.evaluate(async ([scope, off]) => {
    const r = await window.axe.run(scope ?? document, {
      resultTypes: ['violations'],
      rules: {
        // Experimental, thus off by itself: what is seen of a control is in its name.
        'label-content-name-mismatch': { enabled: true },
        ...Object.fromEntries(off.map((rule) => [rule, { enabled: false }])),
      },
    })
    return r.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((n) => `${n.target.join(' ')} ${n.any.map((c) => c.message).join('; ')}`).slice(0, 6).join('\n    ')}`)
  }, [within, off])
  assert.deepEqual(found, [], `${name}: accessibility`)
}

/** offline turns the person's own switch in the sync line. */
export async function setOffline(page, off) {
  await page.getByRole('button', { name: /^同步状态/ }).click()
  const pop = page.getByRole('dialog', { name: '同步状态' })
  const box = pop.getByRole('switch', { name: '离线工作' })
  if ((await box.isChecked()) !== off) await pop.getByText('离线工作').click()
  await page.keyboard.press('Escape')
  await page
    .getByRole('button', { name: off ? /^同步状态 离线/ : /^同步状态 (?!离线)/ })
    .first()
    .waitFor()
  await pop.waitFor({ state: 'hidden' }).catch(() => page.mouse.click(640, 5))
}

const binaries = process.env.QS_BIN ?? join(root, 'build', 'bin')
const people = new Map()

/** desk runs the desk program as somebody else, signed in on a profile of their own. */
export async function desk(user, ...args) {
  let profile = people.get(user)
  const program = join(binaries, 'desk')
  if (!existsSync(program)) throw new Error(`${program} is missing`)
  if (!profile) {
    profile = mkdtempSync(join(tmpdir(), `qs-${user}-`))
    people.set(user, profile)
    await run(program, ['--profile', profile, 'login', '--server', server, '--user', user, '--password-file', passwordFile])
  }
  const stdin = typeof args.at(-1) === 'object' ? JSON.stringify(args.pop()) : undefined
  const child = run(program, ['--profile', profile, '--json', ...args])
  if (stdin !== undefined) {
    child.child.stdin.end(stdin)
  }
  const { stdout } = await child
  return stdout.trim() ? JSON.parse(stdout) : undefined
}

/** profileOf is the profile that desk uses for somebody. */
export const profileOf = (user) => people.get(user)

export function dropPeople() {
  for (const p of people.values()) rmSync(p, { recursive: true, force: true })
  people.clear()
}

/**
 * story makes a test that is skipped once an earlier one of the same story has
 * failed: the later steps would only fail after it.
 */
export function story(current) {
  let broken = false
  return (name, body) =>
    test(name, async (t) => {
      if (broken) return t.skip('an earlier step failed')
      try {
        await body(t)
      } catch (e) {
        broken = true
        const page = current()?.page
        if (page) {
          await shot(page, `failed-${name.replace(/\W+/g, '-')}`).catch(() => undefined)
          console.log(`# at ${page.url()}`)
        }
        throw e
      }
    })
}
