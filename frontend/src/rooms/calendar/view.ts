import { addDays, at, mondayOf, partsOf, startOfDay, weekNumber } from '@/composables/officeTime'

export type ViewName = 'month' | 'week' | 'day' | 'agenda'
export const views: ViewName[] = ['day', 'week', 'month', 'agenda']

/** A stretch of days to show: from its first midnight to the midnight after its last. */
export interface Span {
  from: number
  to: number
  /** days that fill the grid but belong to other months are outside */
  first: number
  last: number
}

/** agendaDays is how far the agenda reaches. */
export const agendaDays = 28

/**
 * spanOf is what a view shows around a day. Where the text is large a week does
 * not fit: `days` says how many columns do.
 */
export function spanOf(view: ViewName, day: number, days = 7): Span {
  const d = startOfDay(day)
  switch (view) {
    case 'day':
      return { from: d, to: addDays(d, 1), first: d, last: d }
    case 'week': {
      const from = days === 7 ? mondayOf(d) : d
      return { from, to: addDays(from, days), first: from, last: addDays(from, days - 1) }
    }
    case 'agenda':
      return { from: d, to: addDays(d, agendaDays), first: d, last: addDays(d, agendaDays - 1) }
  }
  const p = partsOf(d)
  const first = at(p.year, p.month, 1)
  const last = addDays(at(p.year, p.month + 1, 1), -1)
  const from = mondayOf(first)
  return { from, to: addDays(mondayOf(last), 7), first, last }
}

/** step is the day around which the next (1) or former (-1) stretch lies. */
export function step(view: ViewName, day: number, by: number, days = 7): number {
  const d = startOfDay(day)
  switch (view) {
    case 'day':
      return addDays(d, by)
    case 'week':
      return addDays(d, by * days)
    case 'agenda':
      return addDays(d, by * agendaDays)
  }
  const p = partsOf(d)
  // The 31st of a month without one is its last day.
  const first = at(p.year, p.month + by, 1)
  const last = addDays(at(p.year, p.month + by + 1, 1), -1)
  return Math.min(addDays(first, p.day - 1), last)
}

/** weekOf is the number of the week that a span begins in. */
export function weekOf(span: Span): number {
  return weekNumber(span.first)
}

/** hoursOf is the stretch of the day that is shown: 8 to 20, wider if something is outside. */
export function hoursOf(events: { start: number; end: number; allDay: boolean }[]): { first: number; last: number } {
  let first = 8
  let last = 20
  for (const e of events) {
    if (e.allDay) continue
    const day = startOfDay(e.start)
    if (startOfDay(e.end - 1) > day) return { first: 0, last: 24 }
    first = Math.min(first, Math.floor((e.start - day) / 3_600_000))
    last = Math.max(last, Math.ceil((e.end - day) / 3_600_000))
  }
  return { first, last: Math.min(24, last) }
}
