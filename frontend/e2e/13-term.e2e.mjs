// Scenario (f): the offline term of a journey. Said beforehand, locked when it is
// over, opened by contact; nothing that was written is lost. The clock is the
// test's.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { audit, desk, dropPeople, go, shot, story } from './lib.mjs'
import { dropPrograms, syncserver } from './program.mjs'
import { away, lookNow, password, syncNow } from './shots.states.mjs'

let p
const test = story(() => p)
const user = 'zhoumuye'
after(async () => {
  dropPeople()
  await dropPrograms()
})
const inside = () => p.page.getByRole('navigation', { name: '主导航' }).waitFor({ timeout: 30_000 })
const wall = () => p.page.getByRole('region', { name: '离线期限已到，本机已锁定' })
const line = (name) => p.page.getByRole('button', { name }).waitFor()

test('while the term is young nothing is said of it', async () => {
  p = await away(user)
  p.way.cut(true)
  p.set(20 * 24)
  await syncNow(p.page)
  await line(/^同步状态 离线/)
  assert.doesNotMatch(await p.page.getByRole('button', { name: /^同步状态/ }).getAttribute('aria-label'), /还可离线/)
})

test('its end is told in the sync line, and a day before by a banner', async () => {
  p.set(30 * 24 - 60)
  await syncNow(p.page)
  await line(/^同步状态 离线.* 还可离线 2 天$/)
  p.set(30 * 24 - 18)
  await syncNow(p.page)
  await line(/还可离线 18 小时$/)
  await p.page.getByRole('status').getByText('离线期限将到').waitFor()
  await p.page.getByText(/再过 18 小时没有联系上服务器/).waitFor()
  await shot(p.page, 'term-soon')
  await audit(p.page, 'term soon', { within: '.under-top' })
})

test('when it is over the window locks, and a new start is locked too', async () => {
  const { page } = p
  await go(page, '/todo?tab=mine')
  await page.getByRole('textbox', { name: '新建事项' }).fill('出差路上记的')
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: '出差路上记的' }).getByText('待送达').waitFor()
  await go(page, '/')
  const link = page.getByRole('region', { name: '待办' }).or(page.getByRole('region', { name: '待签' })).getByRole('link').first()
  const title = (await link.locator('.ttl').textContent()).trim()
  await link.click()
  await page.getByRole('textbox', { name: /意见$/ }).fill('写到一半时锁的')
  p.set(30 * 24 + 1)
  await lookNow(page)
  await wall().waitFor()
  const shown = async () => {
    const text = await p.page.locator('body').innerText()
    assert.ok(!text.includes(title) && !text.includes('出差路上') && !text.includes('写到一半'), text)
  }
  await shown()
  await wall().getByText('1 件待送达的事项原样保留，解锁后自动送达').waitFor()
  await audit(page, 'locked')
  await shot(page, 'term-locked')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot(page, 'term-locked-dark')
  assert.deepEqual(p.faults, [])
  await p.stop()
  p.set(-10 * 365 * 24) // a clock set back opens nothing
  p = { ...p, ...(await p.open()) }
  await wall().waitFor()
  await shown()
})

test('without the server it stays locked and says why', async () => {
  await wall().getByRole('button', { name: '联系服务器' }).click()
  await wall().getByRole('alert').getByText('连不上服务器').waitFor()
})

test('contact opens it: what waited is sent, what was written is there', async () => {
  p.way.cut(false)
  await wall().getByRole('button', { name: '联系服务器' }).click()
  await inside()
  await line(/^同步状态 已同步至/)
  const { page } = p
  await go(page, '/')
  await page.getByRole('region', { name: '待办' }).or(page.getByRole('region', { name: '待签' })).getByRole('link').first().click()
  await page.getByRole('textbox', { name: /意见$/ }).waitFor()
  assert.equal(await page.getByRole('textbox', { name: /意见$/ }).inputValue(), '写到一半时锁的')
  await desk(user, 'sync')
  const there = await desk(user, 'list', 'todo.item', '--limit', '500')
  assert.ok(there.some((r) => r.body.title === '出差路上记的'), 'it reached the server')
})

test('with an ended session the password opens it', async () => {
  p.way.cut(true)
  p.set(-9 * 365 * 24)
  await lookNow(p.page)
  await wall().waitFor()
  await syncserver('user', 'end-sessions', user)
  p.way.cut(false)
  await wall().getByRole('button', { name: '联系服务器' }).click()
  await wall().getByText('登录已过期，请输入密码。').waitFor()
  await wall().getByLabel('密码').fill('wrong-password-1')
  await wall().getByRole('button', { name: '登录并解锁' }).click()
  await wall().getByRole('alert').getByText('账号或密码不正确').waitFor()
  await audit(p.page, 'locked, password')
  await shot(p.page, 'term-password')
  await wall().getByLabel('密码').fill(password())
  await wall().getByRole('button', { name: '登录并解锁' }).click()
  await inside()
  assert.deepEqual(p.faults, [])
  assert.deepEqual(await p.page.evaluate(() => window.breaches), [])
})
