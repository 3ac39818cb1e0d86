// users: linzhiyuan dingxiaohe
// Papers: the lists, a clerk's morning by keyboard alone, the editor, versions,
// and what people write, seen as text everywhere.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { promisify } from 'node:util'
import { accessible } from './axe.mjs'
import { desk, dropPeople, go, openWindow, profileOf, root, setOffline, shot, story } from './lib.mjs'

const run = promisify(execFile)
const stamp = Date.now().toString(36)
const nasty = `<img src=x onerror="document.title='broken'">'; DROP TABLE doc;-- 䶮喆𠮷 مرحبا`
const test = story(() => w)
let w // whose window the present test works in
let clerk
let leader
before(async () => {
  leader = await openWindow()
  clerk = await openWindow({ at: process.env.QS_URL_DINGXIAOHE })
  for (const x of [leader, clerk]) await x.page.getByRole('navigation', { name: '主导航' }).waitFor()
  w = clerk
})
after(async () => {
  await leader?.browser.close()
  await clerk?.browser.close()
  dropPeople()
})

const rows = (page) => page.locator('tr[data-row]')
const grid = (page, name = '收文列表') => page.getByRole('grid', { name })
const filters = (page) => page.getByRole('search', { name: '筛选' })
async function choose(page, chip, value) {
  await filters(page).getByRole('button', { name: new RegExp(`^${chip}`) }).click()
  await page.getByRole('checkbox', { name: value, exact: true }).check()
  await page.keyboard.press('Escape')
}

test('a list is filtered, sorted and grouped by the database', async () => {
  const { page } = w
  await go(page, '/documents/in')
  await grid(page).waitFor()
  await grid(page).getByRole('button', { name: '到期' }).click()
  await page.locator('tr.group').first().waitFor()
  // Lines are rows, headings of groups and the head; only those near the eye are there.
  const total = Number(/\d+/.exec(await page.locator('.page-head .num').textContent())[0])
  const lines = Number(await grid(page).getAttribute('aria-rowcount'))
  assert.ok(lines > total + 1 && lines <= total + 6, `${lines} lines for ${total} papers`)
  await choose(page, '来文单位', '市水务局')
  await page.waitForFunction(() => [...document.querySelectorAll('tr[data-row]')].every((r) => r.textContent.includes('市水务局')) && document.querySelector('tr[data-row]'))
  await choose(page, '文种', '请示')
  assert.ok((await rows(page).count()) >= 1)
  await shot(page, 'list-filtered')
  await accessible(page, 'filtered list')
})

test('a view is kept by name, found again, and can be the default', async () => {
  const { page } = w
  await page.getByRole('button', { name: /^视图/ }).click()
  await page.getByRole('textbox', { name: '视图名称' }).fill(`水务 ${stamp}`)
  await page.getByRole('button', { name: '保存视图' }).click()
  await page.getByRole('button', { name: `默认打开“水务 ${stamp}”` }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: `视图：水务 ${stamp}` }).waitFor()
  await page.getByRole('search', { name: '筛选' }).getByRole('button', { name: '清除' }).click()
  await page.getByRole('button', { name: `视图：水务 ${stamp}（已改动）` }).waitFor()
  await page.reload() // the program's window was closed and opened again
  await go(page, '/documents/in')
  await page.getByRole('button', { name: `视图：水务 ${stamp}` }).waitFor()
  await filters(page).getByRole('button', { name: '来文单位：市水务局' }).waitFor()
  await page.getByRole('button', { name: /^视图/ }).click()
  await page.getByRole('button', { name: `删除视图“水务 ${stamp}”` }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('search', { name: '筛选' }).getByRole('button', { name: '清除' }).click()
  await page.getByRole('button', { name: '列', exact: true }).click()
  await page.getByRole('checkbox', { name: '文种' }).check()
  await page.keyboard.press('Escape')
  await grid(page).getByRole('columnheader', { name: '文种' }).waitFor()
})

