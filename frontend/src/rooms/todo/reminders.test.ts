import { describe, expect, it } from 'vitest'
import { comeAgain, due, type Said } from './reminders'

describe('reminders', () => {
  it('are said once, and again when they were put off', () => {
    const said: Said = { since: 0, keys: new Set(), later: [] }
    const r = { id: 'a', title: '报表', due: 100, at: 50 }
    expect(due(said, [r], 60)).toEqual([r])
    expect(due(said, [r], 70)).toEqual([])
    comeAgain(said, r, 90)
    expect(due(said, [r], 80)).toEqual([])
    expect(due(said, [r], 90)).toEqual([r])
    expect(due(said, [r], 95)).toEqual([])
    expect(due(said, [{ ...r, at: 1000 }], 1000)).toHaveLength(1)
  })
})
