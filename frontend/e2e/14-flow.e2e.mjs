// States a paper's flow can be in, as they read in the window: asleep, on paper,
// ended otherwise than done, in another's name, waiting for those asked first;
// that a task was opened, which its sender sees; and an incoming paper sent back
// to where it came from, in effect and refused.
// users: yaojingshu chuyan zhuangwanqing dingxiaohe
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { desk, dropPeople, go, openWindow, pageOf, setOffline, shot, story } from './lib.mjs'

const test = story(() => w)
let w // whose window is looked at when a test fails
let yao, chu, zhuang, ding
before(async () => {
  yao = await openWindow()
  chu = await openWindow({ at: pageOf('chuyan') })
  zhuang = await openWindow({ at: pageOf('zhuangwanqing') })
  ding = await openWindow({ at: pageOf('dingxiaohe') })
  w = yao
})
after(async () => {
  for (const x of [yao, chu, zhuang, ding]) await x?.browser.close()
  dropPeople()
})

/** find opens a paper by searching for its title, as a person does. */
async function find(w, title) {
  const { page } = w
  await page.keyboard.press('Control+k')
  await page.keyboard.type(title)
  await page.getByRole('listbox', { name: '搜索结果' }).getByRole('option', { name: new RegExp(title) }).first().click()
  await page.getByRole('heading', { level: 1, name: new RegExp(title) }).waitFor()
}
const standing = (w) => w.page.getByRole('list', { name: '办理状态' })
const sheet = (w) => w.page.getByRole('tabpanel')
async function trace(w) {
  await w.page.getByRole('tab', { name: /^流转/ }).click()
}

test('a suspended paper says why and until when, and cannot be acted on', async () => {
  await find(yao, '关于市体育馆冬季惠民开放的签报')
  await standing(yao).getByText('流程已挂起').waitFor()
  await standing(yao).getByText(/^等省级补助资金方案明确后再报。 · 计划 .+ 恢复$/).waitFor()
  assert.equal(await yao.page.getByRole('button', { name: '同意', exact: true }).isDisabled(), true)
  await shot(yao.page, 'flow-suspended')
})

test('a terminated paper is not called done', async () => {
  await find(yao, '关于举办冬季灯会活动的签报')
  await standing(yao).getByText('已终止，不再办理').waitFor()
  await standing(yao).getByText('活动已由市文旅局统筹安排，不再单独办理。').waitFor()
  assert.equal(await yao.page.getByRole('region', { name: '办理' }).getByText('已办结').count(), 0)
  await shot(yao.page, 'flow-terminated')
})

test('a paper that is handled on paper says so', async () => {
  await find(yao, '关于向市档案馆移交到期档案的签报')
  await standing(yao).getByText('线下流转中，补录之前不在系统里办理').waitFor()
  await trace(yao)
  await sheet(yao).getByText('转线下办理').first().waitFor()
  await shot(yao.page, 'flow-paper')
})

test('a rejected paper names the reason', async () => {
  await find(chu, '关于森林防火物资储备情况的报告')
  await standing(chu).getByText('已退文').waitFor()
  await standing(chu).getByText(/^报告中夹带请示事项/).waitFor()
  await shot(chu.page, 'flow-rejected')
})

test('who waits for those asked first, and those, are told apart', async () => {
  await find(chu, '关于既有住宅加装电梯有关事项的复函')
  await trace(chu)
  await sheet(chu).getByText(/^等加签、委派的意见 · /).waitFor()
  await sheet(chu).getByText(/^前加签 · .*未阅$/).waitFor()
  await shot(chu.page, 'flow-added')
  await find(chu, '关于外墙保温材料排查有关事项的复函')
  await sheet(chu).getByText('受委派').first().waitFor()
})

test('a limit that has passed says who was told, and who asks for the paper', async () => {
  const title = '清岚市人民政府办公室关于背街小巷路灯照明有关事项的复函'
  const { page } = chu
  await find(chu, title)
  await standing(chu).getByText('已超过办理时限').waitFor()
  await standing(chu).getByText('已上报邵文渊').waitFor()
  await trace(chu)
  await sheet(chu).getByText(/^超时自动处理 · 报告上级 · 邵文渊$/).waitFor()
  await sheet(chu).getByText(/^逾期提醒/).waitFor()
  await shot(page, 'flow-late')
  const subject = page.url().split('/').pop()
  await desk('huodiping', 'sync')
  await desk('huodiping', 'do', 'approval.urge@1', '-', { subject, words: '请今天核完' })
  await desk('huodiping', 'sync')
  await go(page, '/todo')
  await page.getByText(/超时已上报邵文渊 · 催办 1 次/).first().waitFor()
  await shot(page, 'flow-late-list')
})

