// To-dos, calendar, contacts, drafts and search: made, changed and deleted in
// the window, by hand and by keyboard.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { go, openWindow, shot, story } from './lib.mjs'

const test = story(() => w)
const nasty = `<img src=x onerror="document.title='broken'">'; DROP TABLE todo;-- 䶮喆𠮷`
const stamp = Date.now().toString(36)

let w
before(async () => {
  w = await openWindow()
})
after(async () => {
  await w?.browser.close()

})

test('what people wrote is text, never markup', async () => {
  const { page } = w
  await go(page, '/todo?tab=mine')
  await page.getByRole('textbox', { name: '新建事项' }).fill(nasty)
  await page.keyboard.press('Enter')
  const row = page.getByRole('listitem').filter({ hasText: '䶮喆𠮷' })
  await row.getByText(nasty, { exact: true }).waitFor()
  assert.equal(await page.locator('img').count(), 0)
  assert.equal(await page.title(), '前哨')
  await shot(page, 'todo')
})

test('a to-do is changed, ticked off and deleted', async () => {
  const { page } = w
  const row = page.getByRole('listitem').filter({ hasText: '䶮喆𠮷' })
  await row.getByRole('button', { name: `修改“${nasty}”` }).click()
  let dialog = page.getByRole('dialog', { name: '修改事项' })
  await dialog.getByRole('textbox', { name: '备注' }).fill('备注 <b>粗</b>')
  await dialog.getByRole('combobox', { name: '轻重' }).selectOption({ label: '紧急' })
  await shot(page, 'todo-dialog')
  await dialog.getByRole('button', { name: '保存' }).click()
  await row.getByText('备注 <b>粗</b>').waitFor()
  await row.getByRole('checkbox').click() // the row goes with it
  await row.waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: '已完成' }).click()
  await page.getByRole('listitem').filter({ hasText: '䶮喆𠮷' }).dblclick()
  dialog = page.getByRole('dialog', { name: '修改事项' })
  await dialog.getByRole('button', { name: '删除' }).click()
  await page.getByRole('listitem').filter({ hasText: '䶮喆𠮷' }).waitFor({ state: 'detached' })
})

