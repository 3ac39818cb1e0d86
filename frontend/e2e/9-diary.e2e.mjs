// Calendar, contacts and reconcile desk, off line and on: repetition, reminders,
// days off, overlaps, vCards, cards of all kinds of text, refused work.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { audit, corpus, desk, dropPeople, go, openWindow, setOffline, shot, story, within } from './lib.mjs'

const test = story(() => w)
const stamp = Date.now().toString(36)
const HOUR = 3_600_000
const ZONE = 8 * HOUR
/** the office's day so many days from now, as 2026-11-28 */
const dayOf = (n) => new Date(Date.now() + ZONE + n * 24 * HOUR).toISOString().slice(0, 10)
const ms = (day, hour) => Date.parse(`${day}T00:00:00Z`) - ZONE + hour * HOUR
const escape = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * What FullCalendar's own markup does not allow: its hours scroll in a rowgroup,
 * which may hold no focus of its own (without events nothing in it has one; the
 * list has all there is); the head of the column of hours has its name by
 * aria-label and no text; the heads of days show 23 周一 十五 and are named
 * 11月23日 星期一，十月十五, which is the same said whole.
 */
const calendarOff = ['scrollable-region-focusable', 'empty-table-header', 'label-content-name-mismatch']

let w
before(async () => {
  w = await openWindow()
  await w.page.getByRole('heading', { name: '待签' }).waitFor()
})
after(async () => {
  await w?.browser.close()
  dropPeople()
})

/** slot is an occurrence by the beginning of its accessible name. */
const slot = (title) => w.page.getByRole('region', { name: /视图$/ }).getByRole('button', { name: new RegExp(`^${escape(title)}，`) })
const side = () => w.page.getByRole('complementary', { name: '日程详情' })
async function view(name) {
  await w.page.getByRole('group', { name: '视图', exact: true }).getByRole('button', { name, exact: true }).click()
}
/** make gives an event through the dialog. */
async function make(title, fill) {
  const { page } = w
  await page.getByRole('button', { name: /^新建日程/ }).click()
  const dialog = page.getByRole('dialog', { name: '新建日程' })
  await dialog.getByRole('textbox', { name: '标题' }).fill(title)
  await fill?.(dialog)
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.waitFor({ state: 'hidden' })
}
async function event(title, day, from, to, more = {}) {
  const id = `e-${stamp}-${Math.round(from * 100)}-${day.slice(-5)}`
  await desk('linzhiyuan', 'do', 'calendar.create@1', '-', { id, title, start: ms(day, from), end: ms(day, to), ...more })
  await desk('linzhiyuan', 'sync')
  return id
}

test('all four views keep the rules of accessibility', async () => {
  const { page } = w
  await go(page, '/calendar')
  for (const [name, label] of [['日', '日视图'], ['月', '月视图'], ['列表', '列表视图'], ['周', '周视图']]) {
    await view(name)
    await page.getByRole('region', { name: label }).waitFor()
    await page.waitForTimeout(250)
    await audit(page, label, { within: '.main', off: calendarOff })
    await shot(page, `diary-${name}`)
  }
})

test('days off are the server’s; a year without them says so', async () => {
  const { page } = w
  await view('月')
  await go(page, '/calendar?day=2026-10-01')
  await page.getByRole('heading', { level: 1, name: '2026年10月' }).waitFor()
  await page.getByRole('link', { name: /^(2026年)?10月1日 星期四，八月廿一，国庆节，国庆节放假/ }).waitFor()
  await page.getByRole('link', { name: /10月10日 星期六，.*国庆节调休上班/ }).waitFor()
  await page.getByRole('link', { name: /10月23日 .*霜降/ }).waitFor()
  assert.equal(await page.getByRole('note').count(), 0)
  await shot(page, 'diary-october')
  await go(page, '/calendar?day=2031-10-01')
  await page.getByRole('note').getByText('2031 年的放假安排尚未公布').waitFor()
  await page.getByRole('button', { name: '今天' }).click()
  await view('周')
})

