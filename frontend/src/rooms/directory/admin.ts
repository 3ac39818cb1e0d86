import type { AdminBook, AdminPerson, AdminUnit, AppError } from '@/bridge'

export interface TreeRow {
  unit: AdminUnit
  depth: number
  /** among its open neighbours: whether it can go up or down */
  up: AdminUnit | undefined
  down: AdminUnit | undefined
}

/** treeOf is the units as the office is drawn: each with those below it, in their order. One whose parent is missing stands at the top. */
export function treeOf(units: AdminUnit[], closed: boolean): TreeRow[] {
  const shown = units.filter((u) => closed || !u.closed)
  const ids = new Set(shown.map((u) => u.id))
  const out: TreeRow[] = []
  const seen = new Set<string>()
  const walk = (parent: string, depth: number): void => {
    const here = shown.filter((u) => (ids.has(u.parent) ? u.parent : '') === parent)
    here.forEach((u, i) => {
      if (seen.has(u.id)) return
      seen.add(u.id)
      out.push({ unit: u, depth, up: here[i - 1], down: here[i + 1] })
      if (depth < 16) walk(u.id, depth + 1)
    })
  }
  walk('', 0)
  return out
}

/** below are a unit and all units under it: none of them may be its parent. */
export function below(units: AdminUnit[], id: string): Set<string> {
  const out = new Set([id])
  for (let grew = true; grew; ) {
    grew = false
    for (const u of units) {
      if (out.has(u.parent) && !out.has(u.id)) {
        out.add(u.id)
        grew = true
      }
    }
  }
  return out
}

/** nextOrder is behind the last of a unit's neighbours. */
export function nextOrder(units: AdminUnit[], parent: string): number {
  return Math.max(0, ...units.filter((u) => u.parent === parent).map((u) => u.order)) + 10
}

/** found are the people who fit a text and a unit, in the address book's order. */
export function found(book: AdminBook, text: string, unit: string, left: boolean): AdminPerson[] {
  const x = text.trim().toLowerCase().replaceAll(' ', '')
  return book.people.filter(
    (p) =>
      (left || p.active) &&
      (!unit || p.unit === unit || p.units.includes(unit)) &&
      (!x || [p.name, p.pinyin.replaceAll(' ', ''), p.pinyin.split(' ').map((s) => s[0]).join(''), p.title, p.phone].some((s) => s.toLowerCase().includes(x))),
  )
}

/** inUse says what keeps a unit or post from being closed, or '' for another refusal. */
export function inUse(e: AppError | undefined): string {
  return e?.code === 'wrong_state' && ['people', 'units', 'posts', 'parent', 'clerk', 'unit'].includes(e.field) ? e.field : ''
}
