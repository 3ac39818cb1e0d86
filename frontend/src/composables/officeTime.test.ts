import { describe, expect, it } from 'vitest'
import { at, clock, dayDiff, fromLocal, mondayOf, partsOf, startOfDay, toLocal } from './officeTime'

describe('office time', () => {
  it('is that of one zone, whatever the machine is set to', () => {
    expect(at(2026, 11, 24)).toBe(Date.UTC(2026, 10, 23, 16))
    expect(clock(Date.UTC(2026, 10, 23, 16, 5))).toBe('00:05')
    expect(partsOf(Date.UTC(2026, 10, 23, 20))).toMatchObject({ year: 2026, month: 11, day: 24, hour: 4, weekday: 2 })
    expect(startOfDay(at(2026, 11, 24, 23, 59))).toBe(at(2026, 11, 24))
    expect(dayDiff(at(2026, 11, 24, 23, 59), at(2026, 11, 25))).toBe(1)
    expect(mondayOf(at(2026, 11, 29, 23))).toBe(at(2026, 11, 23))
  })
  it('comes back from a date picker as it went in', () => {
    const ms = at(2026, 2, 28, 9, 30)
    expect(fromLocal(toLocal(ms))).toBe(ms)
    expect(toLocal(ms).getHours()).toBe(9)
  })
})
