import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { Events, useBridge, type Counts, type Status } from '@/bridge'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The sync line and the numbers of the rail: one reading for the whole window. */
export const useSync = defineStore('sync', () => {
  const bridge = useBridge()
  const status = shallowRef<Status>()
  const counts = shallowRef<Counts>({ tasks: 0, need: 0, fresh: 0 })

  // A first load takes a while before its first sync is over: it is on line all that time.
  const online = computed(() => {
    const s = status.value
    return !!s && !s.offline && (s.online || (s.loading && s.running && !s.error))
  })

  /** What is left of the offline term, once it is worth a word: off line, and the most of it gone. */
  const left = computed(() => {
    const s = status.value
    if (!s?.term || online.value || s.left > Math.min(3 * DAY, s.term / 3)) return undefined
    return s.left >= DAY ? { unit: 'days' as const, n: Math.floor(s.left / DAY) } : { unit: 'hours' as const, n: Math.max(1, Math.ceil(s.left / HOUR)) }
  })

  let run = 0

  /** refresh reads both; an answer that a newer run or a turn of the switch has overtaken is dropped. */
  async function refresh(): Promise<void> {
    const mine = ++run
    try {
      const [s, c] = await Promise.all([bridge.sync.Status(), bridge.approvals.Counts()])
      if (mine !== run) return
      status.value = s
      counts.value = c
    } catch {
      // signed out meanwhile, or the page that asked shows the fault
    }
  }

  async function setOffline(off: boolean): Promise<void> {
    const s = await bridge.sync.SetOffline(off)
    run++
    status.value = s
  }

  async function now(): Promise<void> {
    try {
      status.value = await bridge.sync.Now()
    } finally {
      await refresh()
    }
  }

  bridge.on(Events.status, () => void refresh())
  bridge.on(Events.changed, () => void refresh())

  return { status, counts, online, left, refresh, setOffline, now }
})
