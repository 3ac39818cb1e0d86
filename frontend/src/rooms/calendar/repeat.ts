import { useI18n } from 'vue-i18n'
import type { EventInput, Rule } from '@/bridge'
import { partsOf } from '@/composables/officeTime'
import { useFormat } from '@/composables/useFormat'

export const repeats = ['', 'daily', 'weekly', 'monthly', 'yearly'] as const
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const

export function noRule(): Rule {
  return { interval: 1, days: [], nth: 0, last: false, count: 0, until: 0 }
}

/** weekdayOf is a moment's weekday as rules write it. */
export function weekdayOf(ms: number): string {
  return weekdays[(partsOf(ms).weekday + 6) % 7] ?? 'MO'
}

/** nthOf says which of its weekday in its month a day is: 1 to 4, or -1 for the last. */
export function nthOf(ms: number): number {
  const n = Math.ceil(partsOf(ms).day / 7)
  return n > 4 ? -1 : n
}

/** monthly is by which of a month's days an event comes back. */
export type Monthly = 'day' | 'nth' | 'last'
export function monthlyOf(r: Rule): Monthly {
  return r.last ? 'last' : r.nth ? 'nth' : 'day'
}

/** useRepeat says in words how an event repeats. */
export function useRepeat() {
  const { t } = useI18n()
  const { date } = useFormat()

  function ordinal(n: number): string {
    return t(`repeat.nth.${n < 0 ? 'last' : n}`)
  }

  function words(e: Pick<EventInput, 'repeat' | 'rule' | 'start'>): string {
    const r = e.rule
    if (!e.repeat) return ''
    if (e.repeat === 'other') return t('calendar.repeat.other')
    const every = r.interval > 1 ? t(`repeat.every.${e.repeat}`, { n: r.interval }) : t(`calendar.repeat.${e.repeat}`)
    let which = ''
    if (e.repeat === 'weekly') {
      const days = r.days.length ? r.days : [weekdayOf(e.start)]
      which = weekdays.filter((d) => days.includes(d)).map((d) => t(`repeat.weekday.${d}`)).join(t('repeat.join'))
    } else if (e.repeat === 'monthly') {
      if (r.last) which = t('repeat.lastDay')
      else if (r.nth) which = t('repeat.nthWeekday', { nth: ordinal(r.nth), weekday: t(`repeat.weekday.${weekdayOf(e.start)}`) })
      else which = t('repeat.onDay', { n: partsOf(e.start).day })
    } else if (e.repeat === 'yearly') which = date(e.start)
    const end = r.count ? t('repeat.times', { n: r.count }, r.count) : r.until ? t('repeat.until', { date: date(r.until) }) : ''
    return [every + which, end].filter(Boolean).join(t('repeat.comma'))
  }

  return { words, ordinal }
}
