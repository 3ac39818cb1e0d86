// Measures the lists of the real window; run by build/bench-window. Prints a
// table row by row: each act, how long until its rows are there, and the longest time in
// which the page drew nothing.
import { dropPrograms, folder, signIn, startProgram } from '../e2e/program.mjs'
import { go, shot } from '../e2e/lib.mjs'

const records = Number(process.env.QS_RECORDS)
const user = process.env.QS_USER
const rows = {
  push: (...list) => {
    for (const r of list) console.log(`| ${r.join(' | ')} |`)
  },
}
const seconds = (from) => ((performance.now() - from) / 1000).toFixed(2)

try {
  const profile = folder('bench')
  let began = performance.now()
  await signIn(profile, user)
  console.log(`  first load of ${records} papers by the desk without a window: ${seconds(began)} s`)

  console.log(`\n| ${records} papers | rows there after | longest pause |\n| --- | ---: | ---: |`)
  began = performance.now()
  const w = await startProgram(profile)
  const { page } = w
  page.setDefaultTimeout(120_000)
  await page.getByRole('navigation', { name: '主导航' }).waitFor()
  const up = seconds(began)
  await go(page, '/documents/in')
  await page.locator('tr[data-row]').first().waitFor()
  rows.push(
    ['start of the program and a browser to the shell', `${up} s`, ''], ['… to the first list', `${seconds(began)} s`, ''],
  )

  await page.evaluate(() => {
    window.frames_ = { longest: 0, last: performance.now() }
    const tick = () => {
      const now = performance.now()
      window.frames_.longest = Math.max(window.frames_.longest, now - window.frames_.last)
      window.frames_.last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  const settled = () =>
    page.waitForFunction(
      () => {
        const now = [...document.querySelectorAll('tr[data-row]')].map((r) => r.dataset.row).join()
        const same = now === window.rows_ && now !== '' && !document.querySelector('tr.waiting')
        window.rows_ = now
        return same
      },
      null,
      { polling: 50 },
    )
  /** act does something and tells how long until the rows stand, and the longest pause meanwhile. */
  async function act(name, f) {
    await settled()
    await page.evaluate(() => {
      window.frames_.longest = 0
      window.frames_.last = performance.now()
      window.rows_ = undefined
    })
    const from = performance.now()
    await f()
    await settled()
    rows.push([name, `${((performance.now() - from) / 1000).toFixed(2)} s`, `${Math.round(await page.evaluate(() => window.frames_.longest))} ms`])
  }
  const head = (name) => page.getByRole('grid', { name: '收文列表' }).getByRole('button', { name, exact: true }).click()
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.locator('.grid-wrap').hover()
  await act('scroll: 200 turns of the wheel', async () => {
    for (let i = 0; i < 200; i++) await page.mouse.wheel(0, 400)
  })
  await act('jump to the middle', () => page.locator('.grid-wrap').evaluate((e) => void (e.scrollTop = e.scrollHeight / 2)))
  await act('drag the bar from end to end, 60 places', async () => {
    for (let i = 0; i <= 60; i++) await page.locator('.grid-wrap').evaluate((e, k) => new Promise((done) => { e.scrollTop = (e.scrollHeight * k) / 60; requestAnimationFrame(done) }), i)
  })
  await act('Home', () => page.keyboard.press('Home'))
  await act('End', () => page.keyboard.press('End'))
  for (const name of ['标题', '来文单位', '到期', '在谁手', '办/阅', '收到']) await act(`sort by ${name}`, () => head(name))
  const chip = async (name, value) => {
    await page.getByRole('search', { name: '筛选' }).getByRole('button', { name: new RegExp(`^${name}`) }).click()
    await page.getByRole('checkbox', { name: value }).check()
    await page.keyboard.press('Escape')
  }
  await act('filter by 来文单位', () => chip('来文单位', '市水务局'))
  await act('filter by 在谁手', () => chip('在谁手', /许南乔/))
  await act('clear the filters', () => page.getByRole('search', { name: '筛选' }).getByRole('button', { name: '清除' }).click())
  await act('filter by words', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('第4711号', { delay: 20 })
  })
  await shot(page, 'bench-list')
  await act('end the words', () => page.keyboard.press('Escape'))
} finally {
  await dropPrograms()
}