test('an event is quickly added and dragged off line, and waits', async () => {
  const { page } = w
  await setOffline(page, true)
  const title = `离线调研 ${stamp}`
  const lane = page.locator('.qc-lane').nth(2)
  const box = await lane.boundingBox()
  const hour = page.locator('.qc-hour').first()
  const height = (await hour.boundingBox()).height
  await page.mouse.dblclick(box.x + box.width / 2, box.y + height * 5.25)
  const quick = page.getByRole('dialog', { name: '新建日程' })
  await quick.getByRole('textbox', { name: '标题' }).fill(title)
  await quick.getByRole('textbox', { name: '地点' }).fill('青石水库')
  await shot(page, 'diary-quick')
  await page.keyboard.press('Enter')
  const it = slot(title)
  await it.waitFor()
  assert.match(await it.textContent(), /待送达/)
  const was = (await it.textContent()).match(/(\d\d:\d\d)–/)[1]
  const b = await it.boundingBox()
  await page.mouse.move(b.x + b.width / 2, b.y + 8)
  await page.mouse.down()
  await page.mouse.move(b.x + b.width / 2, b.y + 8 + height, { steps: 6 })
  await page.mouse.move(b.x + b.width / 2, b.y + 8 + height * 2, { steps: 6 })
  await page.mouse.up()
  await page.getByText(`“${title}”已改到`).waitFor()
  await page.waitForFunction(([t, was]) => [...document.querySelectorAll('.fc-slot')].some((e) => e.textContent.includes(t) && !e.textContent.includes(was)), [title, was])
  await it.press('Enter')
  await side().getByRole('heading', { name: title }).waitFor()
  await side().getByText('青石水库', { exact: true }).waitFor()
  await shot(page, 'diary-waiting')
  await setOffline(page, false)
  await page.waitForFunction((t) => [...document.querySelectorAll('.fc-slot')].some((e) => e.textContent.includes(t) && !e.textContent.includes('待送达')), title, { timeout: 30_000 })
  await desk('linzhiyuan', 'sync')
  const found = (await desk('linzhiyuan', 'list', 'calendar.event', '--limit', '1000')).filter((r) => r.body.title === title)
  assert.equal(found.length, 1)
  await side().getByRole('button', { name: '收起详情' }).click()
})

test('a repeating event: this one, this one and those that follow', async () => {
  const { page } = w
  const title = `周例会 ${stamp}`
  await make(title, async (dialog) => {
    await dialog.getByRole('combobox', { name: '重复' }).selectOption({ label: '每天' })
    await dialog.getByRole('combobox', { name: '结束', exact: true }).last().selectOption({ label: '若干次后' })
    await dialog.getByRole('spinbutton', { name: /^次数/ }).fill('5')
    await dialog.getByRole('combobox', { name: '提醒' }).selectOption({ label: '不提醒' })
    await shot(page, 'diary-repeat')
  })
  await view('列表')
  const rows = () => page.getByRole('region', { name: '列表视图' }).getByRole('button', { name: new RegExp(escape(title)) })
  await page.waitForFunction((t) => [...document.querySelectorAll('.agenda li')].filter((e) => e.textContent.includes(t)).length === 5, title)
  await rows().nth(1).click()
  await side().getByText('每天，共 5 次').waitFor()
  await side().getByRole('button', { name: '修改' }).click()
  let dialog = page.getByRole('dialog', { name: '修改日程' })
  await dialog.getByRole('radio', { name: '仅这一次' }).waitFor()
  assert.equal(await dialog.getByRole('combobox', { name: '重复' }).count(), 0)
  await dialog.getByRole('textbox', { name: '地点' }).fill('二楼会议室')
  await shot(page, 'diary-scope')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.waitForFunction((t) => [...document.querySelectorAll('.agenda li')].filter((e) => e.textContent.includes(t) && e.textContent.includes('二楼会议室')).length === 1, title)
  await rows().nth(3).dblclick()
  dialog = page.getByRole('dialog', { name: '修改日程' })
  await dialog.getByText('这次及以后').click()
  await dialog.getByRole('button', { name: '删除' }).click()
  await page.waitForFunction((t) => [...document.querySelectorAll('.agenda li')].filter((e) => e.textContent.includes(t)).length === 3, title)
  await rows().nth(0).dblclick()
  dialog = page.getByRole('dialog', { name: '修改日程' })
  await dialog.getByText('全部', { exact: true }).click()
  await dialog.getByRole('textbox', { name: '标题' }).fill(`${title} 改`)
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.waitForFunction((t) => [...document.querySelectorAll('.agenda li')].filter((e) => e.textContent.includes(`${t} 改`)).length === 3, title)
  await shot(page, 'diary-list')
})

