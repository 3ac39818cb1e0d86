// A day without the server, from the program's start to its end: the profile is
// filled, the server cannot be reached once. Every page works with what is here
// and says what it cannot do; in the evening nothing is lost, and when the server
// is there again it has all of it.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { audit, desk, dropPeople, go, shot, story } from './lib.mjs'
import { dropPrograms, folder, signIn, startProgram, way } from './program.mjs'
import { password, syncNow } from './shots.states.mjs'

const test = story(() => w)
const stamp = Date.now().toString(36)
const words = `同意。${stamp}请按时限办理。`
const kept = { todo: `离线一日 ${stamp}`, event: `离线会商 ${stamp}`, card: `离${stamp}`, paper: `清岚市人民政府关于${stamp}的签报` }
let w, line, profile
before(async () => {
  line = await way()
  profile = folder('noserver')
  await signIn(profile, 'linzhiyuan', { at: line.url })
  line.cut(true)
  w = await startProgram(profile)
})
after(async () => {
  dropPeople()
  await dropPrograms()
})
const sync = () => w.page.getByRole('button', { name: /^同步状态 离线/ })
const waiting = (n) => w.page.getByRole('button', { name: new RegExp(`^同步状态 离线 · 已同步至 .* · ${n} 件待送达`) }).waitFor()
let signed

test('the window opens with what is here, and says since when it has stood alone', async () => {
  const { page } = w
  for (const pile of ['待签', '待阅', '今日日程']) await page.getByRole('region', { name: pile }).waitFor()
  await sync().waitFor()
  await sync().click()
  const pop = page.getByRole('dialog', { name: '同步状态' })
  await pop.getByText(/^连不上服务器/).first().waitFor()
  await pop.getByRole('button', { name: '立即同步' }).click()
  await pop.getByRole('alert').getByText('连不上服务器').waitFor()
  await audit(page, 'without server')
  await page.keyboard.press('Escape')
  await shot(page, 'noserver-workbench')
})

test('a paper is read, page and trace, and signed', async () => {
  const { page } = w
  const link = page.getByRole('region', { name: '待签' }).getByRole('link', { name: /应急值守/ })
  signed = await link.locator('.ttl').textContent()
  await link.click()
  await page.getByRole('heading', { level: 1, name: signed }).waitFor()
  await page.locator('article.sheet').first().waitFor()
  await page.getByRole('tab', { name: /^流转/ }).click()
  await page.getByRole('heading', { name: '流转记录' }).waitFor()
  await page.getByRole('tab', { name: '发文稿纸' }).click()
  await page.getByText(/^现在离线：签后为待送达/).waitFor()
  await page.getByRole('textbox', { name: '签发意见' }).fill(words)
  await page.keyboard.press('Control+Enter')
  await page.getByText(/您 .* 已同意，待送达/).waitFor()
  await waiting(1)
})

test('to-do, event, card and draft are made here', async () => {
  const { page } = w
  await go(page, '/todo?tab=mine')
  await page.getByRole('textbox', { name: '新建事项' }).fill(kept.todo)
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: kept.todo }).getByText('待送达').waitFor()
  await go(page, '/calendar')
  await page.getByRole('region', { name: '周视图' }).waitFor()
  await page.keyboard.press('n')
  let dialog = page.getByRole('dialog', { name: '新建日程' })
  await dialog.getByRole('textbox', { name: '标题' }).fill(kept.event)
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: new RegExp(`^${kept.event}，.*待送达`) }).waitFor()
  await go(page, '/contacts?book=mine')
  await page.getByRole('button', { name: /^新建名片/ }).click()
  dialog = page.getByRole('dialog', { name: '新建名片' })
  await dialog.getByRole('textbox', { name: '姓名' }).fill(kept.card)
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('option', { name: new RegExp(kept.card) }).getByText('待送达').waitFor()
  await go(page, '/draft/sign')
  await page.getByRole('textbox', { name: '标题' }).fill(kept.paper)
  await page.getByRole('textbox', { name: '公文正文' }).click()
  await page.keyboard.type('没有网络的一天，情况如下。')
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 1 版/).waitFor()
  await waiting(5)
})

test('search finds papers, people and what was just written', async () => {
  const { page } = w
  const hits = page.getByRole('listbox', { name: '搜索结果' })
  for (const [text, found] of [['储备', /储备/], ['chuyan', /褚言/], [kept.todo, new RegExp(kept.todo)]]) {
    await page.keyboard.press('Control+k')
    await page.keyboard.type(text)
    await hits.getByRole('option', { name: found }).first().waitFor()
    await page.keyboard.press('Escape')
  }
})