test('a copy that was taken back is gone from its reader, who confirms it', async () => {
  const { page } = chu
  const title = '清岚市人民政府办公室关于背街小巷路灯照明有关事项的复函'
  await find(chu, title)
  const subject = page.url().split('/').pop()
  const about = { subject_kind: 'doc.header', subject }
  const circulation = '0198a7c0-0000-7000-8000-00000000e2e1'
  await desk('chuyan', 'sync')
  await desk('chuyan', 'do', 'approval.circulate@1', '-', { id: circulation, ...about, to: ['zhuang-wanqing'], words: '请阅' })
  await desk('chuyan', 'sync')
  await find(zhuang, title)
  await desk('chuyan', 'do', 'approval.recall_copies@1', '-', { circulation, ...about, words: '印发范围有误' })
  const copies = sheet(chu).getByRole('region', { name: '传阅' })
  await copies.getByText('已收回 · 已从 1 / 1 台设备清除').waitFor()
  await copies.scrollIntoViewIfNeeded()
  await shot(page, 'flow-recalled')
  await trace(chu)
  await sheet(chu).getByText(/^收回传阅 · .*庄晚晴 · 印发范围有误/).waitFor()
  const gone = sheet(chu).getByText(/^收回的文件已清除 · 1 台设备均已确认 · 庄晚晴$/)
  await gone.waitFor()
  await gone.scrollIntoViewIfNeeded()
  await shot(page, 'flow-recalled-trace')
})

test('an agent reads in whose name he is asked', async () => {
  const { page } = zhuang
  await go(page, '/todo')
  await page.getByText(/负责人审核 · 代施青禾/).first().waitFor()
  await shot(page, 'flow-agent-list')
  await find(zhuang, '关于加强古树名木保护工作的通知')
  await page.getByText('代 施青禾 办理').waitFor()
  await shot(page, 'flow-agent')
  // What he does is told in both names, on the sheet and in the trace.
  await page.getByRole('textbox', { name: /意见$/ }).fill('已核，同意送审。')
  await page.getByRole('button', { name: '同意', exact: true }).click()
  await sheet(zhuang).getByText('庄晚晴（代 施青禾）').first().waitFor()
  await trace(zhuang)
  await sheet(zhuang).getByText('庄晚晴（代 施青禾）').first().waitFor()
  await shot(page, 'flow-agent-trace')
})

test('that a task was opened is told once, and its sender sees it', async () => {
  const title = '关于做好代表建议和委员提案办理工作的通知'
  await find(chu, title)
  const row = (name) => sheet(chu).getByRole('paragraph').filter({ hasText: name })
  await row('姚静姝').getByText('未阅').waitFor()
  await row('方启明').getByText('未阅').waitFor()
  await find(yao, title)
  await yao.page.getByRole('region', { name: '办公室审核意见' }).waitFor()
  await row('姚静姝').getByText(/已阅$/).waitFor()
  await row('方启明').getByText('未阅').waitFor()
  await shot(chu.page, 'flow-opened')
  // Nothing of it is told as something that waits.
  await yao.page.getByRole('button', { name: /^同步状态/ }).first().waitFor()
  assert.equal(await yao.page.getByText('1 件待送达').count(), 0)
})

test('what is taken back leaves the other desk, and the trace says so', async () => {
  await chu.page.getByRole('button', { name: '取回' }).click()
  const ask = chu.page.getByRole('dialog', { name: '取回' })
  await ask.getByRole('textbox').fill('附件有误，改后再送。')
  await ask.getByRole('button', { name: '取回' }).click()
  await ask.waitFor({ state: 'hidden' })
  await chu.page.getByRole('region', { name: /^核稿意见/ }).waitFor()
  await yao.page.getByRole('region', { name: '办公室审核意见' }).waitFor({ state: 'detached' })
  await trace(yao)
  await sheet(yao).getByText(/^取回/).first().waitFor()
  await shot(yao.page, 'flow-taken-back')
})

test('a number that is put down for a paper, and a paper that holds no more', async () => {
  const { page } = chu
  await find(chu, '清岚市人民政府关于公布图书馆延时开放时间的通告')
  const id = page.url().split('/').pop()
  await desk('dingxiaohe', 'sync')
  const year = Number(new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: 'Asia/Shanghai' }).format(new Date()))
  await desk('dingxiaohe', 'do', 'document.choose_number@1', '-', { id, year, n: 90, words: '会议已通报此号' })
  await page.getByText('已预留第 90 号，登记时分配').waitFor()
  await shot(page, 'flow-number-reserved')
  await find(chu, '清岚市人民政府办公室关于开展老旧小区充电桩安装工作的通知')
  const issued = page.url().split('/').pop()
  await desk('dingxiaohe', 'do', 'document.annul@1', '-', { id: issued, standing: 'revoked', basis: '清政办发〔2026〕30号' })
  await standing(chu).getByText('已撤销，自始无效').waitFor()
  await standing(chu).getByText('依据：清政办发〔2026〕30号').waitFor()
  await shot(page, 'flow-revoked')
})

test('a paper to be read takes the flow that is chosen for it', async () => {
  w = ding
  const { page } = w
  const title = '关于古树名木巡查情况的通报'
  await go(page, '/draft/in')
  const form = page.getByRole('region', { name: '收文登记' })
  for (const [field, value] of Object.entries({ from: '市林业站', fromNumber: '清林报〔2026〕100号', title })) await form.locator(`[name="${field}"]`).fill(value)
  await page.getByRole('checkbox', { name: '登记后即送审' }).uncheck()
  await page.keyboard.press('Control+s')
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByRole('button', { name: '其他流程' }).click()
  await shot(page, 'flow-other')
  await page.getByRole('menuitem', { name: '收文(阅件)' }).click()
  await page.getByRole('img', { name: /^流程：已办 签收登记/ }).waitFor()
})

