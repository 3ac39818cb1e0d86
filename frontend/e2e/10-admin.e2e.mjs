// users: linzhiyuan sys01 sec01
// The directory's administration: units, posts, people and roles by two
// administrators, each only their own half, with effects on other desks at once.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { audit, corpus, desk, dropPeople, go, openWindow, pageOf, root, server, setOffline, shot, story, url } from './lib.mjs'
import { dropPrograms, folder } from './program.mjs'

let w, sec, other
const test = story(() => w)
const stamp = Date.now().toString(36)

before(async () => {
  w = await openWindow({ at: pageOf('sys01') })
  await w.page.getByRole('link', { name: '机构与人员' }).waitFor()
})
after(async () => {
  for (const x of [w, sec, other]) await x?.browser.close()
  dropPeople()
  await dropPrograms()
})
const run = promisify(execFile)
const program = join(process.env.QS_BIN ?? join(root, 'build', 'bin'), 'desk')
/** signInAs signs a new machine in with a password of its own, and gives its profile. */
async function signInAs(user, password) {
  const profile = folder('account')
  const file = join(folder('password'), 'password')
  writeFileSync(file, password, { mode: 0o600 })
  await run(program, ['--profile', profile, 'login', '--server', server, '--user', user, '--password-file', file])
  return profile
}
const syncOf = (profile) => run(program, ['--profile', profile, 'sync'])

const tree = () => w.page.getByRole('listbox', { name: '机构', exact: true })
const unit = (name) => tree().getByRole('option', { name: new RegExp(`^${name}`) })
async function tab(page, name) {
  await page.getByRole('tab', { name, exact: true }).click()
}
/** papers are the headers that somebody's desk holds. */
async function papers(user) {
  await desk(user, 'sync')
  return (await desk(user, 'list', 'doc.header', '--limit', '1000')).length
}

test('a unit is made, moved, renamed; closed when nothing is left in it', async () => {
  const { page } = w
  await page.getByRole('link', { name: '机构与人员' }).click()
  await unit('清岚市人民政府办公室').click()
  await page.getByRole('button', { name: '新建下级' }).click()
  let panel = page.getByRole('region', { name: '新建机构' })
  await panel.getByRole('textbox', { name: '机构名称' }).fill(`专项办${stamp}`)
  await panel.getByRole('button', { name: '保存' }).click()
  await unit(`专项办${stamp}`).waitFor()
  panel = page.getByRole('region', { name: new RegExp(`^专项办${stamp}`) })
  const names = () => page.evaluate(() => [...document.querySelectorAll('.tree li > span:first-child')].map((e) => e.textContent))
  const last = (await names()).findIndex((n) => n === `专项办${stamp}`)
  await panel.getByRole('button', { name: '上移' }).click()
  await page.waitForFunction(([n, i]) => [...document.querySelectorAll('.tree li > span:first-child')].findIndex((e) => e.textContent === n) < i, [`专项办${stamp}`, last])
  await panel.getByRole('textbox', { name: '机构名称' }).fill(`专班${stamp}`)
  await panel.getByRole('button', { name: '保存' }).click()
  await unit(`专班${stamp}`).waitFor()
  panel = page.getByRole('region', { name: new RegExp(`^专班${stamp}`) })
  await panel.getByRole('button', { name: '新建岗位' }).click()
  const dialog = page.getByRole('dialog', { name: '新建岗位' })
  await dialog.getByRole('textbox', { name: '岗位名称' }).fill(`联络员${stamp}`)
  await dialog.getByRole('button', { name: '保存' }).click()
  await panel.getByRole('listitem').filter({ hasText: `联络员${stamp}` }).waitFor()
  await shot(page, 'admin-units')
  await audit(page, 'page', { within: '.main' })
  await panel.getByRole('button', { name: '撤销机构' }).click()
  await panel.getByRole('alert').getByText('岗位还在用').waitFor()
  await unit('秘书一科').click()
  await page.getByRole('button', { name: '撤销机构' }).click()
  await page.getByRole('alert').getByText('还有人在').waitFor()
  await shot(page, 'admin-in-use')
})

