import type { Hit } from '@/bridge'

export interface Group {
  name: string
  hits: { hit: Hit; at: number }[]
}

/** groups cuts hits, which come in the order of their groups, into lists; `at` counts through all of them. */
export function groups(hits: Hit[]): Group[] {
  const out: Group[] = []
  hits.forEach((hit, at) => {
    const last = out.at(-1)
    if (last?.name === hit.group) last.hits.push({ hit, at })
    else out.push({ name: hit.group, hits: [{ hit, at }] })
  })
  return out
}

/** routeOf is where a hit opens. */
export function routeOf(h: Hit): { path: string; query?: Record<string, string> } {
  switch (h.kind) {
    case 'document':
      return { path: `/document/${h.id}` }
    case 'todo':
      return { path: '/todo', query: { show: h.id } }
    case 'event':
      return { path: '/calendar', query: { show: h.id } }
    default:
      return { path: '/contacts', query: { show: h.id, book: h.kind === 'card' ? 'mine' : 'public' } }
  }
}
