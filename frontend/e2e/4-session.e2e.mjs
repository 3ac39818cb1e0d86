// Signing out and in again: what a person sees when something is wrong.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before } from 'node:test'
import { openWindow, passwordFile, server, shot, story } from './lib.mjs'

const test = story(() => w)
const password = readFileSync(passwordFile, 'utf8').split('\n')[0]
let w
before(async () => {
  w = await openWindow()
  await w.page.getByRole('heading', { name: '待签' }).waitFor()
})
after(async () => w?.browser.close())

const form = () => w.page.getByRole('form', { name: '登录' })
async function fill(name, value) {
  await form().getByRole('textbox', { name }).fill(value)
}
const enter = () => form().getByRole('button', { name: '登录', exact: true }).click()

test('signing out keeps what is here and asks first', async () => {
  const { page } = w
  await page.getByRole('button', { name: /个人设置$/ }).click()
  await page.getByRole('dialog', { name: '个人设置' }).getByRole('button', { name: '退出登录' }).click()
  const dialog = page.getByRole('dialog', { name: '退出登录' })
  await shot(page, 'sign-out')
  // Words that earlier tests left unsent are kept here.
  await dialog.getByRole('button', { name: /^退出登录$|^保留在本机并退出$/ }).click()
  await form().waitFor()
  assert.equal(await form().getByRole('textbox', { name: '账号' }).inputValue(), 'linzhiyuan')
  await shot(page, 'signin')
})

test('a wrong password is said, and what was written stays', async () => {
  await fill('密码', 'wrong-password-1')
  await enter()
  await form().getByText('账号或密码不正确').waitFor()
  assert.equal(await form().getByRole('textbox', { name: '账号' }).inputValue(), 'linzhiyuan')
  await shot(w.page, 'signin-wrong')
})

test('a server that does not answer is said', async () => {
  const change = form().getByRole('button', { name: '更改' })
  if (await change.count()) await change.click()
  await fill('服务器地址', 'http://127.0.0.1:9')
  await fill('密码', password)
  await enter()
  await form().getByText(/^连不上服务器$|^本机资料属于另一位同志$/).waitFor()
  await fill('服务器地址', 'ftp://x')
  await enter()
  await form().getByText('请检查填写的内容').waitFor()
})

test('somebody else cannot take this profile', async () => {
  await fill('服务器地址', server)
  await fill('账号', 'chuyan')
  await fill('密码', password)
  await enter()
  await form().getByText('本机资料属于另一位同志').waitFor({ timeout: 30_000 })
})

test('the right password opens the desk again', async () => {
  const { page } = w
  await fill('账号', 'linzhiyuan')
  await fill('密码', password)
  await enter()
  await page.getByRole('region', { name: '待签' }).waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: /^同步状态 已同步至/ }).waitFor({ timeout: 30_000 })
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})
