// Accessibility rules (axe) over the page as it is now.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** settled waits until what fades in is there: contrast is judged then. */
export const settled = (page) =>
  page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => a.effect?.getComputedTiming().iterations !== Infinity)
        .map((a) => a.finished.catch(() => undefined)),
    ).then(() => undefined),
  )

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
