import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { AppError, Events, useBridge, type ArchiveRow, type Changed, type Whereabouts } from '@/bridge'

/** What the server is asked for. */
export interface ArchiveAsk {
  kind: string
  number: string
  genres: string[]
  since: number
  before: number
}

/** Rows that one window holds; whoever looks for more narrows the search. */
export const MOST = 3000

/**
 * useArchive reads papers from the server page by page, the newest first, and
 * says of each where it is. Nothing is read while `online` is false; what was read
 * goes with it, for nobody knows whether it still holds.
 */
export function useArchive(ask: Ref<ArchiveAsk>, online: Ref<boolean>) {
  const bridge = useBridge()
  const rows = shallowRef<ArchiveRow[]>([])
  const where = shallowRef(new Map<string, Whereabouts>())
  const next = ref('')
  const busy = ref(false)
  const error = shallowRef<AppError>()
  let run = 0

  async function look(): Promise<void> {
    const ids = rows.value.map((r) => r.id)
    if (!ids.length) return
    const found = await bridge.documents.Whereabouts(ids).catch(() => [])
    if (found.length) where.value = new Map(found.map((w) => [w.id, w]))
  }
  async function read(after: string): Promise<void> {
    const mine = ++run
    busy.value = true
    try {
      const page = await bridge.documents.Archive({ ...ask.value, after })
      if (mine !== run) return
      rows.value = after ? [...rows.value, ...page.rows] : page.rows
      next.value = rows.value.length < MOST ? page.next : ''
      error.value = undefined
      await look()
    } catch (e) {
      if (mine === run) error.value = AppError.from(e)
    }
    if (mine === run) busy.value = false
  }
  function reload(): void {
    rows.value = []
    next.value = ''
    error.value = undefined
    if (online.value) void read('')
    else {
      run++
      busy.value = false
    }
  }
  function more(): void {
    if (next.value && !busy.value && online.value) void read(next.value)
  }
  watch([ask, online], reload, { immediate: true })
  const off = bridge.on(Events.changed, (payload) => {
    const c = payload as Partial<Changed> | undefined
    if (!c || c.all || (c.kinds ?? []).some((k) => k === 'doc.header' || k === 'office.pin')) void look()
  })
  onScopeDispose(() => {
    run++
    off()
  })
  return { rows, where, next, busy, error, reload, more }
}
