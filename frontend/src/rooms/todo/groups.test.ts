import { describe, expect, it } from 'vitest'
import { at } from '@/composables/officeTime'
import { groupByDue, groupOf } from './groups'

const now = at(2026, 11, 24, 10) // a Tuesday

describe('groups by due time', () => {
  it.each([
    [0, 'none'],
    [at(2026, 11, 24, 9, 59), 'late'],
    [at(2026, 11, 24, 23), 'today'],
    [at(2026, 11, 29, 23), 'week'],
    [at(2026, 11, 30), 'later'],
  ])('%s is %s', (due, group) => expect(groupOf(due, now)).toBe(group))

  it('puts the pressing ones first and keeps their order', () => {
    const rows = [{ d: 0 }, { d: at(2026, 12, 24) }, { d: at(2026, 11, 1) }, { d: at(2026, 11, 2) }]
    expect(groupByDue(rows, (r) => r.d, now).map((g) => [g.group, g.rows.map((r) => rows.indexOf(r))])).toEqual([
      ['late', [2, 3]],
      ['later', [1]],
      ['none', [0]],
    ])
  })
})
