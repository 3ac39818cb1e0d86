import type { EventInput as GridEvent } from '@fullcalendar/vue3'
import type { Event } from '@/bridge'

/**
 * The grid works with dates whose UTC fields are the office's wall clock: the
 * office has one zone without summer time, whatever zone a machine is set to.
 */
const ZONE = 8 * 3_600_000

/** toGrid is a moment as the grid's date. */
export function toGrid(ms: number): Date {
  return new Date(ms + ZONE)
}

/** fromGrid is the grid's date as a moment. */
export function fromGrid(d: Date): number {
  return d.getTime() - ZONE
}

/** keyOf names an occurrence. */
export function keyOf(e: { id: string; start: number }): string {
  return `${e.id}@${e.start}`
}

/** gridEvent is an occurrence as the grid takes it. */
export function gridEvent(e: Event): GridEvent {
  const movable = e.mayEdit && e.status !== 'cancelled'
  return {
    id: keyOf(e),
    title: e.title,
    start: toGrid(e.start),
    // Nothing of no length: it could not be seen.
    end: toGrid(Math.max(e.end, e.start + (e.allDay ? 0 : 15 * 60_000))),
    allDay: e.allDay,
    startEditable: movable,
    durationEditable: movable && e.end > e.start,
    extendedProps: { e },
  }
}

/** depths says how many events that began before still run where each begins: it is inset so far, at most 3. */
export function depths(events: Event[]): Map<string, number> {
  const timed = events.filter((e) => !e.allDay).sort((a, b) => a.start - b.start || b.end - a.end)
  const out = new Map<string, number>()
  timed.forEach((e, i) => {
    const n = timed.slice(Math.max(0, i - 20), i).filter((x) => x.end > e.start && x.start < e.end).length
    out.set(keyOf(e), Math.min(3, n))
  })
  return out
}

/** overlapping tells which events lie over another timed one. */
export function overlapping(events: Event[]): Set<string> {
  const timed = events.filter((e) => !e.allDay && e.status !== 'cancelled' && e.end > e.start).sort((a, b) => a.start - b.start)
  const out = new Set<string>()
  let last: Event | undefined
  for (const e of timed) {
    if (last && e.start < last.end) {
      out.add(keyOf(last))
      out.add(keyOf(e))
    }
    if (!last || e.end > last.end) last = e
  }
  return out
}

/**
 * freeAfter is the first quarter of an hour from `from` on at which something of
 * that length fits between the others of the day, until eight in the evening; 0
 * for none.
 */
export function freeAfter(events: Event[], e: Event, from: number): number {
  const length = e.end - e.start
  const day = Math.floor((e.start + ZONE) / 86_400_000) * 86_400_000 - ZONE
  const others = events.filter((x) => keyOf(x) !== keyOf(e) && !x.allDay && x.status !== 'cancelled')
  const quarter = 15 * 60_000
  for (let at = Math.ceil(from / quarter) * quarter; at + length <= day + 20 * 3_600_000; at += quarter) {
    if (!others.some((x) => x.start < at + length && x.end > at)) return at
  }
  return 0
}
