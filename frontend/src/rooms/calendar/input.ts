import type { Event, EventInput } from '@/bridge'
import { HOUR } from '@/composables/officeTime'
import { noRule } from './repeat'

export type Scope = 'one' | 'following' | 'all'

/** freshInput is an event about to be made. */
export function freshInput(start: number, end = start + HOUR, allDay = false): EventInput {
  return {
    id: '', title: '', place: '', note: '', start, end, allDay, tentative: false, reminder: allDay ? -1 : 15, repeat: '', rule: noRule(), attendees: [],
    day: '', scope: 'all', seriesStart: 0, seriesEnd: 0,
  }
}

/** toInput is an occurrence as it may be changed. */
export function toInput(e: Event): EventInput {
  return {
    id: e.id, title: e.title, place: e.place, note: e.note, start: e.start, end: e.end, allDay: e.allDay, tentative: e.status === 'tentative',
    reminder: e.reminder, repeat: e.repeat, rule: { ...e.rule, days: [...e.rule.days] }, attendees: [...e.attendees],
    day: e.day, scope: e.repeat ? 'one' : 'all', seriesStart: e.seriesStart, seriesEnd: e.seriesEnd,
  }
}

/** moved is the change that dragging makes. */
export function moved(e: Event, start: number, end: number, allDay: boolean, scope: Scope): EventInput {
  return { ...toInput(e), start, end, allDay, scope, base: toInput(e) }
}
