// To-dos: a leader's morning off line by keyboard alone, batch sign and read
// with what became of each, plans that repeat and remind.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { accessible } from './axe.mjs'
import { dropPeople, go, openWindow, setOffline, shot, story } from './lib.mjs'

const stamp = Date.now().toString(36)
const nasty = `<script>document.title='broken'</script>' OR 1=1;-- 䶮喆𠮷 שלום`
const test = story(() => w)
let w
before(async () => {
  w = await openWindow()
  await w.page.getByRole('navigation', { name: '主导航' }).waitFor()
})
after(async () => {
  await w?.browser.close()
  dropPeople()
})
const grid = (page, name = '待办公文') => page.getByRole('grid', { name })
const count = (page) => grid(page).locator('tr[data-row]').count()
const focused = (locator) => locator.evaluate((x) => x === document.activeElement)
async function tabTo(page, locator, key = 'Tab') {
  for (let i = 0; i < 40; i++) {
    if (await focused(locator)) return
    await page.keyboard.press(key)
  }
  assert.fail(`${key} does not reach ${locator}`)
}

test('approvals stand in one list by due time, and are filtered', async () => {
  const { page } = w
  await go(page, '/todo')
  await grid(page).waitFor()
  const all = await count(page)
  await page.getByRole('search', { name: '筛选' }).getByRole('button', { name: /^类别/ }).click()
  await page.getByRole('checkbox', { name: '签报', exact: true }).check()
  await page.keyboard.press('Escape')
  await page.waitForFunction((n) => document.querySelectorAll('tr[data-row]').length < n, all)
  await page.getByRole('search', { name: '筛选' }).getByRole('button', { name: '清除' }).click()
  await page.getByRole('button', { name: '常显意见' }).click()
  await page.locator('.said').filter({ visible: true }).first().waitFor()
  await shot(page, 'todo-spoken')
  await accessible(page, 'to-dos')
  await page.getByRole('button', { name: '常显意见' }).click()
})

let signed = ''
let returned = ''
test("a leader's morning off line, by keyboard alone: sign, go on, return", async () => {
  const { page } = w
  // The first thing on the train: the switch in the sync line.
  await tabTo(page, page.getByRole('button', { name: /^同步状态/ }), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('dialog', { name: '同步状态' }).getByRole('switch', { name: '离线工作' }))
  await page.keyboard.press('Space')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^同步状态 离线/ }).first().waitFor()
  const papers = grid(page).locator('tr[data-row]:not(.need)')
  // Papers that ask for nothing but words and a signature.
  const titles = await papers.evaluateAll((l) => l.filter((r) => /批示|审签|签发/.test(r.textContent)).map((r) => r.querySelector('.tx').textContent))
  assert.ok(titles.length >= 2)
  for (let i = 0; i < 40 && (await grid(page).locator('tr.cur .tx').textContent({ timeout: 200 }).catch(() => '')) !== titles[0]; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  signed = titles[0]
  await page.getByRole('heading', { level: 1, name: signed }).waitFor()
  await page.locator('article.sheet').first().waitFor()
  const box = page.getByRole('textbox', { name: /意见$/ })
  await tabTo(page, box)
  await page.keyboard.type(`同意。${nasty}`)
  await page.keyboard.press('Control+Enter')
  await page.getByText(nasty).first().waitFor()
  await page.getByText(/待送达/).first().waitFor()
  await shot(page, 'signed-offline')
  // On to the next, and back to whoever sent it.
  await page.keyboard.press('Alt+ArrowRight')
  await page.waitForFunction((t) => document.querySelector('h1')?.textContent !== t, signed)
  await page.locator('article.sheet').first().waitFor()
  const may = page.getByRole('button', { name: '退回', exact: true })
  for (let i = 0; i < 12 && !(await may.isVisible()); i++) await page.keyboard.press('Alt+ArrowRight')
  returned = await page.locator('h1').first().textContent()
  await page.keyboard.press('Alt+r')
  const dialog = page.getByRole('dialog', { name: '退回' })
  await dialog.waitFor()
  const why = dialog.getByRole('textbox', { name: '退回理由' })
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  assert.ok(await focused(why))
  await page.keyboard.type(`请补充依据。${nasty}`)
  await accessible(page, 'return dialog')
  await page.keyboard.press('Control+Enter')
  await dialog.waitFor({ state: 'hidden' })
  assert.equal(await page.title(), '前哨')
})

test('what was sent round is read one by one and together, off line', async () => {
  const { page } = w
  await go(page, '/todo?tab=read')
  await grid(page, '待阅').waitFor()
  const unread = await page.locator('tr.unread').count()
  if (unread > 0) {
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('r')
    await page.waitForFunction((n) => document.querySelectorAll('tr.unread').length === n - 1, unread)
  }
  if (unread > 1) {
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+Enter')
    const dialog = page.getByRole('dialog', { name: /^批量阅读/ })
    await dialog.waitFor()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('已阅。')
    await page.keyboard.press('Control+Enter')
    await dialog.getByText(/已存入本机，联网后送达/).waitFor()
    await shot(page, 'batch-read')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await page.waitForFunction(() => document.querySelectorAll('tr.unread').length === 0)
  }
  await accessible(page, 'papers to read')
})

