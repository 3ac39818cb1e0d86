import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useBridge, type Notice } from '@/bridge'
import { hhmm, quietAt, tell, type Words } from '@/rooms/shell/notice'
import { useSettings } from './settings'

/** What the person should know of, in the window and by the system. */
export const useNotices = defineStore('notices', () => {
  const bridge = useBridge()
  const settings = useSettings()
  const list = shallowRef<Notice[]>([])
  const unseen = computed(() => list.value.filter((n) => !n.seen))
  // What was there when the window opened is not announced again.
  let known: Set<string> | undefined
  let run = 0

  async function refresh(words: Words): Promise<void> {
    const mine = ++run
    let now: Notice[]
    try {
      now = await bridge.shell.Notices()
    } catch {
      return // signed out, or the page that asks shows the fault
    }
    if (mine !== run) return
    list.value = now
    const before = known
    known = new Set([...(before ?? []), ...now.map((n) => n.id)])
    if (!before) return
    const fresh = now.filter((n) => !n.seen && !before.has(n.id))
    if (!fresh.length) return
    // What is set now, wherever it was set: two pages of one program tell alike.
    const prefs = await bridge.settings.Get().catch(() => settings.prefs)
    if (!prefs.notify || quietAt(hhmm(new Date()), prefs)) return
    for (const x of tell(fresh, prefs.detail, words)) {
      await bridge.shell.Tell(x.id, x.title, x.body).catch(() => undefined)
    }
  }
  async function see(ids: string[]): Promise<void> {
    list.value = list.value.map((n) => (ids.includes(n.id) ? { ...n, seen: true } : n))
    await bridge.shell.SeeNotices(ids).catch(() => undefined)
  }
  function reset(): void {
    run++
    known = undefined
    list.value = []
  }
  return { list, unseen, refresh, see, reset }
})
