import type { Notice, Preferences } from '@/bridge'

/** quietAt tells whether the person wants no notification now. `now` is hh:mm by the machine's clock. */
export function quietAt(now: string, p: Pick<Preferences, 'quiet' | 'quietFrom' | 'quietTo'>): boolean {
  if (!p.quiet || p.quietFrom === p.quietTo) return false
  // Times of day compare as text; a span over midnight is what lies outside the day's part.
  return p.quietFrom < p.quietTo ? now >= p.quietFrom && now < p.quietTo : now >= p.quietFrom || now < p.quietTo
}

/** hhmm is a moment as the machine's clock shows it. */
export function hhmm(d: Date): string {
  return `${String(d.getHours()).padStart(2, '0')}:${String(d.getMinutes()).padStart(2, '0')}`
}

export interface Told {
  id: string
  title: string
  body: string
}

/** Texts of notifications, given by i18n. */
export interface Words {
  kind: (n: Notice) => string
  many: (n: number) => string
  app: string
}

/**
 * tell says what to show for new notices: one each up to three, one for all
 * beyond that. With detail `count` no title of a paper leaves the window.
 */
export function tell(fresh: Notice[], detail: string, w: Words): Told[] {
  const first = fresh[0]
  if (!first) return []
  if (fresh.length > 3) return [{ id: first.id, title: w.app, body: w.many(fresh.length) }]
  if (detail === 'count') return fresh.map((n) => ({ id: n.id, title: w.app, body: w.kind(n) }))
  return fresh.map((n) => ({ id: n.id, title: w.kind(n), body: n.title }))
}