test('a batch says what it will not sign, and signs the rest', async () => {
  const { page } = w
  await go(page, '/todo')
  await grid(page).waitFor()
  await page.keyboard.press('Control+a')
  await page.getByRole('toolbar', { name: '批量操作' }).waitFor()
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: /^批量签署/ })
  const list = dialog.getByRole('list')
  await list.getByRole('listitem').first().waitFor()
  await shot(page, 'batch-sign')
  await accessible(page, 'batch sign')
  const off = await list.locator('li.off').count()
  const on = (await list.getByRole('listitem').count()) - off
  assert.ok(off > 0, 'something is refused')
  await list.getByText('签发、复核须先打开看过正文').first().waitFor()
  if (on > 0) {
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('同意。')
    await page.keyboard.press('Control+Enter')
    await dialog.getByText(new RegExp(`^${on} 件已存入本机`)).waitFor()
    await dialog.getByRole('heading', { name: `${off} 件没有办` }).waitFor()
    await shot(page, 'batch-sign-result')
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
})

test('back on line, each has taken effect', async () => {
  const { page } = w
  await setOffline(page, false)
  await go(page, '/todo?tab=handled')
  const table = grid(page, '已办公文')
  await table.getByRole('row').filter({ hasText: signed }).getByText(nasty).waitFor()
  await page.waitForFunction(() => document.querySelector('tr[data-row]') && !document.querySelector('tr[data-row] .m-wait, tr[data-row] .m-sent'), null, { timeout: 40_000 })
  await table.getByRole('row').filter({ hasText: returned }).getByText('退回').first().waitFor()
  await shot(page, 'handled')
  await accessible(page, 'handled papers')
})

test('a plan repeats, reminds, and keeps what was done', async () => {
  const { page } = w
  const title = `报送值班表 ${stamp} ${nasty}`
  await go(page, '/todo?tab=mine')
  await page.getByRole('heading', { level: 1, name: '待办' }).waitFor()
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: '新建事项' })
  await dialog.getByRole('textbox', { name: '标题' }).fill(title)
  const due = dialog.getByRole('combobox', { name: '期限' })
  await due.click()
  await page.getByRole('button', { name: '此刻' }).or(page.getByRole('button', { name: '确定' })).first().click()
  await dialog.getByRole('combobox', { name: '提醒' }).selectOption({ label: '到时提醒' })
  await dialog.getByRole('combobox', { name: '重复' }).selectOption({ label: '每周' })
  await dialog.getByLabel('清单').fill('防汛')
  await dialog.getByRole('button', { name: '加一步' }).click()
  await page.keyboard.type(nasty)
  await shot(page, 'plan')
  await accessible(page, 'plan')
  await dialog.getByRole('button', { name: '保存' }).click()
  const row = page.getByRole('listitem').filter({ hasText: stamp })
  await row.getByText(title, { exact: true }).waitFor()
  await row.getByText('每周').waitFor()
  await row.getByText('0 / 1 步').waitFor()
  await accessible(page, 'own to-dos')
  await row.getByRole('checkbox').check()
  await row.getByText('0 / 1 步').waitFor() // it goes on
  await page.getByRole('tab', { name: '已完成' }).click()
  await page.getByRole('tab', { name: '已完成', selected: true }).waitFor()
  // What was done may still be on its way out of the list before.
  await page.getByRole('listitem').filter({ hasText: stamp }).getByText(title, { exact: true }).first().waitFor()
  await page.getByRole('tab', { name: /^我的事项/ }).click()
  await page.getByRole('listitem').filter({ hasText: stamp }).dblclick()
  const edit = page.getByRole('dialog', { name: '修改事项' })
  assert.equal(await edit.getByRole('textbox', { name: '第 1 步' }).inputValue(), nasty)
  await edit.getByRole('button', { name: '删除', exact: true }).click()
  await page.getByRole('listitem').filter({ hasText: stamp }).waitFor({ state: 'detached' })
})

test('dark, and text at 160 %, break no rule', async () => {
  const { page } = w
  const settings = async (change) => {
    const p = await page.evaluate(() => window.go.bridge.Settings.Get())
    await page.evaluate((x) => window.go.bridge.Settings.Set(x), { ...p, ...change })
    await page.reload()
    // A page that has not found its first place yet goes nowhere else.
    await page.getByRole('heading', { level: 1 }).first().waitFor()
  }
  await settings({ theme: 'dark', text: 160 })
  for (const [name, path] of [['todo', '/todo'], ['documents', '/documents/in'], ['draft', '/draft/sign']]) {
    await go(page, path)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.locator('tr[data-row], .text-editor').first().waitFor()
    await shot(page, `dark-160-${name}`)
    await accessible(page, `${name}, dark, 160 %`)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1), `${name} spills`)
  }
  await settings({ theme: 'light', text: 100 })
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})
