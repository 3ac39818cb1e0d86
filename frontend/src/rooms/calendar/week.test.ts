import { describe, expect, it } from 'vitest'
import type { Event } from '@/bridge'
import { addDays, at as moment, mondayOf, partsOf, weekNumber } from '@/composables/officeTime'
import { barsOf, hoursOf, slotsOf } from './week'

const day = moment(2026, 6, 16)
const at = (h: number, d = day) => d + h * 3_600_000
const ev = (id: string, from: number, to: number, over: Partial<Event> = {}): Event => ({
  id, day: '', title: id, place: '', note: '', start: at(from), end: at(to), allDay: false, status: 'confirmed', reminder: -1,
  repeat: '', attendees: [], people: [], owner: '', mayEdit: true, seriesStart: 0, seriesEnd: 0, mark: '', clash: 0, ...over,
})

describe('week', () => {
  it('begins on Monday', () => {
    expect(partsOf(mondayOf(day)).day).toBe(15)
    expect(mondayOf(mondayOf(day))).toBe(mondayOf(day))
    expect(partsOf(mondayOf(moment(2026, 6, 21, 23))).day).toBe(15)
    expect(weekNumber(day)).toBe(25)
    expect(weekNumber(moment(2027, 1, 1))).toBe(53)
  })
  it('insets what overlaps and marks both', () => {
    const s = slotsOf([ev('a', 16, 17), ev('b', 16.5, 17.5), ev('c', 17.5, 18)], day)
    expect(s.map((x) => [x.e.id, x.depth, x.clash])).toEqual([['a', 0, true], ['b', 1, true], ['c', 0, false]])
  })
  it('does not clash with what was cancelled', () => {
    expect(slotsOf([ev('a', 9, 10), ev('b', 9, 10, { status: 'cancelled' })], day).every((x) => !x.clash)).toBe(true)
  })
  it('cuts an event at midnight and shows an early one', () => {
    const s = [slotsOf([ev('a', -1, 6)], day), slotsOf([ev('n', 22, 26)], day)]
    expect(s[0]?.[0]).toMatchObject({ from: 0, to: 6 })
    expect(hoursOf(s)).toEqual({ first: 0, last: 24 })
  })
  it('puts all-day events on lines that are free', () => {
    const mon = mondayOf(day)
    const all = (id: string, from: number, to: number) => ev(id, 0, 0, { allDay: true, start: addDays(mon, from), end: addDays(mon, to) })
    expect(barsOf([all('a', 0, 4), all('b', 4, 5), all('c', 2, 9)], mon).map((b) => [b.e.id, b.from, b.to, b.row])).toEqual([
      ['a', 0, 4, 0], ['c', 2, 7, 1], ['b', 4, 5, 0],
    ])
  })
})