test('a person is made with the reading of a rare surname, and texts of all kinds stay text', async () => {
  const { page } = w
  await tab(page, '人员')
  await page.getByRole('button', { name: '新建人员' }).click()
  const side = page.getByRole('complementary', { name: '详情' })
  await side.getByRole('textbox', { name: '姓名' }).fill('单于飞')
  await page.waitForFunction(() => [...document.querySelectorAll('.admin-side input')].some((i) => i.value === 'chan yu fei'))
  await side.getByRole('textbox', { name: '姓名' }).fill('单小雨')
  await page.waitForFunction(() => [...document.querySelectorAll('.admin-side input')].some((i) => i.value === 'shan xiao yu'))
  const odd = `${stamp}${corpus.html}`.slice(0, 60)
  await side.getByRole('textbox', { name: '职务' }).fill(odd)
  await side.getByRole('textbox', { name: '房间' }).fill(corpus.rtl)
  await side.getByRole('button', { name: '保存', exact: true }).click()
  await side.getByRole('heading', { name: '单小雨' }).waitFor()
  await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill('sxy')
  const row = page.getByRole('option', { name: /单小雨/ }).filter({ hasText: odd })
  await row.click()
  await side.getByRole('combobox', { name: '主要单位' }).selectOption({ label: (await side.getByRole('combobox', { name: '主要单位' }).locator('option').allTextContents()).find((x) => x.endsWith(`专班${stamp}`)) })
  await side.getByRole('button', { name: '保存单位' }).click()
  await row.getByText(`专班${stamp}`).waitFor()
  assert.equal(await page.locator('img').count(), 0)
  await shot(page, 'admin-person')
  await audit(page, 'page', { within: '.main' })
})

test('whoever is appointed sees the post’s old papers with the next pull, and no longer after', async () => {
  const { page } = w
  const before = await papers('changyue')
  await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill('changyue')
  await page.getByRole('option', { name: /常悦/ }).click()
  const side = page.getByRole('complementary', { name: '详情' })
  const posts = side.getByRole('region', { name: '岗位' })
  await posts.getByRole('combobox', { name: '任职岗位' }).selectOption({ label: '核稿 · 秘书一科' })
  await posts.getByRole('button', { name: '任职', exact: true }).click()
  await page.getByText('常悦已任核稿 · 秘书一科').waitFor()
  await posts.getByText('核稿 · 秘书一科').first().waitFor()
  await shot(page, 'admin-appointed')
  await delivered()
  const during = await papers('changyue')
  assert.ok(during > before, `${before} papers before, ${during} after the appointment`)
  await posts.getByRole('button', { name: '结束任职：核稿 · 秘书一科' }).click()
  await page.getByText('常悦已结束任职').waitFor()
  await delivered()
  assert.equal(await papers('changyue'), before)
  assert.match(await posts.getByRole('listitem').filter({ hasText: '核稿' }).first().textContent(), /—/)
})

/** delivered waits until the administrator's desk has nothing on its way. */
async function delivered() {
  await w.page.waitForFunction(() => !/待送达/.test(document.querySelector('.sync')?.textContent ?? ''), undefined, { timeout: 30_000 })
}

