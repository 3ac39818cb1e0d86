import { describe, expect, it } from 'vitest'
import { at } from '@/composables/officeTime'
import { hoursOf, spanOf, step } from './view'

describe('what a view shows', () => {
  it('a month with the days that fill its weeks', () => {
    const s = spanOf('month', at(2026, 6, 16, 15))
    expect([s.from, s.to, s.first, s.last]).toEqual([at(2026, 6, 1), at(2026, 7, 6), at(2026, 6, 1), at(2026, 6, 30)])
    expect(spanOf('month', at(2026, 11, 1)).from).toBe(at(2026, 10, 26))
  })
  it('a week from its Monday, and the days that fit', () => {
    expect(spanOf('week', at(2026, 6, 21, 9))).toEqual({ from: at(2026, 6, 15), to: at(2026, 6, 22), first: at(2026, 6, 15), last: at(2026, 6, 21) })
    expect(spanOf('week', at(2026, 6, 16, 9), 3)).toEqual({ from: at(2026, 6, 16), to: at(2026, 6, 19), first: at(2026, 6, 16), last: at(2026, 6, 18) })
  })
  it('one day, and four weeks of an agenda', () => {
    expect(spanOf('day', at(2026, 6, 16, 9)).to).toBe(at(2026, 6, 17))
    expect(spanOf('agenda', at(2026, 6, 16, 9)).to).toBe(at(2026, 7, 14))
  })
  it('steps by what it shows; the 31st becomes the last day', () => {
    expect(step('day', at(2026, 6, 16), 1)).toBe(at(2026, 6, 17))
    expect(step('week', at(2026, 6, 16), -1)).toBe(at(2026, 6, 9))
    expect(step('week', at(2026, 6, 16), 1, 3)).toBe(at(2026, 6, 19))
    expect(step('month', at(2026, 1, 31), 1)).toBe(at(2026, 2, 28))
    expect(step('month', at(2026, 1, 15), -1)).toBe(at(2025, 12, 15))
  })
})

describe('hours of the day', () => {
  const e = (from: number, to: number, allDay = false) => ({ start: at(2026, 6, 16) + from * 3_600_000, end: at(2026, 6, 16) + to * 3_600_000, allDay })
  it('are those of the office, wider where something is outside', () => {
    expect(hoursOf([])).toEqual({ first: 8, last: 20 })
    expect(hoursOf([e(7.7, 9), e(19.5, 21.25), e(0, 24, true)])).toEqual({ first: 7, last: 22 })
    expect(hoursOf([e(23, 26)])).toEqual({ first: 0, last: 24 })
  })
})
