import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Events, useBridge, type Reminder } from '@/bridge'
import { isolate } from '@/i18n/isolate'
import type { Told } from '@/rooms/shell/notice'

/** RingWords are the texts of a reminder that the system shows, given by i18n. */
export interface RingWords {
  app: string
  label: string
  when: (r: Reminder) => string
  many: (n: number) => string
}

/**
 * ringing is what the system shows of reminders that ring: one each up to three,
 * one for all beyond that. With detail `count` nothing of the event leaves the
 * window.
 */
export function ringing(list: Reminder[], detail: string, w: RingWords): Told[] {
  const first = list[0]
  if (!first) return []
  if (list.length > 3) return [{ id: first.notice, title: w.app, body: w.many(list.length) }]
  if (detail === 'count') return list.map((r) => ({ id: r.notice, title: w.app, body: w.label }))
  return list.map((r) => ({ id: r.notice, title: w.label, body: [r.title, w.when(r), r.place].filter(Boolean).map(isolate).join(' · ') }))
}

/** rungOf is the event whose reminder a notification was about, or undefined for other notifications. */
export function rungOf(notice: unknown): string | undefined {
  return typeof notice === 'string' && notice.startsWith('ring/') ? notice.slice(notice.lastIndexOf('~') + 1) : undefined
}

export interface Reminders {
  due: ShallowRef<Reminder[]>
  /** rang are those that the last answer told of first. */
  rang: Ref<string[]>
  check: () => Promise<void>
  putAway: (keys: string[]) => Promise<void>
  snooze: (key: string, minutes: number) => Promise<void>
}

/**
 * useReminders asks the desk twice a minute, and when events change, what is
 * due. What has rung and what was put away the desk keeps: this page may be
 * closed and opened at any moment. One question at a time: each answer that
 * rings is shown.
 */
export function useReminders(every = 30_000): Reminders {
  const bridge = useBridge()
  const due = shallowRef<Reminder[]>([])
  const rang = ref<string[]>([])
  let asking: Promise<void> | undefined
  let again = false

  async function ask(): Promise<void> {
    try {
      const list = await bridge.calendar.Reminders()
      due.value = list
      const now = list.filter((r) => r.ring).map((r) => r.key)
      if (now.length) rang.value = now
    } catch {
      // signed out meanwhile; the next question will tell
    }
  }
  async function check(): Promise<void> {
    if (asking) {
      again = true
      return asking
    }
    asking = ask()
    await asking
    asking = undefined
    if (again) {
      again = false
      await check()
    }
  }
  async function putAway(keys: string[]): Promise<void> {
    await bridge.calendar.PutAway(keys)
    await check()
  }
  async function snooze(key: string, minutes: number): Promise<void> {
    await bridge.calendar.Snooze(key, minutes)
    await check()
  }
  const off = bridge.on(Events.changed, (p) => {
    const c = p as { all?: boolean; kinds?: string[] } | undefined
    if (!c || c.all || c.kinds?.includes('calendar.event')) void check()
  })
  const timer = setInterval(() => void check(), every)
  onScopeDispose(() => {
    off()
    clearInterval(timer)
  })
  void check()
  return { due, rang, check, putAway, snooze }
}
