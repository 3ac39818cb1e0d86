/**
 * The office's days are those of one time zone, as on the server (office
 * calendar: UTC+8, without summer time), whatever zone a machine is set to.
 */
const ZONE = 8 * 3_600_000
export const DAY = 86_400_000
export const HOUR = 3_600_000

export interface Parts {
  year: number
  month: number // 1 to 12
  day: number
  hour: number
  minute: number
  weekday: number // 0 is Sunday
}

/** partsOf is a moment as the office's calendar and clock show it. */
export function partsOf(ms: number): Parts {
  const d = new Date(ms + ZONE)
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    weekday: d.getUTCDay(),
  }
}

/** at is the moment of a wall-clock time in the office; days may run over the month. */
export function at(year: number, month: number, day: number, hour = 0, minute = 0): number {
  return Date.UTC(year, month - 1, day, hour, minute) - ZONE
}

/** startOfDay is midnight of a moment's day. */
export function startOfDay(ms: number): number {
  return Math.floor((ms + ZONE) / DAY) * DAY - ZONE
}

/** addDays counts days; every day of the office has 24 hours. */
export function addDays(ms: number, n: number): number {
  return ms + n * DAY
}

/** dayDiff counts days from one moment to another. */
export function dayDiff(from: number, to: number): number {
  return (startOfDay(to) - startOfDay(from)) / DAY
}

/** clock is 24-hour time: 09:05. */
export function clock(ms: number): string {
  const p = partsOf(ms)
  return `${String(p.hour).padStart(2, '0')}:${String(p.minute).padStart(2, '0')}`
}

/** mondayOf is midnight of the Monday of a moment's week. */
export function mondayOf(ms: number): number {
  return addDays(startOfDay(ms), -((partsOf(ms).weekday + 6) % 7))
}

/** weekNumber is the ISO 8601 week. */
export function weekNumber(ms: number): number {
  const thursday = partsOf(addDays(mondayOf(ms), 3))
  const first = at(thursday.year, 1, 1)
  return Math.floor(dayDiff(first, addDays(mondayOf(ms), 3)) / 7) + 1
}

/** toLocal is a moment as a Date whose local fields show the office's wall clock, for date pickers. */
export function toLocal(ms: number): Date {
  const p = partsOf(ms)
  return new Date(p.year, p.month - 1, p.day, p.hour, p.minute)
}

/** fromLocal is the contrary. */
export function fromLocal(d: Date): number {
  return at(d.getFullYear(), d.getMonth() + 1, d.getDate(), d.getHours(), d.getMinutes())
}

/** intl are the options that make Intl show the office's days. */
export const intl = { timeZone: 'Asia/Shanghai' } as const
