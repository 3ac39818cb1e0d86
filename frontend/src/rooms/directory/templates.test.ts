import { describe, expect, it } from 'vitest'
import type { TemplateView } from '@/bridge'
import { changedNumbers, inputOf, outside, toBridge, unitOf } from './templates'

const view = (over: Partial<TemplateView> = {}): TemplateView => ({
  key: 'gb-file', version: 1, name: '文件', format: 'file', preset: true, issuers: [], off: false, words: '', by: '', at: 0,
  numbers: [{ field: 'top', value: 37000, low: 36000, high: 38000, whole: false }, { field: 'lines', value: 22000, low: 20000, high: 24000, whole: true }],
  flags: [{ field: 'bold_third', on: false }], versions: [], ...over,
})

describe('templates', () => {
  it('begin a form without sharing it', () => {
    const v = view({ preset: false, version: 3 })
    const x = inputOf(v)
    x.numbers[0]!.value = 36
    expect([v.numbers[0]?.value, x.base, inputOf(view()).base]).toEqual([37000, 3, 0])
  })
  it('tell what leaves its limits, and what is no number', () => {
    const x = inputOf(view())
    expect(outside(x.numbers)).toEqual([])
    expect(toBridge(x).numbers.map((n) => n.value)).toEqual([37000, 22000])
    x.numbers[0]!.value = 40
    x.numbers[1]!.value = 22.5
    expect(outside(x.numbers)).toEqual(['top', 'lines'])
    x.numbers[0]!.value = '' as unknown as number
    expect(outside(x.numbers)).toContain('top')
  })
  it('tell what differs from the standard', () => {
    const x = inputOf(view())
    x.numbers[0]!.value = 36.5
    expect([...changedNumbers(x, view())]).toEqual(['top'])
    expect(changedNumbers(x).size).toBe(0)
    expect(['mm', 'line', 'char']).toEqual(['top', 'title_gap', 'chars'].map(unitOf))
  })
})
