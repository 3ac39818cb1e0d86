// The window around the rooms: open documents, search, notices, what is on this
// machine, settings, profile, the arranged workbench, the way out.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before } from 'node:test'
import { audit, desk, dropPeople, go, openWindow, setOffline, shot, story, wordsKept } from './lib.mjs'

const test = story(() => w)
let w
before(async () => {
  w = await openWindow()
  await w.page.getByRole('heading', { name: '待签' }).waitFor()
})
after(async () => {
  await w?.browser.close()
  dropPeople()
})

const strip = () => w.page.getByRole('navigation', { name: '打开的公文' })
/** closeAll closes every tab, whatever earlier tests have opened. */
async function closeAll() {
  const { page } = w
  for (let n = await strip().getByRole('link').count(); n > 0; n--) {
    await strip().getByRole('button').last().click()
    await page.waitForFunction((left) => document.querySelectorAll('.tab').length === left, n - 1)
  }
}
const titleOf = () => w.page.getByRole('heading', { level: 1 }).first()

test('documents open as tabs, and the keyboard moves and closes them', async () => {
  const { page } = w
  await closeAll()
  const pile = page.getByRole('region', { name: '待签' })
  const titles = []
  for (const i of [0, 1, 2]) {
    await go(page, '/')
    const link = pile.getByRole('link').nth(i)
    titles.push(await link.locator('.ttl').textContent())
    await link.click()
    await page.getByRole('heading', { level: 1, name: titles[i], exact: true }).waitFor()
  }
  const tabs = strip().getByRole('link')
  await tabs.nth(2).waitFor()
  assert.equal(await tabs.count(), 3)
  assert.equal(await tabs.nth(2).getAttribute('aria-current'), 'page')
  await page.keyboard.press('Control+Tab')
  await page.getByRole('heading', { level: 1, name: titles[0], exact: true }).waitFor()
  await page.keyboard.press('Control+Shift+Tab')
  await page.getByRole('heading', { level: 1, name: titles[2], exact: true }).waitFor()
  await page.keyboard.press('Control+w')
  await page.getByRole('heading', { level: 1, name: titles[1], exact: true }).waitFor()
  assert.equal(await tabs.count(), 2)
})

test('what was written and not sent is marked, and tabs outlive a reload', async () => {
  const { page } = w
  const words = page.getByRole('textbox', { name: /意见$/ })
  await words.fill('先记一笔')
  await page.getByRole('status').getByText('正在').waitFor({ state: 'detached' })
  await wordsKept(page)
  await go(page, '/')
  await strip().getByRole('img', { name: '有未保存或未送出的内容' }).waitFor()
  await audit(page, 'workbench with tabs')
  await shot(page, 'tabs')
  await page.reload()
  await strip().getByRole('link').nth(1).waitFor()
  await strip().getByRole('link').nth(1).click()
  await page.waitForFunction(() => document.querySelector('textarea.words')?.value === '先记一笔')
  await words.fill('')
  await wordsKept(page)
  await closeAll()
  await page.getByRole('heading', { name: '待签' }).waitFor()
})

async function search(text) {
  const { page } = w
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索' }).fill(text)
  const hits = page.getByRole('listbox', { name: '搜索结果' })
  await hits.getByRole('option').first().waitFor()
  return hits
}

test('two characters are found in titles, texts and opinions, and the part is said', async () => {
  const { page } = w
  const hits = await search('储备')
  await hits.getByRole('group', { name: '公文' }).getByRole('option', { name: /储备/ }).first().waitFor()
  const text = hits.getByRole('group', { name: '公文' }).getByRole('option').filter({ hasText: '正文' }).first()
  assert.match(await text.locator('mark').first().textContent(), /储备/)
  const opinion = hits.getByRole('group', { name: '意见' }).getByRole('option').first()
  assert.match(await opinion.locator('mark').first().textContent(), /储备/)
  await audit(page, 'search')
  await shot(page, 'search-groups')
})

