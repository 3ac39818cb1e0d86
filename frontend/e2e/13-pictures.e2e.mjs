// users: linzhiyuan chuyan
// Pictures in a text: by button, paste and drop, refused when they are none,
// on the page at their place, in another person's window before and after the
// bytes are there, and in the comparison of versions.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { deflateSync } from 'node:zlib'
import { accessible } from './axe.mjs'
import { desk, dropPeople, go, openWindow, pageOf, shot, story } from './lib.mjs'

const test = story(() => w)
const dir = mkdtempSync(join(tmpdir(), 'qs-pictures-'))
let w
let id

/** png is a picture of w×h with a slope of colours. */
function png(width, height, tone) {
  const crcs = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
    return n >>> 0
  })
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    let c = 0xffffffff
    for (const b of body) c = crcs[(c ^ b) & 255] ^ (c >>> 8)
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length)
    body.copy(out, 4)
    out.writeUInt32BE((c ^ 0xffffffff) >>> 0, body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows.set([tone, (x * 255) / width, (y * 255) / height], y * (width * 3 + 1) + 1 + x * 3)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
const first = png(640, 400, 60)
const second = png(300, 300, 200)
before(async () => {
  writeFileSync(join(dir, '一号泵站.png'), first)
  writeFileSync(join(dir, '假图片.png'), '<svg onload="window.broken=1">')
  w = await openWindow()
  await w.page.getByRole('navigation', { name: '主导航' }).waitFor()
})
after(async () => {
  await w?.browser.close()
  dropPeople()
  rmSync(dir, { recursive: true, force: true })
})
const text = () => w.page.getByRole('textbox', { name: '公文正文' })
const tools = () => w.page.getByRole('toolbar', { name: '编辑工具' })
const insert = (name) => w.page.getByLabel('选择要插入的图片').setInputFiles(join(dir, name))
const seen = (alt, width) => w.page.waitForFunction(([a, n]) => [...document.querySelectorAll('.text-editor img')].some((i) => i.alt === a && i.naturalWidth === n), [alt, width])

test('a new paper needs its title first, and no picture is not taken for one', async () => {
  const { page } = w
  await page.evaluate(() => window.go.bridge.Documents.Forget('new-sign'))
  await go(page, '/draft/sign')
  await text().click()
  await insert('一号泵站.png')
  await page.getByRole('alert').getByText('请先写标题').waitFor()
  await page.getByRole('textbox', { name: '标题' }).fill('关于泵站抢修情况的签报')
  await page.keyboard.press('Enter')
  await page.keyboard.type('现将抢修情况报告如下。')
  await insert('假图片.png')
  await page.getByRole('alert').getByText('不是能插入的图片').waitFor()
})

test('a picture is inserted with caption, width and words for the blind', async () => {
  const { page } = w
  await insert('一号泵站.png')
  await seen('', 640)
  await page.keyboard.type('图1 一号泵站')
  await tools().getByRole('spinbutton', { name: '图片宽度（毫米）' }).fill('100')
  await page.keyboard.press('Enter')
  await tools().getByRole('textbox', { name: '说明' }).fill('水位标尺旁的水泵')
  await page.keyboard.press('Enter')
  await seen('水位标尺旁的水泵', 640)
  await shot(page, 'picture-chosen')
  await accessible(page, 'editor with a picture')
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 \d+ 版/).waitFor()
  id = page.url().match(/draft\/sign\/([^/?#]+)/)?.[1]
  // It is no attachment of the paper.
  await page.getByRole('region', { name: '附件' }).getByText('没有附件').waitFor()
})

test('pictures come by paste and by drop', async () => {
  const { page } = w
  const data = (kind) =>
    text().evaluate(
      (el, [kind, b64]) => {
        const d = new DataTransfer()
        d.items.add(new File([Uint8Array.from(atob(b64), (c) => c.charCodeAt(0))], 'image.png', { type: 'image/png' }))
        const at = el.querySelector('.b').getBoundingClientRect()
        const where = { bubbles: true, cancelable: true, clientX: at.left + 40, clientY: at.top + 8 }
        el.dispatchEvent(kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: d, ...where }) : new DragEvent('drop', { dataTransfer: d, ...where }))
      },
      [kind, second.toString('base64')],
    )
  await data('drop')
  await page.waitForFunction(() => document.querySelectorAll('.text-editor img').length === 2)
  // Behind the paragraph that it was dropped on; the same bytes are the same file.
  await page.waitForFunction(() => [...document.querySelectorAll('.text-editor > .b')].findIndex((b) => b.querySelector('img')?.naturalWidth === 300) === 1)
  await text().getByText('现将抢修情况报告如下。').click()
  await data('paste')
  await page.waitForFunction(() => document.querySelectorAll('.text-editor img').length === 3)
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await page.waitForFunction(() => document.querySelectorAll('.text-editor img').length === 2)
  await page.keyboard.press('Control+s')
  await page.getByText(/^已保存 · 第 \d+ 版/).waitFor()
})

test('it stands on the page at its place, and the caption is found', async () => {
  const { page } = w
  await page.getByRole('button', { name: '版面' }).click()
  await page.getByRole('region', { name: '版面' }).getByRole('img', { name: '水位标尺旁的水泵' }).waitFor()
  await shot(page, 'picture-preview')
  await go(page, `/document/${id}`)
  await text().waitFor({ state: 'detached' })
  const img = page.locator('svg.print').getByRole('img', { name: '水位标尺旁的水泵' })
  await img.waitFor()
  const box = await img.boundingBox()
  assert.ok(Math.abs(box.width / box.height - 1.6) < 0.02, `${box.width}×${box.height}`)
  await shot(page, 'picture-page')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('一号泵站')
  await page.getByRole('option').filter({ hasText: '关于泵站抢修情况的签报' }).first().waitFor()
  await page.keyboard.press('Escape')
  await go(page, `/document/${id}?tab=versions`)
  await page.getByRole('button', { name: '看最近一次修改' }).click()
  await page.getByRole('dialog', { name: '版本对比' }).getByText('图片').first().waitFor()
  await shot(page, 'picture-compare')
  await page.keyboard.press('Escape')
})

test('another person is told that a picture is not here, and fetches it', async () => {
  // The author asks her to help: the paper comes, its pictures do not until they are wanted.
  await desk('linzhiyuan', 'sync')
  await desk('linzhiyuan', 'do', 'document.edit@1', '-', { id, changes: [{ field: 'editors', old: null, new: ['chu-yan'] }] })
  await desk('linzhiyuan', 'sync')
  const other = await openWindow({ at: pageOf('chuyan') })
  try {
    const { page } = other
    await page.getByRole('navigation', { name: '主导航' }).waitFor()
    await page.getByRole('button', { name: /^同步状态/ }).first().click()
    await page.getByRole('button', { name: '立即同步' }).click()
    await page.keyboard.press('Escape')
    await go(page, `/document/${id}`)
    const note = page.getByRole('status').filter({ hasText: '2 幅图片还没有到这台电脑' })
    await note.waitFor({ timeout: 30_000 })
    await page.getByRole('img', { name: '图片还没有到这台电脑' }).first().waitFor()
    await shot(page, 'picture-away')
    await note.getByRole('button', { name: '取回' }).click()
    await page.locator('svg.print').getByRole('img', { name: '水位标尺旁的水泵' }).waitFor({ timeout: 30_000 })
    await note.waitFor({ state: 'detached' })
    assert.deepEqual(other.faults, [])
  } catch (e) {
    await shot(other.page, 'failed-picture-away')
    throw e
  } finally {
    await other.browser.close()
  }
})

test('a text with a picture of another paper is refused', async () => {
  const { page } = w
  const no = await page.evaluate(
    async (doc) => {
      const d = window.go.bridge.Documents
      const { now } = await d.Open(doc)
      const other = await d.Draft({ ...now, id: '', title: '另一件', blocks: [] })
      const mine = await d.Open(other.id)
      const stolen = { ...mine.now, blocks: now.blocks.filter((b) => b.type === 'image').map((b, i) => ({ ...b, id: `x${i}` })) }
      return d.Save({ now: stolen, base: mine.base, rev: mine.rev }).then(
        () => undefined,
        (e) => JSON.parse(e.message ?? e).code,
      )
    },
    id,
  )
  assert.equal(no, 'blob_missing')
})

test('nothing broke on the way', async () => {
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
  assert.equal(await w.page.evaluate(() => window.broken), undefined)
})
