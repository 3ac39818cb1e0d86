import { describe, expect, it } from 'vitest'
import { dayOf, daysOf, momentOf, stretches, wrong } from './years'

describe('days off', () => {
  const list = [
    { name: '端午节', kind: 'off', first: '2026-06-19', last: '2026-06-21' },
    { name: '国庆节', kind: 'work', first: '2026-09-20', last: '2026-09-20' },
  ]
  it('are days of the office, whatever zone the machine is set to', () => {
    expect(momentOf('2026-06-19')).toBe(Date.parse('2026-06-18T16:00:00Z'))
    expect(dayOf(momentOf('2026-12-31'))).toBe('2026-12-31')
    expect([dayOf(0), momentOf(''), momentOf('2026-6-19')]).toEqual(['', 0, 0])
  })
  it('are entered as stretches and kept as days', () => {
    expect(daysOf(list).map((d) => d.date)).toEqual(['2026-06-19', '2026-06-20', '2026-06-21', '2026-09-20'])
    expect(stretches(daysOf(list))).toEqual(list)
  })
  it('refuses what is no day, the wrong year and a working day that is one anyway', () => {
    expect(wrong(list, 2026)).toEqual([])
    expect(wrong(list, 2027)).toEqual([0, 1])
    expect(
      wrong(
        [
          { name: '', kind: 'off', first: '2026-06-19', last: '2026-06-19' },
          { name: '节', kind: 'off', first: '2026-06-19', last: '2026-06-18' },
          { name: '节', kind: 'off', first: '明天', last: '2026-06-18' },
          { name: '节', kind: 'work', first: '2026-06-18', last: '2026-06-18' },
          { name: '节', kind: 'off', first: '2026-01-01', last: '2026-12-31' },
        ],
        2026,
      ),
    ).toEqual([0, 1, 2, 3, 4])
  })
})
