// users: linzhiyuan sys01
// What is printed: fields of the page in a draft, 附件 and 横表, PDF files in the
// window with search and password, and the administrator's templates.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { audit, go, openWindow, pageOf, root, shot, story } from './lib.mjs'

const test = story(() => w)
const dir = mkdtempSync(join(tmpdir(), 'qs-press-'))
let w // whose window the present test works in
let first
let admin
const size = async (page, width, height) => page.setViewportSize({ width, height })
async function both(page, name) {
  await shot(page, name)
  await size(page, 1920, 1080)
  await shot(page, `${name}-1920`)
  await size(page, 1280, 800)
}
before(async () => {
  writeFileSync(join(dir, '测算表.pdf'), pdf())
  writeFileSync(join(dir, '加密件.pdf'), pdf('kongque'))
  writeFileSync(join(dir, '损坏件.pdf'), '%PDF-1.4 nothing follows')
  first = w = await openWindow()
  await w.page.getByRole('button', { name: /^同步状态/ }).first().waitFor()
})
after(async () => {
  await first?.browser.close()
  await admin?.browser.close()
  rmSync(dir, { recursive: true, force: true })
})

/** rc4 is the cipher of old PDF files; today's libraries no longer have it. */
function rc4(key, data) {
  const s = Uint8Array.from({ length: 256 }, (_, i) => i)
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + s[i] + key[i % key.length]) & 255
    ;[s[i], s[j]] = [s[j], s[i]]
  }
  let i = 0
  let j = 0
  return Buffer.from(data.map((b) => {
    i = (i + 1) & 255
    j = (j + s[i]) & 255
    ;[s[i], s[j]] = [s[j], s[i]]
    return b ^ s[(s[i] + s[j]) & 255]
  }))
}

/** pdf is a small file of one page, locked if a password is given (40 bits, as all readers know). */
function pdf(password) {
  const id = Buffer.alloc(16, 7)
  const md5 = (...parts) => createHash('md5').update(Buffer.concat(parts)).digest()
  const pad = Buffer.from('28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A', 'hex')
  const padded = Buffer.concat([Buffer.from(password ?? ''), pad]).subarray(0, 32)
  const owner = rc4(md5(padded).subarray(0, 5), pad)
  const key = md5(padded, owner, Buffer.from([0xfc, 0xff, 0xff, 0xff]), id).subarray(0, 5)
  let content = Buffer.from('BT /F1 24 Tf 72 700 Td (Pumps and barriers) Tj 0 -40 Td (Second line of pumps) Tj ET')
  if (password) content = rc4(md5(key, Buffer.from([4, 0, 0, 0, 0])).subarray(0, 10), content)
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    Buffer.concat([Buffer.from(`<</Length ${content.length}>>stream\n`), content, Buffer.from('\nendstream')]),
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    password ? `<</Filter/Standard/V 1/R 2/P -4/O<${owner.toString('hex')}>/U<${rc4(key, pad).toString('hex')}>>>` : '<<>>',
  ]
  let out = Buffer.from('%PDF-1.4\n')
  const at = objects.map((o, i) => {
    const from = out.length
    out = Buffer.concat([out, Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(o), Buffer.from('\nendobj\n')])
    return from
  })
  const xref = `xref\n0 7\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}`
  const lock = password ? `/Encrypt 6 0 R/ID[<${id.toString('hex')}><${id.toString('hex')}>]` : ''
  return Buffer.concat([out, Buffer.from(`${xref}trailer\n<</Size 7/Root 1 0 R${lock}>>\nstartxref\n${out.length}\n%%EOF\n`)])
}
const page = () => w.page
const pane = () => page().getByRole('complementary', { name: '公文要素' })
const preview = () => page().getByRole('region', { name: '版面', exact: true })

