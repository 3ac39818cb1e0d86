// Every state of the window, each reached with the real program: first start,
// first load, an ended session, a revoked device, a program too old, a server
// gone, a full disk.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { audit, desk, dropPeople, go, shot, wordsKept } from './lib.mjs'
import { dropPrograms, startProgram } from './program.mjs'
import { damaged, early, expired, firstStart, full, gone, loading, password, preset, revoked, syncNow, tooOld } from './shots.states.mjs'

after(async () => {
  dropPeople()
  await dropPrograms()
})
const rail = (p) => p.page.getByRole('navigation', { name: '主导航' })
const inside = (p) => rail(p).waitFor({ timeout: 30_000 })
const unbroken = async (p) => {
  assert.deepEqual(p.faults, [])
  assert.deepEqual(await p.page.evaluate(() => window.breaches), [])
  await p.stop()
}

test('the first start asks for the server and says where to get it', async () => {
  const p = await firstStart()
  const form = p.page.getByRole('form', { name: '登录' })
  await form.getByText('第一次使用').waitFor()
  await form.getByText(/服务器地址由本单位信息部门提供/).waitFor()
  await form.getByRole('textbox', { name: '服务器地址' }).waitFor()
  await audit(p.page, 'first start')
  await unbroken(p)
})

test('what IT has set is offered and cannot be changed', async () => {
  const p = await preset(JSON.stringify({ server: 'https://oa.qinglan.example', fixed: true }))
  const form = p.page.getByRole('form', { name: '登录' })
  await form.getByText('https://oa.qinglan.example').waitFor()
  await form.getByText('单位设定').waitFor()
  assert.equal(await form.getByRole('textbox', { name: '服务器地址' }).count(), 0)
  await audit(p.page, 'preset')
  await unbroken(p)
})

test('what IT has set and nobody can read keeps passwords at home', async () => {
  const p = await preset('{')
  const form = p.page.getByRole('form', { name: '登录' })
  await form.getByRole('alert').getByText(/policy\.json$/).waitFor()
  assert.equal(await form.getByRole('button', { name: '登录', exact: true }).isDisabled(), true)
  await audit(p.page, 'preset broken')
  await unbroken(p)
})

test('the first load says what it does, survives a broken way and opens the desk', async () => {
  const p = await loading()
  await p.page.getByRole('progressbar').waitFor()
  await audit(p.page, 'loading')
  p.way.cut(true)
  await p.page.getByRole('alert').getByText('连不上服务器').waitFor()
  p.way.cut(false)
  p.go()
  await inside(p)
  await p.page.getByRole('button', { name: /^同步状态 已同步至/ }).waitFor({ timeout: 60_000 })
  await unbroken(p)
})

test('the lists of a first load are used early and labelled', async () => {
  const p = await early()
  await p.page.getByRole('region', { name: '队列' }).waitFor()
  await p.page.getByRole('button', { name: /^同步状态 正在首次下载/ }).waitFor()
  await audit(p.page, 'early use')
  await shot(p.page, 'state-early')
  p.go()
  await p.page.getByText('正在首次下载', { exact: true }).first().waitFor({ state: 'detached', timeout: 30_000 })
  await unbroken(p)
})

test('an ended session: work goes on, one sign-in later it is delivered', async () => {
  const p = await expired()
  const { page } = p
  const title = '登录过期时记的一件'
  await go(page, '/todo?tab=mine')
  await page.getByRole('textbox', { name: '新建事项' }).fill(title)
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: title }).getByText('待送达').waitFor()
  await page.getByRole('textbox', { name: '新建事项' }).fill('写了一半')
  await page.getByRole('button', { name: '重新登录' }).click()
  const dialog = page.getByRole('dialog', { name: '重新登录' })
  await dialog.getByLabel('密码').fill('wrong-password-1')
  await dialog.getByRole('button', { name: '登录' }).click()
  await dialog.getByText('账号或密码不正确').waitFor()
  await audit(page, 'sign in again', { within: '.el-dialog' })
  await dialog.getByLabel('密码').fill(password())
  await dialog.getByRole('button', { name: '登录' }).click()
  await dialog.waitFor({ state: 'hidden' })
  // Not any alert: the demonstration's calendar may ring meanwhile.
  await page.getByRole('alert').filter({ hasText: '登录已过期' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^同步状态 已同步至 [\d:]+$/ }).waitFor()
  assert.equal(await page.getByRole('textbox', { name: '新建事项' }).inputValue(), '写了一半', 'nothing was closed')
  const there = await desk('yuelinchuan', 'sync').then(() => desk('yuelinchuan', 'list', 'todo.item', '--limit', '500'))
  assert.ok(there.some((r) => r.body.title === title), 'it reached the server')
  await unbroken(p)
})