test('the list answers to the keyboard alone', async () => {
  const { page } = w
  await grid(page).getByRole('button', { name: '收到' }).or(grid(page).getByRole('button', { name: '标题' })).first().click()
  const cur = () => page.locator('tr.cur .tx').textContent()
  // The new order is there when the first row stays the same.
  await page.waitForFunction(
    () => {
      const now = document.querySelector('tr[data-row] .tx')?.textContent
      const same = now !== undefined && now === window.firstRow
      window.firstRow = now
      return same
    },
    null,
    { polling: 300 },
  )
  await page.keyboard.press('Home')
  const first = await cur()
  await page.keyboard.press('End')
  const last = await cur()
  assert.notEqual(first, last)
  await page.keyboard.press('PageUp')
  await page.keyboard.press('Home')
  assert.equal(await cur(), first)
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  const bar = page.getByRole('toolbar', { name: '批量操作' })
  await bar.getByText('已选 2 件').waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await bar.getByText('已选 3 件').waitFor()
  await shot(page, 'list-batch')
  await page.keyboard.press('Escape')
  await bar.waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await page.keyboard.type('供热')
  await page.waitForFunction(() => [...document.querySelectorAll('tr[data-row]')].some((r) => r.textContent.includes('供热')))
  await page.keyboard.press('Escape')
})

/** saveAs answers the system's own dialog, which is no page: it is asked by its title and the keyboard. */
async function saveAs(path) {
  const xdotool = (...args) => run('xdotool', args)
  const { stdout } = await xdotool('search', '--sync', '--onlyvisible', '--name', '^另存为$')
  await xdotool('windowfocus', '--sync', stdout.trim().split('\n').at(-1))
  await xdotool('key', 'ctrl+a')
  await xdotool('type', path)
  await xdotool('key', 'Return')
}

test('a list is written as a workbook, or as CSV, by the ending of its name', async () => {
  const { page } = w
  const dir = mkdtempSync(join(tmpdir(), 'qs-export-'))
  try {
    const total = Number(/\d+/.exec(await page.locator('.page-head .num').textContent())[0])
    for (const name of ['list.xlsx', 'list.csv']) {
      await page.getByRole('button', { name: '导出', exact: true }).click()
      await saveAs(join(dir, name))
      await page.getByText(new RegExp(`^${total} 件已存入 .*${name}`)).waitFor()
    }
    const csv = readFileSync(join(dir, 'list.csv'), 'utf8')
    assert.match(csv, /^\ufeff标题,/)
    assert.equal(csv.trim().split('\r\n').length, total + 1)
    // A workbook is a ZIP of XML; its texts are typed as texts, without a formula.
    const { stdout: sheet } = await run('python3', ['-c', 'import sys,zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("xl/worksheets/sheet1.xml"))', join(dir, 'list.xlsx')], { maxBuffer: 1 << 26 })
    assert.equal(sheet.match(/<row /g).length, total + 1)
    assert.match(sheet, /state="frozen"/)
    assert.match(sheet, /t="inlineStr"/)
    assert.doesNotMatch(sheet, /<f[ >]/)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test("a clerk's morning by keyboard alone: register, go on, be warned, send", async () => {
  const { page } = w
  await page.keyboard.press('n')
  const from = page.getByRole('combobox', { name: '来文单位' })
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'from')
  // Not sent on at once: the two go together later.
  const box = page.getByRole('checkbox', { name: '登记后即送审' })
  for (let i = 0; i < 12 && !(await box.evaluate((x) => x === document.activeElement)); i++) await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  for (let i = 0; i < 12 && !(await from.evaluate((x) => x === document.activeElement)); i++) await page.keyboard.press('Tab')
  const register = async (title, number) => {
    await page.keyboard.type('市水务局')
    await page.keyboard.press('Enter')
    await page.keyboard.type(number)
    await page.keyboard.press('Enter')
    await page.keyboard.type(title)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
  }
  const one = `关于${stamp}河道清淤的请示`
  await register(one, `清水请〔2026〕${stamp}号`)
  await page.getByText(`已登记“${one}”`).waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'from' && document.activeElement.value === '')
  // The same number again: said before, registered only when asked twice.
  const two = `关于${stamp}河道清淤工作的请示`
  await register(two, `清水请〔2026〕${stamp}号`)
  await page.getByRole('alert').filter({ hasText: '这件可能已登记过' }).waitFor()
  await shot(page, 'register-duplicate')
  await accessible(page, 'registration with a duplicate')
  await page.getByRole('button', { name: '仍要登记' }).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText(`已登记“${two}”`).waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'from' && document.activeElement.value === '')
  await page.keyboard.press('Escape')
  await grid(page).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type(stamp)
  await page.waitForFunction(() => document.querySelectorAll('tr[data-row]').length === 2)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+a')
  await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '送审 2 件' }).waitFor()
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: '批量送审 2 件' })
  await dialog.waitFor()
  await accessible(page, 'batch dialog')
  for (let i = 0; i < 8 && !(await dialog.getByRole('button', { name: '送审 2 件' }).evaluate((x) => x === document.activeElement)); i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await dialog.getByText(/^2 件已存入本机/).waitFor()
  await shot(page, 'batch-result')
  for (let i = 0; i < 8 && !(await dialog.getByRole('button', { name: '知道了' }).evaluate((x) => x === document.activeElement)); i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.waitForFunction(() => [...document.querySelectorAll('tr[data-row]')].every((r) => r.textContent.includes('初审')), null, { timeout: 30_000 })
})

