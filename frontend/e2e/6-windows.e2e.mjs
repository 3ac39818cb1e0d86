// Windows of their own, on the real program: a second start, links, what
// outlives a restart, notifications of the system, first pages by role, a new
// password.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { audit, desk, dropPeople, go } from './lib.mjs'
import { dropPrograms, folder, signIn, start, startProgram } from './program.mjs'
import { password, syncNow } from './shots.states.mjs'

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
    before: [bus, '--', '/usr/bin/python3', service, heard, '固定资产'],
  })
  await inside(p)
  writeFileSync(`${heard}.press`, '')
  await go(p.page, '/settings')
  await p.page.getByRole('button', { name: '发一条试试' }).waitFor()
  await p.page.waitForFunction(() => document.querySelector('[role=switch][aria-label=系统通知]')?.disabled === false)
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
  await p.page.waitForFunction(() => window.go.bridge.Settings.Get().then((x) => x.detail === 'count'))
  await circulate(about('消防安全'))
  await p.page.getByRole('button', { name: /^通知，\d+ 条未看/ }).waitFor()
  const lines = () => readFileSync(heard, 'utf8').trim().split('\n').map((l) => JSON.parse(l))
  while (!lines().some((l) => l.body === '待阅文件')) await p.page.evaluate(() => new Promise((done) => setTimeout(done, 50)))
  // Others' papers may be told of in between.
  const tried = lines()[0]
  const named = lines().find((l) => l.body === paper.body.title)
  const hidden = lines().findLast((l) => l.summary === '前哨')
  assert.equal(tried.body, '系统通知可以正常显示。')
  assert.deepEqual([named.summary, named.body], ['待阅文件', paper.body.title])
  assert.deepEqual([hidden.summary, hidden.body], ['前哨', '待阅文件'])
  assert.doesNotMatch(readFileSync(heard, 'utf8'), /内容不外露/)
  await unbroken(p)
})

test('a reminder is shown by the system once, and answering it leads to its event', async (t) => {
  const bus = '/usr/bin/dbus-run-session'
  if (!existsSync(bus)) return t.skip('no dbus-run-session here')
  const heard = join(folder('bus'), 'heard')
  const profile = folder('ring')
  const user = 'fangqiming'
  const begin = Date.now() + 10 * 60_000
  for (const [id, title] of [['ring-a', '提醒甲 <b>防汛会商</b>'], ['ring-b', '提醒乙']]) {
    await desk(user, 'do', 'calendar.create@1', '-', { id: `${id}-${begin}`, title, place: '三楼', start: begin, end: begin + 3_600_000, reminder: 15 })
  }
  await desk(user, 'sync')
  await signIn(profile, user)
  const service = join(fileURLToPath(new URL('.', import.meta.url)), 'notifyd.py')
  const open = () => startProgram(profile, { before: [bus, '--', '/usr/bin/python3', service, heard, '提醒甲'] })
  let p = await open()
  const tray = () => p.page.getByRole('region', { name: '日程提醒' })
  await tray().getByText('提醒甲').waitFor()
  writeFileSync(`${heard}.press`, '')
  await p.page.waitForURL(new RegExp(`#/calendar\\?show=ring-a-${begin}$`))
  await tray().getByRole('button', { name: '知道了：提醒乙' }).waitFor()
  await tray().getByText('提醒甲').waitFor({ state: 'detached' }) // answered is put away
  const lines = () => readFileSync(heard, 'utf8').trim().split('\n').map((l) => JSON.parse(l)).filter((l) => l.body.startsWith('提醒'))
  assert.deepEqual(lines().map((l) => [l.summary, l.body.replace(/\d+ /, 'N ')]).sort(), [['日程提醒', '提醒乙 · N 分钟后开始 · 三楼'], ['日程提醒', '提醒甲 <b>防汛会商</b> · N 分钟后开始 · 三楼']])
  await p.stop()
  p = await open()
  await tray().getByRole('button', { name: '知道了：提醒乙' }).waitFor() // still there, and silent
  await go(p.page, '/settings')
  await p.page.getByRole('button', { name: '发一条试试' }).click()
  await p.page.getByText('已发出一条系统通知').waitFor()
  assert.equal(lines().length, 2, 'rang once')
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