test('a revoked device shows nothing but the words of its person, after a restart too', async () => {
  const p = await revoked()
  await go(p.page, '/')
  const link = p.page.getByRole('region', { name: '待办' }).getByRole('link').first()
  const paper = await link.locator('.ttl').textContent()
  await link.click()
  await p.page.getByRole('textbox', { name: /意见$/ }).fill('还没送出的话')
  await wordsKept(p.page)
  await p.revoke()
  const body = () => p.page.locator('body').innerText()
  await p.page.getByText('还没送出的话').waitFor()
  assert.ok(!(await body()).includes(paper), 'no title is left')
  await audit(p.page, 'revoked')
  await p.stop()
  const again = await startProgram(p.profile)
  await again.page.getByRole('region', { name: '这台设备已被停用' }).waitFor()
  assert.ok(!(await again.page.locator('body').innerText()).includes(paper))
  await unbroken(again)
})

test('a program too old says so and works on', async () => {
  const p = await tooOld()
  await go(p.page, '/todo?tab=mine')
  await p.page.getByRole('textbox', { name: '新建事项' }).fill('旧程序里记的')
  await p.page.keyboard.press('Enter')
  await p.page.getByRole('listitem').filter({ hasText: '旧程序里记的' }).getByText('待送达').waitFor()
  await audit(p.page, 'too old', { within: '.under-top' })
  await unbroken(p)
})

test('the server goes and comes back', async () => {
  const p = await gone()
  await p.page.getByRole('button', { name: /^同步状态 离线/ }).click()
  await p.page.getByRole('dialog', { name: '同步状态' }).getByText('连不上服务器').first().waitFor()
  await audit(p.page, 'server gone')
  await p.page.keyboard.press('Escape')
  p.way.cut(false)
  await syncNow(p.page)
  await p.page.getByRole('button', { name: /^同步状态 已同步至/ }).waitFor()
  await unbroken(p)
})

test('a damaged file is set aside, fetched again, erased then, and the history says so', async () => {
  const p = await damaged()
  const { page } = p
  const list = page.getByRole('region', { name: '同步记录' })
  await list.getByText('存放公文和资料的文件损坏，已重新下载；下载完整后清除原文件。').waitFor()
  await audit(page, 'history with events')
  await page.getByText('特殊情况', { exact: true }).click()
  await page.waitForFunction(() => document.querySelectorAll('.ledger tbody tr').length === document.querySelectorAll('.ledger tr.happened').length)
  await shot(page, 'state-history-events')
  await go(page, '/sync/here')
  const disk = page.getByRole('region', { name: '占用空间' })
  await disk.getByText('公文和资料', { exact: true }).waitFor()
  assert.equal(await disk.getByText('留待诊断的文件').count(), 0)
  await unbroken(p)
})

test('a full disk: what was not saved is said, the words stay, room makes it good', async (t) => {
  const p = await full()
  if (!p) return t.skip('no file system may be mounted here')
  const { page } = p
  await go(page, '/todo?tab=mine')
  const box = page.getByRole('textbox', { name: '新建事项' })
  await box.fill('磁盘满时记的')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('磁盘已满', { exact: true }).waitFor()
  assert.equal(await box.inputValue(), '磁盘满时记的')
  await page.getByRole('button', { name: '再试一次' }).click()
  await page.getByRole('alert').getByText('磁盘已满，没有保存').first().waitFor()
  await audit(page, 'full disk', { within: '.under-top' })
  p.free()
  await page.getByRole('button', { name: '再试一次' }).click()
  await page.getByRole('button', { name: '再试一次' }).waitFor({ state: 'detached' })
  await box.press('Enter')
  await page.getByRole('listitem').filter({ hasText: '磁盘满时记的' }).waitFor()
  await unbroken(p)
})