test('what is registered off line waits for its number', async () => {
  const { page } = w
  await setOffline(page, true)
  await go(page, '/draft/in')
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'from')
  await page.keyboard.type(nasty.slice(0, 90))
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.keyboard.type(nasty)
  await page.keyboard.press('Control+s')
  await page.getByRole('heading', { level: 1, name: nasty }).waitFor()
  await page.getByText('编号待分配').first().waitFor()
  assert.equal(await page.locator('img[src="x"]').count(), 0)
  await setOffline(page, false)
  await page.getByRole('tab', { name: /^处理单|^收文/ }).first().click()
  await page.waitForFunction(() => !document.querySelector('.form-facts')?.textContent.includes('编号待分配'), null, { timeout: 30_000 })
  await go(page, '/documents/in')
  await page.getByRole('search', { name: '筛选' }).getByRole('button', { name: '清除' }).click() // the list was as it was left
  await rows(page).filter({ hasText: '䶮喆𠮷' }).first().waitFor()
  assert.equal(await page.title(), '前哨')
})

// The editor, in the leader's window.
const text = (page) => page.getByRole('textbox', { name: '公文正文' })
async function paste(page, html, plain) {
  await text(page).evaluate(
    (el, d) => {
      const data = new DataTransfer()
      data.setData('text/html', d.html)
      data.setData('text/plain', d.plain)
      el.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    },
    { html, plain },
  )
}
const title = `关于${stamp}<b>编辑器</b>的签报`

test('the editor makes headings, tables and clean blocks of what is pasted', async () => {
  w = leader
  const { page } = w
  await page.evaluate(() => window.go.bridge.Documents.Forget('new-sign'))
  await go(page, '/draft/sign')
  await page.getByRole('textbox', { name: '标题' }).fill(title)
  await page.keyboard.press('Enter')
  await page.keyboard.type('基本情况')
  await page.keyboard.press('Control+Alt+1')
  await page.keyboard.press('Enter')
  await page.keyboard.type(nasty)
  await page.keyboard.press('Enter')
  await paste(page, '<p class=MsoNormal><span style="font-family:宋体;color:red">二、<b>下一步</b></span></p><p>（一）抓紧落实，情况另报。</p><table><tr><td>单位</td><td>数量</td></tr><tr><td>东屏区</td><td>52</td></tr></table><script>window.ran=1</script>', 'x')
  await text(page).getByRole('heading', { name: '一、基本情况' }).waitFor()
  await text(page).getByRole('heading', { name: '二、下一步' }).waitFor()
  await text(page).getByRole('cell', { name: '东屏区' }).waitFor()
  await text(page).getByText(nasty, { exact: true }).waitFor()
  assert.equal(await page.evaluate(() => window.ran), undefined)
  assert.equal(await page.locator('img[src="x"]').count(), 0)
  await page.getByText(/^\d+ 字 · \d+ 段$/).waitFor()
  await page.keyboard.press('Control+h')
  const find = page.getByRole('search', { name: '查找' })
  await find.getByRole('textbox', { name: '查找内容' }).fill('情况')
  await find.getByText('第 1 处，共 2 处').waitFor()
  await find.getByRole('textbox', { name: '替换为' }).fill('现状')
  await find.getByRole('button', { name: '全部替换' }).click()
  await find.getByText('替换了 2 处').waitFor()
  await shot(page, 'editor-find')
  await accessible(page, 'editor with find')
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.activeElement?.classList.contains('text-editor'))
  await page.keyboard.press('Control+z')
  await text(page).getByRole('heading', { name: '一、基本情况' }).waitFor()
  await page.keyboard.press('Control+y')
  await text(page).getByRole('heading', { name: '一、基本现状' }).waitFor()
})

