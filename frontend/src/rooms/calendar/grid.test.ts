import { describe, expect, it } from 'vitest'
import type { Event } from '@/bridge'
import { at } from '@/composables/officeTime'
import { depths, freeAfter, fromGrid, gridEvent, keyOf, overlapping, toGrid } from './grid'

const H = 3_600_000
const day = at(2026, 6, 16)
const event = (id: string, from: number, to: number, over: Partial<Event> = {}): Event => ({
  id, day: '', title: id, place: '', note: '', start: day + from * H, end: day + to * H, allDay: false, status: 'confirmed', reminder: -1, repeat: '',
  rule: { interval: 1, days: [], nth: 0, last: false, count: 0, until: 0 }, changed: false, attendees: [], people: [], owner: '', mayEdit: true,
  seriesStart: 0, seriesEnd: 0, mark: '', clash: 0, ...over,
})

describe('the grid', () => {
  it('shows the office’s wall clock in any zone', () => {
    expect(toGrid(day + 9 * H).toISOString()).toBe('2026-06-16T09:00:00.000Z')
    expect(fromGrid(toGrid(day))).toBe(day)
  })
  it('lets only one’s own be moved, and none that is cancelled', () => {
    expect(gridEvent(event('a', 9, 10)).startEditable).toBe(true)
    expect(gridEvent(event('a', 9, 10, { mayEdit: false })).startEditable).toBe(false)
    expect(gridEvent(event('a', 9, 10, { status: 'cancelled' })).durationEditable).toBe(false)
    expect(gridEvent(event('a', 9, 9)).durationEditable).toBe(false)
  })
  it('knows what overlaps: touching does not, cancelled and whole days do not', () => {
    const o = overlapping([event('a', 16, 17), event('b', 16.5, 17.5), event('c', 17.5, 18), event('d', 16, 18, { status: 'cancelled' }), event('e', 0, 24, { allDay: true })])
    expect([...o].map((k) => k[0])).toEqual(['a', 'b'])
    expect(overlapping([event('a', 9, 12), event('b', 10, 11), event('c', 11.5, 12.5)]).has(keyOf(event('c', 11.5, 12.5)))).toBe(true)
  })
  it('insets what begins while others run', () => {
    const d = depths([event('b', 16.5, 17.5), event('a', 16, 18), event('c', 17, 19), event('d', 18, 19)])
    expect([...d].map(([k, n]) => k.slice(0, 1) + n)).toEqual(['a0', 'b1', 'c2', 'd1'])
  })
  it('finds where something fits on the same day', () => {
    const b = event('b', 16.5, 17.5)
    const all = [event('a', 16, 17), b, event('c', 17.25, 18)]
    expect(freeAfter(all, b, day + 17 * H)).toBe(day + 18 * H)
    expect(freeAfter([event('a', 16, 17), b], b, day + 17 * H)).toBe(day + 17 * H)
    expect(freeAfter([event('a', 16, 20), b], b, day + 20 * H)).toBe(0)
  })
})