test('an overlap is shown with its minutes and can be ended', async () => {
  const { page } = w
  const day = dayOf(33)
  await event(`防汛视频会 ${stamp}`, day, 16, 17)
  await event(`听证汇报 ${stamp}`, day, 16.5, 17.5)
  await go(page, `/calendar?day=${day}`)
  await view('日')
  const second = slot(`听证汇报 ${stamp}`)
  await second.waitFor({ timeout: 60_000 })
  assert.match(await second.textContent(), /时间重叠/)
  await second.click()
  await side().getByText('30 分钟').waitFor()
  await side().getByRole('radio', { name: new RegExp(`听证汇报 ${stamp}改到 17:00`) }).check()
  await shot(page, 'diary-overlap')
  await audit(page, 'page', { within: '.main', off: calendarOff })
  await side().getByRole('button', { name: '按所选调整' }).click()
  await page.waitForFunction((t) => [...document.querySelectorAll('.fc-slot')].some((e) => e.textContent.includes(t) && e.textContent.includes('17:00–18:00') && !e.textContent.includes('时间重叠')), `听证汇报 ${stamp}`)
})

test('a reminder rings, survives a restart of the page, and once put away stays away', async () => {
  const { page } = w
  const title = `马上开会 ${stamp}`
  const start = Math.ceil(Date.now() / 60_000) * 60_000 + 6 * 60_000
  await desk('linzhiyuan', 'do', 'calendar.create@1', '-', { id: `r-${stamp}`, title, start, end: start + HOUR, reminder: 15 })
  await desk('linzhiyuan', 'sync')
  const tray = page.getByRole('region', { name: '日程提醒' })
  const one = tray.getByRole('button', { name: new RegExp(`^${escape(title)}`) })
  await one.waitFor({ timeout: 90_000 })
  await shot(page, 'diary-reminder')
  await audit(page, '.remind', { within: '.remind' })
  await page.reload()
  await one.waitFor()
  await tray.getByRole('button', { name: `知道了：${title}` }).click()
  await one.waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('region', { name: /视图$/ }).waitFor()
  await page.waitForTimeout(500)
  assert.equal(await one.count(), 0)
})

