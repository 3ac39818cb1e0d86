// Papers that do not live on this machine: read from the server and marked, kept
// here by a pin, honest where the server is out of reach.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { audit, go, shot, story } from './lib.mjs'
import { dropPrograms } from './program.mjs'
import { away, syncNow } from './shots.states.mjs'

let p
const test = story(() => p)
after(dropPrograms)
const old = '关于更换值班电话录音系统的签报'
const row = () => p.page.getByRole('row').filter({ hasText: old })
const grid = () => p.page.getByRole('grid', { name: '签报 · 在线查阅' })
const pin = () => row().getByRole('button', { name: `固定“${old}”在本机` })

test('the list of this machine leads to what the server has', async () => {
  p = await away('linzhiyuan')
  const { page } = p
  await go(page, '/documents/sign')
  await page.getByRole('grid', { name: /签报/ }).waitFor()
  assert.equal(await row().count(), 0, 'it has left the desk')
  await page.getByRole('button', { name: '在线查阅' }).click()
  await grid().waitFor()
  await row().getByText('在线', { exact: true }).waitFor()
  await grid().getByText('本机', { exact: true }).first().waitFor()
  await page.getByText('没有更多了').waitFor()
  await audit(page, 'archive', { within: 'main' })
  await shot(page, 'archive')
})

test('a paper is found by its whole number', async () => {
  const { page } = p
  await go(page, '/archive/out')
  const cell = page.locator('td.c-no').filter({ hasText: '号' }).first()
  const number = (await cell.textContent()).trim()
  await page.getByRole('textbox', { name: '按完整文号查' }).fill(number)
  await page.getByRole('textbox', { name: '按完整文号查' }).press('Enter')
  await page.getByText('共 1 件').waitFor()
  await page.getByRole('textbox', { name: '按完整文号查' }).fill('清政办发〔2026〕九号')
  await page.getByText('没有符合的公文').waitFor()
  await page.getByRole('button', { name: '清除' }).first().click()
  await cell.waitFor()
  await go(page, '/archive/sign')
  await row().waitFor()
})

test('it is read whole, and said to be read on line', async () => {
  const { page } = p
  await row().getByRole('link', { name: old }).click()
  await page.getByRole('heading', { name: old }).first().waitFor()
  await page.getByText('在线阅读，本机没有保存').waitFor()
  await page.locator('.doc-bar').getByText('在线', { exact: true }).waitFor()
  await page.getByText('旧录音按档案要求移交后再拆', { exact: false }).first().waitFor()
  await audit(page, 'paper on line', { within: '.doc-bar' })
  await shot(page, 'archive-paper')
})

test('without the server neither list nor paper pretends', async () => {
  const { page } = p
  p.way.cut(true)
  await syncNow(page)
  await page.getByRole('button', { name: /^同步状态 离线/ }).waitFor()
  await page.getByRole('button', { name: '返回' }).click()
  await page.getByText('离线时不能在线查阅').waitFor()
  assert.equal(await row().count(), 0)
  await shot(page, 'archive-offline')
  await page.goBack()
  await go(page, '/archive/sign')
  p.way.cut(false)
  await syncNow(page)
  await row().waitFor()
})

test('a pin brings it here, and off line it is read from here', async () => {
  const { page } = p
  await pin().click()
  await row().getByText('本机', { exact: true }).waitFor()
  await page.getByRole('button', { name: /^同步状态 已同步至 [\d:]+$/ }).waitFor() // both pins are delivered
  assert.equal(await pin().getAttribute('aria-pressed'), 'true')
  p.way.cut(true)
  await syncNow(page)
  await page.getByRole('button', { name: /^同步状态 离线/ }).waitFor()
  await go(page, '/documents/sign')
  await row().waitFor()
  await row().getByRole('link', { name: old }).click()
  await page.getByRole('button', { name: '固定在本机', pressed: true }).waitFor()
  await page.getByText('旧录音按档案要求移交后再拆', { exact: false }).first().waitFor()
  assert.equal(await page.getByText('在线阅读，本机没有保存').count(), 0)
})

test('unpinned it leaves, and without the server that is said', async () => {
  const { page } = p
  await page.getByRole('button', { name: '固定在本机', pressed: true }).click()
  await page.getByRole('button', { name: '固定在本机', pressed: false }).waitFor()
  p.way.cut(false)
  await syncNow(page)
  await page.getByText('在线阅读，本机没有保存').waitFor()
  p.way.cut(true)
  await syncNow(page)
  await page.getByRole('button', { name: /^同步状态 离线/ }).waitFor()
  const at = new URL(page.url()).hash.slice(1)
  await go(page, '/')
  await page.getByRole('heading', { name: '待签' }).waitFor()
  await go(page, at)
  await page.getByText('这件公文不在本机').waitFor()
  await page.getByText('现在连不上服务器；联网后可以在线查看。').waitFor()
  p.way.cut(false)
  await syncNow(page)
  await page.getByText('在线阅读，本机没有保存').waitFor()
})

test('what was written in a paper that was taken back can be copied, and nothing of the paper', async () => {
  const { page } = p
  // An editor that is open while its paper goes keeps on writing.
  const id = '0193aaaa-taken-back'
  const kept = await page.evaluate(async (id) => {
    const paper = (own) => ({ id, kind: 'out', title: '已收回的通知', blocks: [{ id: 'b1', type: 'text', text: '机关原有的一段' }, ...own] })
    await window.go.bridge.Documents.Keep(id, { found: true, at: 0, rev: 1, base: paper([]), now: paper([{ id: 'b2', type: 'text', text: '我补写的一段意见' }]) })
    return window.go.bridge.Documents.Kept(id)
  }, id)
  assert.equal(kept.found, false)
  await go(page, `/document/${id}`)
  const left = page.getByRole('region', { name: '您在这件公文上写的文字还在' })
  await left.getByText('我补写的一段意见').waitFor()
  assert.ok(!(await page.locator('main').innerText()).includes('机关原有'))
  await audit(page, 'lost words', { within: '.lost' })
  await shot(page, 'archive-lost')
  await left.getByRole('button', { name: '已经用好，删除' }).click()
  await left.waitFor({ state: 'detached' })
  assert.deepEqual(p.faults, [])
  assert.deepEqual(await page.evaluate(() => window.breaches), [])
})