test('an input method is left alone', async () => {
  const { page } = w
  const before = await text(page).innerText()
  await text(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229, bubbles: true })
  assert.equal(await text(page).innerText(), before)
})

test('a saved text has versions, and any two stand side by side', async () => {
  const { page } = w
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 1 版/).waitFor()
  await text(page).getByText('（一）抓紧落实').click()
  await page.keyboard.press('End')
  await page.keyboard.type('每月一报。')
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 2 版/).waitFor()
  await go(page, `/document/${page.url().split('/').at(-1)}?tab=versions`)
  await page.getByRole('button', { name: '看最近一次修改' }).click()
  const dialog = page.getByRole('dialog', { name: '版本对比' })
  await dialog.getByText('改动 1 处').waitFor()
  assert.equal(await dialog.locator('ins').allTextContents().then((l) => l.join('')), '每月一报。')
  await dialog.getByRole('row').filter({ hasText: nasty }).waitFor()
  await shot(page, 'compare')
  await accessible(page, 'comparison')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('tab', { name: /^相关文件/ }).click()
  await accessible(page, 'document page')
})

test('a draft survives the death of the program', async () => {
  await desk('chuyan', 'status')
  const port = await new Promise((done) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const p = s.address().port
      s.close(() => done(p))
    })
  })
  const at = `http://127.0.0.1:${port}`
  const start = async () => {
    const p = spawn(join(process.env.QS_BIN ?? join(root, 'build', 'bin'), 'qianshao-dev'), ['--profile', profileOf('chuyan')], {
      env: { ...process.env, devserver: `127.0.0.1:${port}`, assetdir: join(root, 'frontend', 'dist') },
      stdio: 'ignore',
    })
    for (let i = 0; ; i++) {
      if (await fetch(at).then((r) => r.ok, () => false)) return p
      assert.ok(i < 900, 'the window did not start')
      await new Promise((go) => setTimeout(go, 100))
    }
  }
  let program = await start()
  let other = await openWindow({ at })
  try {
    await go(other.page, '/draft/sign')
    await other.page.getByRole('textbox', { name: '标题' }).fill(`断电前的${stamp}`)
    await other.page.keyboard.press('Enter')
    await other.page.keyboard.type('写到一半')
    await other.page.getByText(/^已暂存在本机/).waitFor()
    await other.page.keyboard.type('，还在写。')
    const kept = () => other.page.evaluate(() => window.go.bridge.Documents.Kept('new-sign').then((k) => k.now.blocks.map((b) => b.text).join()))
    for (let i = 0; (await kept()) !== '写到一半，还在写。'; i++) {
      assert.ok(i < 100, 'the draft was not kept')
      await new Promise((go) => setTimeout(go, 100))
    }
    process.kill(program.pid, 'SIGKILL')
    await new Promise((done) => program.once('exit', done))
    await other.browser.close()
    program = await start()
    other = await openWindow({ at })
    await go(other.page, '/draft/sign')
    await other.page.getByText(/^已恢复 .* 未保存的修改$/).waitFor()
    await text(other.page).getByText('写到一半，还在写。').waitFor()
    assert.equal(await other.page.getByRole('textbox', { name: '标题' }).inputValue(), `断电前的${stamp}`)
  } catch (e) {
    await shot(other.page, 'failed-kill').catch(() => undefined)
    throw e
  } finally {
    await other.browser.close()
    program.kill('SIGTERM')
  }
})

test('nothing broke on the way', async () => {
  for (const x of [leader, clerk]) {
    assert.deepEqual(x.faults, [])
    assert.deepEqual(await x.page.evaluate(() => window.breaches), [])
  }
})