test('a draft carries how it is printed, and shows it at once', async () => {
  await go(page(), '/draft/out')
  await page().getByRole('textbox', { name: '标题', exact: true }).fill('关于做好泵站检修工作的请示')
  await pane().getByLabel('文种').selectOption('请示')
  await pane().getByLabel('发文机关', { exact: true }).fill('清岚市水务局、清岚市财政局')
  await pane().getByLabel('主送').fill('清岚市人民政府')
  await pane().getByLabel('份号').fill('7')
  await pane().getByLabel('其他机关签发人').fill('陆时雨')
  const text = page().getByRole('textbox', { name: '公文正文' })
  await text.click()
  await page().keyboard.type('为保障汛期排水，请批准检修方案。')
  await page().keyboard.press('Enter')
  await page().getByLabel('段落样式').selectOption('annex')
  await page().keyboard.type('检修经费测算表')
  await page().getByRole('button', { name: '横排' }).click()
  await page().getByRole('button', { name: '另行装订' }).click()
  await page().getByRole('button', { name: '版面', exact: true }).click()
  for (const words of ['清岚市水务局', '清岚市财政局', '文件', '000007']) await preview().getByText(words, { exact: true }).first().waitFor()
  // Bound apart it follows the 版记 of the paper.
  await preview().getByRole('combobox', { name: '跳到页' }).selectOption({ label: '3 / 3 页' })
  const across = preview().getByRole('article').filter({ hasText: '检修经费测算表' })
  await across.waitFor()
  const box = await across.boundingBox()
  assert.ok(box.width > box.height, 'the annex lies across')
  await across.getByText('检修经费测算表').waitFor()
  await across.getByText(/〔.*〕|附件/).first().waitFor()
  assert.equal(await page().getByRole('button', { name: '另行装订' }).getAttribute('aria-pressed'), 'true')
  await both(page(), 'press-draft')
  await page().getByRole('button', { name: '版面', exact: true }).click()
  await both(page(), 'press-fields')
})

test('the check tells what is missing, and mends it', async () => {
  const found = page().getByRole('region', { name: '公文体检' })
  await found.getByText('拟稿时就要明确公开属性').waitFor()
  await found.getByText(/正文后没有附件说明/).waitFor()
  await found.getByRole('button', { name: '标为依申请公开' }).click()
  await found.getByText('拟稿时就要明确公开属性').waitFor({ state: 'detached' })
  assert.equal(await pane().getByLabel('公开属性').inputValue(), '依申请公开')
  // From a finding to its place, and back by the arrow keys.
  await found.getByRole('button', { name: '第 2 段' }).first().click()
  await page().waitForFunction(() => document.activeElement?.classList.contains('text-editor') && getSelection()?.anchorNode?.parentElement?.closest('.b-annex'))
  await shot(page(), 'press-check')
})

test('a 签名章 asks for the office of the signer', async () => {
  await pane().getByLabel('用印').selectOption('sign')
  await pane().getByLabel('签名章前的职务').fill('局长')
  await page().getByRole('button', { name: /^保存/ }).click()
  await page().getByText(/^已保存/).first().waitFor()
  await page().reload()
  await pane().getByLabel('签名章前的职务').waitFor()
  assert.equal(await pane().getByLabel('签名章前的职务').inputValue(), '局长')
  assert.equal(await pane().getByLabel('份号').inputValue(), '7')
  // Another draft beside it is another paper, and this one is there again behind its tab.
  const heading = page().getByRole('textbox', { name: '标题', exact: true })
  const saved = await page().evaluate(() => location.hash.slice(1))
  await go(page(), '/draft/sign')
  await pane().getByLabel('用印').waitFor({ state: 'detached' })
  assert.equal(await heading.inputValue(), '')
  await heading.fill('关于泵站检修的签报')
  await go(page(), saved)
  await pane().getByLabel('份号').waitFor()
  assert.equal(await heading.inputValue(), '关于做好泵站检修工作的请示')
  await go(page(), '/draft/sign')
  await page().getByRole('heading', { name: '关于泵站检修的签报' }).waitFor()
  await go(page(), saved)
  await pane().getByLabel('份号').waitFor()
  await audit(page(), 'draft with print fields')
})

