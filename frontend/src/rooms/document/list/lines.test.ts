import { describe, expect, it } from 'vitest'
import { linesOf } from './lines'

describe('lines of a list', () => {
  it('are its rows where there are no groups', () => {
    const l = linesOf(3, [])
    expect([l.count, l.line(2), l.lineOf(1)]).toEqual([3, { row: 2 }, 1])
  })

  it('have a heading before each group, and map both ways', () => {
    const l = linesOf(5, [{ group: 'late', n: 2 }, { group: 'later', n: 3 }])
    expect(Array.from({ length: l.count }, (_, i) => l.line(i))).toEqual([
      { group: 'late', n: 2 }, { row: 0 }, { row: 1 }, { group: 'later', n: 3 }, { row: 2 }, { row: 3 }, { row: 4 },
    ])
    for (let r = 0; r < 5; r++) expect(l.line(l.lineOf(r))).toEqual({ row: r })
  })
})
