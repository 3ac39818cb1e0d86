import type { YearDay, YearInfo } from '@/bridge'
import { at as startOf, partsOf } from '@/composables/officeTime'

/** A run of days of one holiday. */
export interface Stretch {
  name: string
  kind: string
  first: string
  last: string
}

const DAY = 86_400_000
const ms = (d: string) => Date.parse(`${d}T00:00:00Z`)
const iso = (n: number) => new Date(n).toISOString().slice(0, 10)
const form = /^\d{4}-\d{2}-\d{2}$/

/** dayOf is the day of a moment in the office, "" for none. */
export function dayOf(at: number): string {
  if (!at) return ''
  const p = partsOf(at)
  return `${p.year}-${String(p.month).padStart(2, '0')}-${String(p.day).padStart(2, '0')}`
}

/** momentOf is midnight of a day in the office, 0 of what is none. */
export function momentOf(day: string): number {
  const [y, m, d] = form.test(day) ? day.split('-').map(Number) : []
  return y && m && d ? startOf(y, m, d) : 0
}

/** stretches joins days that follow each other. */
export function stretches(days: YearDay[]): Stretch[] {
  const out: Stretch[] = []
  for (const d of [...days].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    const last = out.at(-1)
    if (last && last.name === d.name && last.kind === d.kind && ms(last.last) + DAY === ms(d.date)) last.last = d.date
    else out.push({ name: d.name, kind: d.kind, first: d.date, last: d.date })
  }
  return out
}

/** daysOf is the contrary; what is no day, ends before it begins or is longer than a month gives nothing. */
export function daysOf(list: Stretch[]): YearDay[] {
  const out: YearDay[] = []
  for (const s of list) {
    if (!form.test(s.first) || !form.test(s.last) || !(ms(s.last) >= ms(s.first)) || ms(s.last) - ms(s.first) > 31 * DAY) continue
    for (let n = ms(s.first); n <= ms(s.last); n += DAY) out.push({ date: iso(n), kind: s.kind, name: s.name.trim() })
  }
  return out
}

/** wrong says which stretches cannot be published as they stand. */
export function wrong(list: Stretch[], year: number): number[] {
  return list.flatMap((s, i) => {
    const n = daysOf([s])
    const bad = !s.name.trim() || !n.length || n.some((d) => !d.date.startsWith(String(year)))
    return bad || (s.kind === 'work' && n.some((d) => ![0, 6].includes(new Date(ms(d.date)).getUTCDay()))) ? [i] : []
  })
}

export function toInfo(year: number, source: string, list: Stretch[]): YearInfo {
  return { year, source, days: daysOf(list), by: '', at: 0 }
}
