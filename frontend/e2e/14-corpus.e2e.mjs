// users: linzhiyuan sys01
// What nobody should write and somebody will, through every text field outside
// the documents, and seen as text wherever it comes up again. (Calendar dialogs and
// cards: 9-diary; documents: 7-papers.)
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { audit, corpus, dropPeople, go, openWindow, pageOf, shot, story, upright, within } from './lib.mjs'

const test = story(() => w)
const stamp = Date.now().toString(36)
const texts = Object.entries(corpus).map(([kind, text]) => [kind, `${text} ${stamp}`])
/** cut is a text as a field of so many characters takes it. */
const cut = (text, n) => [...text].slice(0, n).join('').trimEnd()

let w, admin
before(async () => {
  w = await openWindow()
  admin = await openWindow({ at: pageOf('sys01') })
  await w.page.getByRole('region', { name: '待签' }).waitFor()
  await admin.page.getByRole('link', { name: '机构与人员' }).waitFor()
})
after(async () => {
  for (const x of [w, admin]) await x?.browser.close()
  dropPeople()
})

/** unharmed: nothing of what was written has become more than text. */
async function unharmed(page, where) {
  assert.deepEqual(
    await page.evaluate(() => [document.querySelectorAll('img[src="x"]').length, document.title, window.broken ?? null]),
    [0, '前哨', null],
    where,
  )
  await upright(page, where, `${corpus.rtl.slice(-4)} ${stamp}`)
}
/** opened: a dialog is there and has taken the focus; before that it would take it away. */
const opened = (page) => page.waitForFunction(() => document.activeElement?.matches('.el-dialog input'))
const seen = (place, text) => place.getByText(text, { exact: true }).first().waitFor()