test('numbers are found, and the keyboard opens what was found', async () => {
  const { page } = w
  const hits = await search('岚建函〔2026〕118')
  const hit = hits.getByRole('option').first()
  await hit.getByText('来文字号').waitFor()
  await page.keyboard.press('Enter')
  await titleOf().waitFor()
  assert.match(page.url(), /#\/document\//)
  await page.keyboard.press('Control+w')
})

test('the first letters of a name find the person', async () => {
  const { page } = w
  const hits = await search('swy')
  await hits.getByRole('group', { name: '同事' }).getByRole('option', { name: /邵文渊/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: '详情' }).getByRole('heading', { name: '邵文渊' }).waitFor()
})

test('what looks like markup is searched for as text', async () => {
  const { page } = w
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索' }).fill(`<img src=x onerror=alert(1)>' OR 1=1 -- "* NEAR(`)
  await page.getByText(/^本机没有找到/).waitFor()
  assert.equal(await page.locator('.hits img').count(), 0)
  await page.keyboard.press('Escape')
})

test('notices say what is new and lead there', async () => {
  const { page } = w
  await go(page, '/')
  await page.getByRole('button', { name: /^通知/ }).click()
  const list = page.getByRole('dialog', { name: /^通知/ })
  const first = list.getByRole('listitem').first().getByRole('button')
  const title = await first.locator('.ttl').textContent()
  await audit(page, 'notices')
  await first.click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByRole('button', { name: /^通知/ }).click()
  await list.getByRole('listitem').first().waitFor()
  const all = list.getByRole('button', { name: '全部标为已看' })
  if (await all.count()) await all.click()
  await page.getByRole('button', { name: '通知', exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.reload()
  await page.getByRole('button', { name: '通知', exact: true }).waitFor()
})

test('a paper that is circulated to me becomes a notice by itself', async () => {
  const { page } = w
  await go(page, '/')
  await desk('heyunzhou', 'sync')
  const papers = await desk('heyunzhou', 'list', 'doc.header', '--limit', '1000')
  const paper = papers.find((p) => p.body.flow_state === 'running' && p.body.title.includes('固定资产投资'))
  await desk('heyunzhou', 'do', 'approval.circulate@1', '-', { subject_kind: 'doc.header', subject: paper.id, to: ['lin-zhiyuan'], words: '请阅。' })
  await desk('heyunzhou', 'sync')
  await page.getByRole('button', { name: /^通知，\d+ 条未看/ }).waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: /^通知，\d+ 条未看/ }).click()
  const item = page.getByRole('dialog', { name: /^通知/ }).getByRole('listitem').first()
  await item.getByText('待阅文件').waitFor()
  assert.equal(await item.getByText('请阅。').count(), 0, 'no contents in a notice')
  await page.keyboard.press('Escape')
})

test('the sync history and what is on this machine', async () => {
  const { page } = w
  await page.getByRole('button', { name: /^同步状态/ }).click()
  await page.getByRole('dialog', { name: '同步状态' }).getByRole('button', { name: '同步记录' }).click()
  const rows = page.getByRole('region', { name: '同步记录' }).getByRole('row')
  await rows.nth(1).waitFor()
  await audit(page, 'sync history')
  await page.getByRole('navigation', { name: '同步与本机' }).getByRole('link', { name: '本机有什么' }).click()
  const kinds = page.getByRole('region', { name: '资料数量' })
  await kinds.getByText('公文正文').waitFor()
  await page.getByRole('region', { name: '占用空间' }).getByText('公文和资料').waitFor()
  await audit(page, 'on this machine')
  await page.getByRole('button', { name: '导出日志' }).click()
  const path = await page.locator('.inform .copy-value span').textContent()
  const about = execFileSync('python3', ['-c', 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.namelist()); print(z.read("about.json").decode())', path], { encoding: 'utf8' })
  assert.match(about, /qianshao\.log/)
  assert.match(about, /"history"/)
  assert.doesNotMatch(about, /通知|请示/)
})

test('settings are kept, and say honestly what this desktop cannot do', async () => {
  const { page } = w
  await page.getByRole('button', { name: /个人设置$/ }).click()
  await page.getByRole('dialog', { name: '个人设置' }).getByRole('link', { name: '设置' }).click()
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor()
  await page.getByText(/没有系统通知服务/).waitFor()
  assert.equal(await page.getByRole('switch', { name: '系统通知' }).isDisabled(), true)
  const look = page.getByRole('region', { name: '显示' })
  await look.getByText('160%', { exact: true }).click()
  await look.getByText('深色', { exact: true }).click()
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
  await audit(page, 'settings, dark, 160 %')
  await shot(page, 'settings-dark-large')
  await page.reload()
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.style.getPropertyValue('--text-scale')), '1.6')
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark')
  await look.getByText('100%', { exact: true }).click()
  await look.getByText('浅色', { exact: true }).click()
  const phrase = `请<b>尽快</b>办理 ${Date.now()}。`
  const box = page.getByRole('textbox', { name: '新的常用语' })
  await box.fill(phrase)
  await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
  assert.equal(await page.getByText(phrase).count(), 0, 'no Enter while composing')
  await box.press('Enter')
  await page.getByRole('listitem').getByText(phrase).waitFor()
  await page.getByRole('button', { name: `删除“${phrase}”` }).click()
  await page.getByText(phrase).waitFor({ state: 'detached' })
  await audit(page, 'settings')
})