test('the system administrator grants no roles; the security administrator does, and nothing else', async () => {
  const side = w.page.getByRole('complementary', { name: '详情' })
  await side.getByText('角色由安全保密管理员授予。').waitFor()
  assert.equal(await w.page.getByRole('tab', { name: '角色' }).count(), 0)
  sec = await openWindow({ at: pageOf('sec01') })
  const { page } = sec
  await page.getByRole('link', { name: '机构与人员' }).click()
  assert.equal(await page.getByRole('tab', { name: '机构与岗位' }).count(), 0)
  await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill('changyue')
  await page.getByRole('option', { name: /常悦/ }).click()
  const panel = page.getByRole('complementary', { name: '详情' })
  assert.equal(await panel.getByRole('textbox', { name: '姓名' }).isDisabled(), true)
  assert.equal(await panel.getByRole('button', { name: '任职', exact: true }).count(), 0)
  const role = panel.getByRole('checkbox', { name: '值班员' })
  await role.check()
  await page.waitForFunction(() => [...document.querySelectorAll('.roles .tick')].some((l) => l.textContent === '值班员' && l.querySelector('input').checked))
  await panel.getByRole('checkbox', { name: '安全审计员' }).click()
  await panel.getByRole('alert').waitFor() // 三员互斥
  await shot(page, 'admin-roles')
  await audit(page, 'page', { within: '.main' })
  await tab(page, '角色')
  await page.getByRole('list', { name: '角色' }).getByText('常悦').waitFor()
  await page.getByRole('tab', { name: '人员', exact: true }).click()
  await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill('shaou')
  await page.getByRole('option', { name: /沙鸥/ }).click()
  await panel.getByText('不能给自己授予或收回角色。').waitFor()
  assert.equal(await panel.getByRole('checkbox', { name: '值班员' }).isDisabled(), true)
})

test('an account has two hands on it before anybody signs in', async () => {
  const { page } = w
  const person = `账号${stamp}`
  await tab(page, '人员')
  await page.getByRole('button', { name: '新建人员' }).click()
  const made = page.getByRole('complementary', { name: '详情' })
  await made.getByRole('textbox', { name: '姓名' }).fill(person)
  await made.getByRole('textbox', { name: '职务' }).fill(corpus.rtl)
  await made.getByRole('button', { name: '保存', exact: true }).click()
  await made.getByRole('heading', { name: person }).waitFor()
  await delivered()
  await tab(page, '账号')
  const find = async (p) => {
    await p.getByRole('textbox', { name: '姓名、拼音、账号' }).fill(person)
    await p.getByRole('option', { name: new RegExp(person) }).click()
    return p.getByRole('complementary', { name: '详情' })
  }
  let side = await find(page)
  const form = side.getByRole('form', { name: '建立账号' })
  const user = `zh${stamp}`
  await form.getByRole('textbox', { name: '登录账号' }).fill(user)
  await form.getByLabel('初始密码').fill('12345678')
  await form.getByRole('button', { name: '建立账号' }).click()
  await form.getByRole('alert').getByText('密码太弱').waitFor()
  const password = `清岚-${stamp}-长密码`
  await form.getByLabel('初始密码').fill(password)
  await form.getByRole('button', { name: '建立账号' }).click()
  await page.getByText(`已为${person}建立账号，待安全保密管理员启用`).waitFor()
  await side.getByText('待启用', { exact: true }).waitFor()
  assert.equal(await side.getByRole('button', { name: '启用', exact: true }).count(), 0, 'not by the same hand')
  assert.equal(await side.getByRole('region', { name: '设备' }).count(), 0)
  await shot(page, 'admin-account')
  await audit(page, 'accounts', { within: '.main' })
  const enter = () => signInAs(user, password)
  await assert.rejects(enter(), /bad_credentials/)
  // The security administrator opens it, sees the machine and ends it.
  await tab(sec.page, '账号')
  await sec.page.getByText('待启用', { exact: true }).first().click()
  side = await find(sec.page)
  assert.equal(await side.getByRole('button', { name: '重设密码' }).count(), 0)
  await side.getByRole('button', { name: '启用', exact: true }).click()
  await sec.page.getByText(`${person}的账号已启用`).waitFor()
  const profile = await enter()
  await sec.page.getByText('全部', { exact: true }).click()
  await tab(sec.page, '角色')
  await tab(sec.page, '账号')
  side = await find(sec.page)
  const devices = side.getByRole('region', { name: '设备' })
  await devices.getByRole('button', { name: /^停用设备：/ }).waitFor()
  await shot(sec.page, 'admin-devices')
  await audit(sec.page, 'devices', { within: '.main' })
  await devices.getByRole('button', { name: /^停用设备：/ }).click()
  const ask = sec.page.getByRole('dialog', { name: /^停用设备/ })
  await audit(sec.page, 'end a device', { within: '.el-dialog' })
  await shot(sec.page, 'admin-revoke')
  await ask.getByRole('button', { name: '停用设备', exact: true }).click()
  await devices.getByText('已停用', { exact: true }).waitFor()
  await assert.rejects(syncOf(profile), /wiped|停用/)
  // A new password closes the account again.
  await page.getByRole('button', { name: '重设密码' }).click()
  const reset = page.getByRole('dialog', { name: `重设${person}的密码` })
  await reset.getByLabel('新密码').fill(`${password}2`)
  await reset.getByRole('button', { name: '设定密码' }).click()
  await page.getByText(`${person}的密码已重设，待安全保密管理员启用`).waitFor()
  await assert.rejects(signInAs(user, `${password}2`), /bad_credentials/)
})