const GROUND = '报告中夹带请示事项'
const spelt = `报告夹带了追加经费的请示，请分开行文。`
/** registered is a paper that the clerk registers and sends to 初审 in one go. */
async function registered(title, number) {
  w = ding
  const { page } = w
  await go(page, '/draft/in')
  const form = page.getByRole('region', { name: '收文登记' })
  for (const [field, value] of Object.entries({ from: '市林业站', fromNumber: number, title })) await form.locator(`[name="${field}"]`).fill(value)
  assert.equal(await page.getByRole('checkbox', { name: '登记后即送审' }).isChecked(), true)
  await page.keyboard.press('Control+Enter')
  await page.getByText(new RegExp(`^已登记.*“${title}”`)).waitFor()
}
/** reviewed opens what came to the reviser, from the list of to-dos. */
async function reviewed(title) {
  w = chu
  await go(chu.page, '/todo')
  await chu.page.getByRole('grid').getByRole('link', { name: title }).click()
  await chu.page.getByRole('textbox', { name: '初审意见' }).waitFor()
}
/** reject opens 退文, which is sent only with a ground and words. */
async function reject() {
  const { page } = chu
  await page.getByRole('button', { name: '更多', exact: true }).click()
  await page.getByRole('menuitem', { name: '退文…' }).click()
  const dialog = page.getByRole('dialog', { name: '退文' })
  const send = dialog.getByRole('button', { name: '退文', exact: true })
  const words = dialog.getByRole('textbox', { name: '给来文单位的说明' })
  await words.fill(spelt)
  assert.equal(await send.isDisabled(), true, 'without a ground')
  await dialog.getByRole('radio', { name: GROUND }).check()
  await words.fill('')
  assert.equal(await send.isDisabled(), true, 'without words')
  await words.fill(spelt)
  await shot(page, 'flow-reject')
  await words.press('Control+Enter')
  await dialog.waitFor({ state: 'hidden' })
}

test('an incoming paper goes back to where it came from, with a ground and words', async () => {
  const title = '关于林区道路养护情况的报告'
  await registered(title, '清林报〔2026〕101号')
  await reviewed(title)
  await reject()
  await standing(chu).getByText('已退文').waitFor()
  assert.equal(await chu.page.getByRole('textbox', { name: '初审意见' }).count(), 0)
  // The clerk finds it in the register by its state, and on it who sent it back and why.
  w = ding
  const { page } = w
  await go(page, '/documents/in')
  const filters = page.getByRole('search', { name: '筛选' })
  await filters.getByRole('button', { name: /^状态/ }).click()
  await page.getByRole('checkbox', { name: '已退文', exact: true }).check()
  await page.keyboard.press('Escape')
  const row = page.getByRole('row').filter({ hasText: title })
  await row.getByText('已退文').waitFor()
  await shot(page, 'flow-rejected-list')
  await row.getByRole('link', { name: title }).click()
  await standing(ding).getByText('已退文').waitFor()
  await standing(ding).getByText(`${GROUND}：${spelt}`).waitFor()
  const area = page.getByRole('region', { name: '初审意见' })
  await area.getByText(spelt, { exact: true }).waitFor()
  await area.getByText(/退文/).waitFor()
  await trace(ding)
  await sheet(ding).getByText(new RegExp(`^退文 · .*${GROUND}`)).waitFor()
  await sheet(ding).getByRole('listitem').filter({ hasText: '系统' }).getByText('已退文').first().waitFor()
  await page.getByRole('img', { name: /^流程：已办 登记、初审/ }).waitFor()
  await shot(page, 'flow-rejected-clerk')
})

test('a 退文 that comes too late is refused, and its words are kept', async () => {
  const title = '关于苗木储备情况的报告'
  await registered(title, '清林报〔2026〕102号')
  await reviewed(title)
  await setOffline(chu.page, true)
  await reject()
  await chu.page.getByText(/已退文，待送达/).waitFor()
  // Meanwhile the clerk takes the paper back.
  const { page } = ding
  await page.getByRole('listitem').or(page.getByRole('row')).filter({ hasText: title }).getByRole('link', { name: title }).first().click()
  await page.getByRole('button', { name: '取回' }).click()
  const ask = page.getByRole('dialog', { name: '取回' })
  await ask.getByRole('button', { name: '取回' }).click()
  await ask.waitFor({ state: 'hidden' })
  await page.getByRole('region', { name: '备注意见' }).waitFor()
  await setOffline(chu.page, false)
  await chu.page.getByRole('button', { name: /^同步状态 .*1 件需您处理/ }).waitFor()
  await go(chu.page, '/reconcile')
  const one = chu.page.getByRole('article').filter({ hasText: title })
  await one.getByText(spelt).waitFor()
  await shot(chu.page, 'flow-reject-refused')
  await standing(ding).getByText('已退文').waitFor({ state: 'detached' })
})
