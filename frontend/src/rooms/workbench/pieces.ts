import type { Arrangement } from '@/bridge'

/** The pieces of each workbench in their first order; those after `|` begin hidden. */
const first: Record<string, [shown: string[], more: string[]]> = {
  leader: [['sign', 'read', 'agenda'], ['todos']],
  head: [['unit', 'sign', 'agenda', 'late', 'read'], ['drafts', 'todos']],
  clerk: [['queues', 'sign', 'agenda', 'drafts', 'read'], ['todos']],
  admin: [['todos', 'agenda'], []],
}

export interface Piece {
  id: string
  shown: boolean
}

/** pieces are those of a workbench as the person arranged them; a piece that came with a later version stands at the end. */
export function pieces(desk: string, mine: Arrangement): Piece[] {
  const [shown, more] = first[desk] ?? first.clerk ?? [[], []]
  const known = [...shown, ...more]
  const order = [...mine.order.filter((id) => known.includes(id)), ...known.filter((id) => !mine.order.includes(id))]
  const arranged = mine.order.length > 0
  return order.map((id) => ({
    id,
    shown: arranged && mine.order.includes(id) ? !mine.hidden.includes(id) : shown.includes(id),
  }))
}

/** arrangementOf is what is kept of pieces. */
export function arrangementOf(list: Piece[]): Arrangement {
  return { order: list.map((p) => p.id), hidden: list.filter((p) => !p.shown).map((p) => p.id) }
}

/** move puts the piece at `from` one place up or down. */
export function move(list: Piece[], from: number, step: number): Piece[] {
  const to = from + step
  if (to < 0 || to >= list.length) return list
  const out = [...list]
  const [x] = out.splice(from, 1)
  if (x) out.splice(to, 0, x)
  return out
}
