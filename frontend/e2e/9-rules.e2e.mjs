// The rules beside the draft: found while writing, mended by a button, gone on
// with for a reason that is kept; 涉密 content is refused.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { go, openWindow, shot, story } from './lib.mjs'

const test = story(() => w)
let w
before(async () => {
  w = await openWindow()
  await w.page.getByRole('button', { name: /^同步状态/ }).first().waitFor()
})
after(async () => {
  await w?.browser.close()
})
const findings = () => w.page.getByRole('region', { name: /^(公文体检|规则检查)$/ })

test('a draft that breaks rules says so while it is written', async () => {
  const { page } = w
  await go(page, '/draft/out')
  await page.getByRole('textbox', { name: '标题' }).fill('关于追加供热补贴资金的请示')
  await page.getByRole('combobox', { name: '文种' }).selectOption('请示')
  await page.getByRole('textbox', { name: '发文机关' }).fill('清岚市人民政府')
  await page.getByRole('textbox', { name: '主送' }).fill('国务院、省人民政府')
  await page.getByRole('textbox', { name: '抄送' }).fill('市财政局')
  await findings().getByText('请示只能有一个主送机关，现有2个').waitFor()
  await findings().getByText('请示不得同时抄送下级机关：市财政局').waitFor()
  await findings().getByText(/^越级行文：国务院/).waitFor()
  await findings().getByRole('status').getByText('3 项待处理').waitFor()
  await shot(page, 'rules-draft')
})

test('a button mends it', async () => {
  const { page } = w
  await findings().getByRole('button', { name: '去掉抄送市财政局' }).click()
  await findings().getByText('请示不得同时抄送下级机关：市财政局').waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('textbox', { name: '抄送' }).inputValue(), '')
  await findings().getByRole('button', { name: '只主送国务院，其余改为抄送' }).click()
  assert.equal(await page.getByRole('textbox', { name: '主送' }).inputValue(), '国务院')
  assert.equal(await page.getByRole('textbox', { name: '抄送' }).inputValue(), '省人民政府')
})

test('a warning goes on with a reason, which stays', async () => {
  const { page } = w
  await findings().getByText('保存后可以说明理由').first().waitFor()
  await page.getByRole('button', { name: /^保存/ }).click()
  await findings().getByRole('button', { name: '说明理由' }).click()
  await findings().getByRole('textbox', { name: /^说明理由/ }).fill('国务院督查室直接交办。')
  await shot(page, 'rules-reason')
  await findings().getByRole('button', { name: '留存理由' }).click()
  await findings().getByText('国务院督查室直接交办。').waitFor()
  await findings().getByRole('status').getByText('均已说明').waitFor()
  await shot(page, 'rules-given')
})

test('涉密 content is refused before anything is kept', async () => {
  const { page } = w
  await page.getByRole('textbox', { name: '附注' }).fill('机密★1年')
  await findings().getByText('涉密内容不得进入本系统').waitFor()
  await page.getByRole('button', { name: /^保存/ }).click()
  await page.getByRole('alert').getByText('涉密内容不得进入本系统').waitFor()
  await page.getByRole('textbox', { name: '附注' }).fill('')
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await page.evaluate(() => window.breaches), [])
})
