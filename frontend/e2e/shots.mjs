// Writes the pictures of shots.list.mjs and shots.states.mjs into a folder, at
// both sizes; those of the list also in English or at text scale 160 %. Run by
// build/shots.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { go, openWindow } from './lib.mjs'
import { dropPrograms } from './program.mjs'
import { shots } from './shots.list.mjs'
import { states } from './shots.states.mjs'

const [dir, only = '', look = ''] = process.argv.slice(2)
const wanted = (x) => !only || only.split(',').some((o) => x.name.startsWith(o))
const sizes = [
  [1280, 800],
  [1920, 1080],
]
mkdirSync(dir, { recursive: true })

/** calm waits until nothing on the page moves or loads. */
async function calm(page) {
  await page.waitForLoadState('networkidle')
  await page.evaluate(async () => {
    await document.fonts.ready
    await Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => undefined)))
    await new Promise((done) => setTimeout(done, 250))
  })
}
async function picture(page, name, width) {
  await calm(page)
  await page.screenshot({ path: join(dir, `${name}-${width}.png`) })
  console.log(`${name}-${width}.png`)
}
/** looks are the other ways a page can look; each changes a window that stands. */
const looks = {
  en: (page) =>
    page.evaluate(() => {
      document.querySelector('#app').__vue_app__.config.globalProperties.$i18n.locale = 'en'
    }),
  160: (page) => page.evaluate(() => document.documentElement.style.setProperty('--text-scale', '1.6')),
}
if (look && !looks[look]) throw new Error(`no look ${look}; there are ${Object.keys(looks).join(', ')}`)
const theme = (page, dark) => page.evaluate((d) => (document.documentElement.dataset.theme = d ? 'dark' : 'light'), dark)

let failed = 0
async function attempt(name, act) {
  try {
    await act()
  } catch (e) {
    failed++
    console.error(`${name}: ${e.message.split('\n')[0]}`)
  }
}

const urls = new Map()
for (const user of new Set(shots.filter(wanted).map((s) => s.user))) {
  const at = process.env[`QS_URL_${user.toUpperCase()}`]
  if (at) urls.set(user, at)
}
for (const user of urls.keys()) {
  const list = shots.filter((s) => s.user === user && wanted(s))
  for (const [width, height] of sizes) {
    for (const s of list) {
      await attempt(`${s.name}-${width}`, async () => {
        const w = await openWindow({ at: urls.get(user), width, height })
        try {
          await w.page.getByRole('navigation', { name: '主导航' }).waitFor()
          await go(w.page, s.path)
          await calm(w.page)
          await s.act?.(w.page)
          if (look) {
            await looks[look](w.page)
            return await picture(w.page, `${s.name}-${look}`, width)
          }
          await picture(w.page, s.name, width)
          if (s.dark) {
            await theme(w.page, true)
            await picture(w.page, `${s.name}-dark`, width)
          }
        } finally {
          await w.browser.close()
        }
      })
    }
  }
}
for (const s of look ? [] : states.filter(wanted)) {
  await attempt(s.name, async () => {
    const w = await s.open()
    if (!w) return console.log(`${s.name}: not on this machine`)
    for (const [width, height] of sizes) {
      await w.page.setViewportSize({ width, height })
      await picture(w.page, `state-${s.name}`, width)
    }
    await w.end?.()
    await w.stop?.()
  })
}
await dropPrograms()
process.exit(failed ? 1 : 0)
