import { addDays, dayDiff, mondayOf } from '@/composables/officeTime'

/** Groups of a list by due time, the pressing ones first. */
export type DueGroup = 'late' | 'today' | 'week' | 'later' | 'none'
const order: DueGroup[] = ['late', 'today', 'week', 'later', 'none']

/** groupOf names the group of a due time. The week ends on Sunday. */
export function groupOf(due: number, now: number): DueGroup {
  if (!due) return 'none'
  if (due < now) return 'late'
  if (dayDiff(now, due) === 0) return 'today'
  return due < addDays(mondayOf(now), 7) ? 'week' : 'later'
}

/** groupByDue cuts rows into the groups that are not empty, keeping their order within. */
export function groupByDue<T>(rows: T[], due: (row: T) => number, now: number): { group: DueGroup; rows: T[] }[] {
  const by = new Map<DueGroup, T[]>()
  for (const r of rows) {
    const g = groupOf(due(r), now)
    by.set(g, [...(by.get(g) ?? []), r])
  }
  return order.filter((g) => by.has(g)).map((g) => ({ group: g, rows: by.get(g) ?? [] }))
}
