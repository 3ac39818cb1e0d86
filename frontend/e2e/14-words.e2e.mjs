// users: linzhiyuan dingxiaohe
// What nobody should write and somebody will, through the text fields of papers,
// the register, opinions, circulations, remarks and to-dos, and seen as text
// wherever it appears: fields, lists, tabs, pages, preview, search, history,
// notices and toasts.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { corpus, dropPeople, go, openWindow, pageOf, setOffline, shot, story, upright } from './lib.mjs'

const stamp = Date.now().toString(36)
// One line of everything, short enough for a title; the marks that part lists of names are left out.
const all = `${corpus.html.slice(0, 58)}${corpus.sql}${corpus.han}${corpus.rtl}`
const name = `${corpus.han}<b>${corpus.rtl}`
const title = (what) => `${what}${stamp}${all}`
const test = story(() => w)
let w
let clerk
let leader
let paper
before(async () => {
  leader = await openWindow()
  clerk = await openWindow({ at: pageOf('dingxiaohe') })
  for (const x of [leader, clerk]) await x.page.getByRole('navigation', { name: '主导航' }).waitFor()
  w = clerk
})
after(async () => {
  await leader?.browser.close()
  await clerk?.browser.close()
  dropPeople()
})
/** seen waits until a text stands somewhere in the page, character by character, and turns nothing around it. */
const seen = async (text, within = 'body') => {
  await w.page.waitForFunction(
    // What sets a text apart inside a sentence (U+2068, U+2069) is not of the text.
    ([t, where]) => [...document.querySelectorAll(where)].some((e) => e.textContent.replace(/[\s\u2068\u2069]+/g, '').includes(t.replace(/\s+/g, ''))),
    [text, within],
    { timeout: 30_000 },
  )
  await upright(w.page, text)
}
const sound = async () => {
  for (const x of [leader, clerk]) {
    assert.equal(await x.page.evaluate(() => window.broken), undefined)
    assert.equal(await x.page.locator('img[src="x"], body b:text-is("שלום")').count(), 0)
    assert.equal(await x.page.title(), '前哨')
    assert.deepEqual(x.faults, [])
    await upright(x.page, x.page.url())
    assert.deepEqual(await x.page.evaluate(() => window.breaches), [])
  }
}