test('what others made is named, with its licence', async () => {
  const { page } = w
  await page.getByRole('button', { name: '第三方软件声明' }).click()
  const dialog = page.getByRole('dialog', { name: '第三方软件声明' })
  await dialog.getByRole('button', { name: /^element-plus/ }).waitFor()
  await dialog.getByRole('button', { name: /^github\.com\/wailsapp\/wails\/v2/ }).click()
  await dialog.getByText(/Permission is hereby granted/).waitFor()
  await audit(page, 'notices of others', { within: '.el-dialog' })
  await page.keyboard.press('Escape')
})

test('the profile says what the directory knows; a password is changed with care', async () => {
  const { page } = w
  await go(page, '/profile')
  await page.getByRole('region', { name: '林知远' }).getByText('分管领导').waitFor()
  const form = page.getByRole('form', { name: '修改密码' })
  const fill = (name, v) => form.getByRole('textbox', { name, exact: true }).or(form.getByLabel(name, { exact: true })).first().fill(v)
  await fill('现在的密码', 'not-the-password-1')
  await fill('新密码', '一个新的长密码 2026')
  await fill('再写一次新密码', '另一个')
  await form.getByRole('button', { name: '修改密码' }).click()
  await form.getByText('两次写的新密码不一样').waitFor()
  await fill('再写一次新密码', '一个新的长密码 2026')
  await form.getByRole('button', { name: '修改密码' }).click()
  await form.getByText('账号或密码不正确').waitFor()
  await audit(page, 'profile')
})

test('the workbench stays as it was arranged', async () => {
  const { page } = w
  await go(page, '/')
  const arrange = () => page.getByRole('button', { name: '调整工作台' }).click()
  const dialog = page.getByRole('dialog', { name: '调整工作台' })
  await arrange()
  await dialog.getByRole('checkbox', { name: '待阅' }).uncheck()
  await dialog.getByRole('button', { name: '上移今日日程' }).click()
  await dialog.getByRole('button', { name: '上移今日日程' }).click()
  await audit(page, 'arrange', { within: '.el-dialog' })
  await dialog.getByRole('button', { name: '保存' }).click()
  const heads = page.locator('.pile h2')
  await page.waitForFunction(() => document.querySelectorAll('.pile').length === 2)
  assert.deepEqual(await heads.allTextContents(), ['今日日程', '待签'])
  await page.reload()
  await page.getByRole('heading', { name: '待签' }).waitFor()
  assert.deepEqual(await heads.allTextContents(), ['今日日程', '待签'])
  await arrange()
  await dialog.getByRole('button', { name: '恢复原样' }).click()
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.waitForFunction(() => document.querySelectorAll('.pile').length === 3)
  assert.deepEqual(await heads.allTextContents(), ['待签', '待阅', '今日日程'])
})

test('the way out names what the server does not have', async () => {
  const { page } = w
  const title = `离线记的 <i>一件</i> ${Date.now()}`
  await setOffline(page, true)
  await go(page, '/todo?tab=mine')
  await page.getByRole('textbox', { name: '新建事项' }).fill(title)
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: title }).waitFor()
  await page.getByRole('button', { name: /个人设置$/ }).click()
  await page.getByRole('dialog', { name: '个人设置' }).getByRole('button', { name: '退出登录' }).click()
  const dialog = page.getByRole('dialog', { name: '退出登录' })
  const list = dialog.getByRole('list', { name: '没有送到服务器的内容' })
  await list.getByText(title).waitFor()
  assert.equal(await dialog.getByRole('button', { name: '退出登录', exact: true }).count(), 0, 'no way out without a choice')
  await audit(page, 'sign-out', { within: '.el-dialog' })
  await shot(page, 'sign-out-unsent')
  await dialog.getByRole('button', { name: '现在发送' }).click()
  await dialog.getByText('现在离线').waitFor()
  await dialog.getByRole('button', { name: '取消' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await setOffline(page, false)
  await page.getByRole('button', { name: /^同步状态 已同步至 [\d:]+$/ }).waitFor({ timeout: 30_000 })
  const row = page.getByRole('listitem').filter({ hasText: title })
  await row.dblclick()
  await page.getByRole('dialog', { name: '修改事项' }).getByRole('button', { name: '删除' }).click()
  await row.waitFor({ state: 'detached' })
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})
