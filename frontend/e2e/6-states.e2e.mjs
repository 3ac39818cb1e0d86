// Every state of the window, each reached with the real program: first start,
// first load, an ended session, a revoked device, a program too old, a server
// gone, a full disk, a second start, links, notifications of the system.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { audit, desk, dropPeople, go, shot } from './lib.mjs'
import { dropPrograms, folder, signIn, start, startProgram } from './program.mjs'
import { early, expired, firstStart, full, gone, loading, password, preset, revoked, syncNow, tooOld } from './shots.states.mjs'

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
  await page.getByRole('alert').waitFor({ state: 'detached' })
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
  await p.page.waitForTimeout(900) // the autosave's pause
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

test('a second start brings the window forward and passes its link, if it is on the list', async () => {
  const profile = folder('second')
  await signIn(profile, 'chuyan')
  const p = await startProgram(profile, { args: ['qianshao://contacts'] })
  await p.page.waitForURL(/#\/contacts$/)
  const other = await start(['--profile', profile, 'qianshao://todo/'])
  assert.equal(other.code, 5)
  assert.match(other.told, /已切换到打开的窗口/)
  await p.page.waitForURL(/#\/todo$/)
  for (const bad of ['qianshao://todo/../settings', 'qianshao://document/%3Cscript%3E', 'qianshao://nowhere']) {
    assert.equal((await start(['--profile', profile, bad])).code, 5)
  }
  const id = 'not-a-paper-of-mine'
  assert.equal((await start(['--profile', profile, `qianshao://document/${id}`])).code, 5)
  await p.page.getByText('这件公文不在本机').waitFor()
  assert.match(p.page.url(), new RegExp(`#/document/${id}$`), 'the bad ones led nowhere')
  await unbroken(p)
})

test('tabs and the window’s own settings outlive a restart', async () => {
  const profile = folder('restart')
  await signIn(profile, 'shaowenyuan')
  let p = await startProgram(profile)
  await p.page.getByRole('region', { name: '待办' }).getByRole('link').first().click()
  await p.page.locator('article.sheet').first().waitFor()
  const strip = () => p.page.getByRole('navigation', { name: '打开的公文' }).getByRole('link')
  const title = await strip().first().getAttribute('title')
  await go(p.page, '/settings')
  await p.page.getByRole('region', { name: '显示' }).getByText('130%', { exact: true }).click()
  await p.page.waitForFunction(() => document.documentElement.style.getPropertyValue('--text-scale') === '1.3')
  await p.stop()
  // The place of the window is written beside, not over, what was set.
  assert.ok(existsSync(join(profile, 'window.json')))
  assert.equal(JSON.parse(readFileSync(join(profile, 'preferences.json'), 'utf8')).text, 130)
  p = await startProgram(profile)
  await strip().first().waitFor()
  assert.equal(await strip().first().getAttribute('title'), title)
  assert.equal(await p.page.evaluate(() => document.documentElement.style.getPropertyValue('--text-scale')), '1.3')
  await unbroken(p)
})

test('the system shows what is new, and answering it leads there', async (t) => {
  const bus = '/usr/bin/dbus-run-session'
  if (!existsSync(bus)) return t.skip('no dbus-run-session here')
  const heard = join(folder('bus'), 'heard')
  const profile = folder('notify')
  await signIn(profile, 'yaojingshu')
  const service = join(fileURLToPath(new URL('.', import.meta.url)), 'notifyd.py')
  const p = await startProgram(profile, {
    before: [bus, '--', 'python3', service, heard, '固定资产'],
  })
  await inside(p)
  await go(p.page, '/settings')
  await p.page.getByRole('region', { name: '通知' }).getByRole('switch', { name: '系统通知' }).waitFor()
  assert.equal(await p.page.getByRole('switch', { name: '系统通知' }).isDisabled(), false)
  await p.page.getByRole('button', { name: '发一条试试' }).click()
  await p.page.getByText('已发出一条系统通知').waitFor()
  await desk('heyunzhou', 'sync')
  const papers = await desk('heyunzhou', 'list', 'doc.header', '--limit', '1000')
  const about = (word) => papers.find((x) => x.body.flow_state === 'running' && x.body.title.includes(word))
  const paper = about('固定资产投资')
  const circulate = async (paper) => {
    await desk('heyunzhou', 'do', 'approval.circulate@1', '-', { subject_kind: 'doc.header', subject: paper.id, to: ['yao-jingshu'], words: '内容不外露' })
    await desk('heyunzhou', 'sync')
  }
  await circulate(paper)
  // The service presses it at once: the window is where the paper is.
  await p.page.waitForURL(new RegExp(`#/document/${paper.id}$`))
  await go(p.page, '/settings')
  await p.page.getByText('只说有新事项').click()
  await circulate(about('消防安全'))
  await p.page.getByRole('button', { name: /^通知，\d+ 条未看/ }).waitFor()
  const lines = () => readFileSync(heard, 'utf8').trim().split('\n').map((l) => JSON.parse(l))
  while (lines().length < 3) await p.page.evaluate(() => new Promise((done) => setTimeout(done, 50)))
  const [tried, named, hidden] = lines()
  assert.equal(tried.body, '系统通知可以正常显示。')
  assert.deepEqual([named.summary, named.body], ['待阅文件', paper.body.title])
  assert.deepEqual([hidden.summary, hidden.body], ['前哨', '待阅文件'])
  assert.doesNotMatch(readFileSync(heard, 'utf8'), /内容不外露/)
  await unbroken(p)
})

test('a head of a unit, a clerk and an administrator each have their own first page and rail', async () => {
  const window = async (user) => {
    const profile = folder(user)
    await signIn(profile, user)
    const p = await startProgram(profile)
    await inside(p)
    return p
  }
  const head = await window('shijingting')
  await head.page.getByRole('region', { name: '本科室在办' }).waitFor()
  await head.page.getByRole('region', { name: '逾期' }).waitFor()
  await audit(head.page, 'workbench of a head')
  await unbroken(head)
  const clerk = await window('dingxiaohe')
  const queues = clerk.page.getByRole('region', { name: '队列' })
  await queues.getByRole('link', { name: '登记收文' }).waitFor()
  await audit(clerk.page, 'workbench of a clerk')
  await queues.getByRole('region', { name: '收文' }).getByRole('link').first().click()
  await clerk.page.waitForURL(/#\/documents\/in\?queue=mine$/)
  await unbroken(clerk)
  const admin = await window('sys01')
  await admin.page.getByRole('region', { name: '我的事项' }).waitFor()
  assert.equal(await rail(admin).getByRole('link', { name: '公文' }).count(), 0)
  await go(admin.page, '/documents/in')
  await admin.page.waitForURL(/#\/$/)
  await audit(admin.page, 'workbench of an administrator')
  await unbroken(admin)
})

test('a new password counts at once', async () => {
  const profile = folder('password')
  await signIn(profile, 'qinheming')
  const p = await startProgram(profile)
  await inside(p)
  await go(p.page, '/profile')
  const form = p.page.getByRole('form', { name: '修改密码' })
  const now = `清岚-${Date.now()}-长密码`
  await form.getByLabel('现在的密码', { exact: true }).fill(password())
  await form.getByLabel('新密码', { exact: true }).fill('123')
  await form.getByLabel('再写一次新密码', { exact: true }).fill('123')
  await form.getByRole('button', { name: '修改密码' }).click()
  await form.getByText('密码太弱').waitFor()
  await form.getByLabel('新密码', { exact: true }).fill(now)
  await form.getByLabel('再写一次新密码', { exact: true }).fill(now)
  await form.getByRole('button', { name: '修改密码' }).click()
  await p.page.getByText('密码已修改').waitFor()
  await syncNow(p.page)
  await p.page.getByRole('button', { name: /^同步状态 已同步至/ }).waitFor()
  await assert.rejects(signIn(folder('old-password'), 'qinheming', { load: false }), 'the old password is no longer good')
  await unbroken(p)
})
