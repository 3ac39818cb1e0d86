// The trip: an official works offline in the window, others act at home, and
// the reconcile desk tells what became of each act.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { desk, dropPeople, go, openWindow, setOffline, shot, story, wordsKept } from './lib.mjs'

const SIGN = /关于进一步加强应急值守和信息报告工作的通知/
const RETURN = /关于报送老旧小区充电设施台账的函/
const STALE = /关于印发市级应急物资储备和调用办法的通知/
const CARD = '沐言'
const words = '同意签发。请应急局每周报一次到位情况。'

const test = story(() => w)
let w
before(async () => {
  w = await openWindow()
})
after(async () => {
  await w?.browser.close()
  dropPeople()
})

async function openTask(title) {
  await go(w.page, '/')
  await w.page.getByRole('region', { name: '待签' }).getByRole('link', { name: title }).click()
  await w.page.getByRole('heading', { level: 1, name: title }).waitFor()
  await w.page.locator('article.sheet').first().waitFor()
}

test('the workbench shows three piles', async () => {
  const { page } = w
  for (const pile of ['待签', '待阅', '今日日程']) await page.getByRole('region', { name: pile }).waitFor()
  await page.getByRole('region', { name: '待签' }).getByRole('link', { name: SIGN }).waitFor()
  await shot(page, 'workbench')
})

test('the document page shows text, sheet and trace', async () => {
  await openTask(SIGN)
  const { page } = w
  const first = page.getByRole('article', { name: '第 1 页' })
  await first.getByText('编号待分配').or(first.getByText('待分配')).first().waitFor()
  assert.ok((await page.locator('article.sheet').count()) >= 1)
  await page.getByRole('img', { name: /^流程：已办 .*现在 / }).waitFor()
  await page.getByRole('region', { name: '签发', exact: true }).waitFor()
  await shot(page, 'document')
  await page.getByRole('tab', { name: /^流转/ }).click()
  await page.getByRole('heading', { name: '流转记录' }).waitFor()
  await shot(page, 'document-trace')
  await page.getByRole('tab', { name: '发文稿纸' }).click()
})

test('no key acts while an input method is composing', async () => {
  const { page } = w
  const box = page.getByRole('textbox', { name: /意见$/ })
  await box.fill('同意')
  await box.dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true })
  await box.dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, keyCode: 229, bubbles: true })
  await page.getByRole('button', { name: '同意签发', exact: true }).waitFor()
  await box.fill('')
})

test('an approval made offline waits and says so', async () => {
  const { page } = w
  await setOffline(page, true)
  await page.getByText(/^现在离线：签后为待送达/).waitFor()
  await page.getByRole('textbox', { name: '签发意见' }).fill(words)
  await page.keyboard.press('Control+Enter')
  await page.getByText(/您 .* 已同意，待送达/).waitFor()
  await page.getByText(words).first().waitFor()
  await shot(page, 'document-signed-offline')
  await go(page, '/')
  const signed = page.getByText(/本机已签 \d+ 件/)
  await signed.waitFor()
  await page.getByRole('button', { name: /^同步状态 离线 .* 1 件待送达/ }).waitFor()
  await shot(page, 'workbench-offline')
})

test('words written but not sent come back', async () => {
  await openTask(STALE)
  const { page } = w
  await page.getByRole('textbox', { name: '签发意见' }).fill('先写一半')
  await wordsKept(page)
  await page.reload()
  await page.getByRole('heading', { level: 1, name: STALE }).waitFor()
  const box = page.getByRole('textbox', { name: '签发意见' })
  await page.waitForFunction(() => document.querySelector('textarea.words')?.value === '先写一半')
  await box.fill(words)
  await page.getByRole('button', { name: '同意签发', exact: true }).click()
  await page.getByText(/您 .* 已同意，待送达/).waitFor()
})

test('a paper is returned offline, with words and to a chosen step', async () => {
  await openTask(RETURN)
  const { page } = w
  await page.getByRole('button', { name: '退回', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '退回' })
  const send = dialog.getByRole('button', { name: '退回', exact: true })
  assert.equal(await send.isDisabled(), true, 'no return without words')
  await dialog.getByRole('textbox', { name: '退回理由' }).fill('台账口径请再核。')
  await shot(page, 'document-return')
  await send.click()
  await page.getByText(/您 .* 已退回，待送达/).waitFor()
})

test('a card is edited offline', async () => {
  const { page } = w
  await go(page, '/contacts?book=mine')
  await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill(CARD)
  await page.getByRole('option', { name: new RegExp(CARD) }).click()
  await page.getByRole('button', { name: '修改' }).click()
  const dialog = page.getByRole('dialog', { name: '修改名片' })
  await dialog.getByRole('textbox', { name: '职务' }).fill('董事长')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('option', { name: new RegExp(CARD) }).getByText('待送达').waitFor()
  await shot(page, 'contacts-mine')
})