test('the lists are worked with the keyboard alone', async () => {
  const { page } = w
  await go(page, '/documents/in')
  await page.getByRole('grid', { name: '收文列表' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const chosen = page.locator('tr.cur')
  assert.equal(await chosen.count(), 1)
  const title = await chosen.locator('.tx').textContent()
  await shot(page, 'documents-in')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('grid', { name: '收文列表' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('预警')
  await page.waitForFunction(() => document.querySelectorAll('tr[data-row]').length <= 2 && document.querySelector('tr[data-row]'))
  await page.keyboard.press('Escape')
})

test('search finds papers and people', async () => {
  const { page } = w
  await page.keyboard.press('Control+k')
  await page.keyboard.type('应急值守')
  const hits = page.getByRole('listbox', { name: '搜索结果' })
  await hits.getByRole('option', { name: /应急值守/ }).first().waitFor()
  await shot(page, 'search')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: /应急值守/ }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('chuyan')
  await hits.getByRole('option', { name: /褚言/ }).first().click()
  await page.getByRole('complementary', { name: '详情' }).getByRole('heading', { name: '褚言' }).waitFor()
})

test('an event is made, changed and deleted', async () => {
  const { page } = w
  const title = `现场会 ${stamp}`
  await go(page, '/calendar')
  await page.getByRole('region', { name: '周视图' }).waitFor()
  await page.keyboard.press('n')
  let dialog = page.getByRole('dialog', { name: '新建日程' })
  await dialog.getByRole('textbox', { name: '标题' }).fill(title)
  await dialog.getByRole('textbox', { name: '地点' }).fill('南陌县')
  await shot(page, 'calendar-dialog')
  await dialog.getByRole('button', { name: '保存' }).click()
  const slot = page.getByRole('button', { name: new RegExp(`^${title}，`) })
  await slot.waitFor()
  await slot.click()
  const side = page.getByRole('complementary', { name: '日程详情' })
  await side.getByText('南陌县', { exact: true }).waitFor()
  await shot(page, 'calendar')
  await side.getByRole('button', { name: '修改' }).click()
  dialog = page.getByRole('dialog', { name: '修改日程' })
  await dialog.getByRole('textbox', { name: '地点' }).fill('柳汀县')
  await dialog.getByRole('button', { name: '保存' }).click()
  await side.getByText('柳汀县', { exact: true }).waitFor()
  await side.getByRole('button', { name: '修改' }).click()
  await page.getByRole('dialog', { name: '修改日程' }).getByRole('button', { name: '删除' }).click()
  await slot.waitFor({ state: 'detached' })
})

test('a card is made and deleted', async () => {
  const { page } = w
  await go(page, '/contacts?book=mine')
  await page.getByRole('button', { name: /^新建名片/ }).click()
  let dialog = page.getByRole('dialog', { name: '新建名片' })
  await dialog.getByRole('textbox', { name: '姓名' }).fill(`江${stamp}`)
  await dialog.getByRole('textbox', { name: '邮箱' }).fill('没有符号')
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.getByText('“邮箱”填写有误').waitFor()
  await dialog.getByRole('textbox', { name: '邮箱' }).fill('a@b.example')
  await dialog.getByRole('button', { name: '保存' }).click()
  const row = page.getByRole('option', { name: new RegExp(`江${stamp}`) })
  await row.click()
  await page.getByRole('button', { name: '修改' }).click()
  dialog = page.getByRole('dialog', { name: '修改名片' })
  await dialog.getByRole('button', { name: '删除' }).click()
  await row.waitFor({ state: 'detached' })
})

test('a draft is kept while it is written, saved and sent on its way', async () => {
  const { page } = w
  const title = `清岚市人民政府办公室关于${stamp}的签报`
  await go(page, '/documents/sign')
  await page.getByRole('button', { name: /^写签报/ }).click()
  await page.getByRole('textbox', { name: '标题' }).fill(title)
  const text = page.getByRole('textbox', { name: '公文正文' })
  await text.click()
  await page.keyboard.type('基本情况')
  await page.getByRole('combobox', { name: '段落样式' }).selectOption({ label: '一级标题' })
  await text.getByRole('heading', { name: '一、基本情况' }).waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.type('现将有关情况报告如下。')
  await page.getByText(/^已暂存在本机/).waitFor()
  await page.reload()
  await page.getByText(/^已恢复 .* 未保存的修改$/).waitFor()
  assert.equal(await text.locator('p').first().textContent(), '现将有关情况报告如下。')
  await page.getByRole('combobox', { name: '批示领导' }).fill('陈望舒')
  await page.getByRole('option', { name: /陈望舒/ }).click()
  await page.keyboard.press('Escape')
  await shot(page, 'draft')
  await page.getByRole('button', { name: /^保存/ }).click()
  await page.getByText(/^已保存 · 第 1 版/).waitFor()
  await text.locator('p').first().click()
  // The editor has heard where the caret is when it names the paragraph's style.
  await page.waitForFunction((el) => el.value === 'text', await page.getByRole('combobox', { name: '段落样式' }).elementHandle())
  await page.keyboard.press('End')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('，请批示。')
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 2 版/).waitFor()
  await page.getByRole('button', { name: '送审' }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByRole('img', { name: /^流程：已办 拟稿/ }).waitFor()
  await page.locator('article.sheet', { hasText: '现将有关情况报告如下，请批示。' }).first().waitFor()
  await page.getByRole('tab', { name: /^版本/ }).click()
  await page.getByText('第 2 版').first().waitFor()
  await shot(page, 'document-own')
})

test('what was sent can be taken back', async () => {
  const { page } = w
  const take = page.getByRole('button', { name: '取回' })
  await take.waitFor({ timeout: 30_000 })
  await take.click()
  const dialog = page.getByRole('dialog', { name: '取回' })
  await dialog.getByRole('button', { name: '取回' }).click()
  await page.getByRole('button', { name: /^再次送审|^同意/ }).first().waitFor({ timeout: 30_000 })
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})
