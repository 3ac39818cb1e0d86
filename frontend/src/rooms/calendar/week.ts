import type { Event } from '@/bridge'
import { addDays, DAY, startOfDay } from '@/composables/officeTime'

/** One timed event in a day's column, in hours from midnight. */
export interface Slot {
  e: Event
  from: number
  to: number
  depth: number // how many slots that began before still run: it is inset so far
  clash: boolean
}

/** slotsOf places a day's timed events; what overlaps is inset and marked. */
export function slotsOf(events: Event[], day: number): Slot[] {
  const end = addDays(day, 1)
  const list = events
    .filter((e) => !e.allDay && e.start < end && (e.end > day || (e.end === e.start && e.start >= day)))
    .sort((a, b) => a.start - b.start || b.end - a.end)
  const out: Slot[] = []
  for (const e of list) {
    const from = Math.max(0, (e.start - day) / 3_600_000)
    const to = Math.min(24, Math.max((e.end - day) / 3_600_000, from + 0.5))
    const over = out.filter((s) => s.to > from && s.e.end > e.start && s.e.status !== 'cancelled')
    const clash = e.status !== 'cancelled' && over.length > 0
    if (clash) for (const s of over) s.clash = true
    out.push({ e, from, to, depth: out.filter((s) => s.to > from).length, clash })
  }
  return out
}

/** An all-day event across the columns of a week, 0 to 6, on a line of its own if it must. */
export interface Bar {
  e: Event
  from: number
  to: number // behind the last column
  row: number
}

export function barsOf(events: Event[], monday: number): Bar[] {
  const ends: number[] = []
  const out: Bar[] = []
  for (const e of events.filter((x) => x.allDay).sort((a, b) => a.start - b.start || b.end - a.end)) {
    const from = Math.max(0, Math.round((startOfDay(e.start) - monday) / DAY))
    const to = Math.min(7, Math.max(from + 1, Math.ceil((e.end - monday) / DAY)))
    if (from > 6 || to <= 0) continue
    let row = ends.findIndex((x) => x <= from)
    if (row < 0) row = ends.length
    ends[row] = to
    out.push({ e, from, to, row })
  }
  return out
}

/** hoursOf is the stretch of the day that is shown: 8 to 20, wider if something is outside. */
export function hoursOf(slots: Slot[][]): { first: number; last: number } {
  let first = 8
  let last = 20
  for (const s of slots.flat()) {
    first = Math.min(first, Math.floor(s.from))
    last = Math.max(last, Math.ceil(s.to))
  }
  return { first, last }
}
