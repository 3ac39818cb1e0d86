// The page of a paper in the window: drawn where the layout puts it, with the
// fonts the program names, as text that can be marked; printed as a file that
// holds the same text.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { go, openWindow, shot, story } from './lib.mjs'

const test = story(() => w)
let w
let to = ''
before(async () => {
  w = await openWindow()
  await w.page.getByRole('button', { name: /^同步状态/ }).first().waitFor()
})
after(async () => {
  await w?.browser.close()
})
const sheet = (n) => w.page.getByRole('article', { name: `第 ${n} 页` })
const desk = () => w.page.getByRole('region', { name: /^公文版面/ })

test('a paper to be signed stands on its pages', async () => {
  const { page } = w
  await go(page, '/')
  const row = page.getByRole('link', { name: /供热保障/ }).first()
  await row.waitFor()
  to = (await row.getAttribute('href')).replace(/^#/, '')
  await go(page, to)
  await sheet(1).getByText('关于做好居民供热保障工作的通知').waitFor()
  await page.getByText(/以替代字体显示|无法显示/).waitFor()
  await shot(page, 'page-1280')
})

test('each thing stands where the standard wants it', async () => {
  const at = await sheet(1).evaluate((el) => {
    const page = el.getBoundingClientRect()
    const k = 210 / page.width
    const line = [...el.querySelectorAll('text')]
    const box = (text) => {
      const r = line.find((x) => x.textContent.includes(text)).getBoundingClientRect()
      return { left: (r.left - page.left) * k, right: (r.right - page.left) * k, top: (r.top - page.top) * k, bottom: (r.bottom - page.top) * k }
    }
    const rule = el.querySelector('line.red').getBoundingClientRect()
    return { mark: box('文件'), title: box('供热保障工作的通知'), rule: { left: (rule.left - page.left) * k, width: rule.width * k }, ratio: page.height / page.width }
  })
  const near = (what, got, want, by) => assert.ok(Math.abs(got - want) <= by, `${what}: ${got} mm, want ${want}`)
  near('发文机关标志 left', at.mark.left, 28, 1)
  near('发文机关标志 right', at.mark.right, 184, 1)
  near('title in the middle', (at.title.left + at.title.right) / 2, 106, 1)
  near('red line left', at.rule.left, 28, 0.5)
  near('red line width', at.rule.width, 156, 0.5)
  near('A4', at.ratio, 297 / 210, 0.01)
})

test('with the fonts that the program serves', async () => {
  const fonts = await w.page.evaluate(() => [...document.fonts].filter((f) => f.family.includes('qs-')).map((f) => f.status))
  assert.ok(fonts.length >= 3, `${fonts.length} fonts`)
  assert.ok(fonts.every((s) => s === 'loaded'))
})

test('its text is marked line by line', async () => {
  const text = await sheet(1).evaluate((el) => {
    const s = getSelection()
    s.selectAllChildren(el)
    const out = s.toString()
    s.removeAllRanges()
    return out
  })
  assert.match(text, /关于做好居民供热保障工作的通知/)
  assert.match(text, /清岚市人民政府办公室文件/)
})

test('zoom makes it larger and back', async () => {
  const { page } = w
  const width = async () => (await sheet(1).boundingBox()).width
  const before = await width()
  await page.getByRole('button', { name: '放大' }).click()
  const now = await width()
  assert.ok(now > before * 1.2, `${before} → ${now}`)
  await page.getByRole('button', { name: '恢复适合页宽' }).click()
  assert.equal(await width(), before)
})

test('printing makes a file with the same text', async () => {
  const { page } = w
  await page.getByRole('button', { name: '打印', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '打印' })
  await dialog.getByRole('button', { name: '用系统阅读器打开' }).click()
  await page.getByText(/已生成打印文件|文件在/).waitFor()
  const dir = join(process.env.QS_PROFILE, 'print')
  const files = readdirSync(dir)
  assert.deepEqual(files, ['清岚市人民政府办公室关于做好居民供热保障工作的通知.pdf'])
  const text = execFileSync('pdftotext', ['-raw', join(dir, files[0]), '-'], { encoding: 'utf8' }).replace(/\s/g, '')
  const shown = (await desk().evaluate((el) => [...el.querySelectorAll('article')][0].querySelectorAll('tspan').length)) > 0
  assert.ok(shown)
  assert.match(text, /清岚市人民政府办公室文件/)
  assert.match(text, /一、确保按时稳定供热/)
})

test('套打 leaves out the red head', async () => {
  const { page } = w
  await page.getByRole('button', { name: '打印', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '打印' })
  await dialog.getByText('正文（套打）').click()
  await dialog.getByRole('button', { name: '用系统阅读器打开' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const dir = join(process.env.QS_PROFILE, 'print')
  const second = readdirSync(dir).find((f) => f.includes('(2)'))
  const text = execFileSync('pdftotext', ['-raw', join(dir, second), '-'], { encoding: 'utf8' }).replace(/\s/g, '')
  assert.doesNotMatch(text, /清岚市人民政府办公室文件/)
  assert.match(text, /一、确保按时稳定供热/)
})

test('the 发文稿纸 prints with the opinions', async () => {
  const { page } = w
  await page.getByRole('button', { name: '打印', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '打印' })
  await dialog.getByText('发文稿纸').click()
  await shot(page, 'page-print')
  await dialog.getByRole('button', { name: '用系统阅读器打开' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const dir = join(process.env.QS_PROFILE, 'print')
  const file = readdirSync(dir).find((f) => f.includes('处理单'))
  const text = execFileSync('pdftotext', ['-raw', join(dir, file), '-'], { encoding: 'utf8' }).replace(/\s/g, '')
  assert.match(text, /清岚市人民政府办公室发文稿纸/)
  assert.match(text, /格式无误，已核。.*褚言/)
})

test('the sheet opens in the window, with its text to search', async () => {
  const { page } = w
  await page.getByRole('button', { name: '打印', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '打印' })
  await dialog.getByText('发文稿纸').click()
  await dialog.getByRole('button', { name: '在窗口中查看' }).click()
  const file = page.getByRole('dialog', { name: /处理单/ })
  await file.getByRole('document').getByText('发文稿纸').first().waitFor()
  await file.getByRole('searchbox', { name: '在文件中查找' }).fill('格式无误')
  await file.getByText('第 1 处，共 1 处').waitFor()
  assert.equal(await page.evaluate(() => getSelection().toString().replace(/\s/g, '')), '格式无误')
  await file.getByRole('searchbox').fill('没有的词')
  await file.getByText('没有找到').waitFor()
  await file.getByRole('searchbox').fill('同意')
  await file.getByText(/^第 1 处/).waitFor()
  await shot(page, 'page-pdf')
  const dark = await file.locator('canvas').first().evaluate((c) => {
    const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data
    let n = 0
    for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 128 && d[i] < 96) n++
    return n
  })
  assert.ok(dark > 500, `${dark} dark pixels: the page is drawn`)
  await page.keyboard.press('Escape')
  await file.waitFor({ state: 'hidden' })
})

test('a wide window shows two pages, dark as well', async () => {
  const { page } = w
  await page.setViewportSize({ width: 1920, height: 1080 })
  await sheet(2).getByText(/./).first().waitFor()
  await shot(page, 'page-1920')
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'))
  await shot(page, 'page-1920-dark')
  await page.evaluate(() => document.documentElement.removeAttribute('data-theme'))
  assert.deepEqual(await page.evaluate(() => window.breaches), [])
  assert.deepEqual(w.faults, [])
})

test('a draft shows its pages while it is written', async () => {
  const { page } = w
  await page.setViewportSize({ width: 1280, height: 800 })
  await go(page, '/draft/out')
  const title = page.getByRole('textbox', { name: '标题' })
  await title.fill('关于做好冬季供热保障工作的通知')
  await page.getByRole('textbox', { name: '发文机关' }).fill('清岚市人民政府办公室')
  await page.getByRole('button', { name: '版面' }).click()
  const preview = page.getByRole('region', { name: '版面', exact: true })
  await preview.getByText('清岚市人民政府办公室文件').waitFor()
  await preview.getByText('关于做好冬季供热保障工作的通知').waitFor()
  await title.fill('关于做好夏季供水保障工作的通知')
  await preview.getByText('关于做好夏季供水保障工作的通知').waitFor()
  await shot(page, 'page-draft')
  await page.getByRole('button', { name: '删除草稿' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
})
