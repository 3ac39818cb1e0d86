import { reactive } from 'vue'
import type { ListFilter, SavedList } from '@/bridge'

/** How a list is looked at now. It outlives the page: who comes back finds it as it was. */
export interface ListState {
  view: string // id of the saved view it began with, '' for none
  filter: ListFilter
  order: string
  desc: boolean
  columns: string[]
  cursor: number
  top: number // scrolled so far, in pixels
  fresh: boolean // not looked at yet: a default view may still come
}

export function emptyFilter(): ListFilter {
  return { text: '', states: [], steps: [], units: [], from: [], urgency: [], genres: [], holders: [], drafters: [], handlings: [], since: 0, before: 0, mine: false, late: false }
}

/** isEmpty tells whether a filter lets everything through. */
export function isEmpty(f: ListFilter): boolean {
  return JSON.stringify({ ...f, text: f.text.trim() }) === JSON.stringify({ ...f, ...emptyFilter() })
}

const states = new Map<string, ListState>()

/** listState is a person's of a kind of paper, for as long as the program runs. */
export function listState(who: string, kind: string): ListState {
  const key = `${who}/${kind}`
  let s = states.get(key)
  if (!s) {
    s = reactive<ListState>({ view: '', filter: emptyFilter(), order: '', desc: true, columns: [], cursor: -1, top: 0, fresh: true })
    states.set(key, s)
  }
  return s
}

/** apply looks at a list through a saved view. */
export function apply(s: ListState, v: SavedList): void {
  Object.assign(s, {
    view: v.id, filter: { ...emptyFilter(), ...JSON.parse(JSON.stringify(v.filter)) }, order: v.order, desc: v.desc, columns: [...v.columns],
    cursor: -1, top: 0, fresh: false,
  })
}

/** same tells whether a list is still as its view says. */
export function same(s: ListState, v: SavedList, queue: string): boolean {
  const a = [s.filter, s.order, s.desc, s.columns, queue]
  const b = [{ ...emptyFilter(), ...v.filter }, v.order, v.desc, v.columns, v.queue]
  return JSON.stringify(a.map(sorted)) === JSON.stringify(b.map(sorted))
}

function sorted(x: unknown): unknown {
  if (x === null || typeof x !== 'object' || Array.isArray(x)) return x
  return Object.entries(x as Record<string, unknown>).sort(([p], [q]) => (p < q ? -1 : 1))
}
