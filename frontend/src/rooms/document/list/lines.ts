import type { DueCount } from '@/bridge'

/** What stands on a line of the table: a row, or the heading of a group. */
export type Line = { row: number } | { group: string; n: number }

/** Lines maps the lines of a grouped list to its rows and back, without holding any row. */
export interface Lines {
  count: number
  line: (i: number) => Line
  lineOf: (row: number) => number
}

export function linesOf(total: number, groups: DueCount[]): Lines {
  if (!groups.length) return { count: total, line: (i) => ({ row: i }), lineOf: (r) => r }
  const heads: { line: number; row: number; group: string; n: number }[] = []
  let row = 0
  for (const g of groups) {
    heads.push({ line: row + heads.length, row, group: g.group, n: g.n })
    row += g.n
  }
  return {
    count: total + heads.length,
    line(i) {
      let k = heads.length - 1
      while (k > 0 && (heads[k] as { line: number }).line > i) k--
      const h = heads[k]
      return h && h.line === i ? { group: h.group, n: h.n } : { row: i - k - 1 }
    },
    lineOf(r) {
      let k = heads.length - 1
      while (k > 0 && (heads[k] as { row: number }).row > r) k--
      return r + k + 1
    },
  }
}