test('meanwhile others act at home', async () => {
  const list = async (user, kind, ...where) => (await desk(user, 'list', kind, '--limit', '1000', ...where)).map((r) => ({ id: r.id, root: r.root, ...r.body }))
  // A colleague is first at the 或签 step.
  await desk('xunanqiao', 'sync')
  const tasks = await list('xunanqiao', 'approval.task', '--where', 'person=xu-nanqiao', '--where', 'state=open')
  const task = tasks.find((t) => RETURN.test(t.title))
  const header = (await desk('xunanqiao', 'show', 'doc.header', task.subject)).body
  await desk('xunanqiao', 'do', 'approval.approve@1', '-', {
    task: task.id, subject: task.subject, task_rev: task.rev, step: task.step, seen_hash: header.content_hash, words: '请住建局办理。',
  })
  await desk('xunanqiao', 'sync')
  // The reviser corrects the text that was signed on the train.
  await desk('chuyan', 'sync')
  const paper = (await list('chuyan', 'doc.header')).find((h) => STALE.test(h.title))
  const body = (await desk('chuyan', 'show', 'doc.body', paper.id)).body
  const old = body.blocks.find((b) => b.id === 'b05')
  await desk('chuyan', 'do', 'document.save_body@1', '-', {
    id: paper.id, base_rev: paper.rev,
    ops: [{ op: 'set', block: old.id, old, new: { ...old, text: old.text.replace('20艘', '24艘') } }],
  })
  await desk('chuyan', 'sync')
  // The secretary corrects the same field of the same card.
  await desk('heyunzhou', 'sync')
  const card = (await list('heyunzhou', 'contact.card')).find((c) => c.name === CARD)
  await desk('heyunzhou', 'do', 'contact.edit@1', '-', {
    id: card.id, changes: [{ field: 'title', old: card.title, new: '总经理' }],
  })
  await desk('heyunzhou', 'sync')
})

test('back online, the reconcile desk explains each item', async () => {
  const { page } = w
  await go(page, '/')
  await setOffline(page, false)
  await page.getByRole('link', { name: /^对账台，3 件需您处理/ }).waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: /^对账台/ }).click()
  await page.getByRole('heading', { level: 1, name: '对账台' }).waitFor()
  const stale = page.getByRole('article', { name: STALE })
  await stale.getByText(/您 .* 按第 \d+ 版签署，褚言 .* 改为第 \d+ 版。未看过的正文不会代您签/).waitFor()
  await stale.getByText(words).waitFor()
  assert.deepEqual(await stale.locator('del').allTextContents(), ['20'])
  assert.deepEqual(await stale.locator('ins').allTextContents(), ['24'])
  const first = page.getByRole('article', { name: RETURN })
  await first.getByText(/许南乔已于 .* 办理，按先到为准/).waitFor()
  await first.getByText('台账口径请再核。').waitFor()
  await page.getByRole('article', { name: `名片：${CARD}` }).getByText('您和别人改了同一处').waitFor()
  await shot(page, 'reconcile')
})

test('signing again on the text that was looked at takes effect', async () => {
  const { page } = w
  await page.getByRole('article', { name: STALE }).getByRole('button', { name: /^按第 \d+ 版签署$/ }).click()
  await page.getByRole('article', { name: STALE }).waitFor({ state: 'detached' })
  const list = page.getByRole('region', { name: '逐件结果' })
  await list.getByRole('link', { name: STALE }).getByText('已生效').waitFor()
  await list.getByRole('link', { name: SIGN }).getByText('已生效').waitFor()
})

test('a conflict is settled by choosing, and the choice reaches the secretary', async () => {
  const { page } = w
  const card = page.getByRole('article', { name: `名片：${CARD}` })
  assert.equal(await card.getByRole('button', { name: '按所选保存' }).isDisabled(), true, 'nothing is chosen silently')
  await card.getByRole('radio', { name: '职务取我的：董事长' }).check()
  await shot(page, 'reconcile-conflict')
  await card.getByRole('button', { name: '按所选保存' }).click()
  await card.waitFor({ state: 'detached' })
  await page.getByRole('region', { name: '逐件结果' }).getByRole('link', { name: new RegExp(`名片：${CARD}`) }).first().getByText('已生效').waitFor()
  await desk('heyunzhou', 'sync')
  const cards = await desk('heyunzhou', 'list', 'contact.card', '--limit', '1000')
  assert.equal(cards.find((c) => c.body.name === CARD).body.title, '董事长')
})

test('what is given up goes, its words having been copied', async () => {
  const { page } = w
  const item = page.getByRole('article', { name: RETURN })
  await w.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await item.getByRole('button', { name: '复制' }).click()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '台账口径请再核。')
  await item.getByRole('button', { name: '不再处理' }).click()
  await item.waitFor({ state: 'detached' })
  await page.getByText('没有需您处理的事项').waitFor()
  await page.getByRole('link', { name: '对账台', exact: true }).waitFor()
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})