test('PDF files open in the window: words are found, a lock asks for its key, a broken one says so', async () => {
  const files = page().getByRole('region', { name: '附件' })
  await files.locator('input[type=file]').setInputFiles(['测算表.pdf', '加密件.pdf', '损坏件.pdf'].map((n) => join(dir, n)))
  const open = async (name) => {
    const row = files.getByRole('listitem').filter({ hasText: name })
    await row.getByText('已下载').waitFor({ timeout: 30_000 })
    await row.getByRole('button', { name, exact: true }).click()
    return page().getByRole('dialog', { name })
  }
  const close = async (box) => {
    await page().keyboard.press('Escape')
    await box.waitFor({ state: 'hidden' })
  }
  let box = await open('测算表.pdf')
  await box.getByText('共 1 页').waitFor()
  await box.getByRole('searchbox', { name: '在文件中查找' }).fill('pumps')
  await box.getByText('第 1 处，共 2 处').waitFor()
  await both(page(), 'press-pdf')
  await close(box)
  box = await open('加密件.pdf')
  await box.getByLabel('文件已加密，请输入打开密码').fill('wrong')
  await shot(page(), 'press-pdf-locked')
  await box.getByRole('button', { name: '打开', exact: true }).first().click()
  await box.getByLabel('密码不对，请重新输入').fill('kongque')
  await box.getByRole('button', { name: '打开', exact: true }).first().click()
  await box.getByText('共 1 页').waitFor()
  await close(box)
  box = await open('损坏件.pdf')
  await box.getByText('这个文件已损坏，或者不是能显示的格式。').waitFor()
  await close(box)
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await page().evaluate(() => window.breaches), [])
})

test('fonts of paper: what plays each face is told, a folder is chosen, an empty one refused', async () => {
  await go(page(), '/settings')
  const fonts = page().getByRole('region', { name: '公文字体' })
  await fonts.getByRole('rowheader', { name: '小标宋' }).waitFor()
  const folder = fonts.getByLabel('字体文件夹')
  await folder.fill(dir)
  await fonts.getByRole('button', { name: '使用这个文件夹' }).click()
  await fonts.getByRole('alert').waitFor()
  await folder.fill(join(root, 'build', 'bin', 'fonts'))
  await fonts.getByRole('button', { name: '使用这个文件夹' }).click()
  await fonts.getByRole('button', { name: '不再使用' }).waitFor()
  assert.match(await fonts.getByRole('row', { name: /黑体/ }).textContent(), /FandolHei/)
  await fonts.scrollIntoViewIfNeeded()
  await both(page(), 'press-fonts')
  await audit(page(), 'settings with fonts')
  await page().emulateMedia({ colorScheme: 'dark' })
  await shot(page(), 'press-fonts-dark')
  await page().emulateMedia({ colorScheme: 'light' })
  await fonts.getByRole('button', { name: '不再使用' }).click()
  await fonts.getByRole('button', { name: '不再使用' }).waitFor({ state: 'detached' })
})

test('the administrator makes a template and sees its page', async () => {
  admin = await openWindow({ at: pageOf('sys01') })
  w = admin
  await page().getByRole('link', { name: '机构与人员' }).click()
  await page().getByRole('tab', { name: '版式模板' }).click()
  const list = page().getByRole('listbox', { name: '版式模板' })
  await list.getByRole('option', { name: /文件/ }).first().click()
  const numbers = page().getByRole('region', { name: '模板数值' })
  assert.ok(await numbers.getByLabel(/^标志上边距页顶/).isDisabled(), 'the standard can be changed')
  await page().getByRole('button', { name: '新建' }).click()
  await numbers.getByLabel('名称').fill('市政府办公室文件')
  await numbers.getByLabel(/^标志上边距页顶/).fill('60')
  await numbers.getByLabel('修改说明').fill('标志上移')
  const sample = page().getByRole('region', { name: '样张' })
  const mark = async () => {
    const p = await sample.getByRole('article').first().boundingBox()
    const m = await sample.getByText(/办公室文件$/).first().boundingBox()
    return ((m.y - p.y) / p.height) * 297
  }
  await sample.getByText(/办公室文件$/).first().waitFor()
  for (let n = 0; (await mark()) > 65 && n < 50; n++) await page().evaluate(() => new Promise(requestAnimationFrame))
  await numbers.getByLabel(/^天头/).fill('50')
  assert.equal(await numbers.getByLabel(/^天头/).getAttribute('aria-invalid'), 'true')
  assert.ok(await numbers.getByRole('button', { name: '保存为新版本' }).isDisabled())
  await numbers.getByLabel(/^天头/).fill('37')
  await both(page(), 'press-template')
  await numbers.getByRole('button', { name: '保存为新版本' }).click()
  await list.getByRole('option', { name: /市政府办公室文件.*第 1 版/ }).waitFor()
  await page().getByRole('region', { name: '历次版本' }).getByText('标志上移').waitFor()
  await audit(page(), 'templates')
  await page().emulateMedia({ colorScheme: 'dark' })
  await shot(page(), 'press-template-dark')
  assert.deepEqual(admin.faults, [])
})
