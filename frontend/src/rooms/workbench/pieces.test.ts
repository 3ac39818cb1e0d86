import { describe, expect, it } from 'vitest'
import { arrangementOf, move, pieces } from './pieces'

const none = { order: [], hidden: [] }
const shown = (l: ReturnType<typeof pieces>) => l.filter((p) => p.shown).map((p) => p.id)

describe('workbench', () => {
  it('begins as fits the person', () => {
    expect(shown(pieces('leader', none))).toEqual(['sign', 'read', 'agenda'])
    expect(shown(pieces('head', none))).toEqual(['unit', 'sign', 'agenda', 'late', 'read'])
    expect(shown(pieces('clerk', none))[0]).toBe('queues')
    expect(shown(pieces('unheard-of', none))).toEqual(shown(pieces('clerk', none)))
  })
  it('stays as it was arranged', () => {
    const l = move(pieces('leader', none), 2, -1)
    expect(l.map((p) => p.id)).toEqual(['sign', 'agenda', 'read', 'todos'])
    l[0] = { id: 'sign', shown: false }
    expect(pieces('leader', arrangementOf(l))).toEqual(l)
  })
  it('keeps a piece of another version out and adds a new one at the end', () => {
    expect(pieces('leader', { order: ['gone', 'read', 'sign'], hidden: ['sign'] })).toEqual([
      { id: 'read', shown: true },
      { id: 'sign', shown: false },
      { id: 'agenda', shown: true },
      { id: 'todos', shown: false },
    ])
  })
  it('does not move past the ends', () => {
    const l = pieces('leader', none)
    expect(move(l, 0, -1)).toBe(l)
    expect(move(l, l.length - 1, 1)).toBe(l)
  })
})