test('a year’s days off are published, and every calendar follows', async () => {
  const { page } = w
  await tab(page, '放假与调休')
  await page.getByRole('combobox', { name: '年份' }).selectOption({ label: String(new Date(Date.now() + 8 * 3_600_000).getUTCFullYear() + 1) })
  const year = await page.getByRole('combobox', { name: '年份' }).inputValue()
  await page.getByText(`${year} 年尚未发布`).waitFor()
  await page.getByRole('button', { name: '添加一行' }).click()
  await page.getByRole('textbox', { name: '节日' }).fill('元旦')
  // The same field for days as everywhere, by the keyboard alone: a day is typed and taken with Enter.
  const last = page.getByRole('combobox', { name: '最后一天' })
  assert.equal(await last.inputValue(), `${year}年1月1日`)
  await page.getByRole('combobox', { name: '第一天' }).focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === '最后一天')
  await page.keyboard.press('Control+a')
  await page.keyboard.type(`${year}年1月3日`)
  await page.keyboard.press('Enter')
  assert.equal(await last.inputValue(), `${year}年1月3日`)
  await page.getByRole('textbox', { name: '依据文号' }).fill('国办发明电〔2026〕0号')
  await shot(page, 'admin-years')
  await audit(page, 'page', { within: '.main' })
  await page.getByRole('button', { name: '发布' }).click()
  await page.getByText(`${year} 年放假安排已发布`).waitFor()
  await delivered()
  other = await openWindow({ at: url })
  await go(other.page, `/calendar?day=${year}-01-01`)
  await other.page.getByRole('group', { name: '视图', exact: true }).getByRole('button', { name: '月', exact: true }).click()
  await other.page.getByRole('link', { name: /1月2日 .*元旦放假/ }).waitFor({ timeout: 60_000 })
})

test('off line one can only look, and others not even that', async () => {
  const { page } = w
  await setOffline(page, true)
  await page.getByRole('note').getByText('这里的操作需要联网。现在离线，只能查看。').waitFor()
  assert.equal(await page.getByRole('button', { name: '发布' }).isDisabled(), true)
  await tab(page, '人员')
  assert.equal(await page.getByRole('button', { name: '新建人员' }).isDisabled(), true)
  await tab(page, '机构与岗位')
  assert.equal(await page.getByRole('button', { name: /^新建/ }).first().isDisabled(), true)
  await shot(page, 'admin-offline')
  await tab(page, '账号')
  await page.getByRole('alert').getByText('现在离线').waitFor()
  await setOffline(page, false)
  assert.equal(await other.page.getByRole('link', { name: '机构与人员' }).count(), 0)
  await go(other.page, '/directory')
  await other.page.getByRole('alert').getByText('机构与人员由系统管理员和安全保密管理员维护。').waitFor()
})

test('nothing broke on the way', async () => {
  for (const x of [w, sec, other]) {
    assert.deepEqual(x.faults, [])
    assert.deepEqual(await x.page.evaluate(() => window.breaches), [])
  }
})
