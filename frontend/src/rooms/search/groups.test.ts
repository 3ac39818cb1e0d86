import { describe, expect, it } from 'vitest'
import type { Hit } from '@/bridge'
import { groups, routeOf } from './groups'

const hit = (kind: string, id: string, group = kind): Hit => ({ kind, id, root: '', title: id, sub: '', group, part: 'title', snippet: [] })

describe('search', () => {
  it('groups hits and counts through them', () => {
    const g = groups([hit('person', 'p'), hit('document', 'a'), hit('document', 'b'), hit('document', 'c', 'opinion')])
    expect(g.map((x) => [x.name, x.hits.map((h) => h.at)])).toEqual([['person', [0]], ['document', [1, 2]], ['opinion', [3]]])
    expect(groups([])).toEqual([])
  })
  it('opens each hit where it lives', () => {
    expect(['document', 'todo', 'event', 'person', 'card'].map((k) => routeOf(hit(k, 'x')))).toEqual([
      { path: '/document/x' },
      { path: '/todo', query: { show: 'x' } },
      { path: '/calendar', query: { show: 'x' } },
      { path: '/contacts', query: { show: 'x', book: 'public' } },
      { path: '/contacts', query: { show: 'x', book: 'mine' } },
    ])
  })
})