test('each page says what needs the server, and none is a raw error', async () => {
  const { page } = w
  const pages = [
    ['/documents/in', /收文/],
    ['/documents/out', /发文/],
    ['/documents/sign', /签报/],
    ['/contacts', /通讯录/],
    ['/travel', /现在离线/],
    ['/reconcile', /现在离线，联网后逐件送达。您的文字全部保留。/],
    ['/sync/history', /连不上服务器/],
    ['/sync/here', /最近同步/],
    ['/settings', /显示/],
    ['/profile', /修改密码需要联网，现在离线。/],
  ]
  for (const [path, said] of pages) {
    await go(page, path)
    await page.locator('main').getByText(said).first().waitFor()
    await sync().waitFor()
    assert.doesNotMatch(await page.locator('body').innerText(), /network|ECONN|dial tcp|127\.0\.0\.1:\d+: |undefined|\[object|程序出错/, path)
  }
  assert.equal(await page.getByRole('form', { name: '修改密码' }).getByLabel('现在的密码', { exact: true }).isDisabled(), true)
})

test('the reconcile desk lists everything that waits', async () => {
  const { page } = w
  await go(page, '/reconcile')
  const list = page.getByRole('region', { name: '逐件结果' })
  for (const name of [signed, kept.todo, kept.event, kept.card, kept.paper]) await list.getByRole('link', { name: new RegExp(name) }).getByText('待送达').first().waitFor()
  await page.getByText('没有需您处理的事项').or(page.getByRole('article')).first().waitFor()
})

test('a restart without the server finds all of it', async () => {
  await w.stop()
  w = await startProgram(profile)
  const { page } = w
  await page.getByText(/本机已签 1 件/).waitFor()
  await waiting(5)
  await go(page, '/todo?tab=mine')
  await page.getByRole('listitem').filter({ hasText: kept.todo }).getByText('待送达').waitFor()
})

test('signing out tells what was not delivered, and whoever stays out cannot come in without the server', async () => {
  const { page } = w
  const leave = async () => {
    await page.getByRole('button', { name: /个人设置$/ }).click()
    await page.getByRole('dialog', { name: '个人设置' }).getByRole('button', { name: '退出登录' }).click()
    return page.getByRole('dialog', { name: '退出登录' })
  }
  const dialog = await leave()
  await dialog.getByText('还有 5 件没有送到服务器').waitFor()
  const list = dialog.getByRole('list', { name: '没有送到服务器的内容' })
  for (const name of [signed, kept.todo, kept.event, kept.card, kept.paper]) await list.getByText(name).first().waitFor()
  assert.equal(await dialog.getByRole('button', { name: '退出登录', exact: true }).count(), 0, 'no way out that forgets')
  await dialog.getByRole('button', { name: '现在发送' }).click()
  await dialog.getByRole('alert').getByText('连不上服务器').waitFor()
  await audit(page, 'sign-out without server', { within: '.el-dialog' })
  await shot(page, 'noserver-sign-out')
  await dialog.getByRole('button', { name: '保留在本机并退出' }).click()
  const form = page.getByRole('form', { name: '登录' })
  await form.getByRole('textbox', { name: '密码' }).fill(password())
  await form.getByRole('button', { name: '登录', exact: true }).click()
  await form.getByText('连不上服务器').waitFor()
})

test('the server is there again: one sign-in later it has the whole day', async () => {
  const { page } = w
  line.cut(false)
  const form = page.getByRole('form', { name: '登录' })
  await form.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('navigation', { name: '主导航' }).waitFor({ timeout: 30_000 })
  await syncNow(page)
  await page.getByRole('button', { name: /^同步状态 已同步至 [\d:]+$/ }).waitFor({ timeout: 30_000 })
  await desk('linzhiyuan', 'sync')
  const there = async (kind, field, value, ...where) => assert.ok((await desk('linzhiyuan', 'list', kind, '--limit', '1000', ...where)).some((r) => r.body[field] === value), `${kind} ${value}`)
  await there('todo.item', 'title', kept.todo)
  await there('calendar.event', 'title', kept.event)
  await there('contact.card', 'name', kept.card)
  await there('doc.header', 'title', kept.paper)
  await there('approval.opinion', 'words', words, '--where', 'actor=lin-zhiyuan')
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await page.evaluate(() => window.breaches), [])
})
