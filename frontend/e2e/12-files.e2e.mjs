// Attachments: added by button and by drag, on line and off line, seen, refused
// by name, taken off; another person fetches the same bytes.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { desk, dropPeople, go, openWindow, setOffline, shot, story } from './lib.mjs'

const test = story(() => w)
const dir = mkdtempSync(join(tmpdir(), 'qs-files-'))
const text = '一号泵站\t张\n二号泵站\t李\n'.repeat(40)
const big = Buffer.alloc(6 << 20, 'qianshao')
// A red dot.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==', 'base64')
let w
let id
before(async () => {
  writeFileSync(join(dir, '值班表.txt'), text)
  writeFileSync(join(dir, '现场照片.png'), png)
  writeFileSync(join(dir, '预案.bin'), big)
  writeFileSync(join(dir, '绝密名单.txt'), 'x')
  w = await openWindow()
  await w.page.getByRole('button', { name: /^同步状态/ }).first().waitFor()
})
after(async () => {
  await w?.browser.close()
  dropPeople()
  rmSync(dir, { recursive: true, force: true })
})
const files = () => w.page.getByRole('region', { name: '附件' })
const row = (name) => files().getByRole('listitem').filter({ hasText: name })
const state = (name, is) => row(name).getByText(is).waitFor({ timeout: 30_000 })
const choose = (...names) => files().locator('input[type=file]').setInputFiles(names.map((n) => join(dir, n)))

test('files are added to a draft and reach the server', async () => {
  const { page } = w
  await go(page, '/draft/sign')
  await page.getByRole('textbox', { name: '标题' }).fill('关于汛前检查情况的签报')
  await page.getByRole('button', { name: /^保存/ }).click()
  await page.getByText(/^已保存/).first().waitFor()
  id = page.url().match(/draft\/sign\/([^/?#]+)/)?.[1]
  assert.ok(id, page.url())
  await choose('值班表.txt', '预案.bin')
  await state('值班表.txt', '已下载')
  await state('预案.bin', '已下载')
  await files().getByText(/^2 个，共 6/).waitFor()
  await shot(page, 'files-draft')
})

test('a name with 涉密 words is refused before anything is kept', async () => {
  await choose('绝密名单.txt')
  await row('绝密名单.txt').getByText('涉密内容不得进入本系统').waitFor()
  await shot(w.page, 'files-refused')
  await files().getByRole('button', { name: '收起“绝密名单.txt”' }).click()
  await row('绝密名单.txt').waitFor({ state: 'detached' })
})

test('off line a file waits here and goes when the line is back', async () => {
  const { page } = w
  await setOffline(page, true)
  const data = await page.evaluateHandle((b64) => {
    const bytes = Uint8Array.from(atob(b64), (c) => c.charCodeAt(0))
    const d = new DataTransfer()
    d.items.add(new File([bytes], '现场照片.png', { type: 'image/png' }))
    return d
  }, png.toString('base64'))
  await files().dispatchEvent('dragenter', { dataTransfer: data })
  await files().dispatchEvent('drop', { dataTransfer: data })
  await state('现场照片.png', '待上传')
  await shot(page, 'files-offline')
  await setOffline(page, false)
  await state('现场照片.png', '已下载')
})

test('images and texts are seen in the window', async () => {
  const { page } = w
  await row('值班表.txt').getByRole('button', { name: '值班表.txt', exact: true }).click()
  await page.getByRole('dialog', { name: '值班表.txt' }).getByText('一号泵站').first().waitFor()
  await page.keyboard.press('Escape')
  await row('现场照片.png').getByRole('button', { name: '现场照片.png', exact: true }).click()
  const img = page.getByRole('dialog', { name: '现场照片.png' }).getByRole('img', { name: '现场照片.png' })
  await img.waitFor()
  await page.waitForFunction(() => document.querySelector('img.preview')?.naturalWidth === 5)
  await shot(page, 'files-preview')
  await page.keyboard.press('Escape')
})

test('the same desk of another machine fetches the same bytes', async () => {
  await desk('linzhiyuan', 'sync')
  const list = await desk('linzhiyuan', 'list', 'doc.attachment', '--view', 'document', '--where', `root=${id}`)
  const found = list.find((r) => r.body.name === '预案.bin')
  assert.ok(found, JSON.stringify(list))
  await desk('linzhiyuan', 'fetch', found.id, '--to', join(dir, 'got'))
  assert.ok(readFileSync(join(dir, 'got')).equals(big))
})

test('a file is taken off', async () => {
  await files().getByRole('button', { name: '移除“预案.bin”' }).click()
  await row('预案.bin').waitFor({ state: 'detached' })
  await files().getByText(/^2 个/).waitFor()
  assert.deepEqual(w.faults, [])
  assert.deepEqual(await w.page.evaluate(() => window.breaches), [])
})

test('a bag is packed, is checked, and shows on the workbench', async () => {
  const { page } = w
  await go(page, '/')
  await page.getByRole('link', { name: '出差包' }).click()
  await page.getByText('还没有出差包').waitFor()
  const plan = page.getByRole('form', { name: '出差安排' })
  await plan.getByRole('textbox', { name: '涉及事项' }).fill('汛前检查、防汛')
  await plan.getByRole('button', { name: '装包并检查' }).click()
  const bag = page.getByRole('region', { name: '就绪检查' })
  await bag.getByText('关于汛前检查情况的签报').first().waitFor()
  await bag.getByText(/可以断网办理$/).waitFor({ timeout: 60_000 })
  await shot(page, 'travel')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await shot(page, 'travel-1920')
  await page.setViewportSize({ width: 1280, height: 800 })
  await go(page, '/')
  await page.getByText(/^可离线办理 \d+ 件$/).waitFor()
  await shot(page, 'travel-workbench')
  await go(page, '/travel')
  await page.getByRole('button', { name: '撤销出差包' }).click()
  await page.getByText('还没有出差包').waitFor()
  assert.deepEqual(w.faults, [])
})