test('any text goes through every field of the calendar and is seen as text', async () => {
  const { page } = w
  const day = dayOf(40)
  await go(page, `/calendar?day=${day}`)
  await view('日')
  let hour = 8
  for (const [kind, text] of Object.entries(corpus)) {
    await event(text, day, hour, hour + 1, { place: text, note: `${text}\n${text}` })
    hour += 1.5
    const it = slot(within(text))
    await it.waitFor({ timeout: 60_000 })
    await it.click()
    await side().getByRole('heading', { name: text, exact: true }).waitFor()
    assert.equal(await side().getByText(text, { exact: true }).count() > 1, true, kind)
    await side().getByRole('button', { name: '修改' }).click()
    const dialog = page.getByRole('dialog', { name: '修改日程' })
    for (const name of ['标题', '地点']) assert.equal(await dialog.getByRole('textbox', { name }).inputValue(), text)
    assert.equal(await dialog.getByRole('textbox', { name: '备注' }).inputValue(), `${text}\n${text}`)
    await dialog.getByRole('textbox', { name: '地点' }).fill(`${text} `)
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await shot(page, 'diary-corpus')
  await view('月')
  await page.getByRole('region', { name: '月视图' }).waitFor()
  await view('列表')
  await page.getByRole('region', { name: '列表视图' }).getByText(corpus.html).first().waitFor()
  assert.equal(await page.locator('img').count(), 0)
  assert.equal(await page.evaluate(() => window.broken), undefined)
  assert.equal(await page.title(), '前哨')
  await view('周')
})

test('both address books in one place, by letter', async () => {
  const { page } = w
  await go(page, '/contacts?book=all')
  const list = page.getByRole('listbox', { name: '全部' })
  await list.getByRole('option', { name: /林知远/ }).waitFor()
  await page.getByRole('navigation', { name: '拼音索引' }).getByRole('button', { name: '跳到 Z' }).click()
  const chosen = list.getByRole('option', { selected: true })
  await chosen.waitFor()
  assert.match(await chosen.textContent(), /^Z/)
  await shot(page, 'contacts-all')
  for (const [book, label] of [['all', '全部'], ['public', '公共通讯录'], ['mine', '个人通讯录'], ['cards', '名片夹']]) {
    await go(page, `/contacts?book=${book}`)
    await page.getByRole('listbox', { name: label }).waitFor()
    await audit(page, label, { within: '.main' })
  }
  await shot(page, 'contacts-cards')
})

test('a card is read from the text that stands on it', async () => {
  const { page } = w
  await go(page, '/contacts?book=cards')
  await page.getByRole('button', { name: '粘贴名片' }).click()
  await page.getByRole('textbox', { name: '名片上的文字' }).fill(`清岚供电公司\n江${'远'}舟 总经理\n手机：138 0000 2716\n邮箱：jiang-${stamp}@power.example\n扫码加好友`)
  await page.getByRole('button', { name: '识别' }).click()
  const dialog = page.getByRole('dialog', { name: '新建名片' })
  assert.equal(await dialog.getByRole('textbox', { name: '职务' }).inputValue(), '总经理')
  assert.equal(await dialog.getByRole('textbox', { name: '备注' }).inputValue(), '扫码加好友')
  await dialog.getByRole('combobox', { name: '分组' }).fill('电力')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('option', { name: /江远舟/ }).waitFor()
  await page.getByRole('navigation', { name: '分组' }).getByRole('button', { name: /^电力/ }).click()
  await page.getByRole('option', { name: /江远舟/ }).waitFor()
})

test('a file of cards is looked through before anything is stored', async () => {
  const { page } = w
  await go(page, '/contacts?book=mine')
  const vcf = [
    `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:江总\r\nTEL:+86 13800002716\r\nTITLE:董事长\r\nADR:;;建设路8号;清岚市;;;\r\nEND:VCARD`,
    `BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9F=90=E6=9F=90${stamp};;;;\r\nTEL;CELL:13911112222\r\nEND:VCARD`,
    `BEGIN:VCARD\r\nVERSION:4.0\r\nFN:${corpus.html.replaceAll(',', '\\,')}\r\nORG:${corpus.han}\r\nNOTE:${corpus.rtl}\r\nEND:VCARD`,
    `BEGIN:VCARD\r\nVERSION:3.0\r\nTEL:1\r\nEND:VCARD`,
  ].join('\r\n')
  await page.getByRole('button', { name: '导入', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '导入' })
  await dialog.getByLabel('名片文件').setInputFiles({ name: 'cards.vcf', mimeType: 'text/vcard', buffer: Buffer.from(vcf) })
  await dialog.getByText('读到 3 张名片。1 张疑似已有，请逐张选定。1 张读不出姓名，已略过。').waitFor()
  const doubles = dialog.getByRole('region', { name: '疑似重复' })
  await doubles.getByText('电话相同：').waitFor()
  assert.equal(await doubles.getByRole('combobox').inputValue(), 'join')
  await dialog.getByText(corpus.html.slice(0, 40)).waitFor()
  await dialog.getByText('放不下的部分写入备注：姓名').waitFor()
  await shot(page, 'contacts-import')
  await audit(page, '[role=dialog]', { within: '[role=dialog]' })
  await dialog.getByRole('button', { name: '导入 3 张' }).click()
  await page.getByText('已存入 3 张名片').waitFor()
  await page.getByRole('option', { name: /江远舟/ }).click()
  const detail = page.getByRole('complementary', { name: '详情' })
  await detail.getByText('总经理').waitFor() // what is here stays
  await detail.getByText('清岚市 建设路8号').waitFor() // what was not known is added
  await page.getByRole('navigation', { name: '分组' }).getByRole('button', { name: /^全部名片/ }).click()
  await page.getByRole('option', { name: new RegExp(escape(corpus.html.slice(0, 40))) }).click()
  await detail.getByText(corpus.html).first().waitFor() // whole, in the note
  await detail.getByText(corpus.han).waitFor()
  assert.equal(await page.locator('img').count(), 0)
  // A file that is none.
  await page.getByRole('button', { name: '导入', exact: true }).click()
  await dialog.getByLabel('名片文件').setInputFiles({ name: 'x.vcf', mimeType: 'text/vcard', buffer: Buffer.from('%PDF-1.7') })
  await dialog.getByRole('alert').waitFor()
  await dialog.getByRole('button', { name: '取消' }).click()
})

test('what is refused keeps what was filled in, with what waits behind it, and becomes a to-do', async () => {
  const { page } = w
  const title = `被取消的会 ${stamp}`
  const id = await event(title, dayOf(35), 9, 10, { editors: ['he-yunzhou'] })
  await go(page, `/calendar?day=${dayOf(35)}`)
  await view('日')
  await slot(title).waitFor({ timeout: 60_000 })
  await setOffline(page, true)
  for (const place of [`三楼会议室 ${stamp}`, `四楼会议室 ${stamp}`]) {
    await slot(title).dblclick()
    const dialog = page.getByRole('dialog', { name: '修改日程' })
    await dialog.getByRole('textbox', { name: '地点' }).fill(place)
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await desk('heyunzhou', 'sync')
  await desk('heyunzhou', 'do', 'calendar.delete@1', '-', { id })
  await desk('heyunzhou', 'sync')
  await setOffline(page, false)
  await page.getByRole('link', { name: /^对账台，\d+ 件需您处理/ }).waitFor({ timeout: 60_000 })
  await go(page, '/reconcile')
  // The event has left this desk; what was filled in has not.
  const card = page.getByRole('article').filter({ hasText: `三楼会议室 ${stamp}` })
  await card.waitFor()
  assert.equal(await page.getByRole('article').filter({ hasText: `四楼会议室 ${stamp}` }).count(), 0, 'a chain is one case')
  await card.getByText('等它结果的 1 件，一并处理').waitFor()
  await shot(page, 'reconcile-refused')
  await audit(page, 'page', { within: '.main' })
  await card.getByRole('button', { name: '转为待办事项' }).click()
  const dialog = page.getByRole('dialog', { name: '转为待办事项' })
  assert.match(await dialog.getByRole('textbox', { name: '备注' }).inputValue(), new RegExp(`地点：三楼会议室 ${stamp}`))
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByText('已转为待办事项').waitFor()
  // The one behind it is now a case of its own; it is given up.
  const behind = page.getByRole('article').filter({ hasText: `四楼会议室 ${stamp}` })
  await behind.getByRole('button', { name: '不再处理' }).click()
  await behind.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '历史' }).click()
  await page.getByRole('textbox', { name: '标题、我写的文字' }).fill(`四楼会议室 ${stamp}`)
  await page.getByText('未生效', { exact: true }).first().click()
  const list = page.getByRole('list', { name: '历史记录' })
  await list.getByText(`地点：四楼会议室 ${stamp}`).waitFor()
  await shot(page, 'reconcile-history')
  await audit(page, 'page', { within: '.main' })
  await page.getByRole('button', { name: '返回对账' }).click()
})

