import { useI18n } from 'vue-i18n'
import { intl } from './officeTime'

/**
 * The lunar day as the system's own calendar data gives it; "" in other
 * languages and where the system has none.
 */
export function useLunar() {
  const { locale, t } = useI18n()
  const format = make()

  function parts(ms: number): { month: string; day: string } | undefined {
    if (!format || locale.value === 'en') return undefined
    const p = format.formatToParts(ms)
    const month = p.find((x) => x.type === 'month')?.value ?? ''
    const day = numberDay(p.find((x) => x.type === 'day')?.value ?? '')
    return month && day ? { month, day } : undefined
  }

  /** lunarDay is 农历五月初二. */
  function lunarDay(ms: number): string {
    const p = parts(ms)
    return p ? t('time.lunar', { day: p.month + p.day }) : ''
  }

  /** lunarShort is 初二, or the month on its first day. */
  function lunarShort(ms: number): string {
    const p = parts(ms)
    if (!p) return ''
    return p.day === '初一' ? p.month + p.day : p.day
  }

  return { lunarDay, lunarShort }
}

function make(): Intl.DateTimeFormat | undefined {
  try {
    const f = new Intl.DateTimeFormat('zh-CN-u-ca-chinese', { ...intl, month: 'long', day: 'numeric' })
    return f.resolvedOptions().calendar === 'chinese' ? f : undefined
  } catch {
    return undefined
  }
}

const tens = ['初', '十', '廿', '三']
const ones = ['十', '一', '二', '三', '四', '五', '六', '七', '八', '九']

/** numberDay makes 2 of an older system 初二. */
export function numberDay(day: string): string {
  const n = Number(day)
  if (!Number.isInteger(n) || n < 1 || n > 30) return day
  if (n === 10) return '初十'
  if (n === 20) return '二十'
  if (n === 30) return '三十'
  return (tens[Math.floor(n / 10)] ?? '') + (ones[n % 10] ?? '')
}
