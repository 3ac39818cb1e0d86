import { useI18n } from 'vue-i18n'
import { clock, dayDiff, intl, partsOf, startOfDay } from './officeTime'
import { useClock } from './useClock'

export { clock, dayDiff, startOfDay }

/** Dates and times as the window says them: 6月16日, 24-hour, 今日 16:00, 昨日. */
export function useFormat() {
  const { t, locale } = useI18n()
  const now = useClock()
  const zh = () => locale.value !== 'en'

  function date(ms: number): string {
    const p = partsOf(ms)
    const other = p.year !== partsOf(now.value).year
    if (zh()) return `${other ? `${p.year}年` : ''}${p.month}月${p.day}日`
    return new Date(ms).toLocaleDateString('en-GB', { ...intl, day: 'numeric', month: 'short', ...(other ? { year: 'numeric' } : {}) })
  }

  function weekday(ms: number, short = false): string {
    return new Date(ms).toLocaleDateString(zh() ? 'zh-CN' : 'en-GB', { ...intl, weekday: short ? 'short' : 'long' })
  }

  /** moment is the shortest unmistakable way: 13:10 today, 昨日, 6月14日. */
  function moment(ms: number): string {
    if (!ms) return ''
    switch (dayDiff(ms, now.value)) {
      case 0:
        return clock(ms)
      case 1:
        return t('time.yesterday')
      default:
        return date(ms)
    }
  }

  /** stamp says day and time: 14:41 today, 6月16日 14:41 otherwise. */
  function stamp(ms: number): string {
    if (!ms) return ''
    return dayDiff(ms, now.value) === 0 ? clock(ms) : `${date(ms)} ${clock(ms)}`
  }

  function isLate(due: number): boolean {
    return due > 0 && due < now.value
  }

  /** isToday: due today and not past. */
  function isToday(due: number): boolean {
    return due >= now.value && dayDiff(now.value, due) === 0
  }

  /** due says when something is due: 今日 18:00, 明日, 6月22日, 逾期 2 天. */
  function due(ms: number): string {
    if (!ms) return ''
    const days = dayDiff(now.value, ms)
    if (isLate(ms)) {
      return days === 0 ? t('time.lateToday', { at: clock(ms) }) : t('time.late', { n: -days }, -days)
    }
    if (days === 0) return t('time.today', { at: clock(ms) })
    if (days === 1) return t('time.tomorrow')
    return date(ms)
  }

  /** span says how long something has taken: 1 小时 8 分. */
  function span(ms: number): string {
    const minutes = Math.max(0, Math.floor(ms / 60_000))
    const d = Math.floor(minutes / 1440)
    const h = Math.floor((minutes % 1440) / 60)
    if (d > 0) return h > 0 ? t('time.daysHours', { d, h }) : t('time.days', { d })
    if (h > 0) return minutes % 60 ? t('time.hoursMinutes', { h, m: minutes % 60 }) : t('time.hours', { h })
    return t('time.minutes', { m: minutes })
  }

  return { date, weekday, moment, stamp, due, span, clock, isLate, isToday }
}