test('two changes of one event: both are kept, one by one and several at once', async () => {
  const { page } = w
  const day = dayOf(36)
  const titles = [1, 2, 3].map((n) => `两处都改 ${stamp} ${n}`)
  const ids = []
  for (const [i, title] of titles.entries()) ids.push(await event(title, day, 9 + 2 * i, 10 + 2 * i, { place: '三楼会议室', editors: ['he-yunzhou'] }))
  await go(page, `/calendar?day=${day}`)
  await view('日')
  for (const title of titles) await slot(title).waitFor({ timeout: 60_000 })
  await setOffline(page, true)
  for (const title of titles) {
    await slot(title).dblclick()
    const dialog = page.getByRole('dialog', { name: '修改日程' })
    // It takes the focus when it is there.
    await page.waitForFunction(() => document.activeElement?.matches('.el-dialog input'))
    await dialog.getByRole('textbox', { name: '地点' }).fill(`我处 ${corpus.rtl}`)
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await desk('heyunzhou', 'sync')
  for (const id of ids) await desk('heyunzhou', 'do', 'calendar.edit@1', '-', { id, changes: [{ field: 'place', old: '三楼会议室', new: '应急指挥中心' }] })
  await desk('heyunzhou', 'sync')
  await setOffline(page, false)
  await page.getByRole('link', { name: /^对账台，\d+ 件需您处理/ }).waitFor({ timeout: 60_000 })
  await go(page, '/reconcile')
  const card = (n) => page.getByRole('article', { name: `日程：${titles[n]}` })
  for (const n of [0, 1, 2]) await card(n).waitFor()
  await card(0).getByText(corpus.rtl).first().waitFor()
  await audit(page, 'conflicts', { within: '.main' })
  await shot(page, 'reconcile-both')
  await card(0).getByRole('button', { name: '两份都保留' }).click()
  await page.getByText('已另建一项日程，两份都在').waitFor()
  await card(0).waitFor({ state: 'detached' })
  for (const n of [1, 2]) await page.getByRole('checkbox', { name: `选中日程：${titles[n]}` }).check()
  const batch = page.getByRole('group', { name: '批量处理' })
  await batch.getByRole('button', { name: '2 件取对方的' }).waitFor()
  assert.equal(await batch.getByRole('button', { name: /不再处理|再送/ }).count(), 0, 'no act that none of them allows')
  await shot(page, 'reconcile-both-batch')
  await batch.getByRole('button', { name: '2 件两份都保留' }).click()
  await page.getByText('2 件两份都已保留').waitFor()
  await page.getByRole('button', { name: /^同步状态 已同步至 [\d:]+$/ }).waitFor({ timeout: 30_000 })
  await desk('heyunzhou', 'sync')
  const all = (await desk('heyunzhou', 'list', 'calendar.event', '--limit', '1000')).filter((r) => titles.includes(r.body.title))
  assert.deepEqual(all.map((r) => r.body.place).sort(), [...Array(3).fill('应急指挥中心'), ...Array(3).fill(`我处 ${corpus.rtl}`)].sort())
})

test('dark, and text at 160 %', async () => {
  const { page } = w
  const scale = (v) => page.evaluate((v) => document.documentElement.style.setProperty('--text-scale', v), v)
  const theme = (v) => page.evaluate((v) => (document.documentElement.dataset.theme = v), v)
  for (const [name, path] of [['calendar', '/calendar'], ['contacts', '/contacts?book=cards'], ['reconcile', '/reconcile']]) {
    await go(page, path)
    await page.waitForTimeout(300)
    await theme('dark')
    const off = name === 'calendar' ? calendarOff : []
    await audit(page, `${name}, dark`, { within: '.main', off })
    await shot(page, `diary-dark-${name}`)
    await theme('light')
    await scale('1.6')
    await page.waitForTimeout(300)
    await audit(page, `${name}, large`, { within: '.main', off })
    await shot(page, `diary-large-${name}`)
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} is wider than the window`)
    await scale('1')
  }
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})
