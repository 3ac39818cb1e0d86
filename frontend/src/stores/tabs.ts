import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useBridge, type Tab } from '@/bridge'
import { opened } from '@/rooms/shell/tabs'

/** The open documents: which they are is kept on this desk, their titles are read. */
export const useTabs = defineStore('tabs', () => {
  const bridge = useBridge()
  const tabs = shallowRef<Tab[]>([])
  const paths = computed(() => tabs.value.map((t) => t.path))
  let run = 0
  let loaded: Promise<void> | undefined

  /** load reads what was open when the program last ended, once. */
  function load(): Promise<void> {
    loaded ??= take(() => bridge.shell.Tabs())
    return loaded
  }
  async function take(read: () => Promise<Tab[]>): Promise<void> {
    const mine = ++run
    try {
      const now = await read()
      if (mine === run) tabs.value = now
    } catch {
      // a full disk or a signed-out desk: the tabs stay as they are shown
    }
  }
  async function refresh(): Promise<void> {
    if (tabs.value.length) await take(() => bridge.shell.Tabs())
  }
  async function set(next: string[]): Promise<void> {
    const had = new Map(tabs.value.map((t) => [t.path, t]))
    tabs.value = next.map((path) => had.get(path) ?? { path, title: '', kind: '', dirty: false, gone: false })
    await take(() => bridge.shell.SaveTabs(next))
  }
  async function open(path: string): Promise<void> {
    await load()
    const next = opened(paths.value, path, (p) => tabs.value.find((t) => t.path === p)?.dirty ?? false)
    if (next !== paths.value) await set(next)
  }
  async function close(path: string): Promise<void> {
    await set(paths.value.filter((p) => p !== path))
  }
  /** swap puts a paper that has just got its id in the place of the new one. */
  async function swap(from: string, to: string): Promise<void> {
    await load()
    if (!paths.value.includes(from)) return open(to)
    await set([...new Set(paths.value.map((p) => (p === from ? to : p)))])
  }
  function reset(): void {
    run++
    loaded = undefined
    tabs.value = []
  }

  return { tabs, paths, load, refresh, open, close, swap, set, reset }
})
