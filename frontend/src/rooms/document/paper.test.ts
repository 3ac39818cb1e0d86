import { createPinia } from 'pinia'
import { mount, flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { bridgeKey, type PaperPage, type PaperRun } from '@/bridge'
import { fakeBridge } from '@/bridge/fake'
import * as data from '@/bridge/fake/data'
import { makeI18n } from '@/i18n'
import PaperSheet from './PaperSheet.vue'
import PaperView from './PaperView.vue'
import { inputOf, linesOf, squares } from './paper'

const run = (over: Partial<PaperRun>): PaperRun => ({
  f: 0, z: 5644, y: 40000, x: [28000], e: 33571, t: '字', i: 0, q: 1000, w: false, u: false, p: 'body', b: 'a', ...over,
})
const page = (...runs: PaperRun[]): PaperPage => ({ w: 210000, h: 297000, number: 1, runs, rules: [], places: [] })

describe('linesOf', () => {
  it('joins the runs of a line, whatever their fonts', () => {
    const lines = linesOf(page(run({ t: '二' }), run({ t: '2026', x: [33571, 36357, 39143, 41929], e: 44715, w: true }), run({ t: '三', y: 50227 })))
    expect(lines.map((l) => l.pieces.map((p) => p.text))).toEqual([['二', '2026'], ['三']])
    expect(lines[0]?.pieces[1]).toMatchObject({ x: '33.571', fit: 11.144 })
  })
  it('draws a narrowed mark by itself', () => {
    const l = linesOf(page(run({ t: '市府', q: 500, x: [30000, 36000], e: 42000, i: 1, p: 'mark' })))[0]
    expect(l?.transform).toBe('translate(30 40) scale(0.5 1)')
    expect(l?.pieces[0]?.x).toBe('0.000 12.000')
  })
  it('parts elements that stand on one line', () => {
    expect(linesOf(page(run({ p: 'number' }), run({ p: 'signer' })))).toHaveLength(2)
  })
})

describe('squares', () => {
  it('is one square for each dark module', () => {
    expect(squares([2, 3, 4], 25)).toBe('M2 3h4v1h-4z')
    expect(squares([], 0)).toBe('')
  })
})

describe('PaperSheet', () => {
  it('shows what looks like markup as text', () => {
    const w = mount(PaperSheet, { props: { page: page(run({ t: '<b>&amp;', x: [1, 2, 3, 4, 5, 6, 7, 8] })), fonts: [] }, global: { plugins: [makeI18n()] } })
    expect(w.find('text').text()).toBe('<b>&amp;')
    expect(w.find('b').exists()).toBe(false)
  })
})

describe('PaperView', () => {
  let w: ReturnType<typeof mount> | undefined
  afterEach(() => w?.unmount())
  it('draws what the page holds, and again when it changes', async () => {
    const bridge = fakeBridge()
    const p = data.page('doc-1')
    w = mount(PaperView, { props: { page: p, zoom: 1 }, global: { plugins: [makeI18n(), createPinia()], provide: { [bridgeKey as symbol]: bridge } } })
    await flushPromises()
    expect(w.text()).toContain(p.elements.title)
    await w.setProps({ page: { ...p, elements: { ...p.elements, title: '改过的标题' } } })
    await flushPromises()
    expect(w.text()).toContain('改过的标题')
    expect(inputOf(p).blocks).toBe(p.blocks)
  })
})
