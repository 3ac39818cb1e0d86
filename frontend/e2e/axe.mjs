// Accessibility rules (axe) over the page as it is now.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** settled waits until what fades in is there, for three frames on end: contrast is judged then. */
export const settled = (page) =>
  page.evaluate(async () => {
    for (let still = 0; still < 3; still++) {
      const moving = document.getAnimations().filter((a) => a.playState === 'running' && a.effect?.getComputedTiming().iterations !== Infinity)
      if (moving.length) still = -1
      await Promise.all(moving.map((a) => a.finished.catch(() => undefined)))
      await new Promise(requestAnimationFrame)
    }
  })

/**
 * accessible asserts that no rule is broken on the page and what is before it; the frame around
 * the rooms and the drawing of a page have tests of their own. */
export async function accessible(page, what) {
  await page.evaluate(`${source};0`)
  await settled(page)
  const found = await page.evaluate(async () => {
    const r = await window.axe.run({ include: [['main'], ['.el-overlay'], ['.el-popper']].filter(([s]) => document.querySelector(s)), exclude: [['.sheets']] }, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return r.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => n.target.join(' ') + '  ' + n.html.slice(0, 160)).join('\n    ')}`)
  })
  assert.deepEqual(found, [], what)
}