test('registration: fields, toast, list, preview, page and search', async () => {
  const { page } = w
  await page.setViewportSize({ width: 1920, height: 1080 })
  await go(page, '/draft/in')
  const form = page.getByRole('region', { name: '收文登记' })
  const values = { from: name.slice(0, 90), fromNumber: `〔2026〕${stamp}${corpus.sql.slice(0, 40)}`, title: title('收'), note: corpus.long + all, text: `${corpus.html}\n${all}` }
  for (const [field, value] of Object.entries(values)) await form.locator(`[name="${field}"]`).fill(value)
  await page.getByRole('checkbox', { name: '登记后即送审' }).uncheck()
  await page.keyboard.press('Control+Enter')
  await seen(`已登记“${values.title}”`)
  await go(page, '/documents/in')
  await page.getByRole('search', { name: '筛选' }).getByRole('textbox').fill(stamp)
  await page.keyboard.press('Enter')
  await seen(values.title, 'tr[data-row] .tx')
  await seen(values.fromNumber, 'tr[data-row]')
  await page.keyboard.press('Home')
  await seen(corpus.html.slice(0, 40), 'aside.peek')
  await shot(page, 'words-list')
  await page.keyboard.press('Enter')
  await seen(values.title, 'h1')
  await seen(values.title.slice(0, 6), '.tabs, .tab-strip, [role=tablist]')
  await seen(corpus.html.slice(0, 58), 'svg.print')
  await seen(values.fromNumber, 'main')
  await shot(page, 'words-page')
  paper = page.url().match(/document\/([^/?#]+)/)?.[1]
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索' }).fill(stamp)
  await seen(values.title.slice(0, 20), '[role=option]')
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 1280, height: 800 })
  await sound()
})

test('a draft: every field of its elements, the text, versions and their comparison', async () => {
  w = leader
  const { page } = w
  await page.evaluate(() => window.go.bridge.Documents.Forget('new-out'))
  await go(page, '/draft/out')
  await page.getByRole('textbox', { name: '标题' }).fill(title('发'))
  const fields = page.locator('.draft-fields')
  await fields.locator('input.input[type="text"]:not([role]):visible, input.input:not([type]):not([role]):visible, textarea.input:visible').first().waitFor()
  const boxes = await fields.locator('input.input[type="text"]:not([role]):visible, input.input:not([type]):not([role]):visible, textarea.input:visible').all()
  for (const box of boxes) {
    const most = Number(await box.getAttribute('maxlength')) || 200
    const digits = (await box.getAttribute('inputmode')) === 'numeric'
    await box.fill(digits ? '12' : name.slice(0, most))
  }
  assert.ok(boxes.length >= 4, `${boxes.length} fields`)
  const text = page.getByRole('textbox', { name: '公文正文' })
  await text.click()
  await page.keyboard.insertText(all)
  await page.keyboard.press('Enter')
  await page.keyboard.insertText(corpus.long.repeat(5))
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 1 版/).waitFor()
  await page.keyboard.insertText(corpus.html)
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 2 版/).waitFor()
  const id = page.url().match(/draft\/out\/([^/?#]+)/)?.[1]
  await page.reload()
  await go(page, `/draft/out/${id}`)
  await text.getByText(all, { exact: true }).waitFor()
  assert.equal(await page.getByRole('textbox', { name: '标题' }).inputValue(), title('发'))
  await page.getByRole('button', { name: '版面' }).click()
  await seen(corpus.han, 'svg.print')
  await shot(page, 'words-draft')
  await go(page, `/document/${id}?tab=versions`)
  await page.getByRole('button', { name: '看最近一次修改' }).click()
  await seen(corpus.html, '[role=dialog]')
  await page.keyboard.press('Escape')
  await go(page, '/documents/out')
  await seen(title('发'), 'tr[data-row] .tx')
  await sound()
})

test('an opinion, a circulation and a remark, and the notices they make', async () => {
  // The paper of the register goes on its way, and is sent round by the clerk.
  w = clerk
  const { page } = w
  await page.evaluate((id) => window.go.bridge.Approvals.Circulate({ document: id, task: '', rev: 0, step: '', seen: '', words: 'x', target: '', to: ['lin-zhiyuan'] }), paper)
  await go(page, '/documents/in')
  w = leader
  const { page: other } = w
  await other.getByRole('button', { name: /^同步状态/ }).first().click()
  await other.getByRole('button', { name: '立即同步' }).click()
  await other.keyboard.press('Escape')
  await go(other, '/todo?tab=read')
  await seen(title('收'), 'tr[data-row] .tx')
  // What it told: the list of notices has the title as text.
  await other.getByRole('button', { name: /^通知/ }).click()
  await seen(title('收').slice(0, 20), '.notices .ttl')
  await shot(other, 'words-notices')
  await other.getByRole('button', { name: /^通知/ }).click()
  await other.locator('.notices').waitFor({ state: 'hidden' })
  await seen(title('收'), 'tr[data-row] .tx')
  await other.getByRole('row').filter({ hasText: stamp }).getByRole('checkbox').check()
  await other.getByRole('toolbar', { name: '批量操作' }).waitFor()
  await other.keyboard.press('Control+Enter')
  const dialog = other.getByRole('dialog', { name: '批量阅读 1 件' })
  await dialog.getByRole('textbox').fill(all)
  await seen(title('收'), '[role=dialog]')
  await other.keyboard.press('Control+Enter')
  await dialog.getByText(/^1 件已存入本机/).waitFor()
  await other.keyboard.press('Escape')
  await go(other, `/document/${paper}`)
  await seen(all, '.panel, aside')
  await sound()
})

const ASKED = '关于追加集中供热运行补贴的请示'
test('an opinion is signed off line, waits, takes effect, and is text on every desk', async () => {
  w = leader
  const { page } = w
  await setOffline(page, true)
  await go(page, '/todo')
  await page.getByRole('grid').getByRole('link', { name: ASKED }).click()
  const box = page.getByRole('textbox', { name: /意见$/ })
  await box.fill(all)
  // Kept while it is written: leaving and coming back loses none.
  const at = page.url()
  await go(page, '/todo')
  await page.goto(at)
  await page.waitForFunction((t) => document.querySelector('textarea.words')?.value === t, all)
  await box.press('Control+Enter')
  const area = page.getByRole('region', { name: '领导批示' })
  await area.getByText('待送达').waitFor()
  await seen(all, '.area q')
  await page.getByRole('tab', { name: /^流转/ }).click()
  await page.getByRole('heading', { name: '流转记录' }).waitFor()
  await page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: '待送达' }).first().waitFor()
  await shot(page, 'words-signed')
  await go(page, '/reconcile')
  await page.getByRole('region', { name: '逐件结果' }).getByText(ASKED, { exact: true }).first().click()
  await seen(all, 'article.case, .case')
  await shot(page, 'words-reconcile')
  await setOffline(page, false)
  await page.getByRole('button', { name: /^同步状态 已同步至 [\d:]+$/ }).waitFor()
  await page.goto(at)
  await area.getByText(all, { exact: true }).waitFor()
  await area.getByText('待送达').waitFor({ state: 'detached' })
  // On the desk of who registered the paper, in the lists' preview too.
  w = clerk
  await w.page.setViewportSize({ width: 1920, height: 1080 })
  await go(w.page, `/document/${at.split('/').pop()}`)
  await w.page.getByRole('region', { name: '领导批示' }).getByText(all, { exact: true }).waitFor({ timeout: 30_000 })
  await w.page.getByRole('tab', { name: /^流转/ }).click()
  await w.page.getByRole('heading', { name: '流转记录' }).waitFor()
  await shot(w.page, 'words-signed-clerk')
  await w.page.setViewportSize({ width: 1280, height: 800 })
  await sound()
})

test('to-dos: title, category, steps and note', async () => {
  w = leader
  const { page } = w
  await go(page, '/todo?tab=mine')
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: '新建事项' })
  await dialog.waitFor()
  for (const box of await dialog.locator('input.input[type="text"]:visible, input.input:not([type]):visible, textarea.input:visible').all())
    await box.fill(`${stamp}${all}`.slice(0, Number(await box.getAttribute('maxlength')) || 200))
  await dialog.getByRole('button', { name: '加一步' }).click()
  await dialog.getByRole('textbox', { name: '第 1 步' }).fill(all)
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await seen(`${stamp}${all}`.slice(0, 60), '[role=listitem], li')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索' }).fill(stamp)
  await seen(`${stamp}${all}`.slice(0, 20), '[role=option]')
  await page.keyboard.press('Escape')
  await go(page, '/')
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await shot(page, 'words-workbench')
  await sound()
})
