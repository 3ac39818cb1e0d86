import type { TodoReminder } from '@/bridge'

/** What has been said, and what is to be said again. */
export interface Said {
  since: number
  keys: Set<string>
  later: { reminder: TodoReminder; at: number }[]
}

/** due are the reminders to be said now: each once, put-off ones when their time has come. */
export function due(said: Said, found: TodoReminder[], now: number): TodoReminder[] {
  const out: TodoReminder[] = []
  for (const r of found) {
    const key = `${r.id} ${r.at}`
    if (said.keys.has(key)) continue
    said.keys.add(key)
    out.push(r)
  }
  for (const x of said.later.filter((y) => y.at <= now)) out.push(x.reminder)
  said.later = said.later.filter((x) => x.at > now)
  return out
}

/** comeAgain puts a reminder off. */
export function comeAgain(said: Said, reminder: TodoReminder, at: number): void {
  said.later = [...said.later, { reminder, at }]
}
