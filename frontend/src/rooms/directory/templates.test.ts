import { describe, expect, it } from 'vitest'
import type { TemplateView } from '@/bridge'
import { changedNumbers, inputOf, outside, unitOf } from './templates'

const view = (over: Partial<TemplateView> = {}): TemplateView => ({
  key: 'gb-file', version: 1, name: '文件', format: 'file', preset: true, issuers: [], off: false, words: '', by: '', at: 0,
  numbers: [{ field: 'top', value: 37, low: 36, high: 38, whole: false }, { field: 'lines', value: 22, low: 20, high: 24, whole: true }],
  flags: [{ field: 'bold_third', on: false }], versions: [], ...over,
})

describe('templates', () => {
  it('begin a form without sharing it', () => {
    const v = view({ preset: false, version: 3 })
    const x = inputOf(v)
    x.numbers[0]!.value = 36
    expect([v.numbers[0]?.value, x.base, inputOf(view()).base]).toEqual([37, 3, 0])
  })
  it('tell what leaves its limits, and what is no number', () => {
    const x = inputOf(view())
    expect(outside(x.numbers)).toEqual([])
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