test('to-dos: in the list, in their dialog, on the workbench, in search', async () => {
  const { page } = w
  await go(page, '/todo?tab=mine')
  for (const [kind, text] of texts) {
    await page.getByRole('textbox', { name: '新建事项' }).fill(text)
    await page.keyboard.press('Enter')
    const row = page.getByRole('listitem').filter({ hasText: text })
    await seen(row, text)
    await row.dblclick()
    const dialog = page.getByRole('dialog', { name: '修改事项' })
    await opened(page)
    assert.equal(await dialog.getByRole('textbox', { name: '标题' }).inputValue(), text, kind)
    await dialog.getByRole('textbox', { name: '备注' }).fill(`备注\n${text}`)
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await page.keyboard.press('Control+k')
  await page.keyboard.type(stamp)
  await page.getByRole('listbox', { name: '搜索结果' }).getByRole('option').nth(texts.length - 1).waitFor()
  await unharmed(page, 'hits')
  await page.keyboard.press('Escape')
  await audit(page, 'to-dos of all kinds', { within: '.main' })
  await shot(page, 'corpus-todo')
  await unharmed(page, 'to-dos')
  await go(page, '/reconcile')
  for (const [, text] of texts) await page.getByRole('region', { name: '逐件结果' }).getByText(`事项：${within(text)}`, { exact: true }).first().waitFor()
  await audit(page, 'reconcile desk of all kinds', { within: '.main' })
  await shot(page, 'corpus-reconcile')
  await unharmed(page, 'reconcile desk')
})

test('the search box takes everything and finds nothing of it', async () => {
  const { page } = w
  for (const text of [...Object.values(corpus), '"', '*', 'NEAR(a b)', '𪚥'.repeat(40)]) {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').or(page.getByRole('searchbox')).first().fill(text)
    await page.getByText(/没有找到/).or(page.getByRole('listbox', { name: '搜索结果' }).getByRole('option')).first().waitFor()
    assert.equal(await page.locator('[role=alert]:not(.remind-box)').count(), 0, text) // the calendar may ring
    await page.keyboard.press('Escape')
  }
  await unharmed(page, 'search')
})

test('quick add in the calendar, and every view of it', async () => {
  const { page } = w
  await go(page, '/calendar')
  await page.getByRole('region', { name: '周视图' }).waitFor()
  for (const [i, [kind, text]] of texts.entries()) {
    const lane = await page.locator('.qc-lane').nth(i % 5).boundingBox()
    const hour = await page.locator('.qc-hour').first().boundingBox()
    await page.mouse.dblclick(lane.x + lane.width / 2, lane.y + hour.height * 3.25)
    const quick = page.getByRole('dialog', { name: '新建日程' })
    await opened(page)
    await quick.getByRole('textbox', { name: '标题' }).fill(text)
    await quick.getByRole('textbox', { name: '地点' }).fill(cut(text, 100))
    await page.keyboard.press('Enter')
    await quick.waitFor({ state: 'hidden' })
    await page.getByRole('region', { name: '周视图' }).getByRole('button').filter({ hasText: text }).first().waitFor()
    await unharmed(page, `quick add ${kind}`)
  }
  await shot(page, 'corpus-calendar')
  await go(page, '/')
  await unharmed(page, 'workbench')
})

test('phrases, views and filters', async () => {
  const { page } = w
  await go(page, '/settings')
  for (const [, text] of texts) {
    await page.getByRole('textbox', { name: '新的常用语' }).fill(text)
    await page.keyboard.press('Enter')
    await seen(page.getByRole('listitem'), text)
    await page.waitForFunction(() => document.querySelector('.phrase-add input').value === '')
  }
  await audit(page, 'settings of all kinds', { within: '.main' })
  await shot(page, 'corpus-settings')
  await unharmed(page, 'settings')
  await go(page, '/documents/in')
  await page.getByRole('grid', { name: '收文列表' }).waitFor()
  for (const [kind, text] of texts) {
    const name = cut(text, 40)
    await page.getByRole('button', { name: /^视图/ }).click()
    await page.getByRole('textbox', { name: '视图名称' }).fill(name)
    await page.getByRole('button', { name: '保存视图' }).click()
    await page.getByRole('button', { name: /^默认打开/ }).first().waitFor()
    await unharmed(page, `view ${kind}`)
    await page.keyboard.press('Escape')
  }
  await go(page, '/contacts?book=all')
  for (const [, text] of texts) {
    await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill(text)
    await page.getByText('没有符合条件的').or(page.getByText(/没有/)).first().waitFor()
  }
  await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill('')
  await unharmed(page, 'filters')
})

test('a card, through every field of its form, and its group', async () => {
  const { page } = w
  await go(page, '/contacts?book=mine')
  for (const [kind, text] of texts) {
    await page.getByRole('button', { name: /^新建名片/ }).click()
    const dialog = page.getByRole('dialog', { name: '新建名片' })
    await opened(page)
    const name = `${stamp}${cut(text, 50)}`
    const group = `${stamp}${cut(text, 30)}`
    await dialog.getByRole('textbox', { name: '姓名' }).fill(name)
    await dialog.getByRole('combobox', { name: '分组' }).fill(group)
    for (const field of ['单位', '地址', '备注']) await dialog.getByRole('textbox', { name: field }).fill(text)
    await dialog.getByRole('textbox', { name: '职务' }).fill(cut(text, 60))
    await dialog.getByRole('textbox', { name: '电话' }).fill(cut(text, 40))
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('option').filter({ hasText: name }).click()
    const side = page.locator('.card-side')
    await side.getByRole('heading', { name, exact: true }).waitFor()
    for (const x of [text, cut(text, 60)]) await seen(side, x)
    const groups = page.getByRole('navigation', { name: '分组' }).getByRole('button')
    await groups.filter({ hasText: group }).click()
    await page.getByRole('option').filter({ hasText: name }).waitFor()
    await unharmed(page, kind)
    await groups.first().click()
  }
})

test('the directory, the accounts, and whoever looks somebody up', async () => {
  const { page } = admin
  await page.getByRole('link', { name: '机构与人员' }).click()
  await page.getByRole('button', { name: '新建机构' }).click()
  for (const [kind, text] of texts) {
    const name = cut(text, 60)
    const panel = page.getByRole('region', { name: '新建机构' })
    await panel.getByRole('textbox', { name: '机构名称' }).fill(name)
    await panel.getByRole('textbox', { name: '简称' }).fill(cut(text, 60))
    await panel.getByRole('button', { name: '保存' }).click()
    await page.getByRole('option').filter({ hasText: name }).waitFor()
    await seen(page.getByRole('listbox', { name: '机构', exact: true }), name)
    await unharmed(page, `unit ${kind}`)
    await go(page, '/')
    await go(page, '/directory?tab=units')
    await page.getByRole('button', { name: '新建机构' }).click()
  }
  await page.getByRole('tab', { name: '人员', exact: true }).click()
  await page.getByRole('textbox', { name: '姓名、拼音、单位、电话' }).fill('linzhiyuan')
  await page.getByRole('option', { name: /林知远/ }).click()
  const side = page.getByRole('complementary', { name: '详情' })
  for (const [kind, text] of texts) {
    for (const field of ['职务', '电话', '房间']) await side.getByRole('textbox', { name: field }).fill(cut(text, 60))
    await side.getByRole('button', { name: '保存', exact: true }).click()
    await page.getByText('已保存').first().waitFor()
    await page.getByRole('option', { name: /林知远/ }).getByText(cut(text, 60)).waitFor()
    await unharmed(page, `person ${kind}`)
    // Their own profile, and the address book of others.
    await go(w.page, '/profile')
    await seen(w.page.getByRole('region', { name: '林知远' }), cut(text, 60))
    await unharmed(w.page, `profile ${kind}`)
  }
  await shot(w.page, 'corpus-profile')
  await audit(w.page, 'profile of all kinds', { within: '.main' })
  const form = w.page.getByRole('form', { name: '修改密码' })
  for (const name of ['现在的密码', '新密码', '再写一次新密码']) await form.getByLabel(name, { exact: true }).fill(corpus.html)
  await form.getByRole('button', { name: '修改密码' }).click()
  await form.getByRole('alert').getByText('账号或密码不正确').waitFor()
  await page.getByRole('tab', { name: '账号', exact: true }).click()
  for (const [, text] of texts) {
    await page.getByRole('textbox', { name: '姓名、拼音、账号' }).fill(text)
    await page.getByText('换个名字，或改看全部账号。').waitFor()
  }
  await unharmed(page, 'accounts')
})

test('nothing broke on the way', async () => {
  for (const x of [w, admin]) {
    assert.deepEqual(x.faults, [])
    assert.deepEqual(await x.page.evaluate(() => window.breaches), [])
  }
})